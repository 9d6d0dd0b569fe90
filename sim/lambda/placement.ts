import type { Lambda } from "./lambda.ts";

/** What became of a request. Everything from THROTTLED on is a refusal, one value a reason. */
export const PROVISIONED = 0;
export const WARM = 1;
export const COLD = 2;
export const THROTTLED = 3;

const RESERVED_CONCURRENCY = THROTTLED;
const CONCURRENCY = THROTTLED + 1;
const REQUEST_RATE = THROTTLED + 2;
const RESERVED_REQUEST_RATE = THROTTLED + 3;
const SCALING_RATE = THROTTLED + 4;

/**
 * Throttle reasons, in AWS's words (Lambda API, TooManyRequestsException). AWS does not say which reason a
 * scaling-rate throttle carries; it is told apart here as `scalingRate`.
 */
export const THROTTLE_REASONS = [
  "ReservedFunctionConcurrentInvocationLimitExceeded",
  "ConcurrentInvocationLimitExceeded",
  "FunctionInvocationRateLimitExceeded",
  "ReservedFunctionInvocationRateLimitExceeded",
  "scalingRate",
] as const;
export type ThrottleReason = (typeof THROTTLE_REASONS)[number];

/**
 * Where a request for function `fn` at time `at` goes: the decision at the heart of Lambda, asked once a request.
 * The chosen environment is left in `lambda.chosen`. AWS documents the parts; their order is assumed.
 *
 *   1  reserved concurrency is all in use             → throttled
 *   2  a provisioned environment is free              → it runs there, never cold
 *   3  no on-demand room: reserved or unreserved      → throttled
 *   4  too many requests a second                     → throttled
 *   5  an idle environment is alive                   → warm start
 *   6  the scaling rate allows a new environment      → cold start
 *   7  otherwise                                      → throttled
 */
export function place(lambda: Lambda, fn: number, at: number): number {
  const { concurrency } = lambda;
  if (concurrency.atCeiling(fn)) return RESERVED_CONCURRENCY;

  if ((lambda.chosen = lambda.provisioned.take(fn, at)) >= 0) {
    lambda.pool.wake(fn, at);
    concurrency.begin(fn, true);
    return PROVISIONED;
  }

  if (!concurrency.hasRoom(fn)) return concurrency.isReserved(fn) ? RESERVED_CONCURRENCY : CONCURRENCY;

  if (!concurrency.withinRate(fn, at))
    return concurrency.isReserved(fn) ? RESERVED_REQUEST_RATE : REQUEST_RATE;

  if ((lambda.chosen = lambda.pool.take(fn, at)) >= 0) {
    concurrency.begin(fn, false);
    return WARM;
  }

  if (lambda.scaling.take(fn, at)) {
    lambda.chosen = lambda.createEnvironment(fn, at);
    concurrency.begin(fn, false);
    return COLD;
  }

  return SCALING_RATE;
}
