import { readFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";

/** The folder of recorded data, which is not part of the repository; undefined where there is none. */
export const dataFolder = (): string | undefined => process.env.LSIM_DATA || undefined;

export type CsvRow = Record<string, string>;

/** A recorded file as text. */
export function recorded(name: string): string {
  const folder = dataFolder();
  if (folder === undefined) throw new Error("LSIM_DATA is not set");
  return readFileSync(join(folder, name), "utf8");
}

const tables = new Map<string, CsvRow[]>();

/** A recorded CSV by its columns; read once. */
export function dataset(name: string): CsvRow[] {
  let table = tables.get(name);
  if (!table) tables.set(name, (table = [...csvParse(recorded(name))] as CsvRow[]));
  return table;
}
