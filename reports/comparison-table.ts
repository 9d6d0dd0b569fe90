import type { ColumnTable } from "arquero";
import type { Comparison } from "../study/compare.ts";
import { statisticOf } from "../study/comparison-file.ts";
import { tableOf } from "./rows.ts";

/** compare.csv: one row a function and statistic; times in milliseconds, shares from 0 to 1, money in US dollars. */
export function comparisonTable({ statistics }: Comparison): ColumnTable {
  return tableOf(statistics.map(statisticOf));
}
