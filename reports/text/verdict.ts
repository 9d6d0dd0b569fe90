import type { Counters } from "../../sim/measure/result.ts";
import { printDuration, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import type { Judgement } from "../../study/thresholds.ts";
import { limitStories } from "./limit-stories.ts";
import { coldShare, type Next, nextStep } from "./next-step.ts";
import { queueStories } from "./queue-story.ts";

/** What happened, in a sentence, and what to try next. */
export interface Verdict {
  readonly sentence: string;
  readonly next: Next | undefined;
}

/** Says which thresholds were missed and what the throttles and cold starts came from, and what could cure them. */
export function verdict(study: Study, judgements: readonly Judgement[], command: string): Verdict {
  const misses = judgements.filter((j) => !j.ok);
  const missed = misses.length;
  const named = misses.slice(0, 3).map((j) => `${j.of} ${j.measure} ${j.expression}`);
  const others = missed > 3 ? ` and ${missed - 3} more` : "";
  const opening = openingOf(judgements.length, missed, `${named.join(", ")}${others}`);
  const causes = [...limitStories(study), ...queueStories(study, judgements)]
    .sort((a, b) => a.from - b.from)
    .map(({ text }) => text);
  const sentence = `${opening}: ${causes.length > 0 ? causes.join("; ") : [calmStory(study), ...slowStories(study, misses)].join("; ")}.`;
  return {
    sentence,
    next: nextStep(study, command, judgements),
  };
}

function openingOf(all: number, missed: number, names: string): string {
  if (all === 0) return "No thresholds were set";
  if (missed > 0)
    return all === 1
      ? `The threshold is missed (${names})`
      : `${missed} of ${all} thresholds missed (${names})`;
  if (all === 1) return "The threshold is met";
  return all === 2 ? "Both thresholds are met" : `All ${all} thresholds are met`;
}

function calmStory(study: Study): string {
  const some = (read: (c: Counters) => number) =>
    study.replications.some((r) => r.functions.some((f) => read(f.counters) > 0));
  const throttled = some((c) => c.throttled)
    ? "hardly any request was throttled"
    : some((c) => c.throttledAttempts.reduce((sum, n) => sum + n, 0))
      ? "no request was lost to throttles"
      : "no request was throttled";
  const cold = `${printShare(coldShare(study))} of invocations were cold`;
  const dropped = shareOf(
    study,
    (c) => c.dropped,
    (c) => c.requests,
  ).mean;
  return dropped > 0
    ? `${throttled}, ${printShare(dropped)} of requests were dropped, and ${cold}`
    : `${throttled}, and ${cold}`;
}

/** Of a missed latency that nothing else explains: what the handler itself takes, where that is nearly all of it. */
function slowStories(study: Study, misses: readonly Judgement[]): string[] {
  return study.scenario.functions.flatMap(({ name }, fn) => {
    const { histograms } = study.functions[fn]!;
    if (!histograms || !misses.some((j) => j.of === name && j.measure === "latency")) return [];
    const { calls } = study.scenario.links[fn]!;
    const waits = calls.length > 0 ? ", with the calls that it waits for," : "";
    const [duration, latency] = [histograms.duration.quantile(0.5), histograms.latency.quantile(0.5)];
    return duration >= 0.9 * latency
      ? [`the handler of ${name}${waits} alone takes p50 ${printDuration(duration)}`]
      : [];
  });
}
