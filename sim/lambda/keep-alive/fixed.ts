import * as z from "zod";
import { constantDistribution } from "../../distributions/constant.ts";
import { duration } from "../../scenario/fields.ts";
import { printDuration } from "../../units.ts";
import { type KeepAlive, keepAliveKind } from "./contract.ts";

/** Every idle environment is kept for the same time. */
export const fixed = keepAliveKind({
  type: "fixed",
  schema: z.strictObject({ type: z.literal("fixed"), value: duration() }),
  build: ({ value }) => fixedKeepAlive(value, printDuration(value)),
});

function fixedKeepAlive(value: number, text: string): KeepAlive {
  return { text, environmentIdle: constantDistribution(value), functionIdle: Number.POSITIVE_INFINITY };
}

/** An environment is never used again. */
export const none = keepAliveKind({
  type: "none",
  schema: z.strictObject({ type: z.literal("none") }),
  build: () => fixedKeepAlive(-1, "none"),
});

/** An idle environment stays until the end of its life. */
export const forever = keepAliveKind({
  type: "forever",
  schema: z.strictObject({ type: z.literal("forever") }),
  build: () => fixedKeepAlive(Number.POSITIVE_INFINITY, "forever"),
});
