import { cellsOf, checkWidth, countIn, csvLines, headerOf, numberIn, someOf } from "../scenario/csv.ts";
import { FileProblem, type FileReader } from "../scenario/files.ts";
import { withHint } from "../scenario/problem.ts";
import { MILLISECOND, MINUTE, SECOND } from "../units.ts";
import { edgeGrid, type Grid, type IntervalCounts, regularGrid } from "./interval-counts.ts";

/** One function of a table: the intervals in which it was called, how often, and how long a call took. */
interface TableRow {
  slots: Int32Array;
  counts: Float64Array;
  /** Microseconds. */
  duration: number | undefined;
}

/**
 * A file with the traffic of several functions, in one of two layouts:
 * one row a function: its name in `fn`, `function` or `HashFunction`, counts in columns whose headers are consecutive
 * numbers, with or without a letter before them (1…1440 in the Azure traces, m480…m719), perhaps `duration_ms`;
 * or one column a function: `t_s`, the seconds at which each interval begins, and counts under the functions' names.
 */
export class FunctionTable {
  readonly file: string;
  readonly names: readonly string[];
  private readonly rows: ReadonlyMap<string, TableRow>;
  private readonly grid: (interval: number | undefined) => Grid;

  constructor(
    file: string,
    rows: ReadonlyMap<string, TableRow>,
    grid: (interval: number | undefined) => Grid,
  ) {
    this.file = file;
    this.names = [...rows.keys()];
    this.rows = rows;
    this.grid = grid;
  }

  /** The traffic of one function. Throws FileProblem when the file has no such function. */
  of(name: string, interval: number | undefined): IntervalCounts {
    const row = this.rows.get(name);
    if (!row) {
      throw new FileProblem(withHint(`"${this.file}" has no function "${name}"`, name, this.names));
    }
    return { grid: this.grid(interval), ...row };
  }
}

const NAME_COLUMNS = ["fn", "function", "HashFunction"];
/** "12" or "m480". */
const NUMBERED = /^[A-Za-z]?(\d{1,9})$/;

/** Files with several functions, each read and checked once for all the functions in it. */
export class TraceTables {
  private readonly read: FileReader;
  private readonly known = new Map<string, FunctionTable | undefined>();

  constructor(read: FileReader) {
    this.read = read;
  }

  /** The table in the file; undefined when the file holds the traffic of one function. Throws FileProblem. */
  of(file: string): FunctionTable | undefined {
    if (!this.known.has(file)) this.known.set(file, tableIn(this.read(file), file));
    return this.known.get(file);
  }
}

function tableIn(text: string, file: string): FunctionTable | undefined {
  const header = headerOf(text);
  if (header.includes("t_s")) {
    const single = header.length === 1 || header.includes("count") || header.includes("duration_ms");
    return single ? undefined : tableOfColumns(text, file);
  }
  return header.some((column) => NAME_COLUMNS.includes(column)) ? tableOfRows(text, file) : undefined;
}

function tableOfRows(text: string, file: string): FunctionTable {
  const { header, each } = csvLines(text, file);
  const nameColumn = header.findIndex((column) => NAME_COLUMNS.includes(column));
  const durationColumn = header.indexOf("duration_ms");
  const slotOf = slotsOf(header, file, nameColumn);
  const size = slotOf.reduce((n, slot) => Math.max(n, slot + 1), 0);
  const rows = new Map<string, TableRow>();
  const dense = new Float64Array(size);
  each((line, number) => {
    const cells = readCounts(line, header, slotOf, dense) ?? cellsOf(line);
    if (cells !== SCANNED) {
      checkWidth(cells.length, header, file, number);
      cells.forEach((cell, i) => {
        if (slotOf[i]! >= 0) dense[slotOf[i]!] = countIn(cell, file, number, header[i]!);
      });
    }
    const cell = (i: number) => (cells === SCANNED ? nthCell(line, i) : cells[i]!).trim();
    const name = cell(nameColumn);
    if (name === "") {
      throw new FileProblem(`"${file}" line ${number}, column "${header[nameColumn]}": is empty`, number);
    }
    const duration =
      durationColumn < 0
        ? undefined
        : Math.round(numberIn(cell(durationColumn), file, number, "duration_ms") * MILLISECOND);
    const twin = rows.get(name);
    // The Azure traces have a row for each trigger of a function: its traffic is their sum.
    if (twin) {
      if (twin.duration !== duration) {
        throw new FileProblem(
          `"${file}" line ${number}: "${name}" has a row already, with another duration_ms`,
          number,
        );
      }
      twin.slots.forEach((slot, i) => {
        dense[slot]! += twin.counts[i]!;
      });
    }
    rows.set(name, { ...sparse(dense), duration });
  });
  return new FunctionTable(file, rows, (interval = MINUTE) => regularGrid(interval, size));
}

/** For each column the interval it counts, or −1. */
function slotsOf(header: readonly string[], file: string, nameColumn: number): Int32Array {
  const slots = new Int32Array(header.length).fill(-1);
  let size = 0;
  let last = Number.NaN;
  header.forEach((column, i) => {
    const match = i === nameColumn ? null : NUMBERED.exec(column);
    if (!match) return;
    const value = Number(match[1]);
    if (size > 0 && value !== last + 1) {
      throw new FileProblem(
        `"${file}": column "${column}" does not follow "${header[slots.indexOf(size - 1)]}"; the intervals must be consecutive`,
        1,
      );
    }
    last = value;
    slots[i] = size++;
  });
  if (size === 0) {
    throw new FileProblem(
      `"${file}" has a row for each function but no columns of counts (found ${someOf(header)}); name them 1, 2, 3 … or m1, m2, m3 …`,
      1,
    );
  }
  return slots;
}

const SCANNED: readonly string[] = [];

/**
 * Reads a line of plain whole numbers without making a text of each: traces of tens of thousands of functions have tens
 * of millions of cells. Undefined when the line has anything else where a count should be, or another number of cells.
 */
function readCounts(
  line: string,
  header: readonly string[],
  slotOf: Int32Array,
  dense: Float64Array,
): readonly string[] | undefined {
  let column = 0;
  let value = 0;
  let digits = 0;
  for (let i = 0; i <= line.length; i++) {
    const code = i < line.length ? line.charCodeAt(i) : 44;
    if (code === 44) {
      const slot = slotOf[column++] ?? -1;
      if (slot >= 0) {
        if (digits === 0 || digits > 9) return undefined;
        dense[slot] = value;
      }
      value = 0;
      digits = 0;
    } else if (code >= 48 && code <= 57) {
      value = value * 10 + code - 48;
      digits++;
    } else if (code === 34 || slotOf[column]! >= 0) return undefined;
  }
  return column === header.length ? SCANNED : undefined;
}

function nthCell(line: string, index: number): string {
  let start = 0;
  for (let i = 0; i < index; i++) start = line.indexOf(",", start) + 1;
  const end = line.indexOf(",", start);
  return line.slice(start, end < 0 ? line.length : end);
}

function sparse(dense: Float64Array): { slots: Int32Array; counts: Float64Array } {
  let n = 0;
  for (let i = 0; i < dense.length; i++) if (dense[i]! > 0) n++;
  const slots = new Int32Array(n);
  const counts = new Float64Array(n);
  n = 0;
  for (let i = 0; i < dense.length; i++) {
    if (dense[i]! === 0) continue;
    slots[n] = i;
    counts[n++] = dense[i]!;
  }
  return { slots, counts };
}

function tableOfColumns(text: string, file: string): FunctionTable {
  const { header, each, rows: size } = csvLines(text, file);
  const time = header.indexOf("t_s");
  const starts = new Float64Array(size);
  const lines = new Float64Array(size);
  const found = header.map(() => ({ slots: [] as number[], counts: [] as number[] }));
  let row = 0;
  each((line, number) => {
    const cells = cellsOf(line);
    checkWidth(cells.length, header, file, number);
    cells.forEach((cell, i) => {
      if (i === time) {
        starts[row] = Math.round(numberIn(cell, file, number, "t_s") * SECOND);
        return;
      }
      const count = functionCount(cell, file, number, header[i]!);
      if (count === 0) return;
      found[i]!.slots.push(row);
      found[i]!.counts.push(count);
    });
    lines[row++] = number;
  });
  const grid = edgeGrid(edgesOf(starts, lines, file));
  const rows = new Map<string, TableRow>();
  header.forEach((name, i) => {
    if (i === time) return;
    if (name === "") throw new FileProblem(`"${file}": column ${i + 1} has no name`, 1);
    const { slots, counts } = found[i]!;
    rows.set(name, {
      slots: Int32Array.from(slots),
      counts: Float64Array.from(counts),
      duration: undefined,
    });
  });
  return new FunctionTable(file, rows, (interval) => {
    if (interval !== undefined) {
      throw new RangeError(`"interval" does not go with a file that has "t_s": that shows the intervals`);
    }
    return grid;
  });
}

/** A count; where it is none, the column may not have been meant for one. */
function functionCount(cell: string, file: string, line: number, column: string): number {
  try {
    return countIn(cell, file, line, column);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new FileProblem(
      `${error.message} (columns beside "t_s" are taken for functions and their counts)`,
      line,
    );
  }
}

/** Where intervals begin, and where the last ends: it is as long as the one before it. Times in microseconds. */
export function edgesOf(starts: Float64Array, lines: Float64Array, file: string): Float64Array {
  const n = starts.length;
  if (n < 2) {
    throw new FileProblem(`"${file}": one row does not show the interval's length; give at least two`);
  }
  for (let i = 1; i < n; i++) {
    if (starts[i]! > starts[i - 1]!) continue;
    throw new FileProblem(
      `"${file}" line ${lines[i]}: t_s does not increase; sort the rows by t_s, one row an interval`,
      lines[i],
    );
  }
  const edges = new Float64Array(n + 1);
  edges.set(starts);
  edges[n] = 2 * starts[n - 1]! - starts[n - 2]!;
  return edges;
}
