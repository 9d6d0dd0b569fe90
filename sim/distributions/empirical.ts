import { z } from "zod";
import type { Stream } from "../random.ts";
import { readColumns } from "../scenario/csv.ts";
import { duration, shareKeyed } from "../scenario/fields.ts";
import { MILLISECOND, printDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import { type Distribution, distributionKind, type Sampler } from "./contract.ts";
import { QuantileTable, TableSampler } from "./table.ts";

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
    return this.values[Math.floor(this.stream.uniform() * this.values.length)]!;
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
    text: `${values.length} recorded values, ${printDuration(minimum)} to ${printDuration(maximum)}`,
    sampler: (stream) => new ListSampler(stream, values),
  };
}

/** A law given by some of its quantiles, straight between them: [[0, 120 s], [0.5, 315 s], [1, 360 s]]. */
export function quantileDistribution(points: readonly (readonly [number, number])[]): Distribution {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || first[0] !== 0 || last[0] !== 1) {
    throw new RangeError(`"quantiles" must name 0 (the least value) and 1 (the greatest)`);
  }
  let mean = 0;
  for (let i = 1; i < sorted.length; i++) {
    const [p0, x0] = sorted[i - 1]!;
    const [p1, x1] = sorted[i]!;
    if (x1 < x0) throw new RangeError(`quantile ${p1} (${printDuration(x1)}) is below quantile ${p0}`);
    mean += ((p1 - p0) * (x0 + x1)) / 2;
  }
  if (first[1] === last[1]) return constantDistribution(first[1]);
  const quantile = (p: number) => {
    const i = Math.max(
      1,
      sorted.findIndex(([point]) => point >= p),
    );
    const [p0, x0] = sorted[i - 1]!;
    const [p1, x1] = sorted[i]!;
    return x0 + ((p - p0) / (p1 - p0)) * (x1 - x0);
  };
  const table = new QuantileTable(quantile);
  return {
    mean,
    minimum: first[1],
    constant: false,
    text: `quantile table, ${printDuration(first[1])} to ${printDuration(last[1])}`,
    sampler: (stream) => new TableSampler(stream, table, 1),
  };
}

/** Recorded values: a list, a quantile table, or a CSV file with a `duration_ms` column. */
export const empirical = distributionKind({
  type: "empirical",
  schema: z.strictObject({
    type: z.literal("empirical"),
    values: z.array(duration()).min(1).optional(),
    quantiles: shareKeyed(duration()).optional(),
    file: z.string().optional(),
  }),
  build: ({ values, quantiles, file }, read) => {
    const given = [values, quantiles, file].filter((x) => x !== undefined).length;
    if (given !== 1) throw new RangeError(`give one of "values", "quantiles" and "file"`);
    if (values) return ofValues(Float64Array.from(values));
    if (quantiles) return quantileDistribution(Object.entries(quantiles).map(([p, x]) => [Number(p), x]));
    const columns = readColumns(read(file as string), file as string, ["duration_ms"]);
    return ofValues(columns.get("duration_ms")!.map((ms) => ms * MILLISECOND));
  },
});
