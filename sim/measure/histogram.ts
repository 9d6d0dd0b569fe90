/**
 * Counts of whole numbers in buckets of at most 0.2 % width: exact below 1,024, then 512 buckets an octave. A
 * quantile read from it is the middle of its bucket, within 0.1 % of a value that occurred there. Memory depends on
 * the largest value only (47 KB up to 30 minutes in microseconds), never on how many were recorded.
 */
const EXACT_BITS = 10;
const STEPS = 2 ** (EXACT_BITS - 1);

/** Relative error of a quantile, as stated in results. */
export const HISTOGRAM_ERROR = 0.001;

/** The bucket of a whole number from 0 to 2^53. */
export function bucketOf(value: number): number {
  if (value < 2 ** 31) {
    const shift = 22 - Math.clz32(value | STEPS);
    return shift * STEPS + (value >>> shift);
  }
  const high = Math.floor(value / 2 ** 22);
  const shift = 44 - Math.clz32(high | STEPS);
  return shift * STEPS + Math.floor(value / 2 ** shift);
}

/** The least value of a bucket and how many whole values it holds. */
export function bucketRange(bucket: number): { low: number; width: number } {
  if (bucket < 2 * STEPS) return { low: bucket, width: 1 };
  const shift = Math.floor(bucket / STEPS) - 1;
  return { low: (bucket - shift * STEPS) * 2 ** shift, width: 2 ** shift };
}

/** One bucket that is not empty: values from `low` up to `low + width − 1`. */
export interface Bucket {
  readonly low: number;
  readonly width: number;
  readonly count: number;
}

export class Histogram {
  counts = new Float64Array(0);
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  record(value: number): void {
    const bucket = bucketOf(value);
    if (bucket >= this.counts.length) this.reach(bucket);
    this.counts[bucket]!++;
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Adds another histogram's counts. */
  add(other: Histogram): void {
    this.extend(other.counts.length);
    for (let i = 0; i < other.counts.length; i++) this.counts[i]! += other.counts[i]!;
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /**
   * This histogram without the values of `part`, which must all be in it. The ends are those of the buckets left,
   * within this histogram's own.
   */
  minus(part: Histogram): Histogram {
    const rest = new Histogram();
    rest.counts = this.counts.slice();
    for (let i = 0; i < part.counts.length; i++) rest.counts[i]! -= part.counts[i]!;
    rest.count = this.count - part.count;
    rest.sum = this.sum - part.sum;
    if (rest.count > 0) {
      const first = bucketRange(rest.counts.findIndex((n) => n > 0));
      const last = bucketRange(rest.counts.findLastIndex((n) => n > 0));
      rest.min = Math.max(this.min, first.low);
      rest.max = Math.min(this.max, last.low + last.width - 1);
    }
    return rest;
  }

  get mean(): number {
    return this.count === 0 ? Number.NaN : this.sum / this.count;
  }

  /** The smallest recorded value with at least the share `p` of values at or below it (NaN when empty). */
  quantile(p: number): number {
    if (this.count === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(p * this.count - 1e-9));
    let seen = 0;
    for (let i = 0; i < this.counts.length; i++) {
      seen += this.counts[i]!;
      if (seen >= rank) return this.middle(i);
    }
    return this.max;
  }

  private middle(bucket: number): number {
    const { low, width } = bucketRange(bucket);
    return Math.min(this.max, Math.max(this.min, low + (width - 1) / 2));
  }

  /** The buckets that are not empty, in order. */
  *buckets(): Generator<Bucket> {
    for (let i = 0; i < this.counts.length; i++) {
      const count = this.counts[i]!;
      if (count > 0) yield { ...bucketRange(i), count };
    }
  }

  clear(): void {
    this.counts.fill(0);
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
  }

  /** Makes room for the buckets below `length`. */
  extend(length: number): void {
    if (length > this.counts.length) this.reach(length - 1);
  }

  private reach(bucket: number): void {
    const octaves = 4 * Math.ceil((Math.floor(bucket / STEPS) + 1) / 4);
    const longer = new Float64Array(octaves * STEPS);
    longer.set(this.counts);
    this.counts = longer;
  }
}
