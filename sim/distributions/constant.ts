import * as z from "zod";
import { duration } from "../scenario/fields.ts";
import { printDuration, writtenDuration } from "../units.ts";
import { type Distribution, distributionKind, type Sampler } from "./contract.ts";

class ConstantSampler implements Sampler {
  private readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  fill(out: Float64Array, from: number, to: number): void {
    out.fill(this.value, from, to);
  }

  next(): number {
    return this.value;
  }
}

/** Always the same value (microseconds). */
export function constantDistribution(value: number): Distribution {
  const sampler = new ConstantSampler(value);
  return {
    mean: value,
    minimum: value,
    constant: true,
    text: value === Number.POSITIVE_INFINITY ? "forever" : printDuration(value),
    written: () => (value === Number.POSITIVE_INFINITY ? "forever" : writtenDuration(value)),
    sampler: () => sampler,
  };
}

export const constant = distributionKind({
  type: "constant",
  schema: z.strictObject({ type: z.literal("constant"), value: duration() }),
  build: ({ value }) => constantDistribution(value),
});
