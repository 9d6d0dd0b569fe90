import * as z from "zod";
import { rate } from "../scenario/fields.ts";
import { arrivalKind } from "./contract.ts";
import { LevelPlan } from "./level.ts";

/** Evenly spaced arrivals, the first at the start. */
export const constant = arrivalKind({
  type: "constant",
  schema: z.strictObject({ type: z.literal("constant"), rate: rate() }),
  build: ({ rate }) => new LevelPlan(rate, true),
});
