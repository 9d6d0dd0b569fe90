/** A run, interval by interval, in columns. Row i is [start + i·interval, + interval). Times in microseconds. */
export abstract class IntervalColumns {
  readonly start: number;
  readonly interval: number;
  readonly rows: number;

  constructor(start: number, interval: number, end: number) {
    this.start = start;
    this.interval = interval;
    this.rows = Math.max(1, Math.ceil((end - start) / interval));
  }

  /** All columns, in a fixed order: for means over replications and for the digest. */
  abstract columns(): Float64Array[];
}
