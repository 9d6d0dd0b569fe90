import * as z from "zod";
import { count, duration, positiveDuration } from "../scenario/fields.ts";
import { regularFirings } from "../schedule/firings.ts";
import { printCount, printDuration } from "../units.ts";
import { arrivalKind } from "./contract.ts";
import { firingsPlan } from "./firings.ts";

/**
 * `size` requests at once each `every`, the first at the start; with `within`, at independent uniform places of that
 * long after each. Scaling makes the bursts larger, not more frequent.
 */
export const bursts = arrivalKind({
  type: "bursts",
  schema: z.strictObject({
    type: z.literal("bursts"),
    every: positiveDuration(),
    size: count(1, 10_000_000, "a number of requests"),
    within: duration().optional(),
  }),
  build: ({ every, size, within = 0 }) => {
    if (within > every) {
      throw new RangeError(
        `"within": ${printDuration(within)} is more than "every": ${printDuration(every)}; a burst must end before the next begins`,
      );
    }
    const spread = within > 0 ? ` within ${printDuration(within)}` : " at once";
    const text = `${printCount(size)}${spread} every ${printDuration(every)}`;
    return firingsPlan(regularFirings(every), size, within, text, { period: every });
  },
});
