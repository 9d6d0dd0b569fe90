import { bucketOf, bucketRange, type Histogram } from "./histogram.ts";

/** Buckets a bit of `tops` stands for: one word of `bits`. */
const WORD = 32;
/** Buckets a word of `tops` stands for. */
const PAGE = WORD * WORD;

/** What one interval's values come to. */
export interface IntervalQuantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * The values of the interval that is going on, in the same buckets as a Histogram. When the interval ends they go
 * into the total; two levels of bits tell which buckets are not empty, so that the end of an interval costs as much as it
 * had values, and an hour of empty seconds costs nothing.
 */
export class IntervalHistogram {
  private counts = new Uint32Array(2 * PAGE);
  /** A bit a bucket: it is not empty. */
  private bits = new Int32Array(2 * WORD);
  /** A bit a word of `bits`: it is not zero. */
  private tops = new Int32Array(2);
  private count = 0;
  private sum = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  record(value: number): void {
    this.addBucket(bucketOf(value), 1);
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Records every `step`-th of the values from `from` up to `to`. */
  recordEach(values: Float64Array, from: number, to: number, step: number): void {
    let { count, sum, min, max } = this;
    for (let i = from; i < to; i += step) {
      const value = values[i]!;
      this.addBucket(bucketOf(value), 1);
      count++;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.count = count;
    this.sum = sum;
    this.min = min;
    this.max = max;
  }

  /**
   * Adds the interval's values to `total` (and to `wider`, an interval histogram over more functions), starts the
   * next interval, and returns the quantiles of the one that ended.
   */
  flush(total: Histogram, wider?: IntervalHistogram): IntervalQuantiles {
    const { count, counts, bits, tops } = this;
    if (count === 0) return { count, p50: Number.NaN, p99: Number.NaN };
    const half = Math.ceil(count * 0.5);
    const most = Math.ceil(count * 0.99);
    let p50 = Number.NaN;
    let p99 = Number.NaN;
    let seen = 0;
    for (let page = 0; page < tops.length; page++) {
      // The lowest bit that is set, again and again: buckets come in order, empty ones cost nothing.
      for (let top = tops[page]!; top !== 0; top &= top - 1) {
        const word = page * WORD + 31 - Math.clz32(top & -top);
        for (let left = bits[word]!; left !== 0; left &= left - 1) {
          const i = word * WORD + 31 - Math.clz32(left & -left);
          const n = counts[i]!;
          counts[i] = 0;
          total.addTo(i, n);
          if (wider) wider.addBucket(i, n);
          if (seen < half && seen + n >= half) p50 = this.middle(i);
          seen += n;
          if (seen >= most && seen - n < most) p99 = this.middle(i);
        }
        bits[word] = 0;
      }
      tops[page] = 0;
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
    return { count, p50, p99 };
  }

  private addBucket(bucket: number, n: number): void {
    if (bucket >= this.counts.length) this.reach(bucket);
    this.counts[bucket]! += n;
    this.bits[bucket >>> 5]! |= 1 << bucket;
    this.tops[bucket >>> 10]! |= 1 << (bucket >>> 5);
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
    const bits = new Int32Array(size / WORD);
    bits.set(this.bits);
    this.bits = bits;
    const tops = new Int32Array(size / PAGE);
    tops.set(this.tops);
    this.tops = tops;
  }
}
