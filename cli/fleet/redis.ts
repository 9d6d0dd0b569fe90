import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { InputError } from "../exit.ts";

/** Where in Redis things stand. What nobody comes back for goes after a week. */
export const KEYS = {
  /** A sweep's scenario and the texts of the files it reads. */
  source: (sweep: string) => `lsim:source:${sweep}`,
  /** Finished points by key, until the sweep has fetched them. */
  results: (sweep: string) => `lsim:results:${sweep}`,
  /** Who is there, by the time of the last sign of life. */
  present: (role: Role) => `lsim:${role}s`,
} as const;
export const KEPT_S = 7 * 24 * 3600;

/** The queue of a version: workers play only what their own version has planned. */
export const queueName = (version: string) => `lsim-${version}`;

/** A point to be played. */
export interface PointJob {
  readonly sweep: string;
  readonly key: string;
  readonly settings: readonly { readonly path: string; readonly value: unknown }[];
}

type Role = "sweep" | "worker";

/** Signs of life: how often, and how old the last of one who is there may be (milliseconds). */
const SIGN_MS = 3_000;
const GONE_MS = 15_000;

/** The fleet engine's packages, which only its users install. Throws InputError with the command where they are absent. */
export async function loadFleet() {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { ...bullmq, Redis: ioredis.Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new InputError(
      "a fleet needs the packages bullmq and ioredis, which lsim does not bring along; install them beside it: npm install bullmq@6.7.0 ioredis@6.0.0",
    );
  }
}

/** An address fit to be shown: without its password. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//***@");
}

/** Connects, or says why not. Afterwards a lost connection is made again, for as long as it takes. */
export async function connect(url: string): Promise<Redis> {
  if (!/^rediss?:\/\/./.test(url))
    throw new InputError(`--redis "${shownUrl(url)}": expected an address like redis://localhost:6379`);
  const { Redis } = await loadFleet();
  let reached = false;
  let failure = "no answer";
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    // BullMQ's workers ask for it: a command waits until the connection is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (reached ? Math.min(1000, 50 * times) : null),
  });
  redis.on("error", (error: Error) => {
    failure = error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
    reached = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const { message } = error as Error;
    throw new InputError(
      `--redis ${shownUrl(url)}: cannot be reached: ${/closed/i.test(message) ? failure : message}`,
    );
  }
}

/** Says that one is there until `leave`, and who else is. */
export class Presence {
  private readonly name: string;
  private readonly timer: NodeJS.Timeout;
  private readonly redis: Redis;
  private readonly role: Role;

  private constructor(redis: Redis, role: Role, version: string) {
    this.redis = redis;
    this.role = role;
    this.name = `${version} ${randomUUID()}`;
    this.timer = setInterval(() => void this.sign().catch(() => undefined), SIGN_MS);
  }

  static async begin(redis: Redis, role: Role, version: string): Promise<Presence> {
    const presence = new Presence(redis, role, version);
    await presence.sign();
    return presence;
  }

  private async sign(): Promise<void> {
    const now = await nowOf(this.redis);
    const key = KEYS.present(this.role);
    await this.redis
      .multi()
      .zadd(key, now, this.name)
      .zremrangebyscore(key, 0, now - 4 * GONE_MS)
      .exec();
  }

  async leave(): Promise<void> {
    clearInterval(this.timer);
    await this.redis.zrem(KEYS.present(this.role), this.name);
  }
}

/** The versions of those who are there. */
export async function versionsOf(redis: Redis, role: Role): Promise<string[]> {
  const now = await nowOf(redis);
  const present = await redis.zrangebyscore(KEYS.present(role), now - GONE_MS, "+inf");
  return present.map((name) => name.split(" ")[0]!);
}

/** By the clock of Redis, which is everyone's (milliseconds). */
async function nowOf(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
