import type { FunctionResult } from "../sim/measure/function-result.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import type { ScenarioFile } from "../sim/scenario/schema.ts";
import { arrivalsCsv, run, SEEDS } from "../test/support/lab.ts";
import { type CsvRow, dataset } from "./data.ts";

/** One result a seed; a stochastic statement must hold for each of them. */
export function bySeed(scenario: Scenario, seeds: readonly string[] = SEEDS): FunctionResult[] {
  return seeds.map((seed) => run(scenario, seed).f);
}

export const seedsUpTo = (n: number): string[] => Array.from({ length: n }, (_, i) => `${i + 1}`);

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The middle value, linear between the two middle ones. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)]!;
  return low + (rank - Math.floor(rank)) * (sorted[Math.ceil(rank)]! - low);
}

type FunctionFile = ScenarioFile["functions"][string];

/** A function `f` of a platform preset in an account without limits: the preset's keep-alive, lifetime and cold start. */
export function presetFunction(
  platform: NonNullable<ScenarioFile["platform"]>,
  settings: FunctionFile,
  arrivals: unknown,
  horizon: string,
  file = "",
): Scenario {
  return parseScenario(
    {
      lsim: 1,
      name: "preset",
      platform,
      horizon,
      account: { concurrency: "unlimited", scaling: "unlimited", requestRate: "unlimited" },
      functions: { f: { timeout: "15m", ...settings } },
      traffic: [{ to: "f", arrivals: arrivals as never }],
      measure: { interval: "1d" },
    },
    () => file,
  );
}

/** The runs of AWS request logs of 2020, most of a day each, by rate. */
export const AWS_2020 = [
  "2020-05-28",
  "2020-06-04",
  "2020-06-06",
  "2020-06-09",
  "2020-06-10",
  "2020-06-13",
  "2020-06-18",
  "2020-05-26",
] as const;

export const recorded2020 = (trace: string): CsvRow[] =>
  dataset("aws-2020-replay.csv").filter((row) => row.trace === trace);

/** The requests of a run as a scenario reads them. */
export function requests2020(trace: string): string {
  return arrivalsCsv(
    recorded2020(trace).map(({ t_s, aws_duration_ms }) => ({
      t: Number(t_s),
      durationMs: Number(aws_duration_ms),
    })),
  );
}

/** How many of its requests were the first of a new environment, and how many requests it had a second. */
export function facts2020(trace: string): { cold: number; rate: number } {
  const rows = recorded2020(trace);
  const cold = rows.filter((row) => row.cold === "1").length;
  return { cold, rate: (rows.length - 1) / Number(rows.at(-1)!.t_s) };
}
