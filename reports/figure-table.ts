import { type ColumnTable, table } from "arquero";
import { figureRows } from "../study/columns.ts";
import type { Study } from "../study/replicate.ts";

/** A row a function, and with several functions one of "total": each figure with its interval (see figureRows). */
export function figureTable(study: Study): ColumnTable {
  const rows = figureRows(study);
  return table(Object.fromEntries(Object.keys(rows[0]!).map((name) => [name, rows.map((row) => row[name])])));
}
