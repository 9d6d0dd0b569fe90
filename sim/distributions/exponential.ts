import * as z from "zod";
import { log, log1p } from "../math/functions.ts";
import { positiveDuration } from "../scenario/fields.ts";
import { printDuration } from "../units.ts";
import { distributionKind } from "./contract.ts";
import { TableSampler, tableOnce } from "./table.ts";

/** The quantile of the exponential law of mean 1. */
export const exponentialQuantile = (p: number, q: number) => (p < q ? -log1p(-p) : -log(q));

/** The exponential law of mean 1, as a table. */
export const unitExponential = tableOnce(exponentialQuantile);

/** Memoryless: times between independent events. */
export const exponential = distributionKind({
  type: "exponential",
  schema: z.strictObject({ type: z.literal("exponential"), mean: positiveDuration() }),
  build: ({ mean }) => ({
    mean,
    minimum: 0,
    constant: false,
    text: `exponential, mean ${printDuration(mean)}`,
    sampler: (stream) => new TableSampler(stream, unitExponential(), mean),
    quantile: (p, q) => mean * exponentialQuantile(p, q),
  }),
});
