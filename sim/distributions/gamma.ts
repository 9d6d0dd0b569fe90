import * as z from "zod";
import { gammaQuantile } from "../math/gamma.ts";
import { positiveDuration, variation } from "../scenario/fields.ts";
import { printDuration, printNumber } from "../units.ts";
import { distributionKind } from "./contract.ts";
import { sharedTable, TableSampler } from "./table.ts";

/** Written as `mean` and `cv`: shape 1/cv², so cv 1 is the exponential and cv 0.5 an Erlang-4. */
export const gamma = distributionKind({
  type: "gamma",
  schema: z.strictObject({ type: z.literal("gamma"), mean: positiveDuration(), cv: variation() }),
  build: ({ mean, cv }) => {
    const shape = 1 / (cv * cv);
    const unit = (p: number, q: number) => gammaQuantile(shape, p, q) / shape;
    return {
      mean,
      minimum: 0,
      constant: false,
      text: `gamma, mean ${printDuration(mean)}, cv ${printNumber(cv)}`,
      sampler: (stream) => new TableSampler(stream, sharedTable(`gamma ${shape}`, unit), mean),
      quantile: (p, q) => mean * unit(p, q),
    };
  },
});
