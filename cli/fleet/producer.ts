import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { TooLargeError } from "../../sim/scenario/problem.ts";
import type { PointResult } from "../../study/point.ts";
import type { PlannedPoint, SweepPlan } from "../../study/sweep.ts";
import { InputError } from "../exit.ts";
import type { FleetAnswer } from "./processor.ts";
import {
  connect,
  KEPT_S,
  KEYS,
  loadFleet,
  type PointJob,
  Presence,
  queueName,
  shownUrl,
  versionsOf,
} from "./redis.ts";

/** Between two looks for results, in milliseconds. */
const LOOK_MS = 200;
/** Without a result for so long, what is missing is asked for again: Redis may have lost it. */
const ASK_AGAIN_MS = 30_000;
/** Jobs that are added or removed at a time. */
const BATCH = 1_000;

export interface FleetSweep {
  readonly plan: SweepPlan;
  /** Points to play. */
  readonly points: readonly PlannedPoint[];
  /** Of the files that the scenario reads. */
  readonly texts: Readonly<Record<string, string>>;
  readonly done: (result: PointResult) => void;
  readonly show: (share: number) => void;
  /** Waits so many milliseconds; throws when it is interrupted. */
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (text: string) => void;
}

/**
 * Has points played by workers at the same Redis. Each point is a job with a name of its own, so that it is there once however
 * often it is asked for; each result waits in Redis until it is fetched. Throws InputError where Redis cannot be reached or only
 * workers of other versions are there.
 */
export async function playByFleet(url: string, sweep: FleetSweep, version: string): Promise<void> {
  const redis = await connect(url);
  try {
    const workers = await versionsOf(redis, "worker");
    const others = [...new Set(workers.filter((v) => v !== version))];
    if (others.length > 0 && !workers.includes(version)) {
      throw new InputError(
        `--redis ${shownUrl(url)}: the workers there are lsim ${others.join(", ")}, this is ${version}; results would differ, so install the same version on both sides`,
      );
    }
    if (workers.length === 0)
      sweep.say(`Waiting for workers; start some, here or elsewhere: lsim worker --redis ${shownUrl(url)}`);
    const presence = await Presence.begin(redis, "sweep", version);
    const { Queue } = await loadFleet();
    const queue = new Queue<PointJob>(queueName(version), { connection: redis });
    queue.on("error", () => undefined);
    try {
      await new Fleet(redis, queue, sweep).play();
    } finally {
      await presence.leave();
      await queue.close();
    }
  } finally {
    redis.disconnect();
  }
}

class Fleet {
  private readonly missing: Map<string, PlannedPoint>;
  private readonly id: string;
  private readonly redis: Redis;
  private readonly queue: Queue<PointJob>;
  private readonly sweep: FleetSweep;

  constructor(redis: Redis, queue: Queue<PointJob>, sweep: FleetSweep) {
    this.redis = redis;
    this.queue = queue;
    this.sweep = sweep;
    this.missing = new Map(sweep.points.map((point) => [point.key, point]));
    this.id = sweep.plan.id;
  }

  async play(): Promise<void> {
    const all = this.missing.size;
    try {
      // Of an earlier start of the same sweep.
      await this.fetch();
      await this.ask();
      let quiet = 0;
      while (this.missing.size > 0) {
        await this.sweep.pause(LOOK_MS);
        const fetched = await this.fetch();
        quiet = fetched > 0 ? 0 : quiet + LOOK_MS;
        if (quiet >= ASK_AGAIN_MS) {
          await this.refuseFailed();
          await this.ask();
          quiet = 0;
        }
        this.sweep.show((all - this.missing.size) / all);
      }
    } finally {
      await this.leave();
    }
  }

  /** Puts the scenario and the missing points there; those that are there already stay as they are. */
  private async ask(): Promise<void> {
    const { plan, texts } = this.sweep;
    const source = JSON.stringify({ file: plan.scenario, texts });
    await this.redis.set(KEYS.source(this.id), source, "EX", KEPT_S);
    for (const points of batches([...this.missing.values()])) {
      await this.queue.addBulk(
        points.map(({ key, settings }) => ({
          name: plan.name,
          data: { sweep: this.id, key, settings },
          opts: { jobId: this.jobOf(key), removeOnComplete: true, removeOnFail: { age: KEPT_S } },
        })),
      );
    }
  }

  /** Takes results that have come; returns how many. */
  private async fetch(): Promise<number> {
    const key = KEYS.results(this.id);
    let fetched = 0;
    let cursor = "0";
    do {
      const [next, pairs] = await this.redis.hscan(key, cursor, "COUNT", 100);
      cursor = next;
      for (let i = 0; i < pairs.length; i += 2) {
        const name = pairs[i]!;
        const answer = JSON.parse(pairs[i + 1]!) as FleetAnswer;
        if ("result" in answer && this.missing.has(name)) {
          this.sweep.done(answer.result);
          this.missing.delete(name);
          fetched++;
        }
        // Only now: what is not kept here must still be there.
        await this.redis.hdel(key, name);
        if (!("result" in answer)) throw errorOf(answer);
      }
    } while (cursor !== "0");
    return fetched;
  }

  /** A point whose workers die again and again ends the sweep. */
  private async refuseFailed(): Promise<void> {
    for (const { id, failedReason } of await this.queue.getFailed()) {
      const key = [...this.missing.keys()].find((missing) => this.jobOf(missing) === id);
      if (key === undefined) continue;
      await this.queue.remove(id!);
      throw new Error(`point ${key} failed on every worker: ${failedReason}`);
    }
  }

  /** Takes back what nobody has begun, so that workers do not play for nobody. */
  private async leave(): Promise<void> {
    if (this.redis.status !== "ready") return;
    for (const keys of batches([...this.missing.keys()]))
      await Promise.all(keys.map((key) => this.queue.remove(this.jobOf(key)).catch(() => 0)));
    if (this.missing.size === 0) await this.redis.del(KEYS.source(this.id), KEYS.results(this.id));
  }

  /** The same for the same point of the same sweep; BullMQ takes no ":" in it, and no bare number. */
  private jobOf(key: string): string {
    return `${this.id}-${key}`;
  }
}

function errorOf(answer: Exclude<FleetAnswer, { result: PointResult }>): Error {
  if ("tooLarge" in answer) return new TooLargeError(answer.tooLarge);
  const error = new Error(answer.message);
  if (answer.stack !== undefined) error.stack = answer.stack;
  return error;
}

function batches<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) =>
    all.slice(i * BATCH, (i + 1) * BATCH),
  );
}
