import { z } from "zod";
import { log } from "../math/functions.ts";
import { positiveDuration } from "../scenario/fields.ts";
import { printDuration } from "../units.ts";
import { distributionKind } from "./contract.ts";
import { sharedTable, TableSampler } from "./table.ts";

/** The exponential law of mean 1, as a table. */
export const unitExponential = () => sharedTable("exponential", (_, q) => -log(q));

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
  }),
});
