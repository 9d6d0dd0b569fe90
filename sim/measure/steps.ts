import { longer } from "../columns.ts";
/** What a step's code is made of: the function's index times four, and these. */
export const UP = 1;
export const ON_PROVISIONED = 2;

/**
 * Executions as they begin and end, in order: the loop writes them down and the observer follows them in stretches, so
 * that each costs the loop two stores.
 */
export class Steps {
  /** Microseconds. */
  times = new Float64Array(8192);
  codes = new Int32Array(8192);
  count = 0;

  begin(fn: number, at: number, provisioned: boolean): void {
    this.add(4 * fn + (provisioned ? UP + ON_PROVISIONED : UP), at);
  }

  end(fn: number, at: number, provisioned: boolean): void {
    this.add(4 * fn + (provisioned ? ON_PROVISIONED : 0), at);
  }

  private add(code: number, at: number): void {
    const i = this.count++;
    if (i === this.codes.length) this.grow();
    this.times[i] = at;
    this.codes[i] = code;
  }

  private grow(): void {
    const size = 2 * this.times.length;
    this.times = longer(this.times, size);
    this.codes = longer(this.codes, size);
  }
}
