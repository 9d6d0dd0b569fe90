import type { FunctionSettings } from "../lambda/settings.ts";
import type { EnabledStretch, ProvisionedResult } from "../measure/provisioned.ts";
import type { Counters } from "../measure/result.ts";
import { HOUR, MILLISECOND, MINUTE } from "../units.ts";
import type { Usage } from "./items.ts";

type Billed = Pick<FunctionSettings, "architecture" | "memorySize"> &
  Partial<
    Pick<
      FunctionSettings,
      "runtime" | "provisionedConcurrency" | "provisioning" | "ephemeralStorage" | "snapStart" | "logBytes"
    >
  >;

type Counted = Pick<Counters, "invocations" | "billedMs" | "provisionedBilledMs"> &
  Partial<Pick<Counters, "coldStarts" | "proactiveInits">>;

type Provisioned = Pick<ProvisionedResult, "enabled" | "initMs">;

/** What of /tmp is free, in MB. */
const FREE_STORAGE = 512;

/**
 * What one function's counters come to: it grows with the run, so that a projection multiplies it. `provisioned`: what became
 * of its provisioned concurrency, whose inits are billed like durations on it; where a policy moves it, what was asked for
 * grows with the run too (a number alone is rent: see standingUsage).
 */
export function usageOf(f: Billed, counters: Counted, provisioned?: Provisioned, inSteps = true): Usage {
  const { architecture, memorySize } = f;
  const { invocations, billedMs, provisionedBilledMs } = counters;
  const storage = Math.max(0, (f.ephemeralStorage ?? FREE_STORAGE) - FREE_STORAGE);
  return {
    requests: invocations,
    [`duration.${architecture}`]: memorySize * billedMs,
    [`provisionedDuration.${architecture}`]: memorySize * (provisionedBilledMs + (provisioned?.initMs ?? 0)),
    ...(provisioned &&
      f.provisioning && {
        [`provisioned.${architecture}`]: memorySize * provisionedMs(provisioned.enabled, inSteps),
      }),
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
    ...(!f.provisioning && {
      [`provisioned.${architecture}`]:
        memorySize * provisionedMs([always(f.provisionedConcurrency ?? 0, span)]),
    }),
    ...(snapshotsAreBilled(f) && {
      [`snapStartCache.${architecture}`]: memorySize * snapshotMs(span, deploys),
    }),
  };
}

/** AWS bills provisioned concurrency in steps of five minutes, rounded up. */
const PROVISIONED_STEP = 5 * MINUTE;

/**
 * Provisioned concurrency as it is billed, in environment-milliseconds: what was asked for, over time, from enabling it to
 * disabling it, which is rounded up (AWS Lambda pricing); the end of the measured time counts as disabling it. `inSteps` false:
 * not rounded, where a run is multiplied out to a month and would have its last step many times over.
 */
export function provisionedMs(enabled: readonly EnabledStretch[], inSteps = true): number {
  return enabled.reduce((sum, { length, area, last }) => {
    const added = inSteps ? Math.ceil(length / PROVISIONED_STEP) * PROVISIONED_STEP - length : 0;
    return sum + Math.round((area + last * added) / MILLISECOND);
  }, 0);
}

/** The same amount over all of the time. */
const always = (capacity: number, span: number): EnabledStretch => ({
  length: span,
  area: capacity * span,
  last: capacity,
});

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
