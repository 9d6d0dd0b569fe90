import type { ColumnTable } from "arquero";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { Timeline } from "../../sim/measure/timeline.ts";
import { MILLISECOND, SECOND } from "../../sim/units.ts";
import { ACCOUNT } from "../tables.ts";
import { type Chart, COLOUR, FUNCTION_STYLES } from "./chart.ts";
import { coarse, togetherFor } from "./coarse.ts";
import { type Line, PLAIN_LINE } from "./line.ts";
import { type OverviewFacts, overviewFinding, overviewOf, timeNumbers } from "./overview.ts";

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

type Row = Readonly<Record<string, number | string | null>>;

/** The table is a timeline: its columns say so. */
export function isTimeline(names: readonly string[]): boolean {
  return ["t_s", "function", ...COLUMNS.map(([column]) => column)].every((name) => names.includes(name));
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
 * under other names. "account", where it is there, is all functions together; else each is drawn by itself.
 */
export function timelineOverview(
  tidy: ColumnTable,
  { name, limits = {} }: TableWords = {},
): Chart | undefined {
  const { parts, start, end } = timelinesOf(tidy);
  const account = parts.length === 1 ? parts[0] : parts.find(({ name }) => name === ACCOUNT);
  const functions = busiest(parts.filter(({ name }) => name !== ACCOUNT));
  const several = functions.length > 1;
  const shown = several ? functions : [account ?? parts[0]!];
  const width = togetherFor((account ?? shown[0]!).timeline);
  const lineOf = ({ name, timeline }: Named, style: Pick<Line, "colour" | "dash">): Line => {
    return { name, fn: undefined, rows: coarse(timeline, width), before: [], ...style };
  };
  const all = account && lineOf(account, PLAIN_LINE);
  const lines = shown.map((part, i) => lineOf(part, several ? FUNCTION_STYLES[i]! : PLAIN_LINE));
  const found = ({ timeline }: Named, { rows }: Line) => overviewFinding(factsOf(timeline), rows);
  return overviewOf({
    drawn: { all, functions: several ? lines : [], lines },
    start,
    end,
    refused: account ? account.timeline.throttlesByReason.map(sum) : [],
    limits: Object.entries(limits).map(([label, value]) => ({ label, value, colour: COLOUR.limit })),
    finding: account
      ? found(account, all!)
      : shown.map((part, i) => `${part.name}: ${found(part, lines[i]!)}`).join(" "),
    about: name ?? shown.map((part) => part.name).join(", "),
    numbers: timeNumbers((account ?? shown[0]!).timeline, end),
  });
}

interface Named {
  readonly name: string;
  readonly timeline: Timeline;
}

/** The timelines of a table, by name, all from the first time in it to the end of the last interval (microseconds). */
function timelinesOf(tidy: ColumnTable): { parts: Named[]; start: number; end: number } {
  const named = new Map<string, Row[]>();
  for (const row of tidy.objects() as Row[]) {
    const name = String(row.function);
    const own = named.get(name) ?? [];
    named.set(name, own);
    own.push(row);
  }
  const times = [...new Set((tidy.array("t_s") as number[]).map(Number))].sort((a, b) => a - b);
  const steps = times.slice(1).map((t, i) => t - times[i]!);
  const interval = Math.round((steps.length > 0 ? Math.min(...steps) : 1) * SECOND);
  const start = Math.round(times[0]! * SECOND);
  const end = Math.round(times.at(-1)! * SECOND) + interval;
  const parts = [...named].map(([name, own]) => ({ name, timeline: timelineOf(own, start, interval, end) }));
  return { parts, start, end };
}

const sum = (column: Float64Array) => column.reduce((all, n) => all + n, 0);

/** Of many, as many as can be told apart: those with the most arrivals, in their own order. */
function busiest(parts: readonly Named[]): Named[] {
  const arrivals = new Map(parts.map((part) => [part, sum(part.timeline.arrivals)]));
  const most = parts
    .filter((part) => arrivals.get(part)! > 0)
    .sort((a, b) => arrivals.get(b)! - arrivals.get(a)!)
    .slice(0, FUNCTION_STYLES.length);
  return parts.filter((part) => most.includes(part));
}

function factsOf(t: Timeline): OverviewFacts {
  const [invocations, throttles, coldStarts] = [sum(t.invocations), sum(t.throttles), sum(t.coldStarts)];
  const attempts = invocations + throttles;
  return {
    requests: sum(t.arrivals),
    throttled: attempts > 0 ? throttles / attempts : 0,
    attempts,
    peak: Math.max(...t.concurrencyMax),
    limit: undefined,
    coldStarts,
    coldShare: invocations > 0 ? coldStarts / invocations : undefined,
  };
}

/** Rows of one name as a timeline; where there is none, nothing happened. */
function timelineOf(rows: readonly Row[], start: number, interval: number, end: number): Timeline {
  const timeline = new Timeline(start, interval, end);
  for (const row of rows) {
    const i = Math.round((Number(row.t_s) * SECOND - start) / interval);
    const read = (column: string) => (row[column] === null ? Number.NaN : Number(row[column]));
    for (const [column, key, factor] of COLUMNS) timeline[key][i] = read(column) * factor;
    THROTTLE_REASONS.forEach((reason, r) => {
      timeline.throttlesByReason[r]![i] = Number(row[reason] ?? 0);
    });
  }
  return timeline;
}
