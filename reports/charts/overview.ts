import type { Counters } from "../../sim/measure/result.ts";
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
import { type Chart, type Json, type Numbers, provenance, specOf } from "./chart.ts";
import { type CoarseRow, coarse, togetherInTables } from "./coarse.ts";
import { type Lines, linesOf } from "./line.ts";
import { arrivalsPanel } from "./panel-arrivals.ts";
import { coldStartsPanel } from "./panel-cold-starts.ts";
import { concurrencyPanel, type Limit, limitsOf } from "./panel-concurrency.ts";
import { latencyPanel } from "./panel-latency.ts";
import { refusedAttempts, throttlesPanel } from "./panel-throttles.ts";
import { accountPart, meanOf } from "./parts.ts";
import { timeX } from "./time-axis.ts";

/**
 * What arrives and what happens to it: aligned panels on one time axis. Of `before`, a study of the same functions, every
 * line stands beside it, dotted.
 */
export function overview(study: Study, before?: Study): Chart | undefined {
  const { requests } = accountPart(study);
  if (requests === 0) return undefined;
  const drawn = linesOf(study, before);
  const { all, functions } = drawn;

  const { start } = study.account.timeline;
  const end = study.scenario.horizon;
  const vconcat = overviewPanels(drawn, {
    start,
    end,
    refused: refusedAttempts(study),
    limits: limitsOf(study, functions),
  });
  const finding = findingOf(study, all.rows, requests);
  const title = "What arrives, and what happens to it";
  const step = all.rows[0]!.end - all.rows[0]!.t;
  const subtitle = `${provenance(study, printDuration(end))} · points of ${printDuration(step * SECOND)}${before ? " · dotted: baseline" : ""}`;
  return {
    name: "overview",
    title,
    question: "What arrives, and what happens to it?",
    finding,
    numbers: timeNumbers(study),
    spec: specOf(title, subtitle, finding, {
      spacing: 44,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat,
    }),
  };
}

/** Its panels, one under the other; `start` and `end` of the time axis in microseconds. */
export function overviewPanels(
  drawn: Lines,
  {
    start,
    end,
    refused,
    limits,
  }: {
    readonly start: number;
    readonly end: number;
    readonly refused: readonly number[];
    readonly limits: readonly Limit[];
  },
): Json[] {
  const { all, lines } = drawn;
  const views = [
    arrivalsPanel(lines),
    throttlesPanel(all, refused),
    concurrencyPanel(drawn, limits),
    coldStartsPanel(all),
    latencyPanel(lines),
  ].filter((view) => view !== undefined);
  return views.map((view, i) => view(timeX(start, end, i === views.length - 1)));
}

/** The account over time as a table. */
export function timeNumbers({ account: { timeline }, scenario }: Study): Numbers {
  const rows = coarse(timeline, togetherInTables(timeline));
  const clock = (s: number) => printClock(s * SECOND, scenario.horizon);
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

function findingOf(study: Study, rows: readonly CoarseRow[], requests: number): string {
  const count = (pick: (c: Counters) => number) =>
    meanOf(study, ({ functions }) => functions.reduce((sum, f) => sum + pick(f.counters), 0));
  const refused = (c: Counters) => c.throttledAttempts.reduce((a, b) => a + b, 0);
  const throttled = shareOf(study, refused, (c) => c.attempts).mean;
  const attempts = count((c) => c.attempts);
  const [cold, invocations] = [count((c) => c.coldStarts), count((c) => c.invocations)];
  const coldShare = shareOf(
    study,
    (c) => c.coldStarts,
    (c) => c.invocations,
  ).mean;
  const limit = study.scenario.account.concurrency;
  const peak = meanOf(study, (r) => r.account.concurrency.max);
  const worst = rows.reduce((best, row) => ((row.p99Ms ?? -1) > (best.p99Ms ?? -1) ? row : best));
  const hit = rows.filter((row) => row.throttles > 0);
  const share = invocations === 0 ? "" : ` (${printShare(coldShare)} of invocations)`;
  return [
    throttled === 0
      ? `None of ${printCount(requests)} requests is throttled`
      : `${printShare(throttled)} of ${printCount(attempts)} attempts are throttled, between ${printClock(hit[0]!.t * SECOND)} and ${printClock(hit.at(-1)!.end * SECOND)}`,
    `concurrency peaks at ${printCount(peak)}${Number.isFinite(limit) ? ` of ${printCount(limit)}` : ""}`,
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
