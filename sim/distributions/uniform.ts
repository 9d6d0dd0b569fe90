import { z } from "zod";
import { duration } from "../scenario/fields.ts";
import { printDuration } from "../units.ts";
import { constantDistribution } from "./constant.ts";
import { distributionKind } from "./contract.ts";
import { sharedTable, TableSampler } from "./table.ts";

/** Every value from `min` to `max` equally likely. */
export const uniform = distributionKind({
  type: "uniform",
  schema: z.strictObject({ type: z.literal("uniform"), min: duration(), max: duration() }),
  build: ({ min, max }) => {
    if (max < min) throw new RangeError(`max (${printDuration(max)}) is below min (${printDuration(min)})`);
    if (max === min) return constantDistribution(min);
    const table = sharedTable(`uniform ${min} ${max}`, (p) => min + p * (max - min));
    return {
      mean: (min + max) / 2,
      minimum: min,
      constant: false,
      text: `uniform, ${printDuration(min)} to ${printDuration(max)}`,
      sampler: (stream) => new TableSampler(stream, table, 1),
    };
  },
});
