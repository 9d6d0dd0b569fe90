import type { Counters } from "../../sim/measure/result.ts";
import { MB_MS_PER_GB_SECOND } from "../../sim/pricing/items.ts";
import { firstPrice } from "../../sim/pricing/price-list.ts";
import { MILLISECOND, MONTH } from "../../sim/units.ts";
import type { Study } from "../replicate.ts";
import { estimate } from "../statistics.ts";

/** A function's count, on average over replications. */
export function meanCount(study: Study, fn: number, read: (counters: Counters) => number): number {
  return estimate(study.replications.map((r) => read(r.functions[fn]!.counters))).mean;
}

/** What something that happens so often in a run comes to in a month, if it went on like this. */
export function aMonth({ replications }: Study, amount: number): number {
  return (amount * MONTH) / replications[0]!.span;
}

/** On-demand duration at the first tier's price: US dollars for a size in MB and a time in microseconds. */
export function durationCost({ scenario }: Study, fn: number, memoryMb: number, time: number): number {
  const { architecture } = scenario.functions[fn]!;
  const price = Number(firstPrice(scenario.pricing.table, `${architecture}.durationTiers`));
  return (price * memoryMb * (time / MILLISECOND)) / MB_MS_PER_GB_SECOND;
}

/** The function has settings of its own, which a command can change, and not only those of "*". */
export function isWrittenOut({ scenario }: Study, name: string): boolean {
  return Object.hasOwn((scenario.file as { functions: object }).functions, name);
}
