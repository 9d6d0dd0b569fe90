import type { ProvisionedResult } from "../measure/provisioned.ts";
import type { Counters, RunResult } from "../measure/result.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { MONTH } from "../units.ts";
import { addUsage, type Usage } from "./items.ts";
import { standingUsage, usageOf } from "./meter.ts";
import { entryUsage, natUsage, standingEntryUsage } from "./services.ts";

/** What is billed over some time, each part once. */
export interface Parts {
  /** By function: its own use, and that of the entries which lead to it. */
  readonly functions: readonly Usage[];
  /** By entry: what is in its function's use for it. */
  readonly entries: readonly Usage[];
  /** What belongs to no function. */
  readonly account: Usage;
}

/** One replication's use, measured, and projected to a month. */
export interface RunUsage {
  readonly run: Parts;
  readonly month: Parts;
}

type Measured = Pick<RunResult, "span" | "entries"> & {
  readonly functions: readonly {
    readonly counters: Counters;
    readonly provisioned: Pick<ProvisionedResult, "enabled" | "initMs"> | undefined;
  }[];
};

/**
 * What a replication used. What grows with traffic is multiplied for the month; what is rented by time is that of a month
 * (730 hours), so that its least times and steps count once.
 */
export function runUsage(scenario: Scenario, run: Measured): RunUsage {
  return { run: partsOf(scenario, run, run.span, 1), month: partsOf(scenario, run, MONTH, MONTH / run.span) };
}

function partsOf(scenario: Scenario, run: Measured, span: number, factor: number): Parts {
  const { warmup, pricing } = scenario;
  const entries = scenario.entries.map((entry, e) =>
    addUsage([addUsage([entryUsage(entry, run.entries[e]!)], factor), standingEntryUsage(entry, span)]),
  );
  const leading: Usage[][] = scenario.functions.map(() => []);
  scenario.entries.forEach(({ target }, e) => {
    leading[target]!.push(entries[e]!);
  });
  const throughNat = new Set(pricing.nat?.functions);
  const functions = scenario.functions.map((f, fn) => {
    const { counters, provisioned } = run.functions[fn]!;
    const natBytes = throughNat.has(fn) ? pricing.nat!.bytes : 0;
    // Of a month only its rent is asked for: how often one deploys then, nobody knows.
    const known = f.snapStart && span === run.span;
    const deploys = known ? deploysOf(scenario, fn).map((at) => at - warmup) : [];
    return addUsage([
      addUsage(
        [usageOf(f, counters, provisioned, factor === 1), { natData: natBytes * counters.invocations }],
        factor,
      ),
      standingUsage(f, span, deploys),
      ...leading[fn]!,
    ]);
  });
  const account = pricing.nat ? natUsage(pricing.nat.gateways, span) : {};
  return { functions, entries, account };
}

function deploysOf({ deploys }: Scenario, fn: number): number[] {
  return deploys
    .filter(({ functions }) => functions.includes(fn))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** The use of all, taken together. */
export function allUsage({ functions, account }: Parts): Usage {
  return addUsage([...functions, account]);
}
