import type { IntervalQuantiles } from "./interval-histogram.ts";
import { ROW_COUNTS } from "./ledger.ts";
import { Timeline } from "./timeline.ts";

/** Writes a function's timeline, or the account's, from counts and areas that go on growing from interval to interval. */
export class TimelineWriter {
  readonly timeline: Timeline;
  /** When the present interval began, and the counts and the area that there were then. */
  private rowStart: number;
  private readonly base = new Float64Array(ROW_COUNTS);
  private area = 0;
  private readonly row = new Float64Array(ROW_COUNTS + 4);

  constructor(start: number, interval: number, end: number) {
    this.timeline = new Timeline(start, interval, end);
    this.rowStart = start;
  }

  /** An interval ends at `at`: the counts until now, executions in progress summed over time and at most, and latencies. */
  endInterval(
    at: number,
    counts: Float64Array,
    area: number,
    peak: number,
    { p50, p99 }: IntervalQuantiles,
  ): void {
    const { base, row } = this;
    for (let c = 0; c < ROW_COUNTS; c++) {
      row[c] = counts[c]! - base[c]!;
      base[c] = counts[c]!;
    }
    row[ROW_COUNTS] = (area - this.area) / (at - this.rowStart);
    row[ROW_COUNTS + 1] = peak;
    row[ROW_COUNTS + 2] = p50;
    row[ROW_COUNTS + 3] = p99;
    this.timeline.add(row);
    this.area = area;
    this.rowStart = at;
  }
}
