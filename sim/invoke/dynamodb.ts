import { z } from "zod";
import { DAY, SECOND } from "../units.ts";
import { invokeKind } from "./contract.ts";
import { shardPlan, shardSettings } from "./stream.ts";

/** Lambda reads a shard four times a second; the stream keeps a record for a day (Lambda developer guide, DynamoDB). */
const POLL_INTERVAL = SECOND / 4;
const RETENTION = DAY;

/** Changes to the items of a DynamoDB table, from its stream. */
export const dynamodb = invokeKind({
  type: "dynamodb",
  schema: z.strictObject({ type: z.literal("dynamodb"), ...shardSettings }),
  build: (settings, context) =>
    shardPlan(
      {
        type: "dynamodb",
        pollInterval: POLL_INTERVAL,
        retention: RETENTION,
        serviceOf: (shards, pollInterval) => ({ kind: "dynamodb", shards, pollInterval }),
      },
      settings,
      context,
    ),
});
