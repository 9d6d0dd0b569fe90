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
