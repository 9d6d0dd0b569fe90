// Where the numbers stand that all buckets share, and then those of each. In a typed array: changing fields of real
// numbers would be heap objects, and there may be a bucket for each of many functions.
const FULL = 0;
const RATE = 1;
const COST = 2;
const FIRST = 3;

/**
 * Token buckets in whole numbers, exact at any time: each holds `capacity` tokens, starts full and gains
 * `perPeriod` tokens every `period` microseconds, continuously. A token is counted in 1/period parts.
 */
export class TokenBuckets {
  private readonly state: Float64Array;

  constructor(count: number, capacity: number, perPeriod: number, period: number) {
    const full = capacity * period;
    this.state = new Float64Array(FIRST + 2 * count);
    this.state.set([full, perPeriod, period]);
    // Level and time of each.
    for (let i = 0; i < count; i++) this.state[FIRST + 2 * i] = full;
  }

  /** Whether bucket i has a whole token at this time. */
  has(i: number, at: number): boolean {
    const { state } = this;
    const own = FIRST + 2 * i;
    let level = state[own]! + (at - state[own + 1]!) * state[RATE]!;
    // Not Math.min: mostly it is full, which the processor foresees.
    if (level > state[FULL]!) level = state[FULL]!;
    state[own] = level;
    state[own + 1] = at;
    return level >= state[COST]!;
  }

  /** Bucket i and all others hold and gain as much as those of `like` from `at` on: i grows or shrinks with what it holds. */
  resize(i: number, like: TokenBuckets, at: number): void {
    this.has(i, at);
    const { state } = this;
    const grown = like.state[FULL]! - state[FULL]!;
    state[FULL] = like.state[FULL]!;
    state[RATE] = like.state[RATE]!;
    const own = FIRST + 2 * i;
    state[own] = Math.max(0, Math.min(state[FULL]!, state[own]! + Math.max(0, grown)));
  }

  /** Takes a token of bucket i; ask `has` first. */
  take(i: number): void {
    const { state } = this;
    state[FIRST + 2 * i]! -= state[COST]!;
  }
}

/** One of them. */
export class TokenBucket {
  private readonly buckets: TokenBuckets;

  constructor(capacity: number, perPeriod: number, period: number) {
    this.buckets = new TokenBuckets(1, capacity, perPeriod, period);
  }

  /** Whether a whole token is there at this time. */
  has(at: number): boolean {
    return this.buckets.has(0, at);
  }

  /** From `at` on it holds and gains as much as another one: what it is larger by comes full. */
  resize(like: TokenBucket, at: number): void {
    this.buckets.resize(0, like.buckets, at);
  }

  /** Takes a token; ask `has` first. */
  take(): void {
    this.buckets.take(0);
  }
}
