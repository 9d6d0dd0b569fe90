import * as z from "zod";
import { constantDistribution } from "../../distributions/constant.ts";
import { positiveDuration } from "../../scenario/fields.ts";
import { printDuration, writtenDuration } from "../../units.ts";
import { keepAliveKind } from "./contract.ts";

/**
 * What AWS's logs of 2020 show: a spare environment of a function that still has traffic is kept long, but once the
 * whole function is idle all its environments go sooner (re-derived from GitHub pacslab/serverless-performance-modeling).
 */
export const twoClocks = keepAliveKind({
  type: "two-clocks",
  schema: z.strictObject({
    type: z.literal("two-clocks"),
    environmentIdle: positiveDuration(),
    functionIdle: positiveDuration(),
  }),
  build: ({ environmentIdle, functionIdle }) => ({
    text: `${printDuration(environmentIdle)}, or ${printDuration(functionIdle)} once the function is idle`,
    environmentIdle: constantDistribution(environmentIdle),
    functionIdle,
    written: () => ({
      type: "two-clocks",
      environmentIdle: writtenDuration(environmentIdle),
      functionIdle: writtenDuration(functionIdle),
    }),
  }),
});
