import { breakEvenUtilization } from "../sim/pricing/break-even.ts";
import { MB_MS_PER_GB_SECOND } from "../sim/pricing/items.ts";
import { provisionedMs } from "../sim/pricing/meter.ts";
import { costOf, toUsd } from "../sim/pricing/money.ts";
import { firstPrice } from "../sim/pricing/price-list.ts";
import { HOUR } from "../sim/units.ts";
import type { Study } from "./replicate.ts";
import { type Estimate, estimate } from "./statistics.ts";

/** What a function's provisioned concurrency costs, and whether it pays: means over replications, as billed. */
export interface ProvisionedCost {
  /** Billed for being ready, used or not. */
  readonly gbSeconds: Estimate;
  readonly feeUsd: Estimate;
  /** Durations on it, and its inits. */
  readonly durationUsd: Estimate;
  /** Both, for each hour of the measured time. */
  readonly perHourUsd: Estimate;
  /** What the same invocations would have cost on demand, at the first tier's price. */
  readonly onDemandUsd: Estimate;
  /** Billed duration on it, of the time that it is billed for: the share that decides whether it pays. */
  readonly utilization: Estimate;
  /** The share from which on it costs less than on demand; Infinity: it never does. */
  readonly breakEven: number;
}

/** Of the function in place `fn`, which has provisioned concurrency. */
export function provisionedCost({ scenario, replications }: Study, fn: number): ProvisionedCost {
  const { memorySize, architecture } = scenario.functions[fn]!;
  const { table } = scenario.pricing;
  const price = (path: string) => firstPrice(table, `${architecture}.${path}`);
  const parts = replications.map(({ functions, span }) => {
    const { provisioned, counters } = functions[fn]!;
    const ready = memorySize * provisionedMs(provisioned!.enabled);
    const busy = memorySize * counters.provisionedBilledMs;
    const usd = (unitPrice: string, mbMs: number) => toUsd(costOf(unitPrice, mbMs, MB_MS_PER_GB_SECOND));
    const fee = usd(price("provisionedPerGbSecond"), ready);
    const duration = usd(price("provisionedDurationPerGbSecond"), busy + memorySize * provisioned!.initMs);
    return {
      gbSeconds: ready / MB_MS_PER_GB_SECOND,
      fee,
      duration,
      perHour: ((fee + duration) * HOUR) / span,
      onDemand: usd(price("durationTiers"), busy),
      utilization: busy / ready,
    };
  });
  const of = (key: keyof (typeof parts)[number]) => estimate(parts.map((part) => part[key]));
  return {
    gbSeconds: of("gbSeconds"),
    feeUsd: of("fee"),
    durationUsd: of("duration"),
    perHourUsd: of("perHour"),
    onDemandUsd: of("onDemand"),
    utilization: of("utilization"),
    breakEven: breakEvenUtilization(table, architecture),
  };
}
