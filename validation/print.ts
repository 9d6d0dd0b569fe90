import type { Row, Unit, Verdict } from "./case.ts";

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

/** Got less expected, with its sign. */
export function printDifference(row: Row, unit: Unit): string {
  const off = row.got - row.expected;
  const text = printValue(off, row, unit);
  return off > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function printTolerance(row: Row, unit: Unit): string {
  return row.tolerance === 0 ? row.from : `± ${printValue(row.tolerance, row, unit)}, ${row.from}`;
}

export const printVerdict = (verdict: Verdict): string => (verdict === "MISS" ? "**MISS**" : verdict);
