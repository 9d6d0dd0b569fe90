import { ENDS } from "../lambda/environments.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** From when until when something is recorded, in microseconds of the run: [from, to). */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const ROWS = 4096;

/** How an invocation ends, by number: the outcomes of requests.ts, and what else a record can say. */
export const RECORDED_OUTCOMES = [
  "succeeded",
  "failed",
  "timedOut",
  "crashed",
  "outOfMemory",
  "throttled",
  "unfinished",
] as const;
export const UNFINISHED = RECORDED_OUTCOMES.indexOf("unfinished");

/** Why an environment's life is over, by number; `endOfRun`: it is not. */
export const RECORDED_ENDS = ENDS;

/** Invocations and refused attempts, a row each. Times in microseconds. */
export class InvocationBatch {
  readonly times = new Float64Array(ROWS);
  /** Indices of functions. */
  readonly functions = new Int32Array(ROWS);
  /** Where it came from: an index into `sourceNames`. */
  readonly sources = new Int32Array(ROWS);
  /** See lambda/placement.ts; from THROTTLED on a refusal, and the columns below say nothing. */
  readonly placements = new Uint8Array(ROWS);
  /** Time before the handler: a cold start. */
  readonly waits = new Float64Array(ROWS);
  /** Handler time; what it would have taken, of an invocation that the end of the run has cut off. */
  readonly durations = new Float64Array(ROWS);
  /** Init time of a new environment, whether anybody waited for it or not. */
  readonly inits = new Float64Array(ROWS);
  /** Milliseconds. */
  readonly billed = new Float64Array(ROWS);
  /** Indices of RECORDED_OUTCOMES. */
  readonly outcomes = new Uint8Array(ROWS);
  /** The environment's number; from 1, in the order in which they are made. */
  readonly environments = new Float64Array(ROWS);
  count = 0;

  get full(): boolean {
    return this.count === ROWS;
  }
}

/** Environments whose lives are over, or cut off by the end of the run, a row each. Times in microseconds. */
export class EnvironmentBatch {
  readonly numbers = new Float64Array(ROWS);
  readonly functions = new Int32Array(ROWS);
  /** 1: provisioned. */
  readonly provisioned = new Uint8Array(ROWS);
  readonly births = new Float64Array(ROWS);
  /** When its first invocation began and its last one ended (or the run); NaN: it had none. */
  readonly firstUses = new Float64Array(ROWS);
  readonly lastUses = new Float64Array(ROWS);
  /** NaN: it lives on. */
  readonly deaths = new Float64Array(ROWS);
  /** Indices of RECORDED_ENDS. */
  readonly ends = new Uint8Array(ROWS);
  /** Invocations that began in the window. */
  readonly invocations = new Float64Array(ROWS);
  /** How much of the window it was busy, waiting for its start and for other functions included. */
  readonly busy = new Float64Array(ROWS);
  count = 0;

  get full(): boolean {
    return this.count === ROWS;
  }
}

/** Told what happens in a run, some thousands of rows at a time. A batch is used again: read it before you return. */
export interface RecordListener {
  /**
   * What overlaps the window: invocations that began before it, too. In order of time, but for executions that have
   * waited for other functions, which come when they have ended.
   */
  invocations(batch: InvocationBatch): void;
  /** Environments that existed in the window, when it is known how they have ended. */
  environments(batch: EnvironmentBatch): void;
}

/** Names of all that an invocation can come from: the traffic, then the entries with an invocation model. */
export function sourceNames({ traffic, entries }: Scenario): string[] {
  return [...traffic, ...entries].map(({ name }) => name);
}
