import type { RunResult } from "../sim/measure/result.ts";
import { replicationSeed } from "../sim/random.ts";
import { type Problem, TooLargeError } from "../sim/scenario/problem.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { simulate } from "../sim/simulate.ts";
import { reopen, type ScenarioSource } from "../study/source.ts";
import { forThread, type ThreadCopy } from "./thread-copy.ts";

/** One replication to play. */
export interface Order {
  /** The same for all replications of a scenario, and for no other. */
  readonly id: number;
  /** A ScenarioSource as JSON, in shared memory. */
  readonly source: Uint8Array;
  readonly replication: number;
}

/** What came of it; errors would lose their class on the way between threads. */
export type Answer =
  | { readonly result: ThreadCopy<RunResult> }
  | { readonly tooLarge: Problem }
  | { readonly message: string; readonly stack: string | undefined };

/** Scenarios this thread has read, the newest last: a study asks for many replications of a few. */
const known = new Map<number, Scenario>();
const MOST_KNOWN = 4;

/** What a worker thread does: plays the replication it is asked for. */
export default function play({ id, source, replication }: Order): Answer {
  try {
    const scenario = scenarioOf(id, source);
    const run = simulate(scenario, { seed: replicationSeed(scenario.seed, replication) });
    return { result: forThread(run) };
  } catch (error) {
    if (error instanceof TooLargeError) return { tooLarge: error.problems[0]! };
    const { message, stack } = error as Error;
    return { message, stack };
  }
}

function scenarioOf(id: number, source: Uint8Array): Scenario {
  const read = known.get(id);
  if (read) return read;
  const text = new TextDecoder().decode(source.slice());
  const scenario = reopen(JSON.parse(text) as ScenarioSource);
  known.set(id, scenario);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  return scenario;
}
