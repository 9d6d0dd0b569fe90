import * as z from "zod";
import { exp, log } from "../math/functions.ts";
import { logGamma } from "../math/gamma.ts";
import { positiveDuration, positiveNumber } from "../scenario/fields.ts";
import { printDuration, printNumber } from "../units.ts";
import { distributionKind } from "./contract.ts";
import { exponentialQuantile } from "./exponential.ts";
import { ExpTable, ExpTableSampler, tableOnce } from "./table.ts";

/** A Weibull variable is scale · E^(1/shape) with E exponential of mean 1: e^(ln E / shape), so ln E is the table. */
const logExponential = (p: number, q: number) => log(exponentialQuantile(p, q));
const table = tableOnce(logExponential);

/**
 * Times to failure: below shape 1 the tail is heavier than the exponential's, shape 1 is the exponential, and the
 * larger the shape the narrower the law. Below 0.2 (cv 15.8) what lies beyond one draw in 2^33 would be felt in the mean.
 */
export const weibull = distributionKind({
  type: "weibull",
  schema: z.strictObject({
    type: z.literal("weibull"),
    mean: positiveDuration(),
    shape: positiveNumber().min(0.2, "must be at least 0.2").max(1000, "must be at most 1000"),
  }),
  build: ({ mean, shape }) => {
    const scale = mean / exp(logGamma(1 + 1 / shape));
    const law = new ExpTable(table, 1 / shape, scale);
    return {
      mean,
      minimum: 0,
      constant: false,
      text: `weibull, mean ${printDuration(mean)}, shape ${printNumber(shape)}`,
      sampler: (stream) => new ExpTableSampler(stream, law),
      quantile: (p, q) => scale * exp(logExponential(p, q) / shape),
    };
  },
});
