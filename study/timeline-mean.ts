import type { IntervalColumns } from "../sim/measure/interval-columns.ts";

/** The mean of timelines row by row, over the replications that have a value there. */
export class TimelineMean<T extends IntervalColumns> {
  private readonly make: (start: number, interval: number, end: number) => T;
  private sum: T | undefined;
  private counts: Float64Array[] = [];

  /** `make` gives a timeline of the kind, to hold the sums. */
  constructor(make: (start: number, interval: number, end: number) => T) {
    this.make = make;
  }

  add(timeline: T): void {
    if (!this.sum) {
      const { start, interval, rows } = timeline;
      this.sum = this.make(start, interval, start + rows * interval);
      for (const column of this.sum.columns()) column.fill(0);
      this.counts = this.sum.columns().map((column) => new Float64Array(column.length));
    }
    const sums = this.sum.columns();
    timeline.columns().forEach((column, c) => {
      column.forEach((value, row) => {
        if (Number.isNaN(value)) return;
        sums[c]![row]! += value;
        this.counts[c]![row]!++;
      });
    });
  }

  /** Undefined when there was none. NaN where no replication has a value. */
  mean(): T | undefined {
    if (!this.sum) return undefined;
    const { start, interval, rows } = this.sum;
    const mean = this.make(start, interval, start + rows * interval);
    const sums = this.sum.columns();
    mean.columns().forEach((column, c) => {
      for (let row = 0; row < column.length; row++) column[row] = sums[c]![row]! / this.counts[c]![row]!;
    });
    return mean;
  }
}
