import type { Assessment } from "../../study/assess.ts";
import type { Sweep } from "../../study/sweep.ts";
import type { Chart } from "./chart.ts";

/** One question each. Undefined where a sweep has no answer. */
const CHARTS: readonly ((sweep: Sweep, found: Assessment) => Chart | undefined)[] = [];

export function sweepCharts(sweep: Sweep, found: Assessment): Chart[] {
  return CHARTS.flatMap((chart) => chart(sweep, found) ?? []);
}
