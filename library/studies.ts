import { ScenarioError } from "../sim/scenario/problem.ts";
import type { ScenarioFile } from "../sim/scenario/scenario-file.ts";
import { type Axis, parseAxis } from "../study/axis.ts";
import { type Comparison, compare as compareSides } from "../study/compare.ts";
import { memorySizes, parseSizes, USUAL_SIZES } from "../study/memory-sizes.ts";
import { type Plan, type Strategy as PlanStrategy, plan as planBy } from "../study/plan.ts";
import type { PointResult } from "../study/point.ts";
import { replicate, type Study } from "../study/replicate.ts";
import { oneThread } from "../study/runner.ts";
import type { SamplingKind } from "../study/sample.ts";
import { SearchSpace } from "../study/search-space.ts";
import { aboutCostAndLatency, type Sensitivity, sensitivityOf } from "../study/sensitivity.ts";
import { studySide } from "../study/side.ts";
import { parseStatistic } from "../study/statistic-words.ts";
import { planSweep, playPoints, type Sweep, sweepOf } from "../study/sweep.ts";
import { functionToTune, type Strategy, type Tuning, tune as tuneBy } from "../study/tune.ts";
import { VERSION } from "../version.ts";
import { changed, open, readerFor, type ScenarioOptions } from "./open.ts";
import { check } from "./settings.ts";

/** Simulates a scenario: all of its replications, in this thread. Throws ScenarioError with all problems. */
export function simulate(file: ScenarioFile, options: ScenarioOptions = {}): Study {
  check("simulate", options);
  return replicate(open(file, options).scenario);
}

export interface SweepSettings extends ScenarioOptions {
  /**
   * What is varied, by path: values (`["512 MB", "1024 MB"]`), or a range as text (`"0..400:50"`). The scenario's own `sweep`
   * block unless given.
   */
  readonly vary?: Readonly<Record<string, string | readonly unknown[]>>;
  /** So many samples in place of the grid; ranges need no step then. */
  readonly sample?: number;
  /** How samples are spread; "lhs" (a Latin hypercube) unless given. */
  readonly sampling?: SamplingKind;
}

/** Plays every combination of the settings, or samples of them. Throws ScenarioError with the problems of all points. */
export async function sweep(file: ScenarioFile, settings: SweepSettings = {}): Promise<Sweep> {
  check("sweep", settings);
  const { vary, sample, sampling } = settings;
  const base = changed(file, settings) as { sweep?: object };
  if (vary === undefined && base.sweep === undefined)
    throw new ScenarioError([
      {
        path: ["vary"],
        message: `is missing: say what is varied, as in { "api.memorySize": ["512 MB", "1024 MB"] }, or give the scenario a "sweep" block`,
      },
    ]);
  const own = vary === undefined ? base : { ...base, sweep: { ...base.sweep, vary } };
  const read = readerFor(settings);
  const plan = planSweep(own, { vary: [], sample, sampling }, read, VERSION);
  const results = new Map<string, PointResult>();
  await playPoints(oneThread(), plan, plan.points, read, (result) => results.set(result.key, result));
  return sweepOf(plan, results);
}

/**
 * What B differs by from A: two studies, or two scenarios, which are simulated. Where both have the same seed and
 * replications they met the same requests, and differences are paired.
 */
export function compare(
  a: Study | ScenarioFile,
  b: Study | ScenarioFile,
  options: ScenarioOptions = {},
): Comparison {
  check("simulate", options);
  if (isStudy(a) && isStudy(b) && Object.keys(options).length > 0)
    throw new TypeError("options change what is simulated, and both sides are studies already");
  const [from, to] = [a, b].map((side) => studySide(isStudy(side) ? side : simulate(side, options)));
  return compareSides(from!, to!);
}

/** Throws TypeError for what is neither a study nor could be a scenario. */
function isStudy(side: Study | ScenarioFile): side is Study {
  const other = ["then", "points", "columnNames"];
  if (typeof side !== "object" || side === null || other.some((property) => property in side))
    throw new TypeError("expected two studies or scenarios to compare; an await may be missing");
  return "account" in side && "scenario" in side;
}

export interface PlanSettings extends ScenarioOptions {
  /** What may change, by path: values from less to more, or a range as text (`"0..1200:50"`). */
  readonly search: Readonly<Record<string, string | readonly unknown[]>>;
  /** What the plan is after; "cost" unless given. */
  readonly strategy?: PlanStrategy;
  /** With which the thresholds are met, from 0.5 to below 1; 0.95 unless given. */
  readonly confidence?: number;
  /** Replications in all, at most; 10,000 unless given. */
  readonly budget?: number;
}

/**
 * The best settings that meet the scenario's thresholds, as `lsim plan` searches them; `best` is undefined where there are
 * none. Throws ScenarioError with all problems.
 */
export async function plan(file: ScenarioFile, settings: PlanSettings): Promise<Plan> {
  check("plan", settings ?? {});
  const { search, strategy = "cost", confidence = 0.95, budget = 10_000 } = settings;
  const axes = Object.entries(search).map(
    ([path, values]): Axis =>
      typeof values === "string" ? parseAxis(`${path}=${values}`, "search") : { path, values },
  );
  const space = new SearchSpace(open(file, settings), axes);
  return planBy(oneThread(), space, { strategy, confidence, budget });
}

export interface SensitivitySettings extends ScenarioOptions {
  /** By how much each assumption is moved, down and up, as a share; 0.2 unless given. */
  readonly by?: number;
  /** What is looked at, in the words of thresholds: `["cost perMonth", "api latency p(99)"]`, which is about what it is unless given. */
  readonly on?: readonly string[];
}

/** What a scenario's figures depend on, as `lsim compare --sensitivity` tries it. Throws ScenarioError with all problems. */
export async function sensitivity(
  file: ScenarioFile,
  settings: SensitivitySettings = {},
): Promise<Sensitivity> {
  check("sensitivity", settings);
  const { by = 0.2, on } = settings;
  const opened = open(file, settings);
  const names = opened.scenario.functions.map(({ name }) => name);
  const statistics = on?.map((text) => parseStatistic(text, names, "on")) ?? aboutCostAndLatency(opened);
  const found = await sensitivityOf(oneThread(), opened, { by, on: statistics });
  if (found.assumptions.length === 0)
    throw new ScenarioError([{ path: [], message: "the scenario holds no assumption that could be moved" }]);
  return found;
}

export interface TuneSettings extends ScenarioOptions {
  /** The function to tune; may be left out where there is one only. */
  readonly function?: string;
  /**
   * MB as numbers, or texts as in "1 GB"; or a range or "all", as `--sizes` takes them: "256..2048:256". The present size is always
   * tried too. 128, 256, 512, 1024, 1536, 3008 unless given.
   */
  readonly sizes?: string | readonly (number | string)[];
  /** What is best; "cost" unless given. */
  readonly strategy?: Strategy;
  /** Of "balanced": 0 is speed alone, 1 is cost alone; 0.5 unless given. */
  readonly balancedWeight?: number;
}

/** Memory sizes of one function, as `lsim tune` tries them. Throws ScenarioError with all problems. */
export async function tune(file: ScenarioFile, settings: TuneSettings = {}): Promise<Tuning> {
  check("tune", settings);
  const { sizes = USUAL_SIZES, strategy = "cost", balancedWeight = 0.5 } = settings;
  const opened = open(file, settings);
  return tuneBy(oneThread(), opened, {
    function: functionToTune(opened.scenario, settings.function, "function"),
    sizes: typeof sizes === "string" ? parseSizes(sizes, "sizes") : memorySizes(sizes, "sizes"),
    strategy,
    balancedWeight,
  });
}
