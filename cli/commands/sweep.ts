import { Command, Option } from "@commander-js/extra-typings";
import type { PointResult } from "../../study/point.ts";
import { SAMPLINGS, type SamplingKind } from "../../study/sample.ts";
import { type PlannedPoint, planSweep, playPoints, type SweepPlan, sweepOf } from "../../study/sweep.ts";
import { VERSION } from "../../version.ts";
import { EXIT, InputError, Interrupted } from "../exit.ts";
import { expectedRequests, jobsFor, warnIfHuge } from "../jobs.ts";
import {
  checkOption,
  collect,
  type Finish,
  formatOption,
  jobsOption,
  quietOption,
  readOption,
  redisOption,
  replicationsOption,
  seedOption,
  setOption,
  tableOption,
  wholeNumber,
} from "../options.ts";
import { OutputFolder } from "../output-folder.ts";
import { play } from "../play.ts";
import { PointsFolder } from "../points-folder.ts";
import { type ReadScenario, readScenario, type ScenarioOptions } from "../scenario-file.ts";
import { type SweepOutput, tellSweep } from "../sweep-output.ts";
import { talk } from "../terminal.ts";

export interface SweepOptions extends ScenarioOptions, SweepOutput {
  readonly vary: readonly string[];
  readonly sample?: number | undefined;
  readonly sampling?: SamplingKind | undefined;
  readonly out?: string | undefined;
  readonly jobs?: number | undefined;
  readonly shard?: Shard | undefined;
  /** Who plays the points: this computer, or workers at a Redis. */
  readonly engine: (typeof ENGINES)[number];
  readonly redis?: string | undefined;
}

const ENGINES = ["local", "bullmq"] as const;

/** A part of the points: the `index`-th (from 1) of `of` parts. */
interface Shard {
  readonly index: number;
  readonly of: number;
}

/** `lsim sweep`. */
export const sweepCommand = (finish: Finish) =>
  new Command("sweep")
    .description(
      "simulate a scenario under a grid or sample of settings, and put the points beside each other",
    )
    .argument("<file>", "scenario (JSON)")
    .addOption(
      new Option(
        "--vary <path=values>",
        "vary a setting: a list, or a range from..to:step (repeat; without any, the scenario's sweep block)",
      )
        .argParser(collect(String))
        .default([] as readonly string[], "none"),
    )
    .addOption(
      new Option("--sample <n>", "so many samples in place of the grid; ranges need no step then").argParser(
        wholeNumber("--sample", 1, 100_000),
      ),
    )
    .addOption(
      new Option("--sampling <kind>", "how samples are spread (default: lhs, a Latin hypercube)").choices(
        SAMPLINGS,
      ),
    )
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(replicationsOption())
    .option("--out <folder>", "where results go (default: lsim-out/<name>-sweep)")
    .addOption(tableOption())
    .addOption(formatOption())
    .addOption(checkOption("exit with 99 when no point meets all thresholds"))
    .addOption(quietOption())
    .addOption(jobsOption())
    .addOption(
      new Option(
        "--shard <i/n>",
        "play only part i of n (from 1), and leave its points in --out for lsim merge",
      ).argParser(parseShard),
    )
    .addOption(
      new Option(
        "--engine <engine>",
        "who plays the points: this computer, or workers (lsim worker) at a Redis",
      )
        .choices(ENGINES)
        .default("local" as const),
    )
    .addOption(redisOption())
    .addOption(readOption())
    .addHelpText(
      "after",
      `
Examples:
  lsim sweep shop.json --vary api.memorySize=512MB,1024MB,1769MB --vary account.concurrency=500..1500:250
  lsim sweep shop.json --vary api.memorySize=128MB..10240MB --vary api.provisionedConcurrency=0..200 --sample 50
An interrupted sweep goes on where it was when the same command is given again.`,
    )
    .action(async (file, options) => {
      finish(await sweep(file, options));
    });

function parseShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > of) {
    throw new InputError(
      `--shard "${text}": expected i/n with i from 1 to n, as in 1/8 and 8/8${index === 0 ? " (an array that counts from 0 adds 1)" : ""}`,
    );
  }
  return { index, of };
}

/** `lsim sweep FILE`. Returns the exit code. */
export async function sweep(file: string, options: SweepOptions): Promise<number> {
  if (options.engine === "bullmq" && options.redis === undefined)
    throw new InputError(
      "--engine bullmq: needs --redis, the address of a Redis, as in redis://localhost:6379",
    );
  if (options.engine === "local" && options.redis !== undefined && options.redis !== process.env.LSIM_REDIS)
    throw new InputError("--redis is where a fleet meets: give --engine bullmq with it");
  const scenario = readScenario(file, options);
  let requests = 0;
  const plan = scenario.check(() =>
    planSweep(scenario.written, options, scenario.read, VERSION, (opened) => {
      requests += expectedRequests(opened.scenario);
    }),
  );
  warnIfHuge(requests, `${plan.points.length} points`);
  const asked = plan.sampling?.sample ?? plan.points.length;
  if (plan.points.length < asked && !options.quiet)
    talk(`${asked} samples fall on ${plan.points.length} different points.\n`);
  if (options.shard) return playShard(scenario, plan, requests, options.shard, options);
  const out = options.out ?? `lsim-out/${plan.name}-sweep`;
  const points = PointsFolder.beside(out);
  const folder = new OutputFolder(out);
  try {
    await playMissing(scenario, plan, plan.points, points, requests, options);
    // From the files, whoever played them and when.
    const results = new Map(plan.points.map(({ key }) => [key, points.result(key)!]));
    const code = await tellSweep(folder, sweepOf(plan, results), options);
    points.remove();
    return code;
  } finally {
    folder.discard();
  }
}

/** Plays one shard's points into a folder of their own. */
async function playShard(
  scenario: ReadScenario,
  plan: SweepPlan,
  requests: number,
  { index, of }: Shard,
  options: SweepOptions,
): Promise<number> {
  const points = new PointsFolder(options.out ?? `lsim-out/${plan.name}-points`, "--out");
  const other = points.plan();
  if (other && other.id !== plan.id) {
    throw new InputError(
      `${points.path}: holds points of another sweep (${other.name}, ${other.points.length} points, lsim ${other.version}); give another --out, or remove it`,
    );
  }
  const own = plan.points.filter((_, i) => i % of === index - 1);
  await playMissing(scenario, plan, own, points, (requests * own.length) / plan.points.length, options);
  if (!options.quiet)
    talk(
      `Shard ${index} of ${of}: ${own.length} of ${plan.points.length} points are in ${points.path}; when all are done: lsim merge ${options.out ?? points.path}\n`,
    );
  return EXIT.done;
}

/** Plays those points that are not finished yet. */
async function playMissing(
  scenario: ReadScenario,
  plan: SweepPlan,
  wanted: readonly PlannedPoint[],
  folder: PointsFolder,
  requests: number,
  options: SweepOptions,
): Promise<void> {
  const missing = wanted.filter(({ key }) => folder.result(key) === undefined);
  const kept = wanted.length - missing.length;
  if (kept > 0 && !options.quiet) talk(`${kept} of ${wanted.length} points were finished before.\n`);
  folder.begin(plan);
  if (missing.length === 0) return;
  const isLocal = options.engine === "local";
  const jobs = isLocal ? jobsFor((requests * missing.length) / wanted.length, options.jobs) : 1;
  const done = (result: PointResult) => folder.keep(result);
  try {
    await play({ jobs, quiet: options.quiet }, async ({ runner, show, pause }) => {
      if (isLocal) return playPoints(runner, plan, missing, scenario.read, done, show);
      const { playByFleet } = await import("../fleet/producer.ts");
      const say = (text: string) => {
        if (!options.quiet) talk(`${text}\n`);
      };
      const sweep = { plan, points: missing, texts: scenario.texts(), done, show, pause, say };
      return playByFleet(options.redis!, sweep, VERSION);
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const finished = wanted.filter(({ key }) => folder.result(key) !== undefined).length;
    throw new Interrupted(
      `Interrupted; ${finished} of ${wanted.length} points are kept. The same command goes on from there.`,
    );
  }
}
