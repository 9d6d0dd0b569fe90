import { z } from "zod";
import { buildDistribution, distribution } from "../distributions/setting.ts";
import { count, duration, durationBetween } from "../scenario/fields.ts";
import { DAY, HOUR, MINUTE, printCount, printDuration, SECOND } from "../units.ts";
import {
  errorsSetting,
  failingSetting,
  failurePlan,
  listedTwice,
  placeSetting,
  poisonSetting,
} from "./batch-failures.ts";
import { type Default, invokeKind, SettingError, SettingErrors } from "./contract.ts";
import { SqsMapping } from "./sqs-mapping.ts";
import type { PollerSettings } from "./sqs-pollers.ts";

/**
 * How the pollers of a mapping scale: batches at once when messages come, how many more a minute, and the most. "aws":
 * Lambda developer guide 2026, "Configuring scaling behavior for SQS event source mappings". "2022": the guide of October 2023,
 * whose figures had stood since SQS triggers came in 2018.
 */
const SCALING = {
  aws: { start: 5, perMinute: 300, cap: 1250 },
  "2022": { start: 5, perMinute: 60, cap: 1000 },
} as const;

/** Provisioned mode (the same guide): concurrent invokes of a poller, concurrency a minute that all together gain. */
export const INVOKES_A_POLLER = 10;
const PROVISIONED_PER_MINUTE = 1000;
/** Each poller makes ten polls a second: one a second for each of its ten invokes. */
const POLL_TIME = SECOND;

const LAMBDA = { source: "AWS Lambda developer guide", date: "2026" };
const SQS = { source: "Amazon SQS developer guide", date: "2026" };

const schema = z.strictObject({
  type: z.literal("sqs"),
  batchSize: count(1, 10_000).optional().meta({ description: "Messages at most; 10 unless written." }),
  maximumBatchingWindow: durationBetween(0, 5 * MINUTE, "Lambda takes 0s to 300s")
    .optional()
    .meta({ description: "How long a batch that is not full waits for more. 0s unless written." }),
  maximumConcurrency: count(2, 1000).optional().meta({
    description: "Batches that run at once, at most. 1250 unless written, or what is reserved.",
  }),
  scaling: z.enum(["aws", "2022"]).optional().meta({
    description: `"2022": 60 more batches a minute up to 1000, in place of 300 up to 1250.`,
  }),
  initialConcurrency: count(1, 20_000).optional().meta({
    description: "Batches that may run at once at the start of the run; 5 unless written.",
  }),
  provisionedPollers: z
    .strictObject({
      minimum: count(2, 200).optional().meta({ description: "2 unless written." }),
      maximum: count(2, 2000).optional().meta({ description: "200 unless written." }),
    })
    .optional()
    .meta({ description: "Provisioned mode: pollers of ten invokes each." }),
  visibilityTimeout: durationBetween(0, 12 * HOUR, "SQS takes 0s to 12h")
    .optional()
    .meta({
      description: "After it a message that was received and not processed can be received again.",
    }),
  retentionPeriod: durationBetween(MINUTE, 14 * DAY, "SQS takes 60s to 14d")
    .optional()
    .meta({ description: "Older messages are deleted. 4d unless written." }),
  delay: durationBetween(0, 15 * MINUTE, "SQS takes 0s to 15m")
    .optional()
    .meta({ description: "New messages can be received after it. 0s unless written." }),
  maxReceiveCount: count(1, 1000).optional().meta({
    description: "After so many receives a message is dead-lettered; never unless written.",
  }),
  redrive: z
    .strictObject({ at: duration() })
    .optional()
    .meta({ description: "Moves dead-lettered messages back to the queue." }),
  reportBatchItemFailures: z
    .boolean()
    .optional()
    .meta({ description: "Only the messages of a batch that failed come back. false unless written." }),
  fifo: z.boolean().optional().meta({
    description: "A FIFO queue: messages of one group in order. false unless written.",
  }),
  messageGroups: count(1, 100_000)
    .optional()
    .meta({ description: "Message groups of a FIFO queue; each message is of one of them by lot." }),
  messageErrors: errorsSetting("message"),
  poison: poisonSetting("message"),
  outages: z
    .array(z.strictObject({ start: duration(), end: duration() }))
    .max(1000)
    .optional()
    .meta({ description: "From when until when what the function depends on is down: all messages fail." }),
  failing: failingSetting("message", { message: placeSetting("message") }),
  messageDuration: distribution().optional().meta({
    description: "Handler time that each message of a batch adds to the function's. None unless written.",
  }),
});

type Settings = z.output<typeof schema>;

/** A queue that Lambda polls and hands on in batches. */
export const sqs = invokeKind({
  type: "sqs",
  schema,
  build: (given, { target, read, horizon }) => {
    const defaults: Default[] = [];
    const use = <T extends string | number | boolean>(
      setting: keyof Settings,
      value: T,
      from: typeof LAMBDA,
      text: string | number = value as string | number,
    ): T => {
      defaults.push({ setting, value: text, ...from });
      return value;
    };
    const window = given.maximumBatchingWindow ?? 0;
    const usual = 6 * target.timeout + window;
    const batchSize = given.batchSize ?? use("batchSize", 10, LAMBDA);
    const visibility =
      given.visibilityTimeout ?? use("visibilityTimeout", usual, LAMBDA, `${usual / SECOND} s`);
    const retention = given.retentionPeriod ?? use("retentionPeriod", 4 * DAY, SQS, "4 d");
    const pollers = pollersOf(given, target.reservedConcurrency);
    check({ ...given, batchSize, visibilityTimeout: visibility }, target.timeout, pollers, horizon);
    const settings = {
      batchSize,
      window,
      visibility,
      retention,
      delay: given.delay ?? 0,
      maxReceives: given.maxReceiveCount ?? Number.POSITIVE_INFINITY,
      redriveAt: given.redrive?.at ?? Number.POSITIVE_INFINITY,
      partial: given.reportBatchItemFailures ?? false,
      groups: given.fifo ? given.messageGroups! : 0,
      pollers,
      pollTime: given.provisionedPollers ? POLL_TIME : 0,
      failures: failurePlan(
        given.messageErrors,
        given.poison,
        given.failing?.map(({ message, times }) => ({ place: message, times })),
      ),
      outages: given.outages ?? [],
      messageDuration: given.messageDuration && buildDistribution(given.messageDuration, read),
      timeout: target.timeout,
    };
    return {
      type: "sqs",
      text: textOf(given, batchSize),
      direct: false,
      queues: true,
      source: "queue",
      defaults,
      service: {
        kind: "sqs",
        fifo: settings.groups > 0,
        provisioned: given.provisionedPollers !== undefined,
      },
      open: (port) => new SqsMapping(port, settings),
    };
  },
});

/** What AWS refuses, or what makes no sense: every problem of the settings together. */
class Checks {
  private readonly errors: SettingError[] = [];

  refuse(wrong: boolean, setting: keyof Settings, message: string): void {
    if (wrong) this.errors.push(new SettingError(setting, message));
  }

  done(): void {
    if (this.errors.length > 0) throw new SettingErrors(this.errors);
  }
}

interface Completed extends Settings {
  readonly batchSize: number;
  readonly visibilityTimeout: number;
}

function check(given: Completed, timeout: number, pollers: PollerSettings, horizon: number): void {
  const { visibilityTimeout, initialConcurrency: initial, redrive } = given;
  const checks = new Checks();
  checks.refuse(
    visibilityTimeout < timeout,
    "visibilityTimeout",
    `${printDuration(visibilityTimeout)} is less than the function's timeout of ${printDuration(timeout)}: Lambda refuses that, as messages would come back while they are processed`,
  );
  if (given.fifo) checkFifo(given, checks);
  else checkStandard(given, checks);
  if (given.provisionedPollers) checkProvisioned(given, checks);
  checks.refuse(
    initial !== undefined && (initial < pollers.floor || initial > pollers.cap),
    "initialConcurrency",
    `${initial} is out of range: here from ${pollers.floor} to ${pollers.cap} batches run at once`,
  );
  checks.refuse(
    redrive !== undefined && given.maxReceiveCount === undefined,
    "redrive",
    `needs "maxReceiveCount": without it nothing is dead-lettered`,
  );
  checks.refuse(
    redrive !== undefined && redrive.at >= horizon,
    "redrive",
    `is not before the horizon at ${printDuration(horizon)}`,
  );
  const twice = listedTwice(given.failing?.map(({ message }) => message) ?? []);
  checks.refuse(twice !== undefined, "failing", `lists message ${twice} twice`);
  const backwards = given.outages?.find(({ start, end }) => end <= start);
  checks.refuse(
    backwards !== undefined,
    "outages",
    `has one that ends at ${printDuration(backwards?.end ?? 0)}, not after its start at ${printDuration(backwards?.start ?? 0)}`,
  );
  checks.done();
}

function checkStandard(
  { batchSize, maximumBatchingWindow: window, messageGroups }: Completed,
  checks: Checks,
) {
  checks.refuse(
    messageGroups !== undefined,
    "messageGroups",
    `needs "fifo": true; a standard queue has no groups`,
  );
  checks.refuse(
    batchSize > 10 && (window ?? 0) < SECOND,
    window === undefined ? "batchSize" : "maximumBatchingWindow",
    `batches of more than 10 need a "maximumBatchingWindow" of at least 1s`,
  );
}

function checkFifo({ batchSize, maximumBatchingWindow = 0, messageGroups }: Completed, checks: Checks): void {
  checks.refuse(
    batchSize > 10,
    "batchSize",
    `${batchSize} is too large: of a FIFO queue Lambda takes 10 at most`,
  );
  checks.refuse(maximumBatchingWindow > 0, "maximumBatchingWindow", "is not supported for FIFO queues");
  checks.refuse(
    messageGroups === undefined,
    "messageGroups",
    `is missing: how many groups are the messages of the FIFO queue of?`,
  );
}

function checkProvisioned(
  { provisionedPollers, maximumConcurrency, scaling }: Completed,
  checks: Checks,
): void {
  const { minimum, maximum } = provisioned(provisionedPollers!);
  checks.refuse(
    maximumConcurrency !== undefined,
    "maximumConcurrency",
    `cannot be combined with "provisionedPollers", whose maximum limits it: ${INVOKES_A_POLLER} for each poller`,
  );
  checks.refuse(
    scaling !== undefined,
    "scaling",
    `cannot be combined with "provisionedPollers", which scale by a rate of their own`,
  );
  checks.refuse(
    minimum > maximum,
    "provisionedPollers",
    `has a minimum of ${minimum}, more than the maximum of ${maximum}`,
  );
}

const provisioned = ({ minimum = 2, maximum = 200 }: NonNullable<Settings["provisionedPollers"]>) => ({
  minimum,
  maximum,
});

function pollersOf(given: Settings, reserved: number | undefined): PollerSettings {
  const { provisionedPollers, maximumConcurrency, initialConcurrency } = given;
  if (provisionedPollers) {
    const { minimum, maximum } = provisioned(provisionedPollers);
    const floor = minimum * INVOKES_A_POLLER;
    const cap = maximum * INVOKES_A_POLLER;
    return { start: initialConcurrency ?? floor, floor, cap, rate: PROVISIONED_PER_MINUTE / MINUTE };
  }
  const { start, cap: usual, perMinute } = SCALING[given.scaling ?? "aws"];
  // Five pollers there are, however little is reserved.
  const most = Math.min(usual, Math.max(start, reserved ?? usual));
  const cap = Math.min(most, maximumConcurrency ?? most);
  const floor = Math.min(start, cap);
  return { start: initialConcurrency ?? floor, floor, cap, rate: perMinute / MINUTE };
}

function textOf(given: Settings, batchSize: number): string {
  const { maximumBatchingWindow, maximumConcurrency, maxReceiveCount, provisionedPollers } = given;
  const parts = [
    given.fifo ? `sqs, FIFO, ${printCount(given.messageGroups!)} groups` : "sqs",
    batchSize === 1 ? "batches of 1" : `batches of up to ${printCount(batchSize)}`,
  ];
  if (maximumBatchingWindow) parts.push(`window ${printDuration(maximumBatchingWindow)}`);
  if (maximumConcurrency !== undefined) parts.push(`maximum concurrency ${printCount(maximumConcurrency)}`);
  if (provisionedPollers) {
    const { minimum, maximum } = provisioned(provisionedPollers);
    parts.push(`${minimum} to ${printCount(maximum)} provisioned pollers`);
  }
  if (given.reportBatchItemFailures) parts.push("failed messages reported");
  if (maxReceiveCount !== undefined)
    parts.push(`dead letters after ${maxReceiveCount} ${maxReceiveCount === 1 ? "receive" : "receives"}`);
  return parts.join(", ");
}
