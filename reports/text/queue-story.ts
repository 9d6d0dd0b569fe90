import { DROP_CAUSES, type DropCause, type EntryTimeline } from "../../sim/measure/entry.ts";
import { entriesTo } from "../../sim/scenario/lookup.ts";
import type { Measure } from "../../sim/scenario/threshold.ts";
import { printClock, printCount, printDuration, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { estimate } from "../../study/statistics.ts";
import type { Judgement } from "../../study/thresholds.ts";

/** What a backlog shows in. */
export const OF_QUEUES: readonly Measure[] = [
  "messageAge",
  "queueWait",
  "queueDepth",
  "iteratorAge",
  "endToEnd",
];
export const OF_DROPS: readonly Measure[] = ["dropped", "deadLettered"];

/** A cause, and when it began (microseconds), so that causes can be told in order. */
export interface Story {
  readonly from: number;
  readonly text: string;
}

/** Backlogs and requests given up, where a missed threshold asks for them; without thresholds, those worth a word. */
export function queueStories(study: Study, judgements: readonly Judgement[]): Story[] {
  const misses = judgements.filter((j) => !j.ok);
  const asked = (measures: readonly Measure[], name: string) =>
    judgements.length === 0 ||
    misses.some(({ of, measure }) => measures.includes(measure) && (of === name || of === "total"));
  const { functions, entries } = study.scenario;
  const backlogs = entries.flatMap(({ target, invoke }, e) =>
    invoke.queues && asked(OF_QUEUES, functions[target]!.name) ? backlog(study, e) : [],
  );
  const losses = functions.flatMap(({ name }, fn) => (asked(OF_DROPS, name) ? loss(study, fn) : []));
  return [...backlogs, ...losses];
}

/** "at 3:20 the oldest of up to 854 messages of uploads had waited 1 min"; nothing where hardly ever one waited. */
function backlog({ scenario, replications, traffic }: Study, e: number): Story[] {
  const of = (read: (depth: { mean: number; max: number }) => number) =>
    estimate(replications.map((r) => read(r.traffic.entries[e]!.depth))).mean;
  const { timeline } = traffic.entries[e]!;
  if (of(({ mean }) => mean) < 1 || !timeline) return [];
  const row = oldestRow(timeline);
  if (row === undefined) return [];
  const { start, interval, rows, oldestAge } = timeline;
  const at = Math.min(scenario.horizon, start + (row + 1) * interval);
  const clock = row === rows - 1 ? "at the end" : `at ${printClock(at)}`;
  const peak = printCount(of(({ max }) => max));
  const text = `${clock} the oldest message of ${scenario.entries[e]!.name} had waited ${printDuration(Math.round(oldestAge[row]!))}, of up to ${peak} that waited`;
  return [{ from: at, text }];
}

/** The row in which the message that waited longest was oldest. */
export function oldestRow({ oldestAge }: EntryTimeline): number | undefined {
  let oldest: number | undefined;
  oldestAge.forEach((age, row) => {
    if (age > (oldest === undefined ? 0 : oldestAge[oldest]!)) oldest = row;
  });
  return oldest;
}

const WHY: Record<DropCause, string> = {
  throttle: "throttled to the last",
  error: "after errors",
  timeout: "after timeouts",
  age: "too old",
  refused: "refused when they arrived",
  loop: "in a recursive loop",
  expired: "expired in the stream",
};

function loss(study: Study, fn: number): Story[] {
  const { mean } = shareOf(
    study,
    (c) => c.dropped,
    (c) => c.requests,
    fn,
  );
  if (mean === 0) return [];
  const { functions, horizon } = study.scenario;
  const own = entriesTo(study.scenario, fn);
  const causes = DROP_CAUSES.map((cause) => ({
    cause,
    n: study.replications.reduce(
      (sum, r) => sum + own.reduce((all, e) => all + r.traffic.entries[e]!.counts.dropsByCause[cause], 0),
      0,
    ),
  }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  const text = `${printShare(mean)} of requests to ${functions[fn]!.name} were dropped (${causes.map(({ cause }) => WHY[cause]).join(", ")})`;
  return [{ from: horizon, text }];
}
