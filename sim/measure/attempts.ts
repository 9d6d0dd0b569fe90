import { COLD, PROVISIONED, THROTTLE_REASONS, THROTTLED, WARM } from "../lambda/placement.ts";
import { FAILED, OUTCOMES, SUCCEEDED } from "../requests.ts";
import { billedMs } from "./billed.ts";
import { ROW } from "./ledger.ts";
import type { Recorder } from "./recorder.ts";

const PLACED = 0;
const BILLED = 3;
const PROVISIONED_BILLED = 4;
const BUSY = 5;
const DURATION = 6;
const ENDED = 7;
const UNFINISHED = ENDED + OUTCOMES;
const REFUSED = UNFINISHED + 1;
const REQUESTS = REFUSED + THROTTLE_REASONS.length;
const STRIDE = REQUESTS + 1;

/** What is booked of accepted attempts, a row each, as columns; times in microseconds. */
export interface AttemptColumns {
  readonly fn: Int32Array;
  readonly placement: Uint8Array;
  readonly start: Float64Array;
  /** Time before the handler: a cold start. */
  readonly wait: Float64Array;
  readonly duration: Float64Array;
  /** Init time that is billed with it if init is billed. */
  readonly init: Float64Array;
  readonly outcome: Uint8Array;
}

/** Counts of the attempts that a function's invocation models made. */
export interface AttemptCounts {
  readonly placed: readonly [provisioned: number, warm: number, cold: number];
  readonly ended: readonly number[];
  readonly unfinished: number;
  readonly refused: readonly number[];
  readonly billedMs: number;
  readonly provisionedBilledMs: number;
  /** Handler time of the ended ones, summed (microseconds). */
  readonly duration: number;
}

/**
 * The books of the attempts that invocation models make, by function. An attempt is not a request: what becomes of the
 * request is counted where its model settles it. An attempt is booked under the time it was made, as soon as what it
 * comes to is known: at once, or at its end where the handler waits for another function.
 */
export class Attempts {
  /** The account's counts as a row of the timeline has them, since the last `clear`. */
  readonly totals = new Float64Array(ROW.counts);
  private readonly columns: Float64Array;
  private readonly recorders: readonly Recorder[];
  private readonly billInit: 0 | 1;
  /** The measured time, in microseconds. */
  private readonly start: number;
  private readonly end: number;

  constructor(recorders: readonly Recorder[], billInit: boolean, start: number, end: number) {
    this.columns = new Float64Array(STRIDE * recorders.length);
    this.recorders = recorders;
    this.billInit = billInit ? 1 : 0;
    this.start = start;
    this.end = end;
  }

  /** A request for function `fn` has arrived at one of its models. */
  arrived(fn: number): void {
    this.columns[fn * STRIDE + REQUESTS]!++;
    this.totals[ROW.arrivals]!++;
  }

  refused(fn: number, placement: number): void {
    this.columns[fn * STRIDE + REFUSED + placement - THROTTLED]!++;
    this.totals[ROW.byReason + placement - THROTTLED]!++;
    this.totals[ROW.throttles]!++;
  }

  /** An attempt is accepted now; `book` follows when it is known what it comes to. */
  accepted(fn: number, placement: number): void {
    this.columns[fn * STRIDE + PLACED + placement]!++;
    this.totals[ROW.invocations]!++;
    if (placement === COLD) this.totals[ROW.coldStarts]!++;
  }

  /** What the accepted attempt in row x comes to; `open`: the run is over and it has not ended. */
  book(attempts: AttemptColumns, x: number, open: boolean): void {
    const { columns, end } = this;
    const fn = attempts.fn[x]!;
    const start = attempts.start[x]!;
    const duration = attempts.duration[x]!;
    const base = fn * STRIDE;
    const recorder = this.recorders[fn]!;
    const busy = attempts.wait[x]! + duration;
    const unfinished = open || start + busy > end;
    columns[base + BUSY]! += unfinished ? end - start : busy;
    if (start < this.start) return;
    const billed = billedMs(this.billInit, attempts.init[x]!, duration);
    columns[base + (attempts.placement[x] === PROVISIONED ? PROVISIONED_BILLED : BILLED)]! += billed;
    recorder.billedMs.record(billed);
    if (unfinished) {
      columns[base + UNFINISHED]!++;
      return;
    }
    const outcome = attempts.outcome[x]!;
    columns[base + ENDED + outcome]!++;
    columns[base + DURATION]! += duration;
    recorder.modelled.duration.record(duration);
    if (outcome !== SUCCEEDED) this.totals[ROW.errors]!++;
  }

  /** Warm-up ends: what came before does not count. */
  clear(): void {
    const { columns } = this;
    for (let i = 0; i < columns.length; i++) if (i % STRIDE !== BUSY) columns[i] = 0;
    this.totals.fill(0);
  }

  /** Busy time by attempt, in microseconds, from the start of the run. */
  busy(fn: number): number {
    return this.columns[fn * STRIDE + BUSY]!;
  }

  private slice(fn: number, from: number, count: number): number[] {
    const base = fn * STRIDE + from;
    return [...this.columns.subarray(base, base + count)];
  }

  /** Accepted ones on demand, since the last `clear`. */
  onDemand(fn: number): number {
    const base = fn * STRIDE + PLACED;
    return this.columns[base + WARM]! + this.columns[base + COLD]!;
  }

  counts(fn: number): AttemptCounts {
    const base = fn * STRIDE;
    const { columns } = this;
    return {
      placed: this.slice(fn, PLACED, 3) as [number, number, number],
      ended: this.slice(fn, ENDED, OUTCOMES),
      unfinished: columns[base + UNFINISHED]!,
      refused: this.slice(fn, REFUSED, THROTTLE_REASONS.length),
      billedMs: columns[base + BILLED]!,
      provisionedBilledMs: columns[base + PROVISIONED_BILLED]!,
      duration: columns[base + DURATION]!,
    };
  }

  /** Adds the account's counts to a row of its timeline. */
  addTotals(row: Float64Array): void {
    for (let c = 0; c < ROW.counts; c++) row[c]! += this.totals[c]!;
  }

  /** Adds a function's counts to a row of its timeline. */
  addRow(fn: number, row: Float64Array): void {
    const { placed, ended, refused } = this.counts(fn);
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    row[ROW.arrivals]! += this.columns[fn * STRIDE + REQUESTS]!;
    row[ROW.invocations]! += sum(placed);
    row[ROW.throttles]! += sum(refused);
    row[ROW.errors]! += sum(ended.slice(FAILED));
    row[ROW.coldStarts]! += placed[COLD]!;
    refused.forEach((n, reason) => {
      row[ROW.byReason + reason]! += n;
    });
  }
}
