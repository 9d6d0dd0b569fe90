import * as z from "zod";
import { duration, rate } from "../scenario/fields.ts";
import { printDuration, printNumber } from "../units.ts";
import { arrivalKind } from "./contract.ts";
import { curvePlan, type Segment } from "./rate-curve.ts";

/** k6's ramping stages: in each, the rate goes in a straight line to its target; a stage of 0s is a jump. */
export const stages = arrivalKind({
  type: "stages",
  schema: z.strictObject({
    type: z.literal("stages"),
    start: rate().optional(),
    stages: z.array(z.strictObject({ duration: duration(), target: rate() })).min(1),
    evenly: z.boolean().optional(),
  }),
  build: ({ start, stages, evenly }) => {
    const segments: Segment[] = [];
    let from = start ?? 0;
    for (const { duration, target } of stages) {
      if (duration > 0) segments.push({ length: duration, from, to: target });
      from = target;
    }
    const length = segments.reduce((sum, s) => sum + s.length, 0);
    const peak = Math.max(start ?? 0, ...stages.map((s) => s.target));
    const text = `${stages.length} stages over ${printDuration(length)}, up to ${printNumber(peak)}/s`;
    return curvePlan(segments, evenly ?? false, text);
  },
});
