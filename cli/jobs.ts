import { availableParallelism } from "node:os";

/** A small simulation is over before a thread has started: those of fewer requests than this stay in this one. */
const WORTH_A_THREAD = 3e6;

/** How many threads to use for so many requests in all, where the user does not say. */
export function jobsFor(requests: number, asked: number | undefined): number {
  return asked ?? (requests < WORTH_A_THREAD ? 1 : availableParallelism());
}
