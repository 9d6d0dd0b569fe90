import type { z } from "zod";
import { longer } from "../columns.ts";
import type { Distribution } from "../distributions/contract.ts";
import type { Stream } from "../random.ts";
import type { FileReader } from "../scenario/files.ts";
import { MILLISECOND } from "../units.ts";
import type { TraceTables } from "./trace-table.ts";

/** A growing batch of arrivals, in order of time. Times are whole microseconds. */
export class ArrivalBatch {
  times = new Float64Array(256);
  /** The service time that a trace gives (microseconds); only filled by processes that carry durations. */
  durations = new Float64Array(256);
  count = 0;

  push(time: number): void {
    if (this.count === this.times.length) this.grow();
    this.times[this.count++] = time;
  }

  pushWithDuration(time: number, duration: number): void {
    if (this.count === this.times.length) this.grow();
    this.durations[this.count] = duration;
    this.times[this.count++] = time;
  }

  private grow(): void {
    const size = 2 * this.times.length;
    this.times = longer(this.times, size);
    this.durations = longer(this.durations, size);
  }
}

/** A running arrival process. Times are relative to the traffic entry's start. */
export interface ArrivalProcess {
  /**
   * Appends every arrival before `until` (microseconds) that was not given before, in order. Called once a
   * window of simulated time, never once an arrival, so that a process costs the loop nothing.
   */
  fill(until: number, batch: ArrivalBatch): void;
  /** The time of the next arrival not given yet; Infinity when there is none. */
  readonly next: number;
}

/** Arrivals as the scenario describes them, ready to be started with a stream of draws. */
export interface ArrivalPlan {
  /** In a line, for summaries: "Poisson, 80/s". */
  readonly text: string;
  /** The process gives each request its service time, so that the function needs no `duration`. */
  readonly carriesDurations: boolean;
  /** It gives only some of them: the others (NaN) take the function's. */
  readonly someDurations?: boolean;
  /** Its law does not change over time: what is measured settles, and a start-up can be told from the rest. */
  readonly steady?: boolean;
  /** Mean number of arrivals before `until`, to warn of absurd sizes and to size the first window. */
  expected(until: number): number;
  /**
   * The same traffic `factor` times as dense (more than 0). Rates are multiplied; the size of a burst, of a firing and
   * an interval's count are, too, and rounded by lot; a recorded arrival becomes ⌊factor⌋ or one more, by lot.
   */
  scaled(factor: number): ArrivalPlan;
  open(stream: Stream): ArrivalProcess;
  /**
   * After how long the traffic repeats (microseconds), where it changes with time by plan: a day, the time between two
   * bursts; Infinity: it never does. Undefined: it is alike at all times.
   */
  readonly period?: number;
  /** A timer makes the arrivals, as a schedule of EventBridge does. */
  readonly scheduled?: boolean;
  /** Callers that wait for their answers, where that is who calls; the process gives nothing then. */
  readonly clients?: { readonly count: number; readonly thinkTime: Distribution };
}

/** What a process may need to know about the place it is used in. */
export interface ArrivalContext {
  /** When the run begins: milliseconds since 1970 UTC; undefined where the scenario has no `starts`. */
  readonly startsAt: number | undefined;
  /** When the traffic entry begins: microseconds of the run. */
  readonly offset: number;
  /** The function that is called. */
  readonly target: string;
  /** The files that hold the traffic of several functions, each read once. */
  readonly tables: TraceTables;
}

/** Microseconds since 1970 UTC at the process's time 0; undefined where the scenario does not say. */
export function clockAtStart({ startsAt, offset }: ArrivalContext): number | undefined {
  return startsAt === undefined ? undefined : startsAt * MILLISECOND + offset;
}

/** One kind of arrival process: its format and what it means. One file each; registry.ts lists them. */
export interface ArrivalKind<S extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  /** The settings, as the scenario writes them, with `type` as a literal. */
  readonly schema: S;
  /** Throws RangeError with a sentence for settings that make no sense together. */
  build(settings: z.output<S>, read: FileReader, context: ArrivalContext): ArrivalPlan;
}

/** Ties the settings' type to the builder, so that each kind's file is checked on its own. */
export function arrivalKind<S extends z.ZodObject>(kind: ArrivalKind<S>): ArrivalKind<S> {
  return kind;
}
