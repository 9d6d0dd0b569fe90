// Where a bucket's numbers stand. In a typed array: changing fields of real numbers would be heap objects.
const LEVEL = 0;
const TIME = 1;
const FULL = 2;
const RATE = 3;
const COST = 4;

/**
 * A token bucket in whole numbers, exact at any time: it holds `capacity` tokens, starts full and gains
 * `perPeriod` tokens every `period` microseconds, continuously. A token is counted in 1/period parts.
 */
export class TokenBucket {
  private readonly state: Float64Array;

  constructor(capacity: number, perPeriod: number, period: number) {
    const full = capacity * period;
    this.state = Float64Array.of(full, 0, full, perPeriod, period);
  }

  /** Whether a whole token is there at this time. */
  has(at: number): boolean {
    const { state } = this;
    let level = state[LEVEL]! + (at - state[TIME]!) * state[RATE]!;
    // Not Math.min: mostly it is full, which the processor foresees.
    if (level > state[FULL]!) level = state[FULL]!;
    state[LEVEL] = level;
    state[TIME] = at;
    return level >= state[COST]!;
  }

  /** Takes a token; ask `has` first. */
  take(): void {
    const { state } = this;
    state[LEVEL]! -= state[COST]!;
  }
}
