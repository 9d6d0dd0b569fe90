import { z } from "zod";
import { rate } from "../scenario/fields.ts";
import { printNumber } from "../units.ts";
import { arrivalKind } from "./contract.ts";
import { curvePlan } from "./rate-curve.ts";

/** Independent callers: exponential gaps at a steady rate. */
export const poisson = arrivalKind({
  type: "poisson",
  schema: z.strictObject({ type: z.literal("poisson"), rate: rate() }),
  build: ({ rate }) =>
    curvePlan(
      [{ length: Number.POSITIVE_INFINITY, from: rate, to: rate }],
      false,
      `Poisson, ${printNumber(rate)}/s`,
    ),
});
