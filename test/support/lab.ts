import jstat from "jstat";
import type { FunctionResult } from "../../sim/measure/function-result.ts";
import type { RunResult } from "../../sim/measure/result.ts";
import type { FileReader } from "../../sim/scenario/files.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { simulate } from "../../sim/simulate.ts";

/** Fixed seeds: a stochastic statement must hold for each of them. */
export const SEEDS = ["1", "2", "3"] as const;

type FunctionFile = ScenarioFile["functions"][string];

export interface Experiment extends Partial<Omit<ScenarioFile, "functions">> {
  horizon: string;
  functions: Record<string, FunctionFile>;
  traffic: ScenarioFile["traffic"];
}

/** A scenario in which every mechanism is switched off that the experiment does not write down. */
export function lab(experiment: Experiment, read?: FileReader): Scenario {
  const { account, functions, ...rest } = experiment;
  return parseScenario(
    {
      lsim: 1,
      name: "lab",
      ...rest,
      account: { concurrency: "unlimited", scaling: "unlimited", requestRate: "unlimited", ...account },
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, settings]) => [
          name,
          {
            timeout: "15m",
            initDuration: "0s",
            keepAlive: "forever",
            maximumLifetime: "forever",
            ...settings,
          },
        ]),
      ),
    },
    read,
  );
}

/** One function `f` with one stream of requests. */
export function one(
  settings: FunctionFile,
  arrivals: unknown,
  rest: Partial<Experiment> & { horizon: string },
  read?: FileReader,
): Scenario {
  return lab({ ...rest, functions: { f: settings }, traffic: [{ to: "f", arrivals }] }, read);
}

/** Runs it once; `f` is the first function's result. */
export function run(scenario: Scenario, seed: string = SEEDS[0]): { f: FunctionResult; result: RunResult } {
  const result = simulate(scenario, { seed });
  return { f: result.functions[0]!, result };
}

/** The result of a function by its name. */
export function of(result: RunResult, scenario: Scenario, name: string): FunctionResult {
  return result.functions[scenario.functions.findIndex((f) => f.name === name)]!;
}

export const coldShare = ({ counters: c }: FunctionResult): number => c.coldStarts / c.invocations;
export const throttleShare = ({ counters: c }: FunctionResult): number => c.throttled / c.requests;
export const spilloverShare = ({ counters: c }: FunctionResult): number => c.spillover / c.requests;

export const poisson = (rate: string) => ({ type: "poisson", rate });
export const evenly = (rate: string) => ({ type: "constant", rate });
export const exponential = (mean: string) => ({ type: "exponential", mean });
/** `count` requests at once, for each [time, count]. */
export const waves = (...at: [t: string, count: number][]) => ({
  type: "times",
  at: at.map(([t, count]) => ({ t, count })),
});

/** A CSV of arrivals as a scenario's trace reads it. */
export function arrivalsCsv(rows: readonly { t: number; durationMs?: number }[]): string {
  const timed = rows[0]?.durationMs !== undefined;
  const lines = rows.map(({ t, durationMs }) => (timed ? `${t},${durationMs}` : `${t}`));
  return [timed ? "t_s,duration_ms" : "t_s", ...lines].join("\n");
}

/** Whether `value` is within `tolerance` of `expected`, in words when it is not. */
export function near(value: number, expected: number, tolerance: number): true | string {
  return Math.abs(value - expected) <= tolerance || `${value} is not ${expected} ± ${tolerance}`;
}

/** The chance that a normal value lies within 4.5 standard errors, on one side. */
const CERTAINTY = 1 - 3.4e-6;

/**
 * Mean over independent runs, and how far off it may be: standard errors as the runs show them, as many as Student's t
 * gives the same certainty as 4.5 of a known one. Few runs know their own spread badly: ten take 9 of them, thirty 5.6.
 */
export function meanOf(values: readonly number[]): { mean: number; tolerance: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { mean, tolerance: jstat.studentt.inv(CERTAINTY, n - 1) * Math.sqrt(variance / n) };
}

export const sum = (column: ArrayLike<number>, from = 0, to = column.length): number => {
  let total = 0;
  for (let i = from; i < to; i++) total += column[i]!;
  return total;
};
