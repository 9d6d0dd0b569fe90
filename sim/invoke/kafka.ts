import { z } from "zod";
import { count, positiveDuration } from "../scenario/fields.ts";
import { DAY, MILLISECOND } from "../units.ts";
import { invokeKind, SettingError } from "./contract.ts";
import { batchSettings, MOST_SHARDS, streamPlan } from "./stream.ts";

/** Unless it is written (Lambda developer guide, batching behaviour: managed and self-managed Kafka). */
const WINDOW = 500 * MILLISECOND;
/** Kafka's own default, log.retention.hours. */
const RETENTION = 7 * DAY;

/** Records of a Kafka topic (Amazon MSK or self-managed): read at once, by at most one poller for a partition. */
export const kafka = invokeKind({
  type: "kafka",
  schema: z.strictObject({
    type: z.literal("kafka"),
    partitions: count(1, MOST_SHARDS).optional().meta({ description: "1 unless written." }),
    minimumPollers: count(1, 200)
      .optional()
      .meta({ description: "Pollers from the beginning, and at least. 1 unless written." }),
    maximumPollers: count(1, 2000)
      .optional()
      .meta({ description: "Pollers at most; as many as partitions unless written." }),
    retention: positiveDuration()
      .optional()
      .meta({ description: "How long the topic keeps a record. 7d unless written." }),
    ...batchSettings,
  }),
  build: (settings, context) => {
    const { partitions = 1, minimumPollers = 1, maximumPollers = partitions } = settings;
    if (minimumPollers > maximumPollers && settings.maximumPollers !== undefined)
      throw new SettingError(
        "minimumPollers",
        `${minimumPollers} is more than the maximumPollers of ${maximumPollers}`,
      );
    if (minimumPollers > partitions)
      throw new SettingError(
        "minimumPollers",
        `${minimumPollers} is more than the topic's ${partitions} ${partitions === 1 ? "partition" : "partitions"}, each of which has one poller at most`,
      );
    return streamPlan(
      {
        type: "kafka",
        part: "partition",
        parts: partitions,
        parallelization: 1,
        pollInterval: 0,
        window: WINDOW,
        retention: settings.retention ?? RETENTION,
        service: {
          kind: "kafka",
          // Whoever sets pollers has the provisioned mode.
          provisioned: settings.minimumPollers !== undefined || settings.maximumPollers !== undefined,
        },
        pollers: { minimum: minimumPollers, maximum: Math.min(partitions, maximumPollers) },
      },
      settings,
      context,
    );
  },
});
