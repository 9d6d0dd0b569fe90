import type { InvokePlan } from "../invoke/contract.ts";
import type { EntryCounts } from "./entry.ts";
import type { Counters } from "./result.ts";

/** CloudWatch's counting metrics of a function (namespace AWS/Lambda, statistic Sum), under their own names. */
export interface CloudWatchCounts {
  /** Calls that ran code, well or with a function error: what requests are billed for. Throttles are not among them. */
  Invocations: number;
  /** Function errors, timeouts among them. */
  Errors: number;
  /** Attempts refused. */
  Throttles: number;
  ProvisionedConcurrencyInvocations: number;
  /** On demand although provisioned concurrency is set. */
  ProvisionedConcurrencySpilloverInvocations: number;
}

export function cloudWatchCounts(
  counters: Pick<
    Counters,
    "invocations" | "errors" | "throttledAttempts" | "provisionedInvocations" | "spillover"
  >,
): CloudWatchCounts {
  return {
    Invocations: counters.invocations,
    Errors: counters.errors,
    Throttles: counters.throttledAttempts.reduce((sum, n) => sum + n, 0),
    ProvisionedConcurrencyInvocations: counters.provisionedInvocations,
    ProvisionedConcurrencySpilloverInvocations: counters.spillover,
  };
}

/**
 * CloudWatch's counting metrics of messages, and of loops that were stopped (Lambda developer guide, types of metrics for
 * Lambda functions). Of the metrics of an event source mapping only those that are certain: AWS does not say how polled
 * and invoked events count where Lambda refuses a batch.
 */
export interface QueueCounts {
  /** Events that Lambda has queued; those that its loop detection stopped are not among them. */
  AsyncEventsReceived?: number;
  /** Events given up without success, whether a dead-letter queue has them or not. */
  AsyncEventsDropped?: number;
  /** Messages deleted from a queue since they were handled. */
  DeletedEventCount?: number;
  /** Records of a stream given up: too old, or out of attempts. */
  DroppedEventCount?: number;
  RecursiveInvocationsDropped?: number;
}

/** The metrics that a function's entries give it: those of sources that it has, and loops where some were stopped. */
export function queueCounts(
  entries: readonly { readonly source: InvokePlan["source"]; readonly counts: EntryCounts }[],
): QueueCounts {
  const sum = (of: typeof entries, read: (counts: EntryCounts) => number) =>
    of.reduce((total, { counts }) => total + read(counts), 0);
  const from = (source: InvokePlan["source"]) => entries.filter((entry) => entry.source === source);
  const [events, queues, streams] = [from("events"), from("queue"), from("stream")];
  const loops = entries.filter(({ counts }) => counts.dropsByCause.loop > 0);
  return {
    ...(events.length > 0 && {
      AsyncEventsReceived: sum(events, (c) => c.requests - c.dropsByCause.loop),
      AsyncEventsDropped: sum(events, (c) => c.dropped - c.dropsByCause.loop),
    }),
    ...(queues.length > 0 && { DeletedEventCount: sum(queues, (c) => c.succeeded) }),
    ...(streams.length > 0 && { DroppedEventCount: sum(streams, (c) => c.dropped - c.dropsByCause.loop) }),
    ...(loops.length > 0 && { RecursiveInvocationsDropped: sum(loops, (c) => c.dropsByCause.loop) }),
  };
}
