/**
 * How long a number that goes up and down by one stood at each level: the exact distribution of concurrency over time.
 * A level's time is Σ(times it was left) − Σ(times it was entered), so a step costs two additions and no clock is kept.
 */
export class Occupancy {
  private times = new Float64Array(64);

  /** It goes from `level` to one more. */
  up(level: number, at: number): void {
    if (level + 1 >= this.times.length) this.grow();
    this.times[level]! += at;
    this.times[level + 1]! -= at;
  }

  /** It goes from `level` to one less. */
  down(level: number, at: number): void {
    this.times[level]! += at;
    this.times[level - 1]! -= at;
  }

  /** Counting starts at `at`, at this level: what came before does not count. */
  startAt(level: number, at: number): void {
    this.times.fill(0);
    this.times[level] = -at;
  }

  /** Time spent at each level up to `at`, where it now stands at `level`; microseconds, by level. */
  until(level: number, at: number): Float64Array {
    const times = this.times.slice();
    times[level]! += at;
    return times.subarray(0, times.findLastIndex((t) => t > 0) + 1);
  }

  private grow(): void {
    const longer = new Float64Array(2 * this.times.length);
    longer.set(this.times);
    this.times = longer;
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
