import type { EntryResult } from "../../sim/measure/entry.ts";
import type { FunctionResult } from "../../sim/measure/function-result.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { type Experiment, lab, run } from "./lab.ts";

/** One function `f`, called by one entry with an invocation model. */
export interface Case {
  readonly invoke: object;
  readonly arrivals: object;
  readonly f?: ScenarioFile["functions"][string];
  readonly rest?: Partial<Experiment>;
}

/** Ten minutes, and a handler of half a second, unless written. */
export const scenarioOf = ({ invoke, arrivals, f = { duration: "500ms" }, rest }: Case): Scenario =>
  lab({
    horizon: "10m",
    ...rest,
    functions: { f },
    traffic: [{ to: "f", invoke, arrivals } as ScenarioFile["traffic"][number]],
  });

/** The entry's result, and its function's. */
export function play(c: Case, seed?: string): EntryResult & { f: FunctionResult } {
  const { f, result } = run(scenarioOf(c), seed);
  return { ...result.entries[0]!, f };
}

export const meanOf = (law: { sum: number; count: number }): number => law.sum / law.count;

/** A stream that is read at once, and its records dealt evenly: what comes of it is arithmetic. */
export const exact = (more: object) => ({ type: "kinesis", pollInterval: "0s", keys: "even", ...more });
