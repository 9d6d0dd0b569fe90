import type { IntervalColumns } from "../../sim/measure/interval-columns.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { MILLISECOND, SECOND } from "../../sim/units.ts";
import { round } from "./latency-axis.ts";
import { rowsTogether } from "./time-axis.ts";

/** Points a line of a chart may have, and those it keeps even if they are nearly empty. */
const MOST_POINTS = 360;
const FEW_POINTS = 24;
const MOST_TABLE_ROWS = 48;

/** Some intervals of a timeline together: events a second, and extremes that were not averaged away. */
export interface CoarseRow {
  /** Seconds. */
  readonly t: number;
  readonly end: number;
  readonly arrivals: number;
  readonly throttles: number;
  readonly coldStarts: number;
  /** By THROTTLE_REASONS. */
  readonly reasons: readonly number[];
  readonly concurrencyMean: number;
  readonly concurrencyMax: number;
  /** The highest p99 of any one interval; null where nothing was answered. */
  readonly p99Ms: number | null;
  /** The same of the p50. */
  readonly p50Ms: number | null;
}

/** How many intervals a chart of these timelines takes together: all charts' lines have the same points in time. */
export function togetherFor(timeline: Pick<Timeline, "rows" | "interval" | "arrivals">): number {
  const { rows, interval } = timeline;
  const arrivals = knownSum(timeline.arrivals);
  // Where there are less than one arrival an interval, wider ones: a rate and not a comb.
  const worthwhile = Math.max(FEW_POINTS, Math.min(MOST_POINTS, arrivals / 2));
  return rowsTogether(rows, interval, worthwhile, 1);
}

/** The same for a table over time, of as many rows as one still reads. */
export function togetherInTables({ rows, interval }: Pick<Timeline, "rows" | "interval">): number {
  return rowsTogether(rows, interval, MOST_TABLE_ROWS, 1);
}

/** Where nothing is known there is no row. */
export function coarse(timeline: Timeline, together: number): CoarseRow[] {
  const rows = grouped(timeline, together, ({ t, end, rate, mean, most }) => ({
    t,
    end,
    arrivals: rate(timeline.arrivals),
    throttles: rate(timeline.throttles),
    coldStarts: rate(timeline.coldStarts),
    reasons: timeline.throttlesByReason.map(rate),
    concurrencyMean: mean(timeline.concurrencyMean),
    concurrencyMax: most(timeline.concurrencyMax)!,
    p99Ms: most(timeline.latencyP99, MILLISECOND),
    p50Ms: most(timeline.latencyP50, MILLISECOND),
  }));
  return rows.filter(({ arrivals }) => !Number.isNaN(arrivals));
}

/** Some intervals together, and what a column of theirs comes to: six digits, as many as a chart shows. */
export interface Group {
  /** Seconds. */
  readonly t: number;
  readonly end: number;
  /** Of a column of counts: so many a second. What is not known (NaN) is left out; NaN where nothing is. */
  readonly rate: (column: Float64Array) => number;
  readonly mean: (column: Float64Array) => number;
  /** The greatest, in this unit; null where no row has a value. */
  readonly most: (column: Float64Array, unit?: number) => number | null;
}

/** Takes `together` intervals at a time. */
export function grouped<R>(
  { start, interval, rows }: Pick<IntervalColumns, "start" | "interval" | "rows">,
  together: number,
  read: (group: Group) => R,
): R[] {
  const seconds = interval / SECOND;
  return Array.from({ length: Math.ceil(rows / together) }, (_, group) => {
    const from = group * together;
    const to = Math.min(rows, from + together);
    const t = start / SECOND + from * seconds;
    const width = (to - from) * seconds;
    return read({
      t: round(t),
      end: round(t + width),
      rate: (column) => round(knownMean(column, from, to) / seconds),
      mean: (column) => round(knownMean(column, from, to)),
      most: (column, unit = 1) => {
        const most = mostOf(column, from, to);
        return most < 0 ? null : round(most / unit);
      },
    });
  });
}

/** The sum of what is known: NaN is left out. */
export function knownSum(column: Float64Array): number {
  return column.reduce((sum, n) => (Number.isNaN(n) ? sum : sum + n), 0);
}

/** The mean of what is known; NaN where nothing is. */
export function knownMean(column: Float64Array, from = 0, to = column.length): number {
  let sum = 0;
  let known = 0;
  for (let row = from; row < to; row++) {
    if (Number.isNaN(column[row]!)) continue;
    sum += column[row]!;
    known++;
  }
  return sum / known;
}

/** The greatest value; rows without one (NaN) are passed over, and −1 says that there was none. */
function mostOf(column: Float64Array, from: number, to: number): number {
  let most = -1;
  for (let row = from; row < to; row++) if (column[row]! > most) most = column[row]!;
  return most;
}
