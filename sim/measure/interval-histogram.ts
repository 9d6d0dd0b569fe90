import { bucketOf, bucketRange, type Histogram } from "./histogram.ts";

const BLOCK = 64;

/** What one interval's values come to. */
export interface IntervalQuantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * The values of the interval that is going on, in the same buckets as a Histogram. When the interval ends they go
 * into the total; a count for each block of 64 buckets lets that pass over the empty ones, so that recording costs two
 * increments and an hour of empty seconds costs nothing.
 */
export class IntervalHistogram {
  private counts = new Uint32Array(32 * BLOCK);
  private blocks = new Uint32Array(32);
  private count = 0;
  private sum = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  record(value: number): void {
    const bucket = bucketOf(value);
    if (bucket >= this.counts.length) this.reach(bucket);
    this.counts[bucket]!++;
    this.blocks[bucket >>> 6]!++;
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /**
   * Adds the interval's values to `total` (and to `wider`, an interval histogram over more functions), starts the
   * next interval, and returns the quantiles of the one that ended.
   */
  flush(total: Histogram, wider?: IntervalHistogram): IntervalQuantiles {
    const { count, counts, blocks } = this;
    if (count === 0) return { count, p50: Number.NaN, p99: Number.NaN };
    const ranks = [Math.ceil(count * 0.5), Math.ceil(count * 0.99)] as const;
    const values = [Number.NaN, Number.NaN];
    let seen = 0;
    total.extend(counts.length);
    for (let block = 0; block < blocks.length; block++) {
      if (blocks[block] === 0) continue;
      blocks[block] = 0;
      for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        const n = counts[i]!;
        if (n === 0) continue;
        counts[i] = 0;
        total.counts[i]! += n;
        if (wider) wider.addBucket(i, n);
        const before = seen;
        seen += n;
        for (let q = 0; q < ranks.length; q++) {
          if (before < ranks[q]! && seen >= ranks[q]!) values[q] = this.middle(i);
        }
      }
    }
    wider?.addTotals(this);
    total.count += count;
    total.sum += this.sum;
    total.min = Math.min(total.min, this.min);
    total.max = Math.max(total.max, this.max);
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    return { count, p50: values[0]!, p99: values[1]! };
  }

  private addBucket(bucket: number, n: number): void {
    if (bucket >= this.counts.length) this.reach(bucket);
    this.counts[bucket]! += n;
    this.blocks[bucket >>> 6]! += n;
  }

  private addTotals(other: IntervalHistogram): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  private middle(bucket: number): number {
    const { low, width } = bucketRange(bucket);
    return Math.min(this.max, Math.max(this.min, low + (width - 1) / 2));
  }

  private reach(bucket: number): void {
    let size = this.counts.length;
    while (size <= bucket) size *= 2;
    const counts = new Uint32Array(size);
    counts.set(this.counts);
    this.counts = counts;
    const blocks = new Uint32Array(size / BLOCK);
    blocks.set(this.blocks);
    this.blocks = blocks;
  }
}
