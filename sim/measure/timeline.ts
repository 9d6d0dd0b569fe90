import { THROTTLE_REASONS } from "../lambda/placement.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../units.ts";
import { IntervalColumns } from "./interval-columns.ts";

/** The intervals a timeline can have; the smallest that gives at most MOST_ROWS rows is taken. */
export const INTERVALS = [SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, DAY] as const;
const MOST_ROWS = 3600;

/**
 * Above so many functions only those named in thresholds have histograms and a timeline of their own; above so many
 * entries with an invocation model none has a timeline.
 */
export const MOST_DETAILED = 200;

/** Rows that are written into the columns at a time: as many as a cache line of a column holds. */
const BLOCK = 8;

export function intervalFor(horizon: number): number {
  return INTERVALS.find((interval) => horizon / interval <= MOST_ROWS) ?? DAY;
}

/** One function's (or the account's) run, interval by interval. */
export class Timeline extends IntervalColumns {
  readonly arrivals: Float64Array;
  readonly invocations: Float64Array;
  readonly throttles: Float64Array;
  readonly errors: Float64Array;
  readonly coldStarts: Float64Array;
  readonly throttlesByReason: Float64Array[];
  /** The columns above, in this order. */
  readonly counts: readonly Float64Array[];
  /** Executions in progress: average and most. */
  readonly concurrencyMean: Float64Array;
  readonly concurrencyMax: Float64Array;
  /** Environments alive (starting, busy and idle), on average. */
  readonly environments: Float64Array;
  /** Of the requests that arrived in the interval and were answered; NaN where there were none. Microseconds. */
  readonly latencyP50: Float64Array;
  readonly latencyP99: Float64Array;
  /** Change in the number of environments that are there for the whole interval. */
  private readonly whole: Float64Array;
  /** The columns of a row as it is added, the last rows as they came, and how many rows there are. */
  private readonly added: readonly Float64Array[];
  private readonly block: Float64Array;
  private row = 0;

  constructor(start: number, interval: number, end: number) {
    super(start, interval, end);
    const column = () => new Float64Array(this.rows);
    this.arrivals = column();
    this.invocations = column();
    this.throttles = column();
    this.errors = column();
    this.coldStarts = column();
    this.throttlesByReason = THROTTLE_REASONS.map(column);
    this.counts = [
      this.arrivals,
      this.invocations,
      this.throttles,
      this.errors,
      this.coldStarts,
      ...this.throttlesByReason,
    ];
    this.concurrencyMean = column();
    this.concurrencyMax = column();
    this.environments = column();
    this.latencyP50 = column().fill(Number.NaN);
    this.latencyP99 = column().fill(Number.NaN);
    this.whole = column();
    this.added = [
      ...this.counts,
      this.concurrencyMean,
      this.concurrencyMax,
      this.latencyP50,
      this.latencyP99,
    ];
    this.block = new Float64Array(BLOCK * this.added.length);
  }

  /**
   * Adds the next row: the counts, then concurrency (mean, most) and latency (p50, p99). With many timelines every
   * column would be out of the cache for each single row, so some rows wait until they go into the columns together.
   */
  add(values: Float64Array): void {
    this.block.set(values, (this.row++ % BLOCK) * this.added.length);
    if (this.row % BLOCK === 0) this.write(this.row - BLOCK);
  }

  /** The rows from `first` on go from the block into the columns. */
  private write(first: number): void {
    const { added, block, row } = this;
    for (let c = 0; c < added.length; c++) {
      const column = added[c]!;
      for (let i = first; i < row; i++) column[i] = block[(i - first) * added.length + c]!;
    }
  }

  override columns(): Float64Array[] {
    return [
      ...this.counts,
      this.concurrencyMean,
      this.concurrencyMax,
      this.environments,
      this.latencyP50,
      this.latencyP99,
    ];
  }

  /** An environment was alive from `birth` to `death`; `finish` must follow the last one. */
  addLife(birth: number, death: number, end: number): void {
    const { start, interval } = this;
    const from = Math.max(birth, start) - start;
    const to = Math.min(death, end) - start;
    if (to <= from) return;
    const first = Math.floor(from / interval);
    const last = Math.min(this.rows - 1, Math.floor(to / interval));
    const lengthOf = (row: number) => Math.min(end - start, (row + 1) * interval) - row * interval;
    if (first === last) {
      this.environments[first]! += (to - from) / lengthOf(first);
      return;
    }
    this.environments[first]! += ((first + 1) * interval - from) / lengthOf(first);
    this.environments[last]! += (to - last * interval) / lengthOf(last);
    // In between it is there all the time: one up and one down, summed by `finish`.
    this.whole[first + 1]! += 1;
    this.whole[last]! -= 1;
  }

  /** The run is over: what waits is written. */
  finish(): void {
    this.write(this.row - (this.row % BLOCK));
    let alive = 0;
    for (let row = 0; row < this.rows; row++) {
      alive += this.whole[row]!;
      this.environments[row]! += alive;
    }
    this.whole.fill(0);
  }
}
