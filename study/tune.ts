import type { Counters } from "../sim/measure/result.ts";
import { functionIndex } from "../sim/scenario/lookup.ts";
import { ScenarioError, withHint } from "../sim/scenario/problem.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { MILLISECOND } from "../sim/units.ts";
import { durationCost } from "./advice/figures.ts";
import { type Column, columnsOf } from "./columns.ts";
import { type Difference, differenceOf } from "./compare.ts";
import { replicateBy, type Study } from "./replicate.ts";
import { digestOf } from "./result-file.ts";
import type { Runner } from "./runner.ts";
import { type Opened, openWith } from "./source.ts";
import { type Reading, read } from "./statistic.ts";
import { estimate } from "./statistics.ts";
import { type Judgement, judge, meetsAll } from "./thresholds.ts";

/**
 * Memory sizes of one function, against duration and cost. The arithmetic and the strategies are those of AWS Lambda Power
 * Tuning (github.com/alexcasalboni/aws-lambda-power-tuning, README-INPUT-OUTPUT.md), which measures each size by invocations
 * one after another; here every size meets the scenario's traffic, and the same requests, so that what it does to
 * concurrency, cold starts, throttles and the tail is seen too.
 */

export const STRATEGIES = ["cost", "speed", "balanced"] as const;
/** cost: the cheapest, however slow. speed: the fastest, however dear. balanced: both, by `balancedWeight`. */
export type Strategy = (typeof STRATEGIES)[number];

export interface TuneOptions {
  readonly function: string;
  /** MB, ascending. The present size is tried too, whether it is among them or not. */
  readonly sizes: readonly number[];
  readonly strategy: Strategy;
  /** Of "balanced": 0 is speed alone, 1 is cost alone. */
  readonly balancedWeight: number;
}

/** A figure of one size, in the unit its column's name ends with. */
export interface TunedFigure extends Reading {
  /** This size against the present one, by pairs of replications that met the same requests. */
  readonly change: Difference;
}

/** What one size came to. */
export interface TunedSize {
  readonly memoryMb: number;
  readonly present: boolean;
  /** By the column's name, in the order of TUNED. */
  readonly figures: Readonly<Record<string, TunedFigure>>;
  /** Power Tuning's figures: mean handler time of an invocation (ms), and what that costs (US dollars). */
  readonly averageDuration: number;
  readonly averagePrice: number;
  /** All invocations of a run by their own billed durations, at the same price (US dollars). */
  readonly totalCost: number;
  /** Why it is no candidate: more than MOST_FAILING of its invocations end for want of memory or of time. */
  readonly failing: string | undefined;
  readonly thresholds: readonly Judgement[];
  readonly digest: string;
}

export interface Tuning extends TuneOptions {
  readonly scenario: Scenario;
  readonly presentMb: number;
  /** Ascending. */
  readonly tuned: readonly TunedSize[];
  /**
   * What the strategy chooses of the sizes that meet all thresholds, or of all where none does; undefined where every size
   * fails.
   */
  readonly choice: TunedSize | undefined;
  /** … and without regard to thresholds. */
  readonly unbound: TunedSize | undefined;
  /** … and by Power Tuning's arithmetic: its average price in place of what is billed. */
  readonly byAverages: TunedSize | undefined;
  /** Whether any handler time of the function follows the memory size; and whether it differs among those tried. */
  readonly dependsOnMemory: boolean;
  readonly differs: boolean;
}

/** What is told of each size: of the tables' columns those that memory may change. */
const TUNED: readonly string[] = [
  "costPerMillionUsd",
  "costPerMonthUsd",
  "durationMeanMs",
  "durationP50Ms",
  "durationP99Ms",
  "latencyMeanMs",
  "latencyP50Ms",
  "latencyP99Ms",
  "concurrencyMean",
  "concurrencyMax",
  "coldStartRate",
  "throttleRate",
  "errorRate",
  "spilloverRate",
  "droppedRate",
  "messageAgeP99Ms",
];

/** The columns that a tuning has figures in. */
export function tunedColumns({ scenario }: Pick<Tuning, "scenario">): Column[] {
  const spills = scenario.functions.some((f) => f.provisionedConcurrency > 0);
  const columns = columnsOf(scenario);
  return TUNED.flatMap((name) => columns.filter((column) => column.name === name)).filter(
    ({ name }) => spills || name !== "spilloverRate",
  );
}

/** Of invocations. Power Tuning stops at the first that fails. */
const MOST_FAILING = 0.01;

/**
 * Plays the scenario at each memory size of one function. `tell` is called now and then with the share that is done. Throws
 * ScenarioError where there is no such function; `option` names where it was given.
 */
export async function tune(
  runner: Runner,
  opened: Opened,
  options: TuneOptions,
  tell?: (share: number) => void,
): Promise<Tuning> {
  const { scenario } = opened;
  const fn = functionIndex(scenario, options.function);
  const presentMb = scenario.functions[fn]!.memorySize;
  const sizes = [...new Set([presentMb, ...options.sizes])];
  const tuned: TunedSize[] = [];
  let present: Study | undefined;
  const path = `functions.${options.function}.memorySize`;
  for (const [i, mb] of sizes.entries()) {
    const point = i === 0 ? opened : openWith(opened.source, [{ path, value: `${mb} MB` }]);
    const study = await replicateBy(runner, point, (done) =>
      tell?.((i + done / scenario.replications) / sizes.length),
    );
    present ??= study;
    tuned.push(tunedSize(study, present, fn, i === 0));
  }
  tuned.sort((a, b) => a.memoryMb - b.memoryMb);
  const candidates = tuned.filter(({ failing }) => failing === undefined);
  const meeting = candidates.filter(meetsAll);
  const billed = ({ figures }: TunedSize) => figures.costPerMillionUsd!.value;
  const meansAt = (mb: number) =>
    handlerMeans(openWith(opened.source, [{ path, value: `${mb} MB` }]).scenario, fn).join();
  const [smallest, largest] = [tuned[0]!.memoryMb, tuned.at(-1)!.memoryMb];
  return {
    ...options,
    scenario,
    presentMb,
    tuned,
    choice: choose(meeting.length > 0 ? meeting : candidates, options, billed),
    unbound: choose(candidates, options, billed),
    byAverages: choose(candidates, options, ({ averagePrice }) => averagePrice),
    dependsOnMemory: meansAt(128) !== meansAt(10_240),
    differs: new Set([smallest, presentMb, largest].map(meansAt)).size > 1,
  };
}

/** The function that is meant: the one named, or the only one. Throws ScenarioError; `option` names the option. */
export function functionToTune(
  { functions, file }: Scenario,
  name: string | undefined,
  option: string,
): string {
  const names = functions.map((f) => f.name);
  const wrong = (message: string) => new ScenarioError([{ path: [option], message }]);
  const [only, ...others] = names;
  const meant = name ?? (others.length === 0 ? only : undefined);
  if (meant === undefined) throw wrong(withHint("is needed: the scenario has several functions", "", names));
  if (!names.includes(meant)) throw wrong(withHint(`there is no function "${meant}"`, meant, names));
  if (!Object.hasOwn((file as { functions: object }).functions, meant))
    throw wrong(
      `"${meant}" has the settings of "*"; write it out under "functions" to change its memory alone`,
    );
  return meant;
}

/** Means of the handler times a function can have: its own, and those its traffic brings along. */
function handlerMeans({ functions, traffic, entries }: Scenario, fn: number): number[] {
  const brought = [...traffic, ...entries].filter(({ target }) => target === fn);
  return [functions[fn]!.duration, ...brought.map(({ duration }) => duration)].map((law) => law?.mean ?? 0);
}

function tunedSize(study: Study, present: Study, fn: number, isPresent: boolean): TunedSize {
  const { scenario, replications } = study;
  const f = scenario.functions[fn]!;
  const counters = replications.map((r) => r.functions[fn]!.counters);
  const mean = (pick: (c: Counters) => number) => estimate(counters.map(pick)).mean;
  const figures = tunedColumns(study).map(({ name, statistic, unit }) => {
    const [own, was] = [study, present].map((s) => inUnit(read(s, { of: f.name, ...statistic }), unit));
    return [name, { ...own!, change: differenceOf(was!, own!, true) }] as const;
  });
  const averageDuration = estimate(replications.map((r) => r.functions[fn]!.durationMean)).mean / MILLISECOND;
  const priceOf = (ms: number) => durationCost(study, fn, f.memorySize, ms * MILLISECOND);
  return {
    memoryMb: f.memorySize,
    present: isPresent,
    figures: Object.fromEntries(figures),
    averageDuration,
    averagePrice: priceOf(Math.ceil(averageDuration)),
    totalCost: priceOf(mean((c) => c.billedMs + c.provisionedBilledMs)),
    failing: failingOf(f, counters),
    thresholds: judge(study),
    digest: digestOf(study),
  };
}

function inUnit({ value, ci95, values }: Reading, unit: number): Reading {
  return { value: value / unit, ci95: ci95 / unit, values: values.map((v) => v / unit) };
}

function failingOf(
  { maxMemoryUsed, memorySize }: Scenario["functions"][number],
  counters: readonly Counters[],
): string | undefined {
  if (maxMemoryUsed !== undefined && maxMemoryUsed > memorySize) return "out of memory";
  const late = estimate(counters.map((c) => c.timeouts / c.invocations)).mean;
  return late > MOST_FAILING ? "timeouts" : undefined;
}

/**
 * The size that a strategy chooses, as Power Tuning defines them: the least cost, of equals the fastest; the least
 * duration, of equals the cheapest; or the least weight · cost / highest cost + (1 − weight) · duration / longest duration.
 */
function choose(
  sizes: readonly TunedSize[],
  { strategy, balancedWeight }: Pick<TuneOptions, "strategy" | "balancedWeight">,
  costOf: (size: TunedSize) => number,
): TunedSize | undefined {
  const known = sizes.filter((s) => Number.isFinite(costOf(s)) && Number.isFinite(s.averageDuration));
  const [dearest, longest] = [costOf, durationOf].map((pick) => Math.max(...known.map(pick))) as [
    number,
    number,
  ];
  const balance = (s: TunedSize) =>
    balancedWeight * (costOf(s) / dearest) + (1 - balancedWeight) * (durationOf(s) / longest);
  const keys = { cost: [costOf, durationOf], speed: [durationOf, costOf], balanced: [balance, costOf] }[
    strategy
  ];
  let best: readonly TunedSize[] = known;
  for (const key of keys) {
    const least = Math.min(...best.map(key));
    // Sums of the same amounts in another order are the same, and so are means of durations that were rounded to microseconds.
    const same = key === durationOf ? ONE_TICK : 1e-12 * Math.abs(least);
    best = best.filter((size) => key(size) - least <= same);
  }
  return best.reduce<TunedSize | undefined>(
    (low, s) => (low && low.memoryMb <= s.memoryMb ? low : s),
    undefined,
  );
}

/** The clock's microsecond, in milliseconds. */
const ONE_TICK = 1e-3;

const durationOf = ({ averageDuration }: TunedSize) => averageDuration;
