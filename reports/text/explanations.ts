import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { entriesTo } from "../../sim/scenario/lookup.ts";
import {
  HOUR,
  MILLISECOND,
  printClock,
  printCount,
  printDuration,
  printMean,
  printMoney,
  printNumber,
  printShare,
  SECOND,
} from "../../sim/units.ts";
import { durationCost } from "../../study/advice/figures.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { estimate } from "../../study/statistics.ts";
import { REASON_LABELS, SCALING } from "../reasons.ts";
import { type LimitStory, limitStories } from "./limit-stories.ts";
import { oldestRow } from "./queue-story.ts";

/** Why something came out as it did, read off the data. */
export interface Explanation {
  /** What it answers. */
  readonly question: string;
  readonly text: string;
  /** The numbers it rests on: durations in milliseconds, moments in seconds of the run, shares from 0 to 1, US dollars. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** Functions, queues and limits that are explained one by one. */
const MOST_TOLD = 6;

/** What there is to explain: limits that refused, tails that are long, what cold starts came to, and what queues did. */
export function explain(study: Study): Explanation[] {
  return [limits, tails, coldStarts, queues].flatMap((look) => look(study).slice(0, MOST_TOLD));
}

/** Which limit throttled whom, how much, and what was asked for at the time. */
function limits(study: Study): Explanation[] {
  return limitStories(study).map((story) => limit(study, story));
}

function limit(study: Study, story: LimitStory): Explanation {
  const { functions } = study.scenario;
  const { account } = study;
  const { timeline } = account;
  const [first, last] = rowsWithin(timeline, story);
  const refusedOf = (fn: number) => {
    const own = study.functions[fn]!.timeline?.throttlesByReason[story.reason];
    return own ? sum(own, first, last) : 0;
  };
  const single = story.of.length === 1 ? study.functions[story.of[0]!]!.timeline : undefined;
  const refused = sum((single ?? timeline).throttlesByReason[story.reason]!, first, last);
  const whom = story.of
    .map((fn) => ({ name: functions[fn]!.name, n: refusedOf(fn) }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  const wanted = mostWanted(study, story.of, first, last);
  const had = timeline.concurrencyMean;
  const [before, after] = [had[Math.max(0, first - 1)]!, had[Math.min(timeline.rows - 1, last)]!];
  const parts = [story.text];
  const names =
    functions.length > 1 && whom.length > 0
      ? ` (${whom
          .slice(0, 3)
          .map(({ name, n }) => `${name} ${printCount(n)}`)
          .join(", ")}${whom.length > 3 ? ` and ${whom.length - 3} more` : ""})`
      : "";
  if (refused >= 0.5)
    parts.push(`${printCount(refused)} attempts were refused until ${printClock(story.to)}${names}`);
  if (wanted > 0)
    parts.push(
      `the busiest moment asked for about ${printCount(roundTo2(wanted))} executions at a time${
        story.reason === SCALING && after > before
          ? `, and concurrency rose from ${printNumber(before)} to ${printNumber(after)} meanwhile`
          : ""
      }`,
    );
  // A limit of its own nobody else can use up.
  const holder = story.of.length > 1 ? holderOf(study, first, last) : undefined;
  if (holder && holder.share > 0.5 && whom.some(({ name }) => name !== holder.name))
    parts.push(`${holder.name} held ${printShare(holder.share)} of all concurrency meanwhile`);
  return {
    question: `What did the ${REASON_LABELS[THROTTLE_REASONS[story.reason]!]} do?`,
    text: sentence(parts.join("; ")),
    evidence: {
      fromS: story.from / SECOND,
      toS: story.to / SECOND,
      refused,
      wanted,
      concurrencyBefore: before,
      concurrencyAfter: after,
      ...(holder && { holderShare: holder.share }),
    },
  };
}

/** Executions that the arrivals of the busiest interval would need at a time (Little's law), of some functions. */
function mostWanted(study: Study, of: readonly number[], first: number, last: number): number {
  const known = of.flatMap((fn) => {
    const { timeline } = study.functions[fn]!;
    if (!timeline) return [];
    const { mean } = estimate(study.replications.map((r) => r.functions[fn]!.durationMean));
    return Number.isFinite(mean) ? [{ timeline, mean }] : [];
  });
  let most = 0;
  for (let row = first; row <= last; row++) {
    let wanted = 0;
    for (const { timeline, mean } of known) wanted += (timeline.arrivals[row]! * mean) / timeline.interval;
    if (wanted > most) most = wanted;
  }
  return most;
}

/** The function with the largest part of concurrency while a limit held. */
function holderOf(study: Study, first: number, last: number): { name: string; share: number } | undefined {
  const all = sum(study.account.timeline.concurrencyMean, first, last);
  const parts = study.functions.flatMap(({ timeline }, fn) =>
    timeline
      ? [
          {
            name: study.scenario.functions[fn]!.name,
            share: sum(timeline.concurrencyMean, first, last) / all,
          },
        ]
      : [],
  );
  return all > 0 ? parts.sort((a, b) => b.share - a.share)[0] : undefined;
}

/** A tail is long where the p99 is at least so many times the median. */
const LONG = 1.5;
/** A part of the slowest hundredth that makes it what it is. */
const MOSTLY = 0.5;

/** Why the p99 is far above the median: cold starts, waiting before the handler, or the handler itself. */
function tails(study: Study): Explanation[] {
  return study.scenario.functions.flatMap(({ name }, fn): Explanation[] => {
    const { histograms } = study.functions[fn]!;
    if (!histograms || histograms.latency.count < 100) return [];
    const { latency, coldLatency, duration } = histograms;
    const [p50, p99] = [latency.quantile(0.5), latency.quantile(0.99)];
    if (!(p99 >= LONG * p50)) return [];
    const slow = countFrom(latency, p99);
    const cold = countFrom(coldLatency, p99) / slow;
    const own = duration.quantile(0.99) / p99;
    const again = attemptsAt(study, fn, 0.99);
    const times = printNumber(p99 / p50, 2);
    const start = `p99 of ${name} is ${printDuration(p99)}, ${times} times its median of ${printDuration(p50)}`;
    const evidence = {
      p50Ms: p50 / MILLISECOND,
      p99Ms: p99 / MILLISECOND,
      coldShareOfSlowest: cold,
      handlerP99Ms: duration.quantile(0.99) / MILLISECOND,
      attemptsP99: again,
    };
    const why =
      cold > MOSTLY
        ? `${printShare(cold)} of the slowest hundredth waited for a cold start, which takes p50 ${printDuration(coldLatency.quantile(0.5))} in all`
        : own >= 0.9
          ? `the handler itself takes that long: its own p99 is ${printDuration(duration.quantile(0.99))}`
          : again > 1
            ? `one in a hundred requests was tried at least ${printCount(again)} times, and waited in between; the handler's own p99 is ${printDuration(duration.quantile(0.99))}`
            : `requests waited before their handler began: its own p99 is ${printDuration(duration.quantile(0.99))}, and ${cold < 0.005 ? "none" : `only ${printShare(cold)}`} of the slowest hundredth were cold starts`;
    return [{ question: `Why is the tail of ${name} long?`, text: sentence(`${start}: ${why}`), evidence }];
  });
}

/** A percentile of the attempts that requests to a function need, of the entry where they need most; 0 without retries. */
function attemptsAt({ scenario, traffic }: Study, fn: number, p: number): number {
  return entriesTo(scenario, fn).reduce((most, e) => {
    const { attempts } = traffic.entries[e]!.laws;
    return attempts.count > 0 ? Math.max(most, attempts.quantile(p)) : most;
  }, 0);
}

/** How many of the values of a histogram are at or above a value. */
function countFrom(h: Study["account"]["histograms"]["latency"], value: number): number {
  let count = 0;
  for (const { low, width, count: n } of h.buckets()) if (low + width > value) count += n;
  return count;
}

/** Of a function's invocations this many must be cold to be worth a word, and no less than so many in all. */
const SOME_COLD = 0.001;

/** What cold starts cost those who waited, and in money where init is billed. */
function coldStarts(study: Study): Explanation[] {
  const { scenario, replications } = study;
  const told = scenario.functions.flatMap(({ name, memorySize, snapStart }, fn): Explanation[] => {
    const { histograms } = study.functions[fn]!;
    const parts = replications.map((r) => r.functions[fn]!.counters);
    const n = estimate(parts.map((c) => c.coldStarts));
    const share = shareOf(
      study,
      (c) => c.coldStarts,
      (c) => c.invocations,
      fn,
    ).mean;
    if (!histograms || share < SOME_COLD || histograms.coldLatency.count === 0) return [];
    const { coldLatency, warmLatency } = histograms;
    const added = warmLatency.count > 0 ? coldLatency.quantile(0.5) - warmLatency.quantile(0.5) : Number.NaN;
    const init = estimate(parts.map((c) => c.coldStartTimes.init)).mean;
    const usd = durationCost(study, fn, memorySize, init);
    const billed = scenario.pricing.billInit && !snapStart && usd > 0;
    const pieces = [
      `${printMean(n.mean)} invocations of ${name} were cold${Number.isInteger(n.mean) ? "" : " on average"}, ${printShare(share)} of all`,
      added > 0 ? `at the median that added ${printDuration(added)} to an answer` : "",
      billed ? `their init time costs ${printMoney(usd)} in the run at the on-demand price` : "",
    ].filter(Boolean);
    return [
      {
        question: `What did the cold starts of ${name} cost?`,
        text: sentence(pieces.join("; ")),
        evidence: {
          coldStarts: n.mean,
          share,
          ...(Number.isFinite(added) && { addedMs: added / MILLISECOND }),
          ...(billed && { initUsd: usd }),
        },
      },
    ];
  });
  return told.sort((a, b) => b.evidence.coldStarts! - a.evidence.coldStarts!);
}

/** Of what usually waits, in the median, so many times is a backlog. */
const BACKLOG = 5;

/** A backlog: how it grew, when it was worst, and whether it was worked off. */
function queues({ scenario, replications, traffic }: Study): Explanation[] {
  return scenario.entries.flatMap(({ name, target, invoke }, e): Explanation[] => {
    const { timeline } = traffic.entries[e]!;
    if (!invoke.queues || !timeline) return [];
    const of = (read: (depth: { mean: number; max: number }) => number) =>
      estimate(replications.map((r) => read(r.traffic.entries[e]!.depth))).mean;
    const oldest = oldestRow(timeline);
    if (of(({ mean }) => mean) < 1 || oldest === undefined) return [];
    const { depthMean, interval, start, rows } = timeline;
    let peak = 0;
    depthMean.forEach((depth, row) => {
      if (depth > depthMean[peak]!) peak = row;
    });
    // What waits all the time is no backlog. One begins where it rises above that, and above a tenth of the most.
    const usual = [...depthMean].sort((a, b) => a - b)[Math.floor(rows / 2)]!;
    if (depthMean[peak]! < BACKLOG * usual && !(depthMean[rows - 1]! >= depthMean[peak]! / 2)) return [];
    const few = Math.max(1, Math.min(2 * usual, depthMean[peak]! / 2), depthMean[peak]! / 10);
    let begins = peak;
    while (begins > 0 && depthMean[begins - 1]! >= few) begins--;
    let over = peak;
    while (over < rows && depthMean[over]! >= few) over++;
    const at = (row: number) => Math.min(scenario.horizon, start + row * interval);
    const clock = (us: number) => printClock(us, scenario.horizon > HOUR ? scenario.horizon : 0);
    const left = over === rows;
    const arrived = sum(timeline.requests, begins, Math.max(begins, peak));
    const handled = sum(timeline.succeeded, begins, Math.max(begins, peak));
    const age = timeline.oldestAge[oldest]!;
    const pieces = [
      `messages of ${name} began to pile up before ${scenario.functions[target]!.name} at ${clock(at(begins))}, up to ${printMean(of(({ max }) => max))} of them`,
      arrived > handled
        ? `until ${clock(at(peak + 1))} ${printMean(arrived)} arrived and ${printMean(handled)} were handled`
        : "",
      `the oldest had waited ${printDuration(Math.round(age))} ${oldest === rows - 1 ? "at the end" : `by ${clock(at(oldest + 1))}`}`,
      left
        ? `${printMean(depthMean[rows - 1]!)} still waited at the end`
        : `the backlog was worked off by ${clock(at(over))}`,
    ].filter(Boolean);
    return [
      {
        question: `What did the queue of ${name} do?`,
        text: sentence(pieces.join("; ")),
        evidence: {
          beginsS: at(begins) / SECOND,
          peakS: at(peak) / SECOND,
          ...(left ? { leftAtEnd: depthMean[rows - 1]! } : { overS: at(over) / SECOND }),
          oldestS: age / SECOND,
        },
      },
    ];
  });
}

/** The first and last row that lie within a stretch. */
function rowsWithin(
  { start, interval, rows }: { start: number; interval: number; rows: number },
  { from, to }: { from: number; to: number },
): [number, number] {
  const first = Math.max(0, Math.floor((from - start) / interval));
  return [first, Math.min(rows - 1, Math.max(first, Math.ceil((to - start) / interval) - 1))];
}

/** The sum of some rows of a column, both ends included. */
function sum(column: Float64Array, first: number, last: number): number {
  let total = 0;
  for (let row = first; row <= last; row++) total += column[row]!;
  return total;
}

function roundTo2(value: number): number {
  return Number(value.toPrecision(2));
}

/** A text as a sentence; "p99" stays small. */
function sentence(text: string): string {
  return /^p\d/.test(text) ? `${text}.` : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
