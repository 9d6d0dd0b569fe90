import type { ColumnTable } from "arquero";
import type { Difference } from "../study/compare.ts";
import { differenceOfFile, fromFile } from "../study/comparison-file.ts";
import { effectOf, type MovedAssumption, type Sensitivity } from "../study/sensitivity.ts";
import { sensitivityRows } from "../study/sensitivity-file.ts";
import { isSame, parseStatistic, unitOf } from "../study/statistic-words.ts";
import { hasColumns, rowsOf, tableOf } from "./rows.ts";

/** What the chart of a sensitivity shows: one, or what a tidy table keeps of it. */
export interface SensitivityData extends Pick<Sensitivity, "by" | "on" | "assumptions"> {
  readonly base: Pick<Sensitivity["base"], "functions" | "read">;
}

/** sensitivity.csv as a table. */
export function sensitivityTable(study: Sensitivity): ColumnTable {
  return tableOf(sensitivityRows(study));
}

/** The table is a sensitivity's: its columns say so. */
export function isSensitivityTable(names: readonly string[]): boolean {
  return hasColumns(names, [
    "function",
    "statistic",
    "value",
    "assumption",
    "now",
    "moved",
    "difference",
    "mark",
  ]);
}

/** The way back: the effects of a tidy table, whatever rows were left out. */
export function sensitivityOfTable(tidy: ColumnTable): SensitivityData {
  const rows = rowsOf(tidy).map((row) => ({
    row,
    of: String(row.function),
    words: `${row.function} ${row.statistic}`,
  }));
  const functions = [...new Set(rows.map(({ of }) => of))];
  const words = [...new Set(rows.map(({ words }) => words))];
  const on = words.map((text) => parseStatistic(text, functions, "statistic"));
  const values = on.map((statistic, i) => {
    const first = rows.find((row) => row.words === words[i])!;
    return fromFile(unitOf(statistic), first.row.value as number | null);
  });
  const names = [...new Set(rows.map(({ row }) => String(row.assumption)))];
  const assumptions = names.map((name): MovedAssumption => {
    const own = rows.filter(({ row }) => row.assumption === name);
    const way = (i: number, sign: number): Difference | undefined => {
      const found = own.find(({ row, words: w }) => w === words[i] && Math.sign(Number(row.moved)) === sign);
      return found && differenceOfFile(unitOf(on[i]!), found.row);
    };
    return {
      name,
      text: String(own[0]!.row.now),
      isDefault: own[0]!.row.default === true,
      effects: on.map((_, i) => effectOf(way(i, -1), way(i, 1))),
    };
  });
  return {
    base: {
      // Whether there are others the table does not say: each statistic has its function's name before it.
      functions: [...functions, "total"],
      read: (statistic) => {
        const i = on.findIndex((other) => isSame(other, statistic));
        return i < 0 ? undefined : { value: values[i]!, ci95: Number.NaN, values: [] };
      },
    },
    by: Math.max(...rows.map(({ row }) => Math.abs(Number(row.moved)))),
    on,
    assumptions,
  };
}
