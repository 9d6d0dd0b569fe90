import type { EntryResult } from "./entry.ts";
import type { FunctionResult } from "./function-result.ts";
import type { Histograms } from "./histograms.ts";
import type { ProvisionedTimeline } from "./provisioned.ts";
import type { Timeline } from "./timeline.ts";

/** What happened to a function's requests, as counts. Only what arrived after the warm-up. */
export interface Counters {
  /** What callers wanted; each ends in exactly one of the next five. */
  requests: number;
  succeeded: number;
  /** The caller's last answer was an error, or it gave up waiting. */
  failed: number;
  throttled: number;
  /** A queue gave it up; no caller was waiting. */
  dropped: number;
  /** Accepted, and still running when the run ended. */
  unfinished: number;
  /** Tries, refused ones too; a request without retries is one attempt. */
  attempts: number;
  /** Attempts that Lambda accepted. */
  invocations: number;
  coldStarts: number;
  warmStarts: number;
  provisionedInvocations: number;
  /** On-demand invocations of a function that has provisioned concurrency. */
  spillover: number;
  /** New environments that were ready ahead of their first request, so that it did not wait: warm starts. */
  proactiveInits: number;
  /** Invocations on an environment that had been reset, which ran init inside the invocation: warm starts. */
  suppressedInits: number;
  /** Cold starts whose init ran into the limit of ten seconds and had to run again. */
  initTimeouts: number;
  /** Invocations that ended in a function error, timeouts included: CloudWatch's Errors. */
  errors: number;
  /** Invocations that ran into the timeout: a part of the errors. */
  timeouts: number;
  /** Errors that killed the runtime: timeouts, crashes, out of memory. */
  resets: number;
  /** Thereof of the dropped: kept in a dead-letter queue or on-failure destination. */
  deadLettered: number;
  /** Refused attempts by THROTTLE_REASONS. */
  throttledAttempts: number[];
  /** Billed milliseconds of all invocations, also of the unfinished ones, by price. */
  billedMs: number;
  provisionedBilledMs: number;
  /** Cold starts' phases, summed (microseconds). */
  coldStartTimes: Record<(typeof COLD_START_PHASES)[number], number>;
}

/** What a cold start is made of, in order; the first handler run is extra time of the first invocation's duration. */
export const COLD_START_PHASES = ["placement", "download", "init", "firstHandler"] as const;

/** A number over time: its average and variance (time-weighted) and the most. */
export interface Level {
  mean: number;
  variance: number;
  max: number;
}

export interface EnvironmentStats {
  created: number;
  mean: number;
  idleMean: number;
  max: number;
  /** Of those that ended in the measured time; NaN when none did. */
  meanLifeS: number;
}

/** What is measured of every function, as numbers. */
export interface FunctionFigures {
  readonly counters: Readonly<Counters>;
  readonly concurrency: Level;
  readonly onDemandConcurrency: Level;
  readonly provisionedConcurrency: Level;
  readonly environments: EnvironmentStats;
  /** Exact for every function, histograms or not (microseconds). */
  readonly latencyMean: number;
  readonly durationMean: number;
}

export interface AccountResult {
  concurrency: Level;
  /** How long it ran how much at once: microseconds, by concurrency from 0. */
  concurrencyTimes: Float64Array;
  /** The most that unreserved functions used on demand. */
  unreservedMax: number;
  /** The most of the account that was claimed: reservations, provisioned concurrency, and unreserved use. */
  claimedMax: number;
  histograms: Histograms;
  timeline: Timeline;
  /** All functions' provisioned concurrency added up, where there is any. */
  provisioned: ProvisionedTimeline | undefined;
}

/** One replication. */
export interface RunResult {
  seed: string;
  digest: string;
  /** Measured time: from the end of warm-up to the horizon (microseconds). */
  span: number;
  functions: FunctionResult[];
  account: AccountResult;
  /** By entry of `scenario.entries`: what came through invocation models. */
  entries: readonly EntryResult[];
}
