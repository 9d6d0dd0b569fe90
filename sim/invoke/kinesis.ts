import { z } from "zod";
import { durationBetween } from "../scenario/fields.ts";
import { DAY, SECOND } from "../units.ts";
import { invokeKind } from "./contract.ts";
import { shardPlan, shardSettings } from "./stream.ts";

/** Lambda reads a shard once a second (Lambda developer guide, Kinesis). */
const POLL_INTERVAL = SECOND;
/** Records a second that a shard takes (Kinesis developer guide, quotas). */
const WRITE_LIMIT = 1000;

/** Records of a Kinesis data stream. */
export const kinesis = invokeKind({
  type: "kinesis",
  schema: z.strictObject({
    type: z.literal("kinesis"),
    ...shardSettings,
    retention: durationBetween(DAY, 365 * DAY, "Kinesis keeps records for 24h to 365d")
      .optional()
      .meta({ description: "How long the stream keeps a record. 24h unless written." }),
    writeLimit: z
      .boolean()
      .optional()
      .meta({
        description: `A shard refuses more than ${WRITE_LIMIT} records a second. false unless written.`,
      }),
  }),
  build: (settings, context) =>
    shardPlan(
      {
        type: "kinesis",
        pollInterval: POLL_INTERVAL,
        retention: settings.retention ?? DAY,
        serviceOf: (shards) => ({
          kind: "kinesis",
          shards,
          extended: settings.retention !== undefined && settings.retention > DAY,
        }),
        ...(settings.writeLimit && { writeLimit: WRITE_LIMIT }),
      },
      settings,
      context,
    ),
});
