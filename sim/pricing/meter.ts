import type { FunctionSettings } from "../lambda/settings.ts";
import type { EnabledStretch, ProvisionedResult } from "../measure/provisioned.ts";
import type { Counters } from "../measure/result.ts";
import { MILLISECOND, MINUTE } from "../units.ts";

export type Architecture = "x86_64" | "arm64";

/** What is billed, as whole numbers; memory times time in MB·milliseconds (1 GB-second = 1,024,000 of them). */
export interface Usage {
  requests: number;
  /** On-demand duration, by architecture. */
  duration: Record<Architecture, number>;
  /** Duration on provisioned environments. */
  provisionedDuration: Record<Architecture, number>;
  /** Provisioned concurrency kept ready, used or not. */
  provisioned: Record<Architecture, number>;
}

export const MB_MS_PER_GB_SECOND = 1024 * 1000;

/** AWS bills provisioned concurrency in steps of five minutes, rounded up. */
const PROVISIONED_STEP = 5 * MINUTE;

export function noUsage(): Usage {
  return {
    requests: 0,
    duration: { x86_64: 0, arm64: 0 },
    provisionedDuration: { x86_64: 0, arm64: 0 },
    provisioned: { x86_64: 0, arm64: 0 },
  };
}

/**
 * Provisioned concurrency as it is billed, in environment-milliseconds: what was asked for, over time, from enabling it to
 * disabling it, which is rounded up (AWS Lambda pricing); the end of the measured time counts as disabling it.
 */
export function provisionedMs(enabled: readonly EnabledStretch[]): number {
  return enabled.reduce((sum, { length, area, last }) => {
    const added = Math.ceil(length / PROVISIONED_STEP) * PROVISIONED_STEP - length;
    return sum + Math.round((area + last * added) / MILLISECOND);
  }, 0);
}

/** The same amount over all of the measured time. */
const always = (capacity: number, span: number): EnabledStretch => ({
  length: span,
  area: capacity * span,
  last: capacity,
});

/**
 * What one function's counters come to over `span` microseconds. `provisioned`: what became of its provisioned
 * concurrency; the same all the time unless given. Its inits are billed like durations on it.
 */
export function usageOf(
  f: Pick<FunctionSettings, "architecture" | "memorySize" | "provisionedConcurrency">,
  counters: Pick<Counters, "invocations" | "billedMs" | "provisionedBilledMs">,
  span: number,
  provisioned: Pick<ProvisionedResult, "enabled" | "initMs"> = {
    enabled: [always(f.provisionedConcurrency, span)],
    initMs: 0,
  },
): Usage {
  const usage = noUsage();
  usage.requests = counters.invocations;
  usage.duration[f.architecture] = f.memorySize * counters.billedMs;
  usage.provisionedDuration[f.architecture] =
    f.memorySize * (counters.provisionedBilledMs + provisioned.initMs);
  usage.provisioned[f.architecture] = f.memorySize * provisionedMs(provisioned.enabled);
  return usage;
}

/** The sum, times `factor` (a projection), in whole units. */
export function addUsage(parts: readonly Usage[], factor = 1): Usage {
  const sum = noUsage();
  for (const part of parts) {
    sum.requests += part.requests;
    for (const key of ["duration", "provisionedDuration", "provisioned"] as const) {
      sum[key].x86_64 += part[key].x86_64;
      sum[key].arm64 += part[key].arm64;
    }
  }
  if (factor !== 1) {
    sum.requests = Math.round(sum.requests * factor);
    for (const key of ["duration", "provisionedDuration", "provisioned"] as const) {
      sum[key].x86_64 = Math.round(sum[key].x86_64 * factor);
      sum[key].arm64 = Math.round(sum[key].arm64 * factor);
    }
  }
  return sum;
}
