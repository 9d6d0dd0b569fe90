import type { ColumnTable } from "arquero";
import type { ComparedStatistic, Comparison } from "../study/compare.ts";
import { differenceOfFile, fromFile, statisticOf } from "../study/comparison-file.ts";
import { parseStatistic, unitOf } from "../study/statistic-words.ts";
import { hasColumns, rowsOf, tableOf } from "./rows.ts";

/** compare.csv: one row a function and statistic; times in milliseconds, shares from 0 to 1, money in US dollars. */
export function comparisonTable({ statistics }: Comparison): ColumnTable {
  return tableOf(statistics.map(statisticOf));
}

/** The table is a comparison's: its columns say so. */
export function isComparisonTable(names: readonly string[]): boolean {
  return hasColumns(names, [
    "function",
    "statistic",
    "a",
    "b",
    "difference",
    "relativeCi95",
    "mark",
    "verdict",
    "judged",
  ]);
}

/** The way back: the statistics of a tidy table, whatever rows were left out. */
export function statisticsOfTable(tidy: ColumnTable): ComparedStatistic[] {
  const rows = rowsOf(tidy);
  const functions = [...new Set(rows.map((row) => String(row.function)))];
  return rows.map((row): ComparedStatistic => {
    const statistic = parseStatistic(`${row.function} ${row.statistic}`, functions, "statistic");
    const read = (column: string) => fromFile(unitOf(statistic), row[column] as number | null);
    return {
      statistic,
      a: { value: read("a"), ci95: Number.NaN, values: [] },
      b: { value: read("b"), ci95: Number.NaN, values: [] },
      difference: differenceOfFile(unitOf(statistic), row),
      verdict: (row.verdict as "better" | "worse" | null) ?? undefined,
      judged: row.judged === true,
    };
  });
}
