import * as z from "zod";
import { drawUniform, type Stream } from "../random.ts";
import { readColumns } from "../scenario/csv.ts";
import { duration, shareKeyed } from "../scenario/fields.ts";
import { MILLISECOND, printCount, printDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import { type Distribution, distributionKind, type Sampler } from "./contract.ts";
import { logQuantiles } from "./log-quantiles.ts";
import { type QuantilePoint, quantileDistribution } from "./points.ts";

/** Draws one of a list of recorded values, each equally likely. */
class ListSampler implements Sampler {
  private readonly stream: Stream;
  private readonly values: Float64Array;

  constructor(stream: Stream, values: Float64Array) {
    this.stream = stream;
    this.values = values;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    return this.values[Math.floor(drawUniform(this.stream) * this.values.length)]!;
  }
}

function ofValues(values: Float64Array): Distribution {
  const minimum = values.reduce((a, b) => Math.min(a, b));
  const maximum = values.reduce((a, b) => Math.max(a, b));
  if (minimum === maximum) return constantDistribution(minimum);
  return {
    mean: values.reduce((a, b) => a + b) / values.length,
    minimum,
    constant: false,
    text: `${printCount(values.length)} recorded values, ${printDuration(minimum)} to ${printDuration(maximum)}`,
    sampler: (stream) => new ListSampler(stream, values),
    within: (low, high) => {
      const left = values.filter((value) => value >= low && value <= high);
      return left.length === 0 ? undefined : { share: left.length / values.length, law: ofValues(left) };
    },
  };
}

/** Recorded values: a list, a quantile table, or a CSV file with a `duration_ms` column. */
export const empirical = distributionKind({
  type: "empirical",
  schema: z.strictObject({
    type: z.literal("empirical"),
    values: z.array(duration()).min(1).optional(),
    quantiles: shareKeyed(duration())
      .optional()
      .meta({ description: `Values by share, such as { "0": "80ms", "0.5": "120ms", "1": "2s" }.` }),
    interpolation: z.enum(["linear", "log"]).optional().meta({
      description: `Of "quantiles": straight between them, or as a lognormal is ("log"; shares above 0 and below 1).`,
    }),
    file: z.string().optional(),
  }),
  build: ({ values, quantiles, interpolation, file }, read) => {
    const given = [values, quantiles, file].filter((x) => x !== undefined).length;
    if (given !== 1) throw new RangeError(`give one of "values", "quantiles" and "file"`);
    if (interpolation && !quantiles)
      throw new RangeError(`"interpolation" says how to read "quantiles", and there are none`);
    if (values) return ofValues(Float64Array.from(values));
    if (quantiles) {
      const points = Object.entries(quantiles).map(([p, x]): QuantilePoint => [Number(p), x]);
      return interpolation === "log" ? logQuantiles(points) : quantileDistribution(points);
    }
    const columns = readColumns(read(file as string), file as string, ["duration_ms"]);
    return ofValues(columns.get("duration_ms")!.map((ms) => ms * MILLISECOND));
  },
});
