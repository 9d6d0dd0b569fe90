import * as z from "zod";
import { count, duration, MOST_CONCURRENCY } from "../../scenario/fields.ts";
import { SettingError } from "../../scenario/problem.ts";
import { printClock, printCount, printDuration } from "../../units.ts";
import { allocationSetting } from "./allocation.ts";
import { allocationOf, type ProvisioningPolicy, provisioningKind } from "./contract.ts";

class Once implements ProvisioningPolicy {
  next: number;
  private readonly capacity: number;

  constructor(at: number, capacity: number) {
    this.next = at;
    this.capacity = capacity;
  }

  act(): number {
    this.next = Number.POSITIVE_INFINITY;
    return this.capacity;
  }
}

/** One amount: ready at the start, or asked for in the run, at `at`. */
export const fixed = provisioningKind({
  type: "fixed",
  schema: z.strictObject({
    type: z.literal("fixed"),
    capacity: count(1, MOST_CONCURRENCY),
    at: duration().optional().meta({
      description: "When it is asked for; some minutes later it is ready. At the start unless written.",
    }),
    allocation: allocationSetting().optional(),
  }),
  build({ capacity, at, allocation }, context) {
    if (at !== undefined && at >= context.horizon) {
      const ends = printDuration(context.horizon);
      throw new SettingError("at", `${printDuration(at)} is not before the horizon at ${ends}`);
    }
    const asked = at ?? Number.POSITIVE_INFINITY;
    return {
      text: `${printCount(capacity)} provisioned${at === undefined ? "" : `, asked for at ${printClock(at)}`}`,
      base: at === undefined ? capacity : 0,
      most: capacity,
      mostAt: ["capacity"],
      allocation: allocationOf(allocation, context),
      open: () => new Once(asked, capacity),
    };
  },
});
