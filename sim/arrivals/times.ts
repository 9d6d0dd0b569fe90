import * as z from "zod";
import { count, duration } from "../scenario/fields.ts";
import { arrivalKind } from "./contract.ts";
import { listPlan, sortByTime } from "./list.ts";

/** Arrivals written out one by one: "0s", or { t, count, duration } for several at once of a known length. */
export const times = arrivalKind({
  type: "times",
  schema: z.strictObject({
    type: z.literal("times"),
    at: z
      .array(
        z.union([
          duration(),
          z.strictObject({
            t: duration(),
            count: count(1, 10_000_000).optional(),
            duration: duration().optional(),
          }),
        ]),
      )
      .min(1),
  }),
  build: ({ at }) => {
    const entries = at.map((entry) => (typeof entry === "number" ? { t: entry } : entry));
    const timed = entries.filter((entry) => entry.duration !== undefined).length;
    const list = sortByTime({
      times: Float64Array.from(entries, (entry) => entry.t),
      counts: Float64Array.from(entries, (entry) => entry.count ?? 1),
      ...(timed > 0 && { durations: Float64Array.from(entries, (entry) => entry.duration ?? Number.NaN) }),
    });
    return listPlan(list, "arrivals at given times");
  },
});
