import type { ColumnTable } from "arquero";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { Timeline } from "../../sim/measure/timeline.ts";
import { MILLISECOND, printNumber } from "../../sim/units.ts";
import { ACCOUNT } from "../tables.ts";
import { type Chart, COLOUR, FUNCTION_STYLES, shortName } from "./chart.ts";
import { coarse, knownSum, togetherFor } from "./coarse.ts";
import { heaviest } from "./heaviest.ts";
import { type Line, PLAIN_LINE } from "./line.ts";
import { type OverviewFacts, overviewFinding, overviewOf, timeNumbers } from "./overview.ts";
import type { Limit } from "./panel-concurrency.ts";
import type { TableWords } from "./table-words.ts";
import {
  hasIntervals,
  intervalsOf,
  type Named,
  spanOf,
  type TidyColumn,
  type TidyIntervals,
} from "./tidy-intervals.ts";

const TIMELINE: TidyIntervals<Timeline> = {
  by: "function",
  make: (start, interval, end) => new Timeline(start, interval, end),
  columns: [
    { name: "arrivals", into: (t) => t.arrivals },
    { name: "invocations", into: (t) => t.invocations },
    { name: "throttles", into: (t) => t.throttles },
    { name: "errors", into: (t) => t.errors },
    { name: "coldStarts", into: (t) => t.coldStarts },
    { name: "concurrencyMean", into: (t) => t.concurrencyMean },
    { name: "concurrencyMax", into: (t) => t.concurrencyMax },
    { name: "environments", into: (t) => t.environments },
    { name: "latencyP50Ms", into: (t) => t.latencyP50, factor: MILLISECOND, mayLack: true },
    { name: "latencyP99Ms", into: (t) => t.latencyP99, factor: MILLISECOND, mayLack: true },
    ...THROTTLE_REASONS.map(
      (reason, r): TidyColumn<Timeline> => ({ name: reason, into: (t) => t.throttlesByReason[r]! }),
    ),
  ],
};

/** The table is a timeline: its columns say so. */
export function isTimeline(names: readonly string[]): boolean {
  return hasIntervals(names, TIMELINE);
}

/**
 * The overview of a tidy timeline (timeline.csv): all of it, some of its time, some of its functions, or those of several runs
 * under other names. "account", where it is there, is all functions together; else each is drawn by itself. What rows are
 * missing, or have no value where one must be, is a gap. Throws TypeError for rows that cannot be drawn.
 */
export function timelineOverview(tidy: ColumnTable, { name, limits = {} }: TableWords = {}): Chart {
  const parts = intervalsOf(tidy, TIMELINE);
  const account = parts.length === 1 ? parts[0] : parts.find(({ name }) => name === ACCOUNT);
  const functions = parts.filter(({ name }) => name !== ACCOUNT);
  const busy = heaviest(functions, ({ intervals }) => knownSum(intervals.arrivals));
  const several = busy.length > 1;
  const shown = several ? busy : [account ?? busy[0] ?? functions[0]!];
  const all = account && lineOf(account, PLAIN_LINE);
  const lines = shown.map((part, i) => lineOf(part, several ? FUNCTION_STYLES[i]! : PLAIN_LINE));
  const found = ({ intervals }: Part, { rows }: Line) => overviewFinding(factsOf(intervals), rows);
  const hidden = functions.length - shown.length;
  const names = shortName(name ?? shown.map((part) => part.name).join(", "), 60);
  return overviewOf({
    drawn: { all, functions: several ? lines : [], lines },
    ...spanOf(parts),
    refused: account ? account.intervals.throttlesByReason.map(knownSum) : [],
    limits: Object.entries(limits).map(([label, value]) => limitOf(label, value)),
    finding: account
      ? found(account, all!)
      : shown.map((part, i) => `${part.name}: ${found(part, lines[i]!)}`).join(" "),
    about: hidden > 0 && !account ? `${names} · ${hidden} more with fewer arrivals` : names,
    numbers: timeNumbers((account ?? shown[0]!).intervals),
  });
}

type Part = Named<Timeline>;

function lineOf({ name, intervals }: Part, style: Pick<Line, "colour" | "dash">): Line {
  return { name, fn: undefined, rows: coarse(intervals, togetherFor(intervals)), before: [], ...style };
}

function limitOf(label: string, value: number): Limit {
  if (!(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY))
    throw new TypeError(`limits: "${label}" is ${value}; give a number from 0`);
  return { label, value, colour: COLOUR.limit };
}

function factsOf(t: Timeline): OverviewFacts {
  const [invocations, throttles, coldStarts] = [
    knownSum(t.invocations),
    knownSum(t.throttles),
    knownSum(t.coldStarts),
  ];
  const attempts = invocations + throttles;
  // The most of a run is more than a mean over replications of an interval's most; so what the lines show is said.
  const mean = t.concurrencyMean.reduce((most, n) => (n > most ? n : most), 0);
  return {
    requests: knownSum(t.arrivals),
    throttled: attempts > 0 ? throttles / attempts : 0,
    attempts,
    busiest: `the busiest interval runs ${printNumber(mean)} at a time`,
    coldStarts,
    coldShare: invocations > 0 ? coldStarts / invocations : undefined,
  };
}
