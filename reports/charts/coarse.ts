import { op } from "arquero";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { SECOND } from "../../sim/units.ts";
import { timelineOf } from "../tables.ts";
import { round } from "./latency-axis.ts";
import { rowsTogether } from "./time-axis.ts";

/** Points a line of a chart may have, and those it keeps even if they are nearly empty. */
const MOST_POINTS = 360;
const FEW_POINTS = 24;

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
}

/** How many intervals a chart of these timelines takes together: all charts' lines have the same points in time. */
export function togetherFor(timeline: Timeline): number {
  const { rows, interval } = timeline;
  const arrivals = timeline.arrivals.reduce((sum, n) => sum + n, 0);
  // Where there are less than one arrival an interval, wider ones: a rate and not a comb.
  const worthwhile = Math.max(FEW_POINTS, Math.min(MOST_POINTS, arrivals / 2));
  return rowsTogether(rows, interval, worthwhile, 1);
}

export function coarse(timeline: Timeline, together: number): CoarseRow[] {
  const { start, interval, rows } = timeline;
  const groups = Array.from({ length: rows }, (_, row) => Math.floor(row / together));
  const sums = Object.fromEntries(
    ["arrivals", "throttles", "coldStarts", ...THROTTLE_REASONS].map((column) => [column, op.sum(column)]),
  );
  const grouped = timelineOf("", timeline)
    .assign({ group: groups })
    .groupby("group")
    .rollup({
      ...sums,
      concurrencyMean: op.mean("concurrencyMean"),
      concurrencyMax: op.max("concurrencyMax"),
      p99Ms: op.max("latencyP99Ms"),
      rows: op.count(),
    });
  const seconds = interval / SECOND;
  return (grouped.objects() as Record<string, number | undefined>[]).map((row) => {
    const width = row.rows! * seconds;
    const t = start / SECOND + row.group! * together * seconds;
    return {
      t: round(t),
      end: round(t + width),
      arrivals: round(row.arrivals! / width),
      throttles: round(row.throttles! / width),
      coldStarts: round(row.coldStarts! / width),
      reasons: THROTTLE_REASONS.map((reason) => round(row[reason]! / width)),
      concurrencyMean: round(row.concurrencyMean!),
      concurrencyMax: round(row.concurrencyMax!),
      p99Ms: row.p99Ms == null ? null : round(row.p99Ms),
    };
  });
}
