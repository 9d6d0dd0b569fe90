/**
 * A token bucket in whole numbers, exact at any time: it holds `capacity` tokens, starts full and gains
 * `perPeriod` tokens every `period` microseconds, continuously. A token is counted in 1/period parts.
 */
export class TokenBucket {
  private readonly full: number;
  private readonly perMicrosecond: number;
  private readonly cost: number;
  private level: number;
  private at = 0;

  constructor(capacity: number, perPeriod: number, period: number) {
    this.full = capacity * period;
    this.perMicrosecond = perPeriod;
    this.cost = period;
    this.level = this.full;
  }

  /** Whether a whole token is there at this time. */
  has(at: number): boolean {
    this.level = Math.min(this.full, this.level + (at - this.at) * this.perMicrosecond);
    this.at = at;
    return this.level >= this.cost;
  }

  /** Takes a token; ask `has` first. */
  take(): void {
    this.level -= this.cost;
  }
}
