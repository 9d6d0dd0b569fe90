import type { FunctionSettings } from "../lambda/settings.ts";
import type { Counters } from "../measure/result.ts";
import { HOUR, MILLISECOND, MINUTE } from "../units.ts";
import type { Usage } from "./items.ts";

type Billed = Pick<FunctionSettings, "architecture" | "memorySize"> &
  Partial<
    Pick<
      FunctionSettings,
      "runtime" | "provisionedConcurrency" | "ephemeralStorage" | "snapStart" | "logBytes"
    >
  >;

type Counted = Pick<Counters, "invocations" | "billedMs" | "provisionedBilledMs"> &
  Partial<Pick<Counters, "coldStarts" | "proactiveInits">>;

/** What of /tmp is free, in MB. */
const FREE_STORAGE = 512;

/** What one function's counters come to: it grows with the traffic, so that a projection multiplies it. */
export function usageOf(f: Billed, counters: Counted): Usage {
  const { architecture, memorySize } = f;
  const { invocations, billedMs, provisionedBilledMs } = counters;
  const storage = Math.max(0, (f.ephemeralStorage ?? FREE_STORAGE) - FREE_STORAGE);
  return {
    requests: invocations,
    [`duration.${architecture}`]: memorySize * billedMs,
    [`provisionedDuration.${architecture}`]: memorySize * provisionedBilledMs,
    ephemeralStorage: storage * (billedMs + provisionedBilledMs),
    ...(snapshotsAreBilled(f) && {
      // An environment made ahead of its request is restored as well.
      [`snapStartRestores.${architecture}`]:
        memorySize * ((counters.coldStarts ?? 0) + (counters.proactiveInits ?? 0)),
    }),
    logs: (f.logBytes ?? 0) * invocations,
  };
}

/**
 * What one function costs whether it is called or not, over `span` microseconds. `deploys`: when, from the beginning of that
 * time, a new version of it is published; the one before is deleted then (assumed).
 */
export function standingUsage(f: Billed, span: number, deploys: readonly number[] = []): Usage {
  const { architecture, memorySize } = f;
  return {
    [`provisioned.${architecture}`]: memorySize * provisionedMs(f, span),
    ...(snapshotsAreBilled(f) && {
      [`snapStartCache.${architecture}`]: memorySize * snapshotMs(span, deploys),
    }),
  };
}

/** AWS bills provisioned concurrency in steps of five minutes, rounded up. */
const PROVISIONED_STEP = 5 * MINUTE;

/** Milliseconds of provisioned environments that are kept ready, used or not. */
function provisionedMs({ provisionedConcurrency = 0 }: Billed, span: number): number {
  return (provisionedConcurrency * Math.ceil(span / PROVISIONED_STEP) * PROVISIONED_STEP) / MILLISECOND;
}

/** SnapStart is free for Java (Lambda pricing page). */
function snapshotsAreBilled({ snapStart, runtime = "" }: Billed): boolean {
  return snapStart === true && !runtime.startsWith("java");
}

/** A version's snapshot is kept for so long at least (Lambda pricing page). */
const SHORTEST_CACHE = 3 * HOUR;

/** Milliseconds for which snapshots are kept, one of each version. */
function snapshotMs(span: number, deploys: readonly number[]): number {
  const inside = deploys.filter((at) => at > 0 && at < span);
  const ends = [...inside, span];
  return ends.reduce(
    (sum, end, i) => sum + Math.max(SHORTEST_CACHE, end - (inside[i - 1] ?? 0)) / MILLISECOND,
    0,
  );
}
