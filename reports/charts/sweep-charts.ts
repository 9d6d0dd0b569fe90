import type { Assessment } from "../../study/assess.ts";
import type { SweepData } from "../sweep-table.ts";
import type { Chart } from "./chart.ts";
import { sweepHeatMap } from "./sweep-heat-map.ts";
import { sweepLines } from "./sweep-lines.ts";
import { sweepTradeOff } from "./sweep-trade-off.ts";

/** One question each. Undefined where a sweep has no answer. */
const CHARTS: readonly ((sweep: SweepData, found: Assessment) => Chart | undefined)[] = [
  sweepTradeOff,
  sweepHeatMap,
  sweepLines,
];

export function sweepCharts(sweep: SweepData, found: Assessment): Chart[] {
  return CHARTS.flatMap((chart) => chart(sweep, found) ?? []);
}
