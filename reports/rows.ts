import { type ColumnTable, table } from "arquero";

/** A table from rows that all have the same keys, in the first one's order. At least one row. */
export function tableOf(rows: readonly Readonly<Record<string, unknown>>[]): ColumnTable {
  return table(
    Object.fromEntries(Object.keys(rows[0]!).map((column) => [column, rows.map((row) => row[column])])),
  );
}
