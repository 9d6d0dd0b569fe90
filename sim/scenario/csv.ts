import { csvParseRows } from "d3-dsv";
import { FileProblem } from "./files.ts";

/** Lines as one reads them in an editor, with the number of each; a byte order mark, "\r\n" and blank lines do not matter. */
export interface CsvLines {
  readonly header: readonly string[];
  /** Visits every row after the header that is not blank. */
  each(visit: (line: string, number: number) => void): void;
  readonly rows: number;
}

/** Splits a CSV text into lines. Throws FileProblem when there is no row of data. */
export function csvLines(text: string, name: string): CsvLines {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const begins: number[] = [];
  const ends: number[] = [];
  const numbers: number[] = [];
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline;
    const end = text.charCodeAt(next - 1) === 13 ? next - 1 : next;
    if (end - start > 64 || text.slice(start, end).trim() !== "") {
      begins.push(start);
      ends.push(end);
      numbers.push(number);
    }
    start = next + 1;
  }
  if (begins.length === 0) {
    throw new FileProblem(
      `"${name}" is empty: it has no rows of data; expected a header and at least one row`,
      1,
    );
  }
  const header = cellsOf(text.slice(begins[0], ends[0])).map((cell) => cell.trim());
  if (header.length === 1 && /[;\t]/.test(header[0]!)) {
    const found = header[0]!.includes(";") ? "semicolons" : "tabs";
    throw new FileProblem(
      `"${name}" is separated by ${found}; expected commas between the columns`,
      numbers[0],
    );
  }
  if (begins.length === 1) {
    throw new FileProblem(`"${name}" has no rows of data after its header`, numbers[0]);
  }
  const twice = header.find((column, i) => column !== "" && header.indexOf(column) < i);
  if (twice !== undefined && header.length < 10_000) {
    throw new FileProblem(`"${name}" has two columns "${twice}"`, numbers[0]);
  }
  return {
    header,
    rows: begins.length - 1,
    each(visit) {
      for (let i = 1; i < begins.length; i++) visit(text.slice(begins[i], ends[i]), numbers[i]!);
    },
  };
}

/** The cells of a line, quotes resolved. */
export function cellsOf(line: string): string[] {
  return line.includes('"') ? csvParseRows(line)[0]! : line.split(",");
}

/** A cell as a number of 0 or more. */
export function numberIn(cell: string, name: string, line: number, column: string): number {
  const text = cell.trim();
  const value = text === "" ? Number.NaN : Number(text);
  const place = `"${name}" line ${line}, column "${column}"`;
  if (!Number.isFinite(value)) {
    throw new FileProblem(`${place}: ${text === "" ? "is empty" : `"${text}" is not a number`}`, line);
  }
  if (value < 0) throw new FileProblem(`${place}: ${text} is negative`, line);
  return value;
}

/** A cell as a whole number of 0 or more. */
export function countIn(cell: string, name: string, line: number, column: string): number {
  const value = numberIn(cell, name, line, column);
  if (Number.isInteger(value) && value <= 1e9) return value;
  const why = Number.isInteger(value) ? "is more than 1,000,000,000" : "is not a whole number";
  throw new FileProblem(`"${name}" line ${line}, column "${column}": ${cell.trim()} ${why}`, line);
}

/** Says so when a row has more or fewer cells than the header. */
export function checkWidth(cells: number, header: readonly string[], name: string, line: number): void {
  if (cells !== header.length) {
    throw new FileProblem(
      `"${name}" line ${line} has ${cells} ${cells === 1 ? "cell" : "cells"}, but the header has ${header.length}`,
      line,
    );
  }
}

/** Numeric columns by name, and the line each row stands on. */
export interface Columns {
  readonly lines: Float64Array;
  get(column: string): Float64Array | undefined;
}

/** Reads the named numeric columns of a CSV text; those in `optional` may be missing from the header. */
export function readColumns(
  text: string,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Columns {
  const { header, rows, each } = csvLines(text, name);
  for (const column of required) {
    if (!header.includes(column)) {
      throw new FileProblem(`"${name}" has no column "${column}" (found ${someOf(header)})`, 1);
    }
  }
  const wanted = [...required, ...optional].filter((column) => header.includes(column));
  const indices = wanted.map((column) => header.indexOf(column));
  const columns = new Map(wanted.map((column) => [column, new Float64Array(rows)]));
  const values = wanted.map((column) => columns.get(column)!);
  const lines = new Float64Array(rows);
  let row = 0;
  each((line, number) => {
    const cells = cellsOf(line);
    checkWidth(cells.length, header, name, number);
    for (let i = 0; i < wanted.length; i++) {
      const parse = wanted[i] === "count" ? countIn : numberIn;
      values[i]![row] = parse(cells[indices[i]!]!, name, number, wanted[i]!);
    }
    lines[row++] = number;
  });
  return { lines, get: (column) => columns.get(column) };
}

/** The names in the header line; none in an empty text. */
export function headerOf(text: string): string[] {
  const line = text.replace(/^\uFEFF/, "").match(/^\s*([^\r\n]*)/)![1]!;
  return line === "" ? [] : cellsOf(line).map((cell) => cell.trim());
}

/** Names for a message, not all of very many. */
export function someOf(names: readonly string[]): string {
  return names.length <= 12
    ? names.join(", ")
    : `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`;
}
