import type { RunResult } from "../sim/measure/result.ts";
import { replicationSeed } from "../sim/random.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { Simulation } from "../sim/simulate.ts";
import type { Opened } from "./source.ts";

/** Who plays replications: this thread, or others. What comes out is the same to the last bit. */
export interface Runner {
  /** How many replications it plays at a time. */
  readonly jobs: number;
  /**
   * Replications `from` up to (without) `to`, in order, as they are asked for. `tell` is called now and then with how many
   * of them are done, parts of one included. May be called again before an earlier call has ended.
   */
  runs(opened: Opened, from: number, to: number, tell?: (done: number) => void): AsyncIterable<RunResult>;
}

/**
 * Plays in this thread. `breathe` is called between two stretches of the simulation (some milliseconds); where it returns
 * a promise, that is waited for: so a program stays answerable, and stops by throwing. `open` makes a replication, where it
 * is no plain one.
 */
export function oneThread(
  breathe: () => Promise<void> | undefined = () => undefined,
  open: (scenario: Scenario, seed: string) => Simulation = (scenario, seed) => new Simulation(scenario, seed),
): Runner {
  return {
    jobs: 1,
    async *runs({ scenario }, from, to, tell) {
      for (let r = from; r < to; r++) {
        const simulation = open(scenario, replicationSeed(scenario.seed, r));
        while (simulation.step()) {
          tell?.(r - from + simulation.now / scenario.horizon);
          const pause = breathe();
          if (pause) await pause;
        }
        tell?.(r - from + 1);
        yield simulation.result();
      }
    },
  };
}

/** Has replication 0 played by `first`, before `runner` plays the others. */
export function firstBy(first: Runner, runner: Runner): Runner {
  return {
    jobs: runner.jobs,
    async *runs(opened, from, to, tell) {
      const own = from === 0 && to > 0 ? 1 : 0;
      if (own > 0) yield* first.runs(opened, 0, 1, tell);
      if (to > from + own) yield* runner.runs(opened, from + own, to, (done) => tell?.(own + done));
    },
  };
}
