import { drawUniform, type Stream } from "../random.ts";
import { printDuration, writtenDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import type { Distribution, Sampler } from "./contract.ts";

/** A share of a law and the value (microseconds) that this share lies at or below. */
export type QuantilePoint = readonly [share: number, value: number];

/** The points by share, checked: values rise with the shares, and no share has two. */
export function sortedPoints(points: readonly QuantilePoint[]): QuantilePoint[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < sorted.length; i++) {
    const [p0, x0] = sorted[i - 1]!;
    const [p1, x1] = sorted[i]!;
    if (p0 === p1) throw new RangeError(`quantile ${p0} is given twice`);
    if (x1 < x0)
      throw new RangeError(
        `quantile ${p1} (${printDuration(x1)}) is below quantile ${p0} (${printDuration(x0)})`,
      );
  }
  return sorted;
}

/** Quantiles as a scenario writes them. */
export function writtenQuantiles(points: readonly QuantilePoint[]): { type: "empirical"; quantiles: object } {
  const quantiles = Object.fromEntries(
    points.map(([share, value]) => [String(share), writtenDuration(value)]),
  );
  return { type: "empirical", quantiles };
}

/** The index i of the stretch keys[i] ≤ key < keys[i + 1], at the ends the outermost one. */
export function stretchOf(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (keys[middle]! <= key) low = middle;
    else high = middle;
  }
  return low;
}

/** One uniform draw, looked up among the few points: no table, since every function may have its own. */
class PointsSampler implements Sampler {
  private readonly stream: Stream;
  private readonly quantile: (p: number) => number;

  constructor(stream: Stream, quantile: (p: number) => number) {
    this.stream = stream;
    this.quantile = quantile;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    return this.quantile(drawUniform(this.stream));
  }

  at(p: number): number {
    return this.quantile(p);
  }
}

/** A law given by some of its quantiles, straight between them: [[0, 120 s], [0.5, 315 s], [1, 360 s]]. */
export function quantileDistribution(points: readonly QuantilePoint[]): Distribution {
  const sorted = sortedPoints(points);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || first[0] !== 0 || last[0] !== 1) {
    throw new RangeError(`"quantiles" must name 0 (the least value) and 1 (the greatest)`);
  }
  if (first[1] === last[1]) return constantDistribution(first[1]);
  const shares = Float64Array.from(sorted, ([share]) => share);
  const values = Float64Array.from(sorted, ([, value]) => value);
  const quantile = (p: number) => {
    const i = stretchOf(shares, p);
    const part = (p - shares[i]!) / (shares[i + 1]! - shares[i]!);
    return values[i]! + part * (values[i + 1]! - values[i]!);
  };
  let mean = 0;
  for (let i = 1; i < values.length; i++) {
    mean += ((shares[i]! - shares[i - 1]!) * (values[i]! + values[i - 1]!)) / 2;
  }
  return {
    mean,
    minimum: first[1],
    constant: false,
    text: `quantile table, ${printDuration(first[1])} to ${printDuration(last[1])}`,
    written: () => writtenQuantiles(sorted),
    sampler: (stream) => new PointsSampler(stream, quantile),
    quantile,
  };
}
