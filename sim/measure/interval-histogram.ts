import { longer } from "../columns.ts";
import { bucketOf, bucketRange } from "./histogram.ts";
import type { Stretch } from "./stretch.ts";

/** Buckets of a class. */
const CLASS = 32;

/** What one interval's values come to. */
export interface IntervalQuantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

const NOTHING: IntervalQuantiles = { count: 0, p50: Number.NaN, p99: Number.NaN };

/**
 * The values of the interval that is going on, in the same buckets as a Histogram, and again in classes of buckets, so
 * that the quantiles are found in a few steps when it ends. An empty interval costs nothing.
 */
export class IntervalHistogram {
  private counts = new Uint32Array(4096);
  private classes = new Uint32Array(4096 / CLASS);
  private count = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  record(value: number): void {
    this.extend(1, value, value);
    const bucket = bucketOf(value);
    this.counts[bucket]!++;
    this.classes[bucket >>> 5]!++;
  }

  /** Records a stretch of values. */
  recordEach(stretch: Stretch): void {
    this.extend(stretch.count, stretch.min, stretch.max);
    const { counts, classes } = this;
    const { buckets, count } = stretch;
    for (let k = 0; k < count; k++) {
      const bucket = buckets[k]!;
      counts[bucket]!++;
      classes[bucket >>> 5]!++;
    }
  }

  /** So many values more, from `min` to `max`: makes room for their buckets. */
  private extend(count: number, min: number, max: number): void {
    this.count += count;
    if (min < this.min) this.min = min;
    if (max <= this.max) return;
    this.max = max;
    const last = bucketOf(max);
    let size = this.counts.length;
    if (last < size) return;
    while (last >= size) size *= 2;
    this.counts = longer(this.counts, size);
    this.classes = longer(this.classes, size / CLASS);
  }

  /** Starts the next interval, and returns the quantiles of the one that ended. */
  flush(): IntervalQuantiles {
    const { count, min, max } = this;
    if (count === 0) return NOTHING;
    const p50 = this.atRank(Math.ceil(count * 0.5));
    const p99 = this.atRank(Math.ceil(count * 0.99));
    const first = bucketOf(min);
    const end = bucketOf(max) + 1;
    this.counts.fill(0, first, end);
    this.classes.fill(0, Math.floor(first / CLASS), Math.ceil(end / CLASS));
    this.count = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    return { count, p50, p99 };
  }

  /** The value at this rank (from 1 up to `count`): the middle of its bucket. */
  private atRank(rank: number): number {
    const { counts, classes, min, max } = this;
    let left = rank;
    let c = bucketOf(min) >>> 5;
    for (; left > classes[c]!; c++) left -= classes[c]!;
    let bucket = c * CLASS;
    for (; left > counts[bucket]!; bucket++) left -= counts[bucket]!;
    const { low, width } = bucketRange(bucket);
    return Math.min(max, Math.max(min, low + (width - 1) / 2));
  }
}
