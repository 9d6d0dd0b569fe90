import type { ColumnTable } from "arquero";
import { figureRows } from "../study/columns.ts";
import type { Study } from "../study/replicate.ts";
import { tableOf } from "./rows.ts";

/** A row a function, and with several functions one of "total": each figure with its interval (see figureRows). */
export function figureTable(study: Study): ColumnTable {
  return tableOf(figureRows(study));
}
