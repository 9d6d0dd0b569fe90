import { problemsOf } from "../sim/scenario/check.ts";
import { explain } from "../sim/scenario/choice.ts";
import type { FileReader } from "../sim/scenario/files.ts";
import { applySettings, type Setting } from "../sim/scenario/paths.ts";
import { type Problem, ScenarioError, TooLargeError } from "../sim/scenario/problem.ts";
import { sweepSchema } from "../sim/scenario/schema.ts";
import { withoutSecrets } from "../sim/scenario/secrets.ts";
import { axisOf, grid, isSpan, noStep, parseVaried, readVaried, type Varied } from "./axis.ts";
import { fingerprint, type PointResult, pointKey, pointResult } from "./point.ts";
import { PointProblems, printSettings } from "./point-problems.ts";
import { replicateBy } from "./replicate.ts";
import { seedOf } from "./result-file.ts";
import type { Runner } from "./runner.ts";
import { type SamplingKind, samplePoints } from "./sample.ts";
import { type Opened, openScenario } from "./source.ts";

/** What is varied, as asked for: the command line's wishes go before those of the scenario's `sweep` block. */
export interface SweepWish {
  /** "PATH=VALUES"; where there are any, those of the block are left aside. */
  readonly vary: readonly string[];
  readonly sample?: number | undefined;
  readonly sampling?: SamplingKind | undefined;
}

/** Points drawn from the space of the axes, in place of the grid. */
export interface Sampling {
  readonly sample: number;
  readonly sampling: SamplingKind;
}

/** A point before it is played. */
export interface PlannedPoint {
  readonly key: string;
  readonly settings: readonly Setting[];
}

/** All points of a sweep, checked: plain JSON. */
export interface SweepPlan {
  readonly lsimSweepPlan: 1;
  readonly version: string;
  /** Of all that follows: sweeps with the same id have the same points and the same results. */
  readonly id: string;
  readonly name: string;
  readonly seed: string | number;
  /** The scenario as written, without its `sweep` block and the values of environment variables. */
  readonly scenario: unknown;
  readonly axes: readonly Varied[];
  readonly sampling?: Sampling;
  readonly points: readonly PlannedPoint[];
}

/** What a sweep came to: `sweep.json`. */
export interface Sweep extends Omit<SweepPlan, "lsimSweepPlan" | "points"> {
  readonly lsimSweep: 1;
  /** In the order of the plan. */
  readonly points: readonly PointResult[];
}

/** Beyond this many points a sweep is a slip of the hand. */
export const MOST_POINTS = 100_000;

/**
 * Makes the points of a sweep and checks every one, before anything runs. `file` is the scenario as written, after `--set`;
 * `see` gets each point as it was opened. Throws ScenarioError with the problems of all points, each told once.
 */
export function planSweep(
  file: unknown,
  wish: SweepWish,
  read: FileReader,
  version: string,
  see: (opened: Opened) => void = () => undefined,
): SweepPlan {
  const { base, varied, sampling } = wished(file, wish);
  const seed = String((base as { seed?: unknown }).seed ?? 1);
  const settings = sampling ? samplePoints(varied, sampling.sample, sampling.sampling, seed) : gridOf(varied);
  const texts = new Map<string, string>();
  const textDigest = (text: string) => {
    const known = texts.get(text) ?? fingerprint(text);
    texts.set(text, known);
    return known;
  };
  const problems = new PointProblems(settings);
  const points: PlannedPoint[] = [];
  let name = "";
  settings.forEach((own, i) => {
    try {
      const opened = openScenario(applySettings(base, own), read);
      name ||= opened.scenario.name;
      see(opened);
      points.push({ key: pointKey(opened.source, own, version, textDigest), settings: own });
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.add(i, error.problems);
    }
  });
  if (problems.any) throw new ScenarioError(problems.all());
  const plan = {
    version,
    name,
    seed: seedOf(seed),
    scenario: withoutSecrets(base),
    axes: varied,
    ...(sampling && { sampling }),
    points,
  };
  return { lsimSweepPlan: 1, id: fingerprint(JSON.stringify(plan)), ...plan };
}

/** The axes and the scenario that stays when the `sweep` block is taken off it. */
function wished(file: unknown, { vary, sample, sampling }: SweepWish) {
  // What is no object at all, the parser says.
  if (typeof file !== "object" || file === null || Array.isArray(file))
    return { base: file, varied: [], sampling: undefined };
  const { sweep, ...base } = file as Record<string, unknown>;
  const problems: Problem[] = [];
  const block = sweep === undefined ? undefined : readBlock(sweep, problems);
  const attempt = (read: () => Varied) => {
    try {
      return [read()];
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  };
  const fromBlock = vary.length === 0;
  const place = (path: string) => (fromBlock ? ["sweep", "vary", path] : ["--vary", path]);
  const varied = fromBlock
    ? Object.entries(block?.vary ?? {}).flatMap(([path, values]) =>
        attempt(() => {
          const wrong = (message: string) => new ScenarioError([{ path: place(path), message }]);
          return typeof values === "string" ? readVaried(path, values, wrong) : axisOf(path, values, wrong);
        }),
      )
    : vary.flatMap((text) => attempt(() => parseVaried(text, "--vary")));
  const count = sample ?? block?.sample;
  if (varied.length === 0 && problems.length === 0) {
    problems.push({
      path: ["--vary"],
      message: `nothing is varied; give --vary PATH=VALUES, as in api.memorySize=512MB,1024MB, or a "sweep" block in the scenario`,
    });
  }
  const seen = new Set<string>();
  for (const axis of varied) {
    const { path } = axis;
    const wrong = (message: string) => problems.push({ path: place(path), message });
    if (seen.has(path)) wrong("is varied twice; give all its values at once");
    seen.add(path);
    if (path.split(".")[0] === "sweep") wrong("is no setting of a run");
    // Settings stand in every result as they are, and values of environment variables may be secrets.
    if (
      /(^|\.)environment(\.variables(\.|$)|$)/.test(path) ||
      (!isSpan(axis) && axis.values.some((value) => JSON.stringify(value)?.includes('"variables":')))
    )
      wrong("environment variables change nothing that is simulated; leave them out");
    if (isSpan(axis) && count === undefined) wrong(`${noStep(axis)}, or take samples of it with --sample 50`);
  }
  if (count === undefined && sampling !== undefined)
    problems.push({
      path: ["--sampling"],
      message: "says how samples are drawn; say how many with --sample",
    });
  const points = varied.reduce((product, axis) => product * (isSpan(axis) ? 1 : axis.values.length), 1);
  if (count === undefined && points > MOST_POINTS) {
    problems.push({
      path: [fromBlock ? "sweep" : "--vary"],
      message: `gives ${points.toLocaleString("en")} points; at most ${MOST_POINTS.toLocaleString("en")} are played: give fewer values, or take a sample with --sample 200`,
    });
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return {
    base,
    varied,
    sampling:
      count === undefined ? undefined : { sample: count, sampling: sampling ?? block?.sampling ?? "lhs" },
  };
}

function readBlock(written: unknown, problems: Problem[]) {
  const parsed = sweepSchema.safeParse(written, { error: explain, reportInput: true });
  if (parsed.success) return parsed.data;
  for (const problem of parsed.error.issues.flatMap(problemsOf))
    problems.push({ ...problem, path: ["sweep", ...problem.path] });
  return undefined;
}

function gridOf(varied: readonly Varied[]): Setting[][] {
  return grid(varied.flatMap((axis) => (isSpan(axis) ? [] : [axis])));
}

/** A point of a plan, opened again. `read` gives the texts of the files that the scenario names. */
export function openPoint(scenario: unknown, { settings }: PlannedPoint, read: FileReader): Opened {
  return openScenario(applySettings(scenario, settings), read);
}

/** Plays one point. `tell` is called with how many of its replications are done. */
export async function playPoint(
  runner: Runner,
  opened: Opened,
  { key, settings }: PlannedPoint,
  tell?: (done: number) => void,
): Promise<PointResult> {
  try {
    return pointResult(await replicateBy(runner, opened, tell), settings, key);
  } catch (error) {
    throw atPoint(error, settings);
  }
}

/** An error with the point it came of, where it is the user's. */
export function atPoint(error: unknown, settings: readonly Setting[]): unknown {
  if (!(error instanceof TooLargeError)) return error;
  const [problem] = error.problems as [Problem];
  return new TooLargeError({ ...problem, message: `${problem.message} (with ${printSettings(settings)})` });
}

/**
 * Plays points, several at a time: as many as keep all threads busy and no more, so that memory does not grow with the
 * number of points. `done` is called with each result as it comes, in no certain order; `show` with the share that is done.
 */
export async function playPoints(
  runner: Runner,
  plan: SweepPlan,
  points: readonly PlannedPoint[],
  read: FileReader,
  done: (result: PointResult) => void,
  show: (share: number) => void = () => undefined,
): Promise<void> {
  let next = 0;
  let finished = 0;
  const parts = new Map<PlannedPoint, number>();
  const tell = () => show((finished + [...parts.values()].reduce((a, b) => a + b, 0)) / points.length);
  /** Undefined when there are no more, or when one has failed. */
  let failed = false;
  const playOn = async () => {
    while (next < points.length && !failed) {
      const point = points[next++]!;
      const opened = openPoint(plan.scenario, point, read);
      const { replications } = opened.scenario;
      try {
        const result = await playPoint(runner, opened, point, (count) => {
          parts.set(point, count / replications);
          tell();
        });
        if (!failed) done(result);
      } catch (error) {
        failed = true;
        throw error;
      }
      parts.delete(point);
      finished++;
      tell();
    }
  };
  await Promise.all(Array.from({ length: atOnce(runner, plan, points, read) }, playOn));
}

/** Each point asks for some replications ahead; one more point is under way, so that none waits for another's end. */
function atOnce(
  { jobs }: Runner,
  { scenario }: SweepPlan,
  points: readonly PlannedPoint[],
  read: FileReader,
): number {
  const [first] = points;
  if (jobs === 1 || !first) return 1;
  const { replications } = openPoint(scenario, first, read).scenario;
  return Math.min(points.length, 1 + Math.ceil((2 * jobs) / replications));
}

/** The results of all points as the sweep that was planned. Throws when any is missing. */
export function sweepOf(plan: SweepPlan, results: ReadonlyMap<string, PointResult>): Sweep {
  const { lsimSweepPlan, points, ...rest } = plan;
  return {
    lsimSweep: lsimSweepPlan,
    ...rest,
    points: points.map(({ key }) => {
      const result = results.get(key);
      if (!result) throw new Error(`no result of point ${key}`);
      return result;
    }),
  };
}
