import type { ColumnTable } from "arquero";
import type { IntervalColumns } from "../../sim/measure/interval-columns.ts";
import { SECOND } from "../../sim/units.ts";
import { hasColumns, rowsOf, type TidyRow } from "../rows.ts";

/** A column of a tidy table over time, and the column of intervals that it fills, in its unit. */
export interface TidyColumn<T extends IntervalColumns> {
  readonly name: string;
  readonly into: (intervals: T) => Float64Array;
  readonly factor?: number;
  /** It may have no value where nothing was to be measured; a row without any other is no row. */
  readonly mayLack?: boolean;
}

/** How a tidy table over time is read. */
export interface TidyIntervals<T extends IntervalColumns> {
  /** The column that says whose intervals they are. */
  readonly by: string;
  readonly columns: readonly TidyColumn<T>[];
  readonly make: (start: number, interval: number, end: number) => T;
}

/** Intervals of one name; what rows are missing is NaN. */
export interface Named<T> {
  readonly name: string;
  readonly intervals: T;
}

/** The table can be read so: it has the columns. */
export function hasIntervals<T extends IntervalColumns>(
  names: readonly string[],
  { by, columns }: TidyIntervals<T>,
): boolean {
  return hasColumns(names, ["t_s", by, ...columns.map(({ name }) => name)]);
}

/** Longer than any run: seconds of a calendar, which belong to no run. */
const LONGEST = 100 * 365 * 86_400 * SECOND;

/** The intervals of a tidy table, by name, each with its own start, length and end. Throws TypeError for rows that cannot be. */
export function intervalsOf<T extends IntervalColumns>(
  tidy: ColumnTable,
  kind: TidyIntervals<T>,
): Named<T>[] {
  const must = ["t_s", ...kind.columns.filter(({ mayLack }) => !mayLack).map(({ name }) => name)];
  const named = new Map<string, Map<number, TidyRow>>();
  for (const row of rowsOf(tidy)) {
    if (must.some((column) => !Number.isFinite(row[column]))) continue;
    const name = String(row[kind.by]);
    const own = named.get(name) ?? new Map<number, TidyRow>();
    const at = Math.round(Number(row.t_s) * SECOND);
    if (own.has(at))
      throw new TypeError(
        `"${name}" has two rows at t_s = ${row.t_s}: give the ${kind.by} of each run another name, as in .derive({ ${kind.by}: escape(() => "before") })`,
      );
    if (at > LONGEST)
      throw new TypeError(`t_s = ${row.t_s}: expected seconds since the beginning of the run`);
    named.set(name, own.set(at, row));
  }
  if (named.size === 0) throw new TypeError(`the table has no row with all of ${must.join(", ")}`);
  return [...named].map(([name, rows]) => ({ name, intervals: filled(rows, kind) }));
}

function filled<T extends IntervalColumns>(rows: ReadonlyMap<number, TidyRow>, kind: TidyIntervals<T>): T {
  const times = [...rows.keys()].sort((a, b) => a - b);
  const steps = times.slice(1).map((t, i) => t - times[i]!);
  const interval = steps.length > 0 ? Math.min(...steps) : SECOND;
  const start = times[0]!;
  const intervals = kind.make(start, interval, times.at(-1)! + interval);
  for (const column of intervals.columns()) column.fill(Number.NaN);
  for (const [at, row] of rows) {
    const i = Math.round((at - start) / interval);
    for (const { name, into, factor = 1 } of kind.columns)
      into(intervals)[i] = row[name] === null ? Number.NaN : Number(row[name]) * factor;
  }
  return intervals;
}

/** From when until when there is something (microseconds). */
export function spanOf(parts: readonly Named<IntervalColumns>[]): { start: number; end: number } {
  return {
    start: Math.min(...parts.map(({ intervals }) => intervals.start)),
    end: Math.max(...parts.map(({ intervals: { start, rows, interval } }) => start + rows * interval)),
  };
}
