import type { FunctionSettings } from "../lambda/settings.ts";
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

/** What one function's counters come to over `span` microseconds. */
export function usageOf(
  f: Pick<FunctionSettings, "architecture" | "memorySize" | "provisionedConcurrency">,
  counters: Pick<Counters, "invocations" | "billedMs" | "provisionedBilledMs">,
  span: number,
): Usage {
  const usage = noUsage();
  const readyMs = (Math.ceil(span / PROVISIONED_STEP) * PROVISIONED_STEP) / MILLISECOND;
  usage.requests = counters.invocations;
  usage.duration[f.architecture] = f.memorySize * counters.billedMs;
  usage.provisionedDuration[f.architecture] = f.memorySize * counters.provisionedBilledMs;
  usage.provisioned[f.architecture] = f.memorySize * f.provisionedConcurrency * readyMs;
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
