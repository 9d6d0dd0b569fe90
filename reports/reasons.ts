import { THROTTLE_REASONS, type ThrottleReason } from "../sim/lambda/placement.ts";

/** Throttle reasons in short words, for people. */
export const REASON_LABELS: Record<ThrottleReason, string> = {
  ReservedFunctionConcurrentInvocationLimitExceeded: "reserved concurrency",
  ConcurrentInvocationLimitExceeded: "account concurrency",
  FunctionInvocationRateLimitExceeded: "requests a second",
  ReservedFunctionInvocationRateLimitExceeded: "reserved requests a second",
  scalingRate: "scaling rate",
};

// Where they stand among THROTTLE_REASONS.
export const RESERVED = THROTTLE_REASONS.indexOf("ReservedFunctionConcurrentInvocationLimitExceeded");
export const ACCOUNT = THROTTLE_REASONS.indexOf("ConcurrentInvocationLimitExceeded");
export const RESERVED_RATE = THROTTLE_REASONS.indexOf("ReservedFunctionInvocationRateLimitExceeded");
export const SCALING = THROTTLE_REASONS.indexOf("scalingRate");
