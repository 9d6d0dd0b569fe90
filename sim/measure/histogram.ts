import type { Stretch } from "./stretch.ts";

/**
 * Counts of whole numbers in buckets of at most 0.2 % width: exact below 1,024, then 512 buckets an octave. A
 * quantile read from it is the middle of its bucket, within 0.1 % of a value that occurred there. Memory depends on
 * the largest value only (47 KB up to 30 minutes in microseconds), never on how many were recorded.
 */
const EXACT_BITS = 10;
const STEPS = 2 ** (EXACT_BITS - 1);
const GROWTH = 8 * STEPS;
const CARRY = 2 ** 16;

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
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /**
   * From bucket `first` on, whole octaves: as many as the values span. Counts modulo 2^16, so that a hundred functions'
   * histograms stay in the cache; what is over is in `carries`, which most histograms never need.
   */
  private counts = new Uint16Array(0);
  private carries: Float64Array | undefined;
  private first = 0;

  record(value: number): void {
    this.addTo(bucketOf(value), 1);
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** The same as `record` for every value of a stretch. */
  recordEach({ buckets, count, sum, min, max }: Stretch): void {
    if (count === 0) return;
    this.reach(bucketOf(min));
    this.reach(bucketOf(max));
    const { counts, first } = this;
    for (let k = 0; k < count; k++) {
      const i = buckets[k]! - first;
      const n = counts[i]! + 1;
      counts[i] = n;
      if (n === CARRY) this.carry(i, n);
    }
    this.count += count;
    this.sum += sum;
    if (min < this.min) this.min = min;
    if (max > this.max) this.max = max;
  }

  /** Adds to a bucket's count; whoever does must see to the count, the sum and the ends. */
  addTo(bucket: number, count: number): void {
    this.reach(bucket);
    const i = bucket - this.first;
    const sum = this.counts[i]! + count;
    this.counts[i] = sum;
    if (sum >= CARRY || sum < 0) this.carry(i, sum);
  }

  /** Sees to it that there is room for a bucket. */
  private reach(bucket: number): void {
    const i = bucket - this.first;
    if (i < 0 || i >= this.counts.length) this.grow(bucket);
  }

  /** Place `i` comes to `sum`, which does not fit: its lower bits are in `counts` already. */
  private carry(i: number, sum: number): void {
    this.carries ??= new Float64Array(this.counts.length);
    this.carries[i]! += Math.floor(sum / CARRY);
  }

  private countAt(i: number): number {
    const { counts, carries } = this;
    return carries === undefined ? counts[i]! : counts[i]! + CARRY * carries[i]!;
  }

  /** Adds another histogram's counts. */
  add(other: Histogram): void {
    this.addCounts(other, 1);
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
    rest.addCounts(this, 1);
    rest.addCounts(part, -1);
    rest.count = this.count - part.count;
    rest.sum = this.sum - part.sum;
    if (rest.count > 0) {
      let [low, high] = [0, rest.counts.length - 1];
      while (rest.countAt(low) === 0) low++;
      while (rest.countAt(high) === 0) high--;
      const last = bucketRange(rest.first + high);
      rest.min = Math.max(this.min, bucketRange(rest.first + low).low);
      rest.max = Math.min(this.max, last.low + last.width - 1);
    }
    return rest;
  }

  private addCounts(other: Histogram, sign: 1 | -1): void {
    for (let i = 0; i < other.counts.length; i++) {
      const count = other.countAt(i);
      if (count !== 0) this.addTo(other.first + i, sign * count);
    }
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
      seen += this.countAt(i);
      if (seen >= rank) return this.middle(this.first + i);
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
      const count = this.countAt(i);
      if (count > 0) yield { ...bucketRange(this.first + i), count };
    }
  }

  /** The same without an object a bucket: each run's digest goes through all of its histograms. */
  each(visit: (low: number, count: number) => void): void {
    for (let i = 0; i < this.counts.length; i++) {
      const count = this.countAt(i);
      if (count > 0) visit(bucketRange(this.first + i).low, count);
    }
  }

  clear(): void {
    this.counts.fill(0);
    this.carries = undefined;
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
  }

  /**
   * Makes room for a bucket: the first time one octave (some laws are constants), later at least eight more in its
   * direction, so that few arrays are thrown away on the way.
   */
  private grow(bucket: number): void {
    const octave = Math.floor(bucket / STEPS) * STEPS;
    const old = this.counts;
    const oldFirst = this.first;
    let [first, end] = [octave, octave + STEPS];
    if (old.length > 0) {
      const oldEnd = oldFirst + old.length;
      first = octave < oldFirst ? Math.max(0, Math.min(octave, oldFirst - GROWTH)) : oldFirst;
      end = Math.max(oldEnd, end > oldEnd ? Math.max(end, oldEnd + GROWTH) : 0);
    }
    const at = old.length > 0 ? oldFirst - first : 0;
    this.counts = new Uint16Array(end - first);
    this.counts.set(old, at);
    if (this.carries !== undefined) {
      const carries = new Float64Array(end - first);
      carries.set(this.carries, at);
      this.carries = carries;
    }
    this.first = first;
  }
}
