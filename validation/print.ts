import { type Row, strayed, type Unit, type Verdict } from "./case.ts";

/** Numbers as the report prints them. */

const SUFFIX: Partial<Record<Unit, string>> = { "%": " %", ms: " ms", s: " s", "GB-s": " GB-s", MB: " MB" };

const scaled = (value: number, unit: Unit) => (unit === "%" ? 100 * value : value);

function digits(value: number, least: number, most: number): string {
  return value
    .toLocaleString("en-US", { minimumFractionDigits: least, maximumFractionDigits: most })
    .replace("-", "−");
}

/** As many decimals as give the tolerance two digits; where it is nothing, as many as the value has. */
function decimals(row: Row, unit: Unit): [least: number, most: number] {
  if (row.tolerance === 0) return [0, 9];
  const d = Math.min(9, Math.max(0, 1 - Math.floor(Math.log10(scaled(row.tolerance, unit)))));
  return [d, d];
}

/** One of a row's numbers with its unit. */
export function printValue(value: number, row: Row, unit: Unit): string {
  if (!Number.isFinite(value)) return "none";
  const text = digits(scaled(value, unit), ...decimals(row, unit));
  // A zero has no sign.
  const plain = /^−[0.,]*$/.test(text) ? text.slice(1) : text;
  return unit === "$" ? `$${plain}`.replace("$−", "−$") : `${plain}${SUFFIX[unit] ?? ""}`;
}

function printSigned(off: number, row: Row, unit: Unit): string {
  const text = printValue(off, row, unit);
  return off > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Got less expected, with its sign. */
export const printDifference = (row: Row, unit: Unit): string =>
  printSigned(row.got - row.expected, row, unit);

/** The tolerance, and of a row that is known to be off between what its difference lies. */
export function printTolerance(row: Row, unit: Unit): string {
  const tolerance = row.tolerance === 0 ? row.from : `± ${printValue(row.tolerance, row, unit)}, ${row.from}`;
  if (row.known === undefined) return tolerance;
  const [least, most] = row.known.off.map((off) => printSigned(off, row, unit));
  return `${tolerance}; known: ${least === most ? least : `${least} to ${most}`}`;
}

/** The verdict, and of a row that is known to be off and has left its band, in which direction. */
export function printVerdict(row: Row, verdict: Verdict): string {
  if (verdict !== "MISS") return verdict;
  const how = strayed(row);
  return how === undefined ? "**MISS**" : `**MISS**: ${how}`;
}
