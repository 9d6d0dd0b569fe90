import { availableParallelism } from "node:os";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { printNumber } from "../sim/units.ts";
import { talk } from "./terminal.ts";

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

/** Beyond this many requests a study takes long enough to warn of. */
const MANY_REQUESTS = 1e10;

/** Warns of a study that will take hours; `parts` says what the requests are in. */
export function warnIfHuge(requests: number, parts: string): void {
  if (requests <= MANY_REQUESTS) return;
  talk(
    `Warning: about ${printNumber(requests / 1e9)} billion requests in ${parts}; at some millions a second this takes ${printNumber(requests / 3e6 / 3600)} hours. Ctrl-C stops it.\n`,
  );
}
