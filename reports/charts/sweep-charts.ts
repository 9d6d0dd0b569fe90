import type { Assessment } from "../../study/assess.ts";
import type { Sweep } from "../../study/sweep.ts";
import type { Chart } from "./chart.ts";
import { sweepHeatMap } from "./sweep-heat-map.ts";
import { sweepLines } from "./sweep-lines.ts";
import { sweepTradeOff } from "./sweep-trade-off.ts";

/** One question each. Undefined where a sweep has no answer. */
const CHARTS: readonly ((sweep: Sweep, found: Assessment) => Chart | undefined)[] = [
  sweepTradeOff,
  sweepHeatMap,
  sweepLines,
];

export function sweepCharts(sweep: Sweep, found: Assessment): Chart[] {
  return CHARTS.flatMap((chart) => chart(sweep, found) ?? []);
}
