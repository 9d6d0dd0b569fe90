import type { ArchitecturePrices } from "./rates.ts";

/**
 * The share of its time that provisioned concurrency must be in use to cost as much as the same invocations on demand: in
 * use it costs less a GB-second, but it costs something all the time. Infinity where it never costs less. On-demand
 * duration is taken at the price of its first tier.
 */
export function breakEvenUtilization({
  durationTiers,
  provisionedPerGbSecond,
  provisionedDurationPerGbSecond,
}: ArchitecturePrices): number {
  const saved = Number(durationTiers[0]!.perGbSecond) - Number(provisionedDurationPerGbSecond);
  return saved > 0 ? Number(provisionedPerGbSecond) / saved : Number.POSITIVE_INFINITY;
}
