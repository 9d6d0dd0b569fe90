import * as z from "zod";
import { rate } from "../scenario/fields.ts";
import { arrivalKind } from "./contract.ts";
import { LevelPlan } from "./level.ts";

/** Independent callers: exponential gaps at a steady rate. */
export const poisson = arrivalKind({
  type: "poisson",
  schema: z.strictObject({ type: z.literal("poisson"), rate: rate() }),
  build: ({ rate }) => new LevelPlan(rate, false),
});
