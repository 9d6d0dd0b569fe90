import type { Comparison } from "../../study/compare.ts";
import type { Chart } from "./chart.ts";
import { differences } from "./differences.ts";
import { latencyCompared } from "./latency-compared.ts";

/** The charts of a comparison; `labels`: what A and B are called. */
export function comparisonCharts(comparison: Comparison, labels: readonly [string, string]): Chart[] {
  return [differences, latencyCompared].flatMap((chart) => chart(comparison, labels) ?? []);
}
