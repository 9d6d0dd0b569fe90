import { bucketOf } from "./histogram.ts";

/**
 * Some values of one kind, read once for every histogram that they go into: the bucket of each, and what they come to
 * together.
 */
export class Stretch {
  /** The bucket of each; the first `count` of them count. */
  buckets = new Int32Array(1024);
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** Reads every `step`-th of the values from `from` up to `to`. */
  read(values: Float64Array, from: number, to: number, step: number): this {
    const count = Math.ceil((to - from) / step);
    if (count > this.buckets.length) this.buckets = new Int32Array(2 * count);
    const { buckets } = this;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let k = 0, i = from; k < count; k++, i += step) {
      const value = values[i]!;
      buckets[k] = bucketOf(value);
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.count = count;
    this.sum = sum;
    this.min = min;
    this.max = max;
    return this;
  }
}
