import type { ScenarioFile } from "../sim/scenario/scenario-file.ts";
import { memorySizes, USUAL_SIZES } from "../study/memory-sizes.ts";
import { replicate, type Study } from "../study/replicate.ts";
import { oneThread } from "../study/runner.ts";
import { functionToTune, type Strategy, type Tuning, tune as tuneBy } from "../study/tune.ts";
import { open, type ScenarioOptions } from "./open.ts";

/** Simulates a scenario: all of its replications, in this thread. Throws ScenarioError with all problems. */
export function simulate(file: ScenarioFile, options?: ScenarioOptions): Study {
  return replicate(open(file, options).scenario);
}

export interface TuneSettings extends ScenarioOptions {
  /** The function to tune; may be left out where there is one only. */
  readonly function?: string;
  /** MB as numbers, or texts as in "1 GB"; the present size is always tried too. 128, 256, 512, 1024, 1536, 3008 unless given. */
  readonly sizes?: readonly (number | string)[];
  /** What is best; "cost" unless given. */
  readonly strategy?: Strategy;
  /** Of "balanced": 0 is speed alone, 1 is cost alone; 0.5 unless given. */
  readonly balancedWeight?: number;
}

/** Memory sizes of one function, as `lsim tune` tries them. Throws ScenarioError with all problems. */
export async function tune(file: ScenarioFile, settings: TuneSettings = {}): Promise<Tuning> {
  const { sizes = USUAL_SIZES, strategy = "cost", balancedWeight = 0.5 } = settings;
  const opened = open(file, settings);
  return tuneBy(oneThread(), opened, {
    function: functionToTune(opened.scenario, settings.function, "function"),
    sizes: memorySizes(sizes, "sizes"),
    strategy,
    balancedWeight,
  });
}
