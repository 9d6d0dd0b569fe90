import { longer } from "./columns.ts";
/** How an accepted invocation ends. Those from TIMED_OUT on kill the runtime, so the environment is reset. */
export const SUCCEEDED = 0;
/** The handler returned an error: the runtime lives on. */
export const FAILED = 1;
export const TIMED_OUT = 2;
/** The runtime exited. */
export const CRASHED = 3;
export const OUT_OF_MEMORY = 4;
export const OUTCOMES = 5;
/** What a caller is told of an attempt that was not accepted; no outcome of an invocation. */
export const THROTTLED = OUTCOMES;

/**
 * Requests as columns, a row each: what is drawn for it, whatever becomes of it, and what then becomes of it. The loop
 * writes and the observer reads whole stretches of rows, so that no call, object or boxed number is spent on one.
 */
export class Requests {
  /** When it arrives, in microseconds. */
  times: Float64Array<ArrayBuffer>;
  functions: Int32Array<ArrayBuffer>;
  /** Handler time in microseconds, cut at the timeout; what a first handler run or a suppressed init adds, too. */
  durations: Float64Array<ArrayBuffer>;
  outcomes: Uint8Array<ArrayBuffer>;
  /** Where it went: see lambda/placement.ts. */
  placements: Uint8Array<ArrayBuffer>;
  /** How long it waited for its environment to start, in microseconds. */
  waits: Float64Array<ArrayBuffer>;
  /** Init time that is billed with it if init is billed, in microseconds. */
  inits: Float64Array<ArrayBuffer>;
  count = 0;
  private readonly placed: boolean;

  /** `placed` false: they are given elsewhere before they are placed, so the last three columns stay empty. */
  constructor(size: number, placed = true) {
    this.placed = placed;
    this.times = new Float64Array(size);
    this.functions = new Int32Array(size);
    this.durations = new Float64Array(size);
    this.outcomes = new Uint8Array(size);
    this.placements = new Uint8Array(placed ? size : 0);
    this.waits = new Float64Array(placed ? size : 0);
    this.inits = new Float64Array(placed ? size : 0);
  }

  /** Makes room for `size` rows; those there are stay. */
  reserve(size: number): void {
    if (size <= this.times.length) return;
    const length = Math.max(size, 2 * this.times.length);
    this.times = longer(this.times, length);
    this.functions = longer(this.functions, length);
    this.durations = longer(this.durations, length);
    this.outcomes = longer(this.outcomes, length);
    if (!this.placed) return;
    this.placements = new Uint8Array(length);
    this.waits = new Float64Array(length);
    this.inits = new Float64Array(length);
  }

  /** Empty again; nothing has waited for anything yet. */
  clear(): void {
    this.waits.fill(0, 0, this.count);
    this.inits.fill(0, 0, this.count);
    this.count = 0;
  }
}
