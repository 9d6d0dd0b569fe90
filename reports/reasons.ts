import type { ThrottleReason } from "../sim/lambda/placement.ts";

/** Throttle reasons in short words, for people. */
export const REASON_LABELS: Record<ThrottleReason, string> = {
  ReservedFunctionConcurrentInvocationLimitExceeded: "reserved concurrency",
  ConcurrentInvocationLimitExceeded: "account concurrency",
  FunctionInvocationRateLimitExceeded: "requests a second",
  ReservedFunctionInvocationRateLimitExceeded: "reserved requests a second",
  scalingRate: "scaling rate",
};
