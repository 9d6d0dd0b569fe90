import { type Steps, UP } from "./steps.ts";

/**
 * Numbers that go up and down by one (executions in progress), with their exact time averages.
 *
 * Between steps the integral of N grows by N a microsecond. Written with the steps alone, ∫N dt up to t is
 * N·t − Σ(times of ups) + Σ(times of downs), so a step costs one addition; ∫N² dt likewise, since N² changes by 2N + 1.
 */
export class Gauges {
  /** For each number: its present value, the most in this interval, the most since measuring began. */
  private readonly levels: Int32Array;
  /** For each number: the moments' running sums, and what they were when measuring began. */
  private readonly moments: Float64Array;

  constructor(size: number) {
    this.levels = new Int32Array(4 * size);
    this.moments = new Float64Array(4 * size);
  }

  value(i: number): number {
    return this.levels[4 * i]!;
  }

  /** Every function's number goes up and down with its steps. */
  follow({ times, codes, count }: Steps): void {
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      this.step(code >>> 2, (2 * (code & UP) - 1) as 1 | -1, times[i]!);
    }
  }

  /** Number `i` goes up or down by one; without a branch, as which of the two it is cannot be foretold. */
  step(i: number, change: 1 | -1, at: number): void {
    const { levels, moments } = this;
    const n = levels[4 * i]!;
    moments[4 * i]! -= change * at;
    moments[4 * i + 1]! -= (2 * n * change + 1) * at;
    levels[4 * i] = n + change;
    if (n + change > levels[4 * i + 1]!) levels[4 * i + 1] = n + change;
  }

  /** ∫N dt from the start of measuring to `at`, in environment-microseconds. */
  area(i: number, at: number): number {
    return this.wholeArea(i, at) - this.moments[4 * i + 2]!;
  }

  /** ∫N² dt from the start of measuring to `at`. */
  squareArea(i: number, at: number): number {
    const n = this.value(i);
    return this.moments[4 * i + 1]! + n * n * at - this.moments[4 * i + 3]!;
  }

  /** ∫N dt from time 0, whatever is measured. */
  wholeArea(i: number, at: number): number {
    return this.moments[4 * i]! + this.value(i) * at;
  }

  /** The most in the interval that ends now; the next interval starts from the present value. */
  endInterval(i: number): number {
    const { levels } = this;
    const most = levels[4 * i + 1]!;
    if (most > levels[4 * i + 2]!) levels[4 * i + 2] = most;
    levels[4 * i + 1] = levels[4 * i]!;
    return most;
  }

  /** The most since measuring began. */
  peakOf(i: number): number {
    return Math.max(this.levels[4 * i + 1]!, this.levels[4 * i + 2]!);
  }

  /** Measuring starts at `at`: what came before does not count. */
  measureFrom(at: number): void {
    const { levels, moments } = this;
    for (let i = 0; i < levels.length; i += 4) {
      const n = levels[i]!;
      moments[i + 2] = moments[i]! + n * at;
      moments[i + 3] = moments[i + 1]! + n * n * at;
      levels[i + 1] = n;
      levels[i + 2] = n;
    }
  }
}
