import { type ColumnTable, table } from "arquero";
import { MILLISECOND } from "../sim/units.ts";
import type { Against, AgainstRow } from "../study/against.ts";
import type { Estimate } from "../study/statistics.ts";

/** compare.csv of Lambda against servers: a row a figure; durations in milliseconds, shares from 0 to 1, US dollars. */
export function againstTable({ rows }: Against): ColumnTable {
  const number = (value: number, unit: AgainstRow["unit"]) =>
    Number.isFinite(value) ? value / (unit === "duration" ? MILLISECOND : 1) : null;
  const column = (read: (row: AgainstRow) => Estimate, key: keyof Estimate) =>
    rows.map((row) => number(read(row)[key], row.unit));
  return table([
    ["figure", rows.map(({ name }) => name)],
    ["unit", rows.map(({ unit }) => ({ duration: "ms", money: "USD", share: "share", number: "" })[unit])],
    ["lambda", column((r) => r.lambda, "mean")],
    ["lambdaCi95", column((r) => r.lambda, "ci95")],
    ["servers", column((r) => r.servers, "mean")],
    ["serversCi95", column((r) => r.servers, "ci95")],
    ["difference", column((r) => r.difference, "mean")],
    ["differenceCi95", column((r) => r.difference, "ci95")],
  ]);
}
