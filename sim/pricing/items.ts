import { HOUR } from "../units.ts";

export const ARCHITECTURES = ["x86_64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Whose bill a line is on. */
export type Service =
  | "Lambda"
  | "SQS"
  | "SNS"
  | "EventBridge"
  | "Kinesis"
  | "DynamoDB"
  | "API Gateway"
  | "CloudWatch Logs"
  | "NAT";

/** Something that a bill counts. */
export interface Item {
  readonly service: Service;
  /** How its line is called. */
  readonly name: string;
  /** The unit it is priced in. */
  readonly unit: string;
  /** It is metered in whole units of which so many make one that is priced. */
  readonly per: number;
  /** Where its price stands in a price table. */
  readonly price: string;
  /** Where its price under a savings plan stands, after `<architecture>.savingsPlans.<payment>.`; undefined: none covers it. */
  readonly plan?: { readonly architecture: Architecture; readonly price: string };
}

/** Memory times time is metered in MB·milliseconds. */
export const MB_MS_PER_GB_SECOND = 1024 * 1000;
const MB_PER_GB = 1024;
const BYTES_PER_GB = 2 ** 30;
/**
 * Event poller units: AWS prices these, not pollers. The price of SQS's is a twentieth of Kafka's, and a poller takes 1 MB/s
 * of SQS and 5 MB/s of Kafka: so one SQS poller is taken as a unit, and four of Kafka (assumed).
 */
const SQS_POLLERS_PER_UNIT = 1;
const KAFKA_POLLERS_PER_UNIT = 4;

const gbSeconds = (
  architecture: Architecture,
  name: string,
  price: string,
  plan?: string,
): [string, Item] => [
  `${name}.${architecture}`,
  {
    service: "Lambda",
    name: `${NAMES[name]} ${architecture}`,
    unit: "GB-s",
    per: MB_MS_PER_GB_SECOND,
    price: `${architecture}.${price}`,
    ...(plan && { plan: { architecture, price: plan } }),
  },
];

const NAMES: Readonly<Record<string, string>> = {
  duration: "duration",
  provisioned: "provisioned concurrency",
  provisionedDuration: "duration on provisioned",
  snapStartCache: "SnapStart cache",
};

const counted = (service: Service, name: string, unit: string, price: string, per = 1): Item => ({
  service,
  name,
  unit,
  per,
  price,
});

const ofArchitectures = Object.fromEntries(
  ARCHITECTURES.flatMap((architecture) => [
    gbSeconds(architecture, "duration", "durationTiers", "durationPerGbSecond"),
    gbSeconds(architecture, "provisioned", "provisionedPerGbSecond", "provisionedPerGbSecond"),
    gbSeconds(
      architecture,
      "provisionedDuration",
      "provisionedDurationPerGbSecond",
      "provisionedDurationPerGbSecond",
    ),
    gbSeconds(architecture, "snapStartCache", "snapStartCachePerGbSecond"),
    [
      `snapStartRestores.${architecture}`,
      counted(
        "Lambda",
        `SnapStart restores ${architecture}`,
        "GB",
        `${architecture}.snapStartRestorePerGb`,
        MB_PER_GB,
      ),
    ],
  ]),
) as Record<
  `${"duration" | "provisioned" | "provisionedDuration" | "snapStartCache" | "snapStartRestores"}.${Architecture}`,
  Item
>;

/** Everything that a bill may hold, in the order of its lines. */
export const ITEMS = {
  requests: counted("Lambda", "requests", "requests", "perRequest"),
  payloadRequests: counted("Lambda", "requests for event payload", "requests", "perRequest"),
  ...ofArchitectures,
  ephemeralStorage: counted(
    "Lambda",
    "ephemeral storage over 512 MB",
    "GB-s",
    "ephemeralStoragePerGbSecond",
    MB_MS_PER_GB_SECOND,
  ),
  sqsPollers: counted(
    "Lambda",
    "provisioned SQS pollers",
    "EPU-hours",
    "pollers.sqsPerUnitHour",
    SQS_POLLERS_PER_UNIT * HOUR,
  ),
  kafkaPollers: counted(
    "Lambda",
    "provisioned Kafka pollers",
    "EPU-hours",
    "pollers.kafkaPerUnitHour",
    KAFKA_POLLERS_PER_UNIT * HOUR,
  ),
  sqsSends: counted("SQS", "SQS sends", "requests", "services.sqs.perRequest"),
  sqsReceives: counted("SQS", "SQS receives", "requests", "services.sqs.perRequest"),
  sqsEmptyReceives: counted("SQS", "SQS empty receives", "requests", "services.sqs.perRequest"),
  sqsDeletes: counted("SQS", "SQS deletes", "requests", "services.sqs.perRequest"),
  fifoSends: counted("SQS", "SQS FIFO sends", "requests", "services.sqs.perFifoRequest"),
  fifoReceives: counted("SQS", "SQS FIFO receives", "requests", "services.sqs.perFifoRequest"),
  fifoEmptyReceives: counted("SQS", "SQS FIFO empty receives", "requests", "services.sqs.perFifoRequest"),
  fifoDeletes: counted("SQS", "SQS FIFO deletes", "requests", "services.sqs.perFifoRequest"),
  snsPublishes: counted("SNS", "SNS publishes", "requests", "services.sns.perPublish"),
  eventBridgeEvents: counted(
    "EventBridge",
    "EventBridge custom events",
    "events",
    "services.eventBridge.perEvent",
  ),
  eventBridgeScheduled: counted(
    "EventBridge",
    "EventBridge scheduled events",
    "events",
    "services.eventBridge.perScheduledEvent",
  ),
  kinesisShards: counted("Kinesis", "Kinesis shards", "shard-hours", "services.kinesis.perShardHour", HOUR),
  kinesisRetention: counted(
    "Kinesis",
    "Kinesis retention over 24 h",
    "shard-hours",
    "services.kinesis.perExtendedShardHour",
    HOUR,
  ),
  kinesisPuts: counted("Kinesis", "Kinesis PUT units", "units", "services.kinesis.perPutUnit"),
  dynamodbReads: counted("DynamoDB", "DynamoDB stream reads", "reads", "services.dynamodb.perStreamRead"),
  restRequests: counted("API Gateway", "REST API requests", "requests", "services.apiGateway.perRestRequest"),
  httpRequests: counted("API Gateway", "HTTP API requests", "requests", "services.apiGateway.perHttpRequest"),
  logs: counted("CloudWatch Logs", "CloudWatch Logs ingested", "GB", "services.logs.perGb", BYTES_PER_GB),
  natGateways: counted("NAT", "NAT gateways", "hours", "services.nat.perHour", HOUR),
  natData: counted("NAT", "NAT data", "GB", "services.nat.perGb", BYTES_PER_GB),
} as const satisfies Readonly<Record<string, Item>>;

export type ItemKey = keyof typeof ITEMS;

export const ITEM_KEYS = Object.keys(ITEMS) as ItemKey[];

/** What is billed, by item, as whole metered units; what is not there is not used. */
export type Usage = { readonly [K in ItemKey]?: number };

/** The sum, times `factor` (a projection), in whole units. */
export function addUsage(parts: readonly Usage[], factor = 1): Usage {
  const sum: { [K in ItemKey]?: number } = {};
  for (const part of parts) {
    for (const key in part) {
      const units = part[key as ItemKey]!;
      if (units !== 0) sum[key as ItemKey] = (sum[key as ItemKey] ?? 0) + units;
    }
  }
  if (factor !== 1) {
    for (const key of Object.keys(sum) as ItemKey[]) sum[key] = Math.round(sum[key]! * factor);
  }
  return sum;
}
