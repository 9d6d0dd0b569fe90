import { z } from "zod";
import { rate } from "../scenario/fields.ts";
import { printNumber } from "../units.ts";
import { arrivalKind } from "./contract.ts";
import { curvePlan } from "./rate-curve.ts";

/** Evenly spaced arrivals, the first at the start. */
export const constant = arrivalKind({
  type: "constant",
  schema: z.strictObject({ type: z.literal("constant"), rate: rate() }),
  build: ({ rate }) =>
    curvePlan(
      [{ length: Number.POSITIVE_INFINITY, from: rate, to: rate }],
      true,
      `evenly spaced, ${printNumber(rate)}/s`,
    ),
});
