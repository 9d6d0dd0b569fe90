import type { ColumnTable } from "arquero";
import { known } from "../study/result-parts.ts";
import type { Tuning } from "../study/tune.ts";
import { hasColumns, tableOf } from "./rows.ts";

/** The table is a tuning's: its columns say so. */
export function isTuneTable(names: readonly string[]): boolean {
  return hasColumns(names, [
    "memoryMb",
    "present",
    "choice",
    "failing",
    "averageDuration",
    "costPerMillionUsd",
  ]);
}

/**
 * tune.csv: one row a memory size. Each figure stands with the half-width of its 95 % interval (`…Ci95`), what it differs by
 * from the present size (`…Change`) and that difference's interval (`…ChangeCi95`); what does not exist is null.
 */
export function tuneTable({ tuned, choice }: Tuning): ColumnTable {
  const rows = tuned.map(
    (size): Record<string, number | string | boolean | null> => ({
      memoryMb: size.memoryMb,
      present: size.present,
      choice: size === choice,
      failing: size.failing ?? null,
      thresholdsMet: size.thresholds.filter(({ ok }) => ok).length,
      thresholdsMissed: size.thresholds.filter(({ ok }) => !ok).length,
      averageDuration: size.averageDuration,
      averagePrice: size.averagePrice,
      totalCost: size.totalCost,
      ...Object.fromEntries(
        Object.entries(size.figures).flatMap(([name, { value, ci95, change }]) => [
          [name, known(value)],
          [`${name}Ci95`, known(ci95)],
          [`${name}Change`, known(change.value)],
          [`${name}ChangeCi95`, known(change.ci95)],
        ]),
      ),
    }),
  );
  return tableOf(rows);
}
