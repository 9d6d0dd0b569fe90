import type { Histogram } from "../../sim/measure/histogram.ts";
import { printCount, printDuration } from "../../sim/units.ts";
import type { Numbers } from "./chart.ts";

/** A distribution that a table has a row of. */
export interface Law {
  readonly name: string;
  readonly histogram: Histogram;
}

const PERCENTILES = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p99", 0.99],
  ["p99.9", 0.999],
] as const;

/** Distributions as a table: count, mean, percentiles and maximum of each that holds anything. */
export function lawNumbers(
  laws: readonly Law[],
  print: (value: number, law: number) => string = printDuration,
): Numbers {
  return {
    columns: ["of", "count", "mean", ...PERCENTILES.map(([name]) => name), "max"],
    rows: laws.flatMap(({ name, histogram: h }, i) =>
      h.count === 0
        ? []
        : [
            [
              name,
              printCount(h.count),
              print(h.mean, i),
              ...PERCENTILES.map(([, p]) => print(h.quantile(p), i)),
              print(h.max, i),
            ],
          ],
    ),
  };
}
