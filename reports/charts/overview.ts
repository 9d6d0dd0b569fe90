import type { Counters } from "../../sim/measure/result.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import {
  MILLISECOND,
  printClock,
  printCount,
  printDuration,
  printNumber,
  printShare,
  SECOND,
} from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { type Chart, type Numbers, provenance, specOf } from "./chart.ts";
import { type CoarseRow, coarse, togetherInTables } from "./coarse.ts";
import { type Lines, linesOf } from "./line.ts";
import { coldStartsPanel } from "./panel-cold-starts.ts";
import { concurrencyPanel, type Limit, limitsOf } from "./panel-concurrency.ts";
import { latencyPanel } from "./panel-latency.ts";
import { arrivalsPanel, ratesPanel } from "./panel-rates.ts";
import { refusedAttempts, throttlesPanel } from "./panel-throttles.ts";
import { accountPart, meanOf } from "./parts.ts";
import { timeX } from "./time-axis.ts";

/** All that an overview draws. */
export interface OverviewData {
  readonly drawn: Lines;
  /** Of the time axis (microseconds). */
  readonly start: number;
  readonly end: number;
  /** Refused attempts, by THROTTLE_REASONS. */
  readonly refused: readonly number[];
  readonly limits: readonly Limit[];
  /** What it says, in a sentence. */
  readonly finding: string;
  /** What stands under the title: which runs these are. */
  readonly about: string;
  /** What dotted lines are of. */
  readonly dotted?: string | undefined;
  readonly numbers: Numbers;
}

/**
 * What arrives and what happens to it. Of `before`, a study of the same functions, every line stands beside it, dotted.
 */
export function overview(study: Study, before?: Study): Chart | undefined {
  const { requests } = accountPart(study);
  if (requests === 0) return undefined;
  const drawn = linesOf(study, before);
  const end = study.scenario.horizon;
  const { timeline } = study.account;
  return overviewOf({
    drawn,
    start: timeline.start,
    end,
    refused: refusedAttempts(study),
    limits: limitsOf(study, drawn.functions),
    finding: overviewFinding(factsOf(study, requests), drawn.all.rows),
    about: provenance(study, printDuration(end)),
    dotted: before ? "baseline" : undefined,
    numbers: timeNumbers(timeline),
  });
}

/** Aligned panels on one time axis. */
export function overviewOf(data: OverviewData): Chart {
  const { drawn, start, end, refused, limits, finding, about, dotted, numbers } = data;
  const { all, lines } = drawn;
  const views = [
    arrivalsPanel(lines),
    all ? throttlesPanel(all, refused) : ratesPanel(lines, "throttles", (row) => row.throttles),
    concurrencyPanel(drawn, limits),
    all ? coldStartsPanel(all) : ratesPanel(lines, "cold starts", (row) => row.coldStarts),
    latencyPanel(lines),
  ].filter((view) => view !== undefined);
  const title = "What arrives, and what happens to it";
  const [row] = lines[0]!.rows;
  const step = row!.end - row!.t;
  const subtitle = `${about} · points of ${printDuration(step * SECOND)}${dotted ? ` · dotted: ${dotted}` : ""}`;
  return {
    name: "overview",
    title,
    question: "What arrives, and what happens to it?",
    finding,
    numbers,
    spec: specOf(title, subtitle, finding, {
      spacing: 44,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat: views.map((view, i) => view(timeX(start, end, i === views.length - 1))),
    }),
  };
}

/** A timeline as a table. */
export function timeNumbers(timeline: Timeline): Numbers {
  const rows = coarse(timeline, togetherInTables(timeline));
  const end = timeline.start + timeline.rows * timeline.interval;
  const clock = (s: number) => printClock(s * SECOND, end);
  return {
    columns: [
      "from",
      "to",
      "arrivals a second",
      "throttles a second",
      "cold starts a second",
      "concurrency, mean",
      "concurrency, most",
      "p50 (ms)",
      "p99 (ms)",
    ],
    rows: rows.map((row) => [
      clock(row.t),
      clock(row.end),
      row.arrivals,
      row.throttles,
      row.coldStarts,
      row.concurrencyMean,
      row.concurrencyMax,
      row.p50Ms,
      row.p99Ms,
    ]),
  };
}

/** What an overview says in a sentence. */
export interface OverviewFacts {
  readonly requests: number;
  /** Refused, as a share of all attempts. */
  readonly throttled: number;
  readonly attempts: number;
  /** How many executions there are at a time, in words. */
  readonly busiest: string;
  readonly coldStarts: number;
  /** As a share of invocations; undefined where there were none. */
  readonly coldShare: number | undefined;
}

function factsOf(study: Study, requests: number): OverviewFacts {
  const count = (pick: (c: Counters) => number) =>
    meanOf(study, ({ functions }) => functions.reduce((sum, f) => sum + pick(f.counters), 0));
  const refused = (c: Counters) => c.throttledAttempts.reduce((a, b) => a + b, 0);
  const cold = (c: Counters) => c.coldStarts;
  const invocations = (c: Counters) => c.invocations;
  const limit = study.scenario.account.concurrency;
  const peak = meanOf(study, (r) => r.account.concurrency.max);
  return {
    requests,
    throttled: shareOf(study, refused, (c) => c.attempts).mean,
    attempts: count((c) => c.attempts),
    busiest: `concurrency peaks at ${printCount(peak)}${Number.isFinite(limit) ? ` of ${printCount(limit)}` : ""}`,
    coldStarts: count(cold),
    coldShare: count(invocations) === 0 ? undefined : shareOf(study, cold, invocations).mean,
  };
}

export function overviewFinding(
  { requests, throttled, attempts, busiest, coldStarts: cold, coldShare }: OverviewFacts,
  rows: readonly CoarseRow[],
): string {
  const worst = rows.reduce((best, row) => ((row.p99Ms ?? -1) > (best.p99Ms ?? -1) ? row : best));
  const hit = rows.filter((row) => row.throttles > 0);
  const share = coldShare === undefined ? "" : ` (${printShare(coldShare)} of invocations)`;
  return [
    throttled === 0
      ? `None of ${printCount(requests)} requests is throttled`
      : `${printShare(throttled)} of ${printCount(attempts)} attempts are throttled, between ${printClock(hit[0]!.t * SECOND)} and ${printClock(hit.at(-1)!.end * SECOND)}`,
    busiest,
    `${cold < 10 && cold % 1 ? printNumber(cold) : printCount(cold)} cold starts${share}`,
    ...(worst.p99Ms === null
      ? []
      : [
          `the worst p99 latency is ${printDuration(worst.p99Ms * MILLISECOND)}, at ${printClock(worst.t * SECOND)}`,
        ]),
  ]
    .join("; ")
    .concat(".");
}
