import type { Architecture } from "./items.ts";
import { firstPrice, type PriceList } from "./price-list.ts";

/**
 * The share of its time that provisioned concurrency must be in use to cost as much as the same invocations on demand: in
 * use it costs less a GB-second, but it costs something all the time. Infinity where it never costs less. On-demand
 * duration is taken at the price of its first tier.
 */
export function breakEvenUtilization(list: PriceList, architecture: Architecture): number {
  const price = (path: string) => Number(firstPrice(list, `${architecture}.${path}`));
  const saved = price("durationTiers") - price("provisionedDurationPerGbSecond");
  return saved > 0 ? price("provisionedPerGbSecond") / saved : Number.POSITIVE_INFINITY;
}
