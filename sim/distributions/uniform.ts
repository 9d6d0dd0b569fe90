import * as z from "zod";
import { drawUniform, type Stream } from "../random.ts";
import { duration } from "../scenario/fields.ts";
import { printDuration, writtenDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import { distributionKind, type Sampler } from "./contract.ts";

class UniformSampler implements Sampler {
  private readonly stream: Stream;
  private readonly min: number;
  private readonly width: number;

  constructor(stream: Stream, min: number, width: number) {
    this.stream = stream;
    this.min = min;
    this.width = width;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    return this.min + this.width * drawUniform(this.stream);
  }

  at(p: number): number {
    return this.min + this.width * p;
  }
}

/** Every value from `min` to `max` equally likely. */
export const uniform = distributionKind({
  type: "uniform",
  schema: z.strictObject({ type: z.literal("uniform"), min: duration(), max: duration() }),
  build: ({ min, max }) => {
    if (max < min) throw new RangeError(`max (${printDuration(max)}) is below min (${printDuration(min)})`);
    if (max === min) return constantDistribution(min);
    return {
      mean: (min + max) / 2,
      minimum: min,
      constant: false,
      text: `uniform, ${printDuration(min)} to ${printDuration(max)}`,
      written: () => ({ type: "uniform", min: writtenDuration(min), max: writtenDuration(max) }),
      sampler: (stream) => new UniformSampler(stream, min, max - min),
      quantile: (p) => min + p * (max - min),
    };
  },
});
