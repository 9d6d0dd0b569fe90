import { type ColumnTable, table } from "arquero";
import { scaleOf } from "../study/axis-scale.ts";
import { meetsAll } from "../study/point.ts";
import type { Sweep } from "../study/sweep.ts";

type Cell = string | number | boolean | null;

/** A column of the tidy table: all its cells of one type, or null. */
export interface SweepColumn {
  readonly name: string;
  readonly type: "STRING" | "DOUBLE" | "BOOLEAN" | "INT32";
  readonly cells: readonly Cell[];
}

/**
 * The points of a sweep as a tidy table: one row a point and function (with several functions one of "total" too). First the
 * point's number and settings as written, and for quantities their number in the unit the name ends with; then whether it
 * meets all thresholds; then the figures, each with the half-width of its 95 % interval.
 */
export function sweepColumns({ axes, points }: Sweep): SweepColumn[] {
  const rows = points.flatMap((point, i) => point.figures.map((figures) => ({ i, point, figures })));
  const settings = axes.flatMap(({ path }): SweepColumn[] => {
    const written = rows.map(({ point }) => point.settings[path]);
    const scale = scaleOf(written);
    if (scale?.suffix === "") return [{ name: path, type: "DOUBLE", cells: scale.numbers }];
    const text = written.map((v) => (typeof v === "string" ? v : JSON.stringify(v)));
    return [
      { name: path, type: "STRING", cells: text },
      ...(scale ? [{ name: `${path}${scale.suffix}`, type: "DOUBLE" as const, cells: scale.numbers }] : []),
    ];
  });
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))].filter(
    (name) => name !== "function",
  );
  return [
    { name: "point", type: "INT32", cells: rows.map(({ i }) => i + 1) },
    ...settings,
    { name: "meetsAll", type: "BOOLEAN", cells: rows.map(({ point }) => meetsAll(point)) },
    {
      name: "thresholdsMissed",
      type: "INT32",
      cells: rows.map(({ point }) => point.thresholds.filter(({ ok }) => !ok).length),
    },
    { name: "function", type: "STRING", cells: rows.map(({ figures }) => figures.function) },
    ...names.map((name) => ({
      name,
      type: "DOUBLE" as const,
      cells: rows.map(({ figures }) => figures[name] ?? null),
    })),
  ];
}

/** The same for arquero: CSV and Arrow come from it. */
export function sweepTable(columns: readonly SweepColumn[]): ColumnTable {
  return table(Object.fromEntries(columns.map(({ name, cells }) => [name, [...cells]])));
}
