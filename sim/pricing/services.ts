import { INVOKES_A_POLLER } from "../invoke/sqs.ts";
import type { EntryResult } from "../measure/entry.ts";
import type { EntrySettings } from "../scenario/scenario.ts";
import { SECOND } from "../units.ts";
import type { Usage } from "./items.ts";

const KB = 1024;

/** Bytes of a payload that count as one request: of SQS (SQS pricing page), and so of SNS and EventBridge (assumed). */
const MESSAGE_UNIT = 64 * KB;
/** A PUT payload unit of Kinesis (Kinesis pricing page). */
const PUT_UNIT = 25 * KB;
/** An HTTP API is metered in steps of this (AWS whitepaper on private APIs). */
const HTTP_UNIT = 512 * KB;
/** An event of more than this is one more request for each further 64 KB (Lambda pricing page). */
const FREE_EVENT = 256 * KB;
/** How long a poll of SQS waits for messages at most (Lambda developer guide); each idle poller polls so often (assumed). */
const LONG_POLL = 20 * SECOND;

type Billed = Pick<EntrySettings, "payload"> & { readonly invoke: Pick<EntrySettings["invoke"], "service"> };
type Measured = Pick<EntryResult, "counts" | "use">;

/** What one entry's service and queue bill for its traffic: a projection multiplies it. */
export function entryUsage({ invoke: { service }, payload = 0 }: Billed, { counts, use }: Measured): Usage {
  const units = (unit: number) => Math.max(1, Math.ceil(payload / unit));
  const { requests } = counts;
  switch (service?.kind) {
    case "events":
      return eventPayload(payload, requests);
    case "sns":
      return { ...eventPayload(payload, requests), snsPublishes: requests * units(MESSAGE_UNIT) };
    case "eventbridge":
      return {
        ...eventPayload(payload, requests),
        [service.scheduled ? "eventBridgeScheduled" : "eventBridgeEvents"]: requests * units(MESSAGE_UNIT),
      };
    case "sqs": {
      const prefix = service.fifo ? "fifo" : "sqs";
      const receives = use.received.reduce(
        (sum, calls, messages) => sum + calls * Math.max(1, Math.ceil((messages * payload) / MESSAGE_UNIT)),
        0,
      );
      return {
        [`${prefix}Sends`]: requests * units(MESSAGE_UNIT),
        [`${prefix}Receives`]: receives,
        [`${prefix}EmptyReceives`]: Math.round(use.idlePollerTime / LONG_POLL),
        [`${prefix}Deletes`]: use.deletes,
        ...(service.provisioned && { sqsPollers: Math.round(use.pollerTime / INVOKES_A_POLLER) }),
      };
    }
    case "kinesis":
      return { kinesisPuts: (requests - counts.dropsByCause.refused) * units(PUT_UNIT) };
    case "kafka":
      return service.provisioned ? { kafkaPollers: Math.round(use.pollerTime) } : {};
    case "api-gateway":
      return service.api === "rest"
        ? { restRequests: use.forwarded }
        : { httpRequests: use.forwarded * units(HTTP_UNIT) };
    default:
      return {};
  }
}

/** Requests beyond the first that large events count for. */
function eventPayload(payload: number, events: number): Usage {
  return { payloadRequests: events * Math.max(0, Math.ceil((payload - FREE_EVENT) / MESSAGE_UNIT)) };
}

/** What one entry's service bills whether anything comes or not, over `span` microseconds. */
export function standingEntryUsage({ invoke: { service } }: Billed, span: number): Usage {
  if (service?.kind === "kinesis") {
    const { shards, extended } = service;
    return { kinesisShards: shards * span, ...(extended && { kinesisRetention: shards * span }) };
  }
  // What is read at once when a batch ends comes on top; it is not counted.
  if (service?.kind === "dynamodb" && service.pollInterval > 0)
    return { dynamodbReads: service.shards * Math.floor(span / service.pollInterval) };
  return {};
}

/** What NAT gateways cost, over `span` microseconds. */
export function natUsage(gateways: number, span: number): Usage {
  return { natGateways: gateways * span };
}
