import * as z from "zod";
import { exp, log, log1p, normalQuantile, normalQuantileOf, sqrt } from "../math/functions.ts";
import { positiveDuration, variation } from "../scenario/fields.ts";
import { printDuration, printNumber, writtenDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import { type Distribution, distributionKind } from "./contract.ts";
import { standardNormal } from "./normal.ts";
import { ExpTable, ExpTableSampler } from "./table.ts";

const Z99 = normalQuantile(0.99);

function fromLogs(median: number, sigma: number, text: string): Distribution {
  if (sigma === 0) return constantDistribution(median);
  const table = new ExpTable(standardNormal, sigma, median);
  return {
    mean: median * exp((sigma * sigma) / 2),
    minimum: 0,
    constant: false,
    text,
    sampler: (stream) => new ExpTableSampler(stream, table),
    quantile: (p, q) => median * exp(sigma * normalQuantileOf(p, q)),
  };
}

/** The usual shape of service times. Written as `mean` and `cv` (standard deviation over mean), or as `p50` and `p99`. */
export const lognormal = distributionKind({
  type: "lognormal",
  schema: z.strictObject({
    type: z.literal("lognormal"),
    mean: positiveDuration().optional(),
    cv: variation().optional(),
    p50: positiveDuration().optional(),
    p99: positiveDuration().optional(),
  }),
  build: ({ mean, cv, p50, p99 }) => {
    const byMean = mean !== undefined && cv !== undefined && p50 === undefined && p99 === undefined;
    const byQuantiles = p50 !== undefined && p99 !== undefined && mean === undefined && cv === undefined;
    if (byMean) {
      const sigma = sqrt(log1p(cv * cv));
      const text = `lognormal, mean ${printDuration(mean)}, cv ${printNumber(cv)}`;
      return fromLogs(mean / sqrt(1 + cv * cv), sigma, text);
    }
    if (byQuantiles) {
      if (p99 < p50) throw new RangeError(`p99 (${printDuration(p99)}) is below p50 (${printDuration(p50)})`);
      const text = `lognormal, p50 ${printDuration(p50)}, p99 ${printDuration(p99)}`;
      const written = () => ({ p50: writtenDuration(p50), p99: writtenDuration(p99) });
      return { ...fromLogs(p50, log(p99 / p50) / Z99, text), written };
    }
    throw new RangeError(`a lognormal takes either "mean" and "cv", or "p50" and "p99"`);
  },
});
