/**
 * A token bucket in whole numbers, exact at any time: it holds `capacity` tokens, starts full and gains
 * `perPeriod` tokens every `period` microseconds, continuously. A token is counted in 1/period parts.
 */
export class TokenBucket {
  private readonly full: number;
  private readonly perMicrosecond: number;
  private readonly cost: number;
  /** Level and time of the last question. In a typed array: a changing field of real numbers would be a heap object. */
  private readonly state: Float64Array;

  constructor(capacity: number, perPeriod: number, period: number) {
    this.full = capacity * period;
    this.perMicrosecond = perPeriod;
    this.cost = period;
    this.state = Float64Array.of(this.full, 0);
  }

  /** Whether a whole token is there at this time. */
  has(at: number): boolean {
    const { state } = this;
    const level = Math.min(this.full, state[0]! + (at - state[1]!) * this.perMicrosecond);
    state[0] = level;
    state[1] = at;
    return level >= this.cost;
  }

  /** Takes a token; ask `has` first. */
  take(): void {
    this.state[0]! -= this.cost;
  }
}
