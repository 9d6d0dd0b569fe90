import { type ColumnTable, table } from "arquero";
import type { Axis } from "../study/axis.ts";
import { scaleOf } from "../study/axis-scale.ts";
import type { FigureRow } from "../study/columns.ts";
import type { PointResult } from "../study/point.ts";
import type { Sweep } from "../study/sweep.ts";
import { meetsAll } from "../study/thresholds.ts";
import { hasColumns, rowsOf, type TidyRow } from "./rows.ts";

type Cell = TidyRow[string];

/** A column of the tidy table: all its cells of one type, or null. */
export interface SweepColumn {
  readonly name: string;
  readonly type: "STRING" | "DOUBLE" | "BOOLEAN" | "INT32";
  readonly cells: readonly Cell[];
}

/**
 * The points of a sweep as a tidy table: one row a point and function (with several functions one of "total" too). First the
 * point's number and settings as written, and for quantities their number in the unit the name ends with; then whether it
 * meets all thresholds, how many it meets and misses, and how often it was played; then the figures, each with the half-width of its 95 % interval.
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
    ...[true, false].map(
      (met): SweepColumn => ({
        name: met ? "thresholdsMet" : "thresholdsMissed",
        type: "INT32",
        cells: rows.map(({ point }) => point.thresholds.filter(({ ok }) => ok === met).length),
      }),
    ),
    { name: "replications", type: "INT32", cells: rows.map(({ point }) => point.replications) },
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

/** What charts of a sweep show: a sweep, or what a tidy table keeps of one. */
export type SweepData = Pick<Sweep, "name" | "axes" | "points" | "sampling"> &
  Partial<Pick<Sweep, "seed">> & {
    /** Whose cost there is, where it is not the account's. */
    readonly costOf?: string;
  };

/** Columns between the settings and the figures. */
const BETWEEN = ["meetsAll", "thresholdsMet", "thresholdsMissed", "replications", "function"];

/** The table is one of a sweep's points: its columns say so. */
export function isSweepTable(names: readonly string[]): boolean {
  return names[0] === "point" && hasColumns(names, BETWEEN);
}

/**
 * The way back: the points of a tidy table, in its order, whatever rows were left out or taken from other sweeps. Rows of one
 * point stand together: they have the same settings. A column of words behind the figures is a setting too: what several
 * sweeps are told apart by. Throws TypeError for rows that cannot be.
 */
export function sweepOfTable(tidy: ColumnTable, name: string): SweepData {
  const names = tidy.columnNames();
  const rows = rowsOf(tidy);
  const settings = names.slice(1, names.indexOf(BETWEEN[0]!));
  const figures = names.slice(names.indexOf("function"));
  const added = figures.filter(
    (column) => column !== "function" && rows.some((row) => typeof row[column] === "string"),
  );
  // A quantity's number stands beside it, under the same name and its unit.
  const written = settings.filter(
    (path) => !settings.some((other) => other !== path && isNumberOf(path, other)),
  );
  const paths = [...written, ...added];
  const points = new Map<string, PointResult & { readonly figures: FigureRow[] }>();
  for (const row of rows) {
    const key = JSON.stringify(paths.map((path) => row[path]));
    const point = points.get(key) ?? pointOf(key, paths, row);
    points.set(key, point);
    if (point.figures.some((other) => other.function === row.function))
      throw new TypeError(
        `two points have the same settings, ${key}: sweeps that differ by something else need it as a column of words, as in .derive({ run: escape(() => "arm64") })`,
      );
    point.figures.push(
      Object.fromEntries(
        figures.filter((column) => !added.includes(column)).map((column) => [column, row[column]]),
      ) as FigureRow,
    );
  }
  const all = [...points.values()];
  const functions = [...new Set(rows.map((row) => String(row.function)))];
  const unlike = all.find((point) => point.figures.length < functions.length);
  if (unlike)
    throw new TypeError(
      `the points are not all of ${functions.join(", ")}: keep the same functions of each, or "total" alone`,
    );
  if (functions.length > 1 && !functions.includes("total"))
    throw new TypeError(
      `of several functions keep "total" too, or one of them alone: what would the cost be of?`,
    );
  const axes = paths.map((path): Axis => ({ path, values: [...new Set(all.map((p) => p.settings[path]))] }));
  return { name, axes, points: all, ...(functions.includes("total") ? {} : { costOf: functions[0]! }) };
}

const isNumberOf = (column: string, path: string) =>
  column.startsWith(path) && ["Mb", "Ms", "PerS", "Share"].includes(column.slice(path.length));

function pointOf(key: string, paths: readonly string[], row: TidyRow) {
  const missing = paths.find((path) => row[path] === undefined || row[path] === null);
  if (missing !== undefined)
    throw new TypeError(
      `point ${row.point} has no "${missing}": sweeps of different settings do not go together`,
    );
  const judged = (ok: boolean, n: Cell) =>
    Array.from({ length: Number(n) }, () => ({ of: "", measure: "", expression: "", ok }));
  return {
    lsimPoint: 1 as const,
    key,
    digest: "",
    settings: Object.fromEntries(paths.map((path) => [path, row[path]])),
    replications: Number(row.replications),
    thresholds: [...judged(true, row.thresholdsMet!), ...judged(false, row.thresholdsMissed!)],
    figures: [],
  } as unknown as PointResult & { readonly figures: FigureRow[] };
}
