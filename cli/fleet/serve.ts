import { existsSync } from "node:fs";
import { InputError } from "../exit.ts";
import { connect, loadFleet, type PointJob, Presence, queueName, shownUrl, versionsOf } from "./redis.ts";

/**
 * The simulation runs in threads, so the lock of a point under way is always renewed; that of a killed worker's runs out, and
 * another takes the point over within the sum of the two (milliseconds).
 */
const LOCK_MS = 10_000;
const LOOK_FOR_STALLED_MS = 5_000;
/** A point that has taken so many workers with it is not tried again. */
const MOST_STALLED = 5;

export interface Serving {
  readonly jobs: number;
  readonly say: (text: string) => void;
  /** Resolves when the worker is to end. */
  readonly until: Promise<void>;
}

/**
 * Plays points for sweeps at a Redis until it is told to end; then it finishes those it has begun. Returns how many it has played.
 * Throws InputError where Redis cannot be reached, or only sweeps of other versions wait there.
 */
export async function serve(url: string, { jobs, say, until }: Serving, version: string): Promise<number> {
  const redis = await connect(url);
  try {
    const sweeps = await versionsOf(redis, "sweep");
    const others = [...new Set(sweeps.filter((v) => v !== version))];
    if (others.length > 0 && !sweeps.includes(version)) {
      throw new InputError(
        `--redis ${shownUrl(url)}: the sweep there is of lsim ${others.join(", ")}, this worker is ${version}; results would differ, so install the same version on both sides`,
      );
    }
    const { Worker } = await loadFleet();
    let played = 0;
    const worker = new Worker<PointJob>(queueName(version), processorFile(), {
      connection: redis,
      concurrency: jobs,
      useWorkerThreads: true,
      workerThreadsOptions: { env: { ...process.env, LSIM_REDIS: url } },
      lockDuration: LOCK_MS,
      stalledInterval: LOOK_FOR_STALLED_MS,
      maxStalledCount: MOST_STALLED,
    });
    worker.on("error", () => undefined);
    worker.on("completed", () => {
      played++;
    });
    await worker.waitUntilReady();
    const presence = await Presence.begin(redis, "worker", version);
    say(
      `Playing points for sweeps at ${shownUrl(url)}, ${jobs} at a time (lsim ${version}). Ctrl-C ends it.`,
    );
    try {
      await until;
      say("Ending: points that are begun are finished first; Ctrl-C again leaves them to others.");
      await worker.close();
    } finally {
      await presence.leave();
    }
    return played;
  } finally {
    redis.disconnect();
  }
}

/** BullMQ loads it in threads of its own, as it was built. */
function processorFile(): URL {
  const built = new URL("./fleet-processor.js", import.meta.url);
  if (existsSync(built)) return built;
  throw new Error("the fleet's processor is not built: npm run build");
}
