/** The package's door: scenarios in, studies, tables and charts out. */

export type { StudyResult } from "./library/kinds.ts";
export type { ScenarioOptions } from "./library/open.ts";
export {
  compare,
  type PlanSettings,
  plan,
  type SensitivitySettings,
  type SweepSettings,
  sensitivity,
  simulate,
  sweep,
  type TuneSettings,
  tune,
} from "./library/studies.ts";
export { charts, toMimeBundle, toSvg, toTable } from "./library/views.ts";
export type { VegaLiteSpec } from "./reports/charts/chart.ts";
export type { TableWords } from "./reports/charts/table-words.ts";
export { accountTable, billTable, queuesTable, timelineTable } from "./reports/tables.ts";
export { parseScenario } from "./sim/scenario/parse.ts";
export { type Problem, ScenarioError } from "./sim/scenario/problem.ts";
export type { Scenario } from "./sim/scenario/scenario.ts";
export type * from "./sim/scenario/scenario-file.ts";
/** One replication of a parsed scenario, as the engine plays it. */
export { Simulation, simulate as simulateOnce } from "./sim/simulate.ts";
export type { Comparison } from "./study/compare.ts";
export { functionBill } from "./study/function-bill.ts";
export type { Plan } from "./study/plan.ts";
export type { PointResult } from "./study/point.ts";
export { replicate, type Study } from "./study/replicate.ts";
export { resultFile } from "./study/result-file.ts";
export type { Sensitivity } from "./study/sensitivity.ts";
export type { Sweep } from "./study/sweep.ts";
export { type Judgement, judge } from "./study/thresholds.ts";
export type { TunedSize, Tuning } from "./study/tune.ts";
export { VERSION } from "./version.ts";
