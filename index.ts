/** The package's door: scenarios in, results out. */
export { parseScenario } from "./sim/scenario/parse.ts";
export { type Problem, ScenarioError } from "./sim/scenario/problem.ts";
export type { Scenario } from "./sim/scenario/scenario.ts";
export type { ScenarioFile } from "./sim/scenario/schema.ts";
export { Simulation, simulate } from "./sim/simulate.ts";
export { type Comparison, compare } from "./study/compare.ts";
export { replicate, type Study } from "./study/replicate.ts";
export { resultFile } from "./study/result-file.ts";
export { type Side, savedSide, studySide } from "./study/side.ts";
export { judge } from "./study/thresholds.ts";
export { VERSION } from "./version.ts";
