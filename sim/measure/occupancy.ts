import { longer } from "../columns.ts";
import type { Level } from "./result.ts";
import { type Steps, UP } from "./steps.ts";

/**
 * A number that goes up and down by one (the account's executions in progress) and how long it stood at each level: its
 * exact distribution over time.
 */
export class Occupancy {
  level = 0;
  /** When it came to this level. */
  private last = 0;
  private times = new Float64Array(64);
  private intervalPeak = 0;
  private measuredPeak = 0;
  /** ∫N dt before measuring began. */
  private earlier = 0;

  /** Goes up and down with these steps; without a branch, as which of the two it is cannot be foretold. */
  follow({ times, codes, count }: Steps): void {
    let { level, last } = this;
    for (let i = 0; i < count; i++) {
      const at = times[i]!;
      this.times[level]! += at - last;
      last = at;
      level += 2 * (codes[i]! & UP) - 1;
      if (level > this.intervalPeak) this.reach(level);
    }
    this.level = level;
    this.last = last;
  }

  /** A new most of this interval: so there is always room for one more. */
  private reach(level: number): void {
    this.intervalPeak = level;
    if (level + 1 < this.times.length) return;
    this.times = longer(this.times, 2 * this.times.length);
  }

  /** Counting starts at `at`: what came before does not count. */
  measureFrom(at: number): void {
    this.earlier += this.area(at);
    this.times.fill(0);
    this.last = at;
    this.intervalPeak = this.level;
    this.measuredPeak = this.level;
  }

  /** The most in the interval that ends now; the next interval starts from the present level. */
  endInterval(): number {
    const most = this.intervalPeak;
    this.measuredPeak = Math.max(this.measuredPeak, most);
    this.intervalPeak = this.level;
    return most;
  }

  /** Time spent at each level up to `at`; microseconds, by level. */
  until(at: number): Float64Array {
    const times = this.times.slice();
    times[this.level]! += at - this.last;
    return times.subarray(0, times.findLastIndex((t) => t > 0) + 1);
  }

  /** ∫N dt from the start of measuring to `at`, in environment-microseconds. */
  area(at: number): number {
    const { times, level, last } = this;
    let area = level * (at - last);
    for (let n = 1; n < times.length; n++) area += n * times[n]!;
    return area;
  }

  /** ∫N dt from time 0, whatever is measured. */
  wholeArea(at: number): number {
    return this.earlier + this.area(at);
  }

  /** ∫N² dt from the start of measuring to `at`. */
  squareArea(at: number): number {
    return this.until(at).reduce((sum, time, level) => sum + level * level * time, 0);
  }

  /** Average and variance over the `span` that ends at `at`, and the most. */
  over(span: number, at: number): Level {
    const mean = this.area(at) / span;
    const variance = Math.max(0, this.squareArea(at) / span - mean * mean);
    return { mean, variance, max: Math.max(this.measuredPeak, this.intervalPeak) };
  }
}

/** The level that is not exceeded for at least the share `p` of the time. */
export function levelQuantile(times: Float64Array, p: number): number {
  const total = times.reduce((sum, t) => sum + t, 0);
  let seen = 0;
  for (let level = 0; level < times.length; level++) {
    seen += times[level]!;
    if (seen >= p * total) return level;
  }
  return Math.max(0, times.length - 1);
}

/** The sum of two, level by level. */
export function addTimes(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(Math.max(a.length, b.length));
  sum.set(a);
  b.forEach((t, level) => {
    sum[level]! += t;
  });
  return sum;
}
