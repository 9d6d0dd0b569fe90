import { availableParallelism } from "node:os";
import type { Scenario } from "../sim/scenario/scenario.ts";

/** A small simulation is over before a thread has started: those of fewer requests than this stay in this one. */
const WORTH_A_THREAD = 3e6;

/** How many threads to use for so many requests in all, where the user does not say. */
export function jobsFor(requests: number, asked: number | undefined): number {
  return asked ?? (requests < WORTH_A_THREAD ? 1 : availableParallelism());
}

/** Requests of all replications, as far as they can be foretold. */
export function expectedRequests({ traffic, replications }: Scenario): number {
  return replications * traffic.reduce((sum, t) => sum + t.arrivals.expected(t.end - t.start), 0);
}
