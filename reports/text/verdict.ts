import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import type { Counters } from "../../sim/measure/result.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { printClock, printCount, printDuration, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import type { Judgement } from "../../study/thresholds.ts";
import { ACCOUNT, RESERVED, SCALING } from "../reasons.ts";
import { coldShare, type Next, nextStep } from "./next-step.ts";
import { queueStories, type Story } from "./queue-story.ts";

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
  const causes = [...throttleStories(study), ...queueStories(study, judgements)]
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

/** Where each limit held. */
function throttleStories(study: Study): Story[] {
  const { scenario } = study;
  const stories: Story[] = [];
  const everyone = scenario.functions.map((_, fn) => fn);
  const tell = (
    timeline: Timeline,
    of: readonly number[],
    reason: number,
    text: (when: string) => string,
    full?: (row: number) => boolean,
  ) => {
    const stretch = mainStretch(study, timeline, of, reason, full);
    if (stretch) stories.push({ from: stretch.from, text: text(printStretch(stretch)) });
  };
  tell(
    study.account.timeline,
    everyone,
    SCALING,
    (when) => `${when} every new environment waited for the scaling rate`,
  );
  tell(study.account.timeline, everyone, ACCOUNT, (when) => `${when} the ${unreservedText(study)} were full`);
  scenario.functions.forEach((f, fn) => {
    const { timeline } = study.functions[fn]!;
    if (!timeline) return;
    const text =
      f.reservedConcurrency === 0
        ? () => `${f.name} is stopped by its reserved concurrency of 0`
        : (when: string) =>
            `${when} ${f.name} used all ${printCount(f.reservedConcurrency ?? 0)} of its reserved concurrency`;
    tell(timeline, [fn], RESERVED, text, reservedFull(study, fn));
  });
  stories.push(...rateStories(study));
  return stories;
}

function unreservedText({ scenario }: Study): string {
  // What a policy claims moves.
  if (scenario.functions.some((f) => f.provisioning && f.reservedConcurrency === undefined))
    return `unreserved part of the account's ${printCount(scenario.account.concurrency)}`;
  const claimed = scenario.functions.reduce(
    (sum, f) => sum + (f.reservedConcurrency ?? f.provisionedConcurrency),
    0,
  );
  const { concurrency } = scenario.account;
  return claimed === 0
    ? `account's ${printCount(concurrency)}`
    : `${printCount(concurrency - claimed)} unreserved of the account's ${printCount(concurrency)}`;
}

function rateStories(study: Study): Story[] {
  const { timeline } = study.account;
  const everyone = study.scenario.functions.map((_, fn) => fn);
  return (
    ["FunctionInvocationRateLimitExceeded", "ReservedFunctionInvocationRateLimitExceeded"] as const
  ).flatMap((reason) => {
    const stretch = mainStretch(study, timeline, everyone, THROTTLE_REASONS.indexOf(reason));
    if (!stretch) return [];
    const noun = reason.startsWith("Reserved") ? "reserved concurrency's" : "account's";
    const text = `${printStretch(stretch)} the ${noun} ten requests a second for each unit of concurrency were used up`;
    return [{ from: stretch.from, text }];
  });
}

/** When a limit held (microseconds). */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** It held in less than half of the intervals in between. */
  readonly patchy: boolean;
}

/**
 * From the first to the last interval in which a reason refused at least one request in a hundred of some functions (by
 * index), or any while their messages waited: a queue that is refused waits before it tries again, so of thousands
 * that wait hardly one is ever refused.
 */
function mainStretch(
  study: Study,
  timeline: Timeline,
  of: readonly number[],
  reason: number,
  full: (row: number) => boolean = () => false,
): Stretch | undefined {
  const refused = timeline.throttlesByReason[reason]!;
  const held = of.flatMap((fn) => {
    const own = study.functions[fn]!.timeline?.throttlesByReason[reason];
    return own ? queuesOf(study, fn).map((depthMean) => ({ own, depthMean })) : [];
  });
  const heavy = (row: number) =>
    refused[row]! >= Math.max(0.01 * timeline.arrivals[row]!, 1e-9) ||
    held.some(({ own, depthMean }) => own[row]! > 0 && depthMean[row]! >= 1) ||
    full(row);
  const rows = [...refused.keys()].filter(heavy);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    from: timeline.start + first * timeline.interval,
    to: timeline.start + (last + 1) * timeline.interval,
    patchy: rows.length < (last + 1 - first) / 2,
  };
}

/**
 * Whether messages waited in an interval while all of a function's reserved concurrency was in use: what polls a queue
 * sends no more than that, and so is never refused.
 */
function reservedFull(study: Study, fn: number): (row: number) => boolean {
  const reserved = study.scenario.functions[fn]!.reservedConcurrency;
  const { timeline } = study.functions[fn]!;
  if (reserved === undefined || reserved === 0 || !timeline) return () => false;
  const queues = queuesOf(study, fn);
  return (row) =>
    timeline.concurrencyMean[row]! >= 0.99 * reserved && queues.some((depthMean) => depthMean[row]! >= 1);
}

/** How many messages waited in each queue before a function, an interval of the timeline each. */
function queuesOf({ scenario, traffic }: Study, fn: number): Float64Array[] {
  return scenario.entries.flatMap(({ target, invoke }, e) => {
    const { timeline } = traffic.entries[e]!;
    return target === fn && invoke.queues && timeline ? [timeline.depthMean] : [];
  });
}

function printStretch({ from, to, patchy }: Stretch): string {
  return `${patchy ? "at times " : ""}from ${printClock(from, to)} to ${printClock(to)}`;
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
