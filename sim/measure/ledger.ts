import { COLD, PROVISIONED, THROTTLE_REASONS, THROTTLED, WARM } from "../lambda/placement.ts";
import { FAILED, OUTCOMES, type Requests, SUCCEEDED, TIMED_OUT } from "../requests.ts";
import { billedMs } from "./billed.ts";
import { Recent } from "./recent.ts";
import type { Recorder } from "./recorder.ts";
import type { Counters } from "./result.ts";

/** A function's counts stand side by side, those of every warm start first: one cache line. */
const REQUESTS = 0;
/** Accepted ones by placement: provisioned, warm, cold. */
const PLACED = 1;
const LATENCY = 4;
const BILLED = 5;
/** Busy time up to the horizon, from the very start: must equal the gauges' area. Never cleared. */
const BUSY = 6;
/** Answered ones by outcome. */
const ENDED = 7;
const PROVISIONED_BILLED = ENDED + OUTCOMES;
const UNFINISHED = PROVISIONED_BILLED + 1;
/** Refused ones by reason. */
const REFUSED = UNFINISHED + 1;
/** Waiting before the handler, of the answered ones. */
const WAITED = REFUSED + THROTTLE_REASONS.length;
const SUPPRESSED = WAITED + 1;
const PROACTIVE = SUPPRESSED + 1;
const INIT_TIMEOUTS = PROACTIVE + 1;
/** Sums over cold starts: placement, download, init, first handler run. */
const PHASES = INIT_TIMEOUTS + 1;
const STRIDE = 32;

/** What a row of the timeline counts. */
const ARRIVALS = 0;
const INVOCATIONS = 1;
const THROTTLES = 2;
const ERRORS = 3;
const COLD_STARTS = 4;
const BY_REASON = 5;
export const ROW_COUNTS = BY_REASON + THROTTLE_REASONS.length;

/** The same, for those who add to such a row. */
export const ROW = {
  arrivals: ARRIVALS,
  invocations: INVOCATIONS,
  throttles: THROTTLES,
  errors: ERRORS,
  coldStarts: COLD_STARTS,
  byReason: BY_REASON,
  counts: ROW_COUNTS,
} as const;

/** What one cold start was made of, in microseconds. */
export interface ColdStartPhases {
  readonly placement: number;
  readonly download: number;
  readonly init: number;
  readonly firstHandler: number;
  /** The init ran into its limit of ten seconds and had to run again. */
  readonly initTimedOut: boolean;
}

/** Books what every request comes to, as counts and histograms by function. */
export class Ledger {
  /** The account's counts as a row of the timeline has them, since the last `clear`. */
  readonly totals = new Float64Array(ROW_COUNTS);
  private readonly columns: Float64Array;
  private readonly recorders: readonly Recorder[];
  /** Which recorder a function has. */
  private readonly recorderOf: Int32Array;
  private readonly recent: Recent;
  private readonly billInit: 0 | 1;
  private readonly end: number;

  constructor(recorders: readonly Recorder[], recorderOf: Int32Array, billInit: boolean, end: number) {
    this.columns = new Float64Array(STRIDE * recorderOf.length);
    this.recorders = recorders;
    this.recorderOf = recorderOf;
    this.recent = new Recent(recorders.length);
    this.billInit = billInit ? 1 : 0;
    this.end = end;
  }

  /**
   * Books rows `from` to `to`. What a synchronous request comes to is known when it is placed (there is no queue before
   * an environment), so it is booked then, under the time it arrived.
   */
  book(requests: Requests, from: number, to: number): void {
    const { columns, totals, recorderOf, recent, billInit, end } = this;
    const { times, functions, durations, outcomes, placements, waits, inits } = requests;
    for (let i = from; i < to; i++) {
      const fn = functions[i]!;
      const base = fn * STRIDE;
      const placement = placements[i]!;
      columns[base + REQUESTS]!++;
      if (placement >= THROTTLED) {
        columns[base + REFUSED + placement - THROTTLED]!++;
        totals[BY_REASON + placement - THROTTLED]!++;
        totals[THROTTLES]!++;
        continue;
      }
      const duration = durations[i]!;
      const busy = waits[i]! + duration;
      const billed = billedMs(billInit, inits[i]!, duration);
      columns[base + (placement === PROVISIONED ? PROVISIONED_BILLED : BILLED)]! += billed;
      columns[base + PLACED + placement]!++;
      if (placement === COLD) totals[COLD_STARTS]!++;
      const at = times[i]!;
      if (at + busy > end) {
        columns[base + UNFINISHED]!++;
        columns[base + BUSY]! += end - at;
        this.recorders[recorderOf[fn]!]!.billedMs.record(billed);
        continue;
      }
      columns[base + BUSY]! += busy;
      columns[base + LATENCY]! += busy;
      const outcome = outcomes[i]!;
      columns[base + ENDED + outcome]!++;
      if (outcome !== SUCCEEDED) totals[ERRORS]!++;
      if (placement === COLD) {
        columns[base + WAITED]! += waits[i]!;
        const recorder = this.recorders[recorderOf[fn]!]!;
        recorder.coldLatency.record(busy);
        recorder.coldDuration.record(duration);
      }
      const r = recorderOf[fn]!;
      if (recent.add(r, busy, billed)) this.empty(r);
    }
    totals[ARRIVALS]! += to - from;
    totals[INVOCATIONS] = totals[ARRIVALS]! - totals[THROTTLES]!;
  }

  /** The recorder takes in what is written down for it. */
  private empty(r: number): void {
    const { values, size, counts } = this.recent;
    const from = 2 * r * size;
    this.recorders[r]!.take(values, from, from + 2 * counts[r]!);
    counts[r] = 0;
  }

  /** An interval ends for every recorder. */
  endInterval(): void {
    const { recorders, recent } = this;
    const { values, size, counts } = recent;
    for (let r = 0; r < recorders.length; r++) {
      const from = 2 * r * size;
      recorders[r]!.endInterval(values, from, from + 2 * counts[r]!);
    }
    counts.fill(0);
  }

  /** A cold start, by its phases. */
  coldStart(fn: number, { placement, download, init, firstHandler, initTimedOut }: ColdStartPhases): void {
    const { columns } = this;
    const base = fn * STRIDE;
    columns[base + PHASES]! += placement;
    columns[base + PHASES + 1]! += download;
    columns[base + PHASES + 2]! += init;
    columns[base + PHASES + 3]! += firstHandler;
    if (initTimedOut) columns[base + INIT_TIMEOUTS]!++;
    this.recorders[this.recorderOf[fn]!]!.init.record(init);
  }

  /** A new environment was ready ahead of its first request. */
  proactiveInit(fn: number): void {
    this.columns[fn * STRIDE + PROACTIVE]!++;
  }

  /** A reset environment ran its init inside an invocation. */
  suppressedInit(fn: number): void {
    this.columns[fn * STRIDE + SUPPRESSED]!++;
  }

  /** Warm-up ends: what came before does not count. */
  clear(): void {
    const { columns } = this;
    for (let i = 0; i < columns.length; i++) if (i % STRIDE !== BUSY) columns[i] = 0;
    this.totals.fill(0);
    this.endInterval();
    for (const recorder of this.recorders) recorder.clear();
  }

  private sumOf(base: number, first: number, count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.columns[base + first + i]!;
    return sum;
  }

  /** Busy time by invocation, in microseconds, from the start of the run. */
  busy(fn: number): number {
    return this.columns[fn * STRIDE + BUSY]!;
  }

  /** Latency and waiting of the answered requests, summed (microseconds). */
  answeredTimes(fn: number): { latency: number; waiting: number } {
    const base = fn * STRIDE;
    return { latency: this.columns[base + LATENCY]!, waiting: this.columns[base + WAITED]! };
  }

  /** Writes a function's counts, as a row of the timeline has them, since the last `clear`. */
  rowCounts(fn: number, row: Float64Array): void {
    const { columns } = this;
    const base = fn * STRIDE;
    row[ARRIVALS] = columns[base + REQUESTS]!;
    row[INVOCATIONS] = this.sumOf(base, PLACED, 3);
    row[THROTTLES] = this.sumOf(base, REFUSED, THROTTLE_REASONS.length);
    row[ERRORS] = this.sumOf(base, ENDED + FAILED, OUTCOMES - FAILED);
    row[COLD_STARTS] = columns[base + PLACED + COLD]!;
    for (let r = 0; r < THROTTLE_REASONS.length; r++) row[BY_REASON + r] = columns[base + REFUSED + r]!;
  }

  /** Invocations on demand, since the last `clear`. */
  onDemand(fn: number): number {
    const base = fn * STRIDE + PLACED;
    return this.columns[base + WARM]! + this.columns[base + COLD]!;
  }

  counters(fn: number, hasProvisioned: boolean): Counters {
    const { columns } = this;
    const base = fn * STRIDE;
    const count = (column: number) => columns[base + column]!;
    const throttledAttempts = THROTTLE_REASONS.map((_, r) => count(REFUSED + r));
    const throttled = throttledAttempts.reduce((sum, n) => sum + n, 0);
    const provisioned = count(PLACED + PROVISIONED);
    const warm = count(PLACED + WARM);
    const cold = count(PLACED + COLD);
    const ended = (outcome: number) => count(ENDED + outcome);
    const failed = this.sumOf(base, ENDED + FAILED, OUTCOMES - FAILED);
    return {
      requests: count(REQUESTS),
      succeeded: ended(SUCCEEDED),
      failed,
      throttled,
      dropped: 0,
      unfinished: count(UNFINISHED),
      attempts: count(REQUESTS),
      invocations: provisioned + warm + cold,
      coldStarts: cold,
      warmStarts: warm + provisioned,
      provisionedInvocations: provisioned,
      spillover: hasProvisioned ? warm + cold : 0,
      proactiveInits: count(PROACTIVE),
      suppressedInits: count(SUPPRESSED),
      initTimeouts: count(INIT_TIMEOUTS),
      errors: failed,
      timeouts: ended(TIMED_OUT),
      resets: this.sumOf(base, ENDED + TIMED_OUT, OUTCOMES - TIMED_OUT),
      deadLettered: 0,
      throttledAttempts,
      billedMs: count(BILLED),
      provisionedBilledMs: count(PROVISIONED_BILLED),
      coldStartTimes: {
        placement: columns[base + PHASES]!,
        download: columns[base + PHASES + 1]!,
        init: columns[base + PHASES + 2]!,
        firstHandler: columns[base + PHASES + 3]!,
      },
    };
  }
}
