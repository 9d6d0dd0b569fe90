import { exp, log, normalQuantileOf } from "../math/functions.ts";
import { normalBetween } from "../math/normal.ts";
import { quickExp } from "../math/quick-exp.ts";
import { drawBits, type Stream } from "../random.ts";
import { printDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import type { Distribution, Sampler } from "./contract.ts";
import { standardNormal } from "./normal.ts";
import { type QuantilePoint, sortedPoints, stretchOf, writtenQuantiles } from "./points.ts";
import { look } from "./table.ts";

/** log x = start[i] + slope[i] · z from the normal score scores[i] to the next, for a few points. */
interface Lines {
  readonly scores: Float64Array;
  readonly start: Float64Array;
  readonly slope: Float64Array;
}

function logAt({ scores, start, slope }: Lines, z: number): number {
  const lowest = scores[0]!;
  const highest = scores[scores.length - 1]!;
  const score = z < lowest ? lowest : z > highest ? highest : z;
  const i = stretchOf(scores, score);
  return start[i]! + slope[i]! * score;
}

class LogQuantilesSampler implements Sampler {
  private readonly stream: Stream;
  private readonly normal = standardNormal();
  private readonly lines: Lines;

  constructor(stream: Stream, lines: Lines) {
    this.stream = stream;
    this.lines = lines;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    return quickExp(logAt(this.lines, look(this.normal.line, drawBits(this.stream))));
  }

  at(p: number, q: number): number {
    return quickExp(logAt(this.lines, this.normal.at(p, q)));
  }
}

/**
 * A law through some of its quantiles, between which the logarithm of the value is straight on the scale of the normal
 * quantile: two points give a lognormal, more bend it where the measured values do. The outermost points are the least
 * and the greatest value. Of n recorded values these stand at the shares 0.5/n and 1 − 0.5/n.
 */
export function logQuantiles(points: readonly QuantilePoint[]): Distribution {
  const sorted = sortedPoints(points);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || sorted.length < 2) throw new RangeError(`"quantiles" needs at least two shares`);
  if (!(first[0] > 0 && last[0] < 1)) {
    throw new RangeError(
      `on the logarithmic scale "quantiles" are at shares above 0 and below 1; the least and the greatest of n values stand at 0.5/n and 1 − 0.5/n`,
    );
  }
  if (!(first[1] > 0)) {
    throw new RangeError(`quantile ${first[0]} is 0; on the logarithmic scale values are above 0`);
  }
  if (first[1] === last[1]) return constantDistribution(first[1]);
  const scores = Float64Array.from(sorted, ([share]) => normalQuantileOf(share, 1 - share));
  const logs = Float64Array.from(sorted, ([, value]) => log(value));
  const stretches = sorted.length - 1;
  const slope = Float64Array.from(
    { length: stretches },
    (_, i) => (logs[i + 1]! - logs[i]!) / (scores[i + 1]! - scores[i]!),
  );
  const start = slope.map((b, i) => logs[i]! - b * scores[i]!);
  const lines = { scores, start, slope };
  // What is clamped, and the exact mean of each stretch of lognormal: ∫ e^(a + bz) φ(z) dz.
  let mean = first[0] * first[1] + (1 - last[0]) * last[1];
  for (let i = 0; i < stretches; i++) {
    const b = slope[i]!;
    mean += exp(start[i]! + (b * b) / 2) * normalBetween(scores[i]! - b, scores[i + 1]! - b);
  }
  return {
    mean,
    minimum: first[1] * (1 - 1e-12),
    constant: false,
    text: `log-quantile table, ${printDuration(first[1])} to ${printDuration(last[1])}`,
    written: () => ({ ...writtenQuantiles(sorted), interpolation: "log" }),
    sampler: (stream: Stream) => new LogQuantilesSampler(stream, lines),
    quantile: (p, q) => exp(logAt(lines, normalQuantileOf(p, q))),
  };
}
