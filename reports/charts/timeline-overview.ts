import type { ColumnTable } from "arquero";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { Timeline } from "../../sim/measure/timeline.ts";
import { MILLISECOND, printNumber, SECOND } from "../../sim/units.ts";
import { ACCOUNT } from "../tables.ts";
import { type Chart, COLOUR, FUNCTION_STYLES, shortName } from "./chart.ts";
import { coarse, togetherFor } from "./coarse.ts";
import { type Line, PLAIN_LINE } from "./line.ts";
import { type OverviewFacts, overviewFinding, overviewOf, timeNumbers } from "./overview.ts";
import type { Limit } from "./panel-concurrency.ts";

/** Columns that a timeline has, and what they are called here. */
const COLUMNS = [
  ["arrivals", "arrivals", 1],
  ["invocations", "invocations", 1],
  ["throttles", "throttles", 1],
  ["errors", "errors", 1],
  ["coldStarts", "coldStarts", 1],
  ["concurrencyMean", "concurrencyMean", 1],
  ["concurrencyMax", "concurrencyMax", 1],
  ["environments", "environments", 1],
  ["latencyP50Ms", "latencyP50", MILLISECOND],
  ["latencyP99Ms", "latencyP99", MILLISECOND],
] as const;

/** Columns without a value in which a row is no row. */
const MUST: readonly string[] = [
  "t_s",
  ...COLUMNS.map(([column]) => column).filter((column) => !column.startsWith("latency")),
  ...THROTTLE_REASONS,
];

type Row = Readonly<Record<string, number | string | null>>;

/** The table is a timeline: its columns say so. */
export function isTimeline(names: readonly string[]): boolean {
  return ["function", ...MUST, ...COLUMNS.map(([column]) => column)].every((name) => names.includes(name));
}

/** What is written on a chart of a table, which knows neither scenario nor limits. */
export interface TableWords {
  /** What the table is of. */
  readonly name?: string;
  /** Limits of concurrency, by what they are called: `{ "account concurrency": 1000 }`. */
  readonly limits?: Readonly<Record<string, number>>;
  /** What A and B of a comparison are called. */
  readonly labels?: readonly [string, string];
}

/**
 * The overview of a tidy timeline (timeline.csv): all of it, some of its time, some of its functions, or those of several runs
 * under other names. "account", where it is there, is all functions together; else each is drawn by itself. What rows are
 * missing, or have no value where one must be, is a gap. Throws TypeError for rows that cannot be drawn.
 */
export function timelineOverview(tidy: ColumnTable, { name, limits = {} }: TableWords = {}): Chart {
  const parts = timelinesOf(tidy);
  const account = parts.length === 1 ? parts[0] : parts.find(({ name }) => name === ACCOUNT);
  const functions = parts.filter(({ name }) => name !== ACCOUNT);
  const busy = busiest(functions);
  const several = busy.length > 1;
  const shown = several ? busy : [account ?? busy[0] ?? functions[0]!];
  const all = account && lineOf(account, PLAIN_LINE);
  const lines = shown.map((part, i) => lineOf(part, several ? FUNCTION_STYLES[i]! : PLAIN_LINE));
  const found = ({ timeline }: Named, { rows }: Line) => overviewFinding(factsOf(timeline), rows);
  const hidden = functions.length - shown.length;
  const names = shortName(name ?? shown.map((part) => part.name).join(", "), 60);
  return overviewOf({
    drawn: { all, functions: several ? lines : [], lines },
    start: Math.min(...parts.map(({ timeline }) => timeline.start)),
    end: Math.max(...parts.map(({ timeline: { start, rows, interval } }) => start + rows * interval)),
    refused: account ? account.timeline.throttlesByReason.map(sum) : [],
    limits: Object.entries(limits).map(([label, value]) => limitOf(label, value)),
    finding: account
      ? found(account, all!)
      : shown.map((part, i) => `${part.name}: ${found(part, lines[i]!)}`).join(" "),
    about: hidden > 0 && !account ? `${names} · ${hidden} more with fewer arrivals` : names,
    numbers: timeNumbers((account ?? shown[0]!).timeline),
  });
}

interface Named {
  readonly name: string;
  readonly timeline: Timeline;
}

function lineOf({ name, timeline }: Named, style: Pick<Line, "colour" | "dash">): Line {
  const rows = coarse(timeline, togetherFor(timeline)).filter(({ arrivals }) => !Number.isNaN(arrivals));
  return { name, fn: undefined, rows, before: [], ...style };
}

function limitOf(label: string, value: number): Limit {
  if (!(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY))
    throw new TypeError(`limits: "${label}" is ${value}; give a number from 0`);
  return { label, value, colour: COLOUR.limit };
}

/** Longer than any run: seconds of a calendar, which belong to no run. */
const LONGEST = 100 * 365 * 86_400 * SECOND;

/** The timelines of a table, by name. */
function timelinesOf(tidy: ColumnTable): Named[] {
  const named = new Map<string, Map<number, Row>>();
  for (const row of tidy.objects() as Row[]) {
    if (MUST.some((column) => !Number.isFinite(row[column]))) continue;
    const name = String(row.function);
    const own = named.get(name) ?? new Map<number, Row>();
    const at = Math.round(Number(row.t_s) * SECOND);
    if (own.has(at))
      throw new TypeError(
        `"${name}" has two rows at t_s = ${row.t_s}: give the function of each run another name, as in .derive({ function: escape(() => "before") })`,
      );
    if (at > LONGEST)
      throw new TypeError(`t_s = ${row.t_s}: expected seconds since the beginning of the run`);
    named.set(name, own.set(at, row));
  }
  if (named.size === 0) throw new TypeError("the table has no row with all the counts of a timeline");
  return [...named].map(([name, rows]) => ({ name, timeline: timelineOf(rows) }));
}

/** Rows by their time as a timeline; where there is none, nothing is known. */
function timelineOf(rows: ReadonlyMap<number, Row>): Timeline {
  const times = [...rows.keys()].sort((a, b) => a - b);
  const steps = times.slice(1).map((t, i) => t - times[i]!);
  const interval = steps.length > 0 ? Math.min(...steps) : SECOND;
  const start = times[0]!;
  const timeline = new Timeline(start, interval, times.at(-1)! + interval);
  for (const column of timeline.columns()) column.fill(Number.NaN);
  for (const [at, row] of rows) {
    const i = Math.round((at - start) / interval);
    for (const [column, key, factor] of COLUMNS)
      timeline[key][i] = row[column] === null ? Number.NaN : Number(row[column]) * factor;
    THROTTLE_REASONS.forEach((reason, r) => {
      timeline.throttlesByReason[r]![i] = Number(row[reason]);
    });
  }
  return timeline;
}

/** Of many, as many as can be told apart: those with the most arrivals, in their own order. */
function busiest(parts: readonly Named[]): Named[] {
  const arrivals = new Map(parts.map((part) => [part, sum(part.timeline.arrivals)]));
  const most = parts
    .filter((part) => arrivals.get(part)! > 0)
    .sort((a, b) => arrivals.get(b)! - arrivals.get(a)!)
    .slice(0, FUNCTION_STYLES.length);
  return parts.filter((part) => most.includes(part));
}

/** Of what is known. */
const sum = (column: Float64Array) => column.reduce((all, n) => (Number.isNaN(n) ? all : all + n), 0);

function factsOf(t: Timeline): OverviewFacts {
  const [invocations, throttles, coldStarts] = [sum(t.invocations), sum(t.throttles), sum(t.coldStarts)];
  const attempts = invocations + throttles;
  // The most of a run is more than a mean over replications of an interval's most; so what the lines show is said.
  const mean = t.concurrencyMean.reduce((most, n) => (n > most ? n : most), 0);
  return {
    requests: sum(t.arrivals),
    throttled: attempts > 0 ? throttles / attempts : 0,
    attempts,
    busiest: `the busiest interval runs ${printNumber(mean)} at a time`,
    coldStarts,
    coldShare: invocations > 0 ? coldStarts / invocations : undefined,
  };
}
