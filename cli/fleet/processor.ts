import type { SandboxedJob } from "bullmq";
import type { Redis } from "ioredis";
import { type Problem, TooLargeError } from "../../sim/scenario/problem.ts";
import { type PointResult, pointKey, pointResult } from "../../study/point.ts";
import { replicate } from "../../study/replicate.ts";
import { openWith, type ScenarioSource } from "../../study/source.ts";
import { atPoint } from "../../study/sweep.ts";
import { VERSION } from "../../version.ts";
import { connect, KEPT_S, KEYS, type PointJob } from "./redis.ts";

/** What came of a point. */
export type FleetAnswer =
  | { readonly result: PointResult }
  | { readonly tooLarge: Problem }
  | { readonly message: string; readonly stack: string | undefined };

let connection: Promise<Redis> | undefined;
/** Scenarios this thread has fetched, the newest last. */
const known = new Map<string, ScenarioSource>();
const MOST_KNOWN = 4;

/**
 * What a worker's thread does: plays the point it is asked for, and puts the result where the sweep fetches it, before the
 * job counts as done. Played twice it gives the same, so nothing is lost or counted twice when a worker dies.
 */
export default async function play({ data }: SandboxedJob<PointJob>): Promise<void> {
  const redis = await (connection ??= connect(process.env.LSIM_REDIS ?? ""));
  const source = await sourceOf(redis, data.sweep);
  // The sweep has ended meanwhile: nobody waits for it.
  if (!source) return;
  const key = KEYS.results(data.sweep);
  const answer = JSON.stringify(answerTo(source, data));
  await redis.multi().hset(key, data.key, answer).expire(key, KEPT_S).exec();
}

function answerTo(source: ScenarioSource, { key, settings }: PointJob): FleetAnswer {
  try {
    const opened = openWith(source, settings);
    if (pointKey(opened.source, settings, VERSION) !== key)
      throw new Error(`point ${key} is another one here: the installations of lsim ${VERSION} differ`);
    return { result: pointResult(replicate(opened.scenario), settings, key) };
  } catch (thrown) {
    const error = atPoint(thrown, settings);
    if (error instanceof TooLargeError) return { tooLarge: error.problems[0]! };
    const { message, stack } = error as Error;
    return { message, stack };
  }
}

async function sourceOf(redis: Redis, sweep: string): Promise<ScenarioSource | undefined> {
  const fetched = known.get(sweep);
  if (fetched) return fetched;
  const text = await redis.get(KEYS.source(sweep));
  if (text === null) return undefined;
  const source = JSON.parse(text) as ScenarioSource;
  known.set(sweep, source);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  return source;
}
