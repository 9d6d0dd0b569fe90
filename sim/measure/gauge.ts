/**
 * Numbers that go up and down by one (executions in progress), with their exact time averages.
 *
 * Between steps the integral of N grows by N a microsecond. Written with the steps alone, ∫N dt up to t is
 * N·t − Σ(times of ups) + Σ(times of downs), so a step costs one addition; ∫N² dt likewise, since N² changes by 2N + 1.
 */
export class Gauges {
  readonly value: Int32Array;
  private readonly intervalPeak: Int32Array;
  private readonly measuredPeak: Int32Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly first0: Float64Array;
  private readonly second0: Float64Array;

  constructor(size: number) {
    this.value = new Int32Array(size);
    this.intervalPeak = new Int32Array(size);
    this.measuredPeak = new Int32Array(size);
    this.first = new Float64Array(size);
    this.second = new Float64Array(size);
    this.first0 = new Float64Array(size);
    this.second0 = new Float64Array(size);
  }

  up(i: number, at: number): void {
    const n = this.value[i]!;
    this.first[i]! -= at;
    this.second[i]! -= (2 * n + 1) * at;
    this.value[i] = n + 1;
    if (n >= this.intervalPeak[i]!) this.intervalPeak[i] = n + 1;
  }

  down(i: number, at: number): void {
    const n = this.value[i]!;
    this.first[i]! += at;
    this.second[i]! += (2 * n - 1) * at;
    this.value[i] = n - 1;
  }

  /** ∫N dt from the start of measuring to `at`, in environment-microseconds. */
  area(i: number, at: number): number {
    return this.first[i]! + this.value[i]! * at - this.first0[i]!;
  }

  /** ∫N² dt from the start of measuring to `at`. */
  squareArea(i: number, at: number): number {
    const n = this.value[i]!;
    return this.second[i]! + n * n * at - this.second0[i]!;
  }

  /** ∫N dt from time 0, whatever is measured. */
  wholeArea(i: number, at: number): number {
    return this.first[i]! + this.value[i]! * at;
  }

  /** The most in the interval that ends now; the next interval starts from the present value. */
  endInterval(i: number): number {
    const most = this.intervalPeak[i]!;
    if (most > this.measuredPeak[i]!) this.measuredPeak[i] = most;
    this.intervalPeak[i] = this.value[i]!;
    return most;
  }

  /** The most since measuring began. */
  peakOf(i: number): number {
    return Math.max(this.measuredPeak[i]!, this.intervalPeak[i]!);
  }

  /** Measuring starts at `at`: what came before does not count. */
  measureFrom(at: number): void {
    for (let i = 0; i < this.value.length; i++) {
      const n = this.value[i]!;
      this.first0[i] = this.first[i]! + n * at;
      this.second0[i] = this.second[i]! + n * n * at;
      this.intervalPeak[i] = n;
      this.measuredPeak[i] = n;
    }
  }
}
