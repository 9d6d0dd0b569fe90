import { type ColumnTable, table } from "arquero";

/** A table from rows that all have the same keys, in the first one's order. At least one row. */
export function tableOf(rows: readonly Readonly<Record<string, unknown>>[]): ColumnTable {
  return table(
    Object.fromEntries(Object.keys(rows[0]!).map((column) => [column, rows.map((row) => row[column])])),
  );
}

/** A row of a tidy table, whoever made it. */
export type TidyRow = Readonly<Record<string, number | string | boolean | null>>;

/** The rows of a tidy table, as they stand. */
export function rowsOf(tidy: ColumnTable): TidyRow[] {
  return tidy.objects() as TidyRow[];
}

/** A table is known by the columns that it has. */
export function hasColumns(names: readonly string[], needed: readonly string[]): boolean {
  return needed.every((name) => names.includes(name));
}
