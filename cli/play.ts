import { setImmediate, setTimeout } from "node:timers/promises";
import { oneThread, type Runner } from "../study/runner.ts";
import { Interrupted } from "./exit.ts";
import { letHeapGrow } from "./heap.ts";
import { Progress } from "./terminal.ts";

/** How long the simulation goes on in this thread before it looks for Ctrl-C, in milliseconds. */
const SLICE_MS = 50;

/** What a study gets to work with. */
export interface Play {
  readonly runner: Runner;
  /** What a thread does between two stretches of the simulation: see `oneThread`. */
  readonly breathe: () => Promise<void> | undefined;
  /** Shows how far it is: a share from 0 to 1. */
  readonly show: (share: number) => void;
  /** Waits so many milliseconds for others to work; throws Interrupted after Ctrl-C. */
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Gives a study its runner, with a progress bar on a terminal. Ctrl-C stops it with Interrupted, and no thread outlives it.
 */
export async function play<T>(
  { jobs, quiet }: { jobs: number; quiet: boolean },
  study: (play: Play) => Promise<T>,
): Promise<T> {
  let interrupted = false;
  // Loaded only where it is wanted: most runs are over before threads would have started.
  const workers = jobs > 1 ? new (await import("./workers.ts")).Workers(jobs) : undefined;
  const onInterrupt = () => {
    interrupted = true;
    void workers?.close();
  };
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const progress = new Progress(quiet);
  let until = performance.now() + SLICE_MS;
  const breathe = () => {
    if (performance.now() < until) return undefined;
    return setImmediate().then(() => {
      if (interrupted) throw new Interrupted();
      until = performance.now() + SLICE_MS;
    });
  };
  try {
    return await study({
      runner: workers ?? oneThread(breathe),
      breathe,
      show: (share) => progress.show(share),
      pause: async (ms) => {
        await setTimeout(ms);
        if (interrupted) throw new Interrupted();
      },
    });
  } catch (error) {
    // Threads that are ended fail in ways of their own.
    throw interrupted ? new Interrupted() : error;
  } finally {
    progress.clear();
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
    await workers?.close();
    letHeapGrow();
  }
}
