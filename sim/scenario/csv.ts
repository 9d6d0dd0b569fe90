import { csvParseRows } from "d3-dsv";
import { FileProblem } from "./files.ts";

/** Reads the named numeric columns of a CSV text; those in `optional` may be missing from the header. */
export function readColumns(
  text: string,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Map<string, Float64Array> {
  const rows = csvParseRows(text.replace(/^\uFEFF/, "").trimEnd());
  const header = (rows[0] ?? []).map((cell) => cell.trim());
  if (rows.length < 2)
    throw new FileProblem(`"${name}" has no rows of data; expected a header and at least one row`, 1);
  for (const column of required) {
    if (!header.includes(column)) {
      throw new FileProblem(`"${name}" has no column "${column}" (found ${header.join(", ")})`, 1);
    }
  }
  const columns = new Map<string, Float64Array>();
  for (const column of [...required, ...optional]) {
    const index = header.indexOf(column);
    if (index < 0) continue;
    const values = new Float64Array(rows.length - 1);
    for (let i = 1; i < rows.length; i++) {
      const cell = rows[i]![index]?.trim() ?? "";
      const value = cell === "" ? Number.NaN : Number(cell);
      if (!Number.isFinite(value)) {
        throw new FileProblem(
          `"${name}" line ${i + 1}, column "${column}": "${cell}" is not a number`,
          i + 1,
        );
      }
      if (value < 0)
        throw new FileProblem(`"${name}" line ${i + 1}, column "${column}": ${cell} is negative`, i + 1);
      values[i - 1] = value;
    }
    columns.set(column, values);
  }
  return columns;
}

/** The names in the header line. */
export function headerOf(text: string): string[] {
  return (csvParseRows(text.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "")[0] ?? []).map((cell) =>
    cell.trim(),
  );
}
