import type { ProvisionedResult } from "../measure/provisioned.ts";
import type { Counters, RunResult } from "../measure/result.ts";
import { byTarget } from "../scenario/by-target.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { MONTH } from "../units.ts";
import { addUsage, type Usage } from "./items.ts";
import { standingUsage, usageOf } from "./meter.ts";
import { entryUsage, natUsage, standingEntryUsage } from "./services.ts";

/** A run as its usage is read off it. */
type Measured = Pick<RunResult, "span" | "entries"> & { readonly functions: readonly MeteredFunction[] };

interface MeteredFunction {
  readonly counters: Counters;
  readonly provisioned: Pick<ProvisionedResult, "enabled" | "initMs"> | undefined;
}

/** What is billed over some time, each part once. */
export class Parts {
  /** By entry: what is in its function's use for it. */
  readonly entries: readonly Usage[];
  /** What belongs to no function. */
  readonly account: Usage;
  private readonly scenario: Scenario;
  private readonly functions: readonly MeteredFunction[];
  /** The time it is of, how often the measured time goes into it, and whether it is that time itself. */
  private readonly span: number;
  private readonly factor: number;
  private readonly measured: boolean;
  /** By function: the entries that lead to it, where there are any. */
  private readonly leading: ReadonlyMap<number, readonly Usage[]>;
  private readonly throughNat: ReadonlySet<number>;

  /** `run`, as it was measured, over `span` microseconds. */
  constructor(scenario: Scenario, run: Measured, span: number) {
    const factor = span / run.span;
    this.scenario = scenario;
    this.functions = run.functions;
    this.span = span;
    this.factor = factor;
    this.measured = span === run.span;
    this.entries = scenario.entries.map((entry, e) =>
      addUsage([addUsage([entryUsage(entry, run.entries[e]!)], factor), standingEntryUsage(entry, span)]),
    );
    this.leading = byTarget(scenario.entries, this.entries);
    const { nat } = scenario.pricing;
    this.throughNat = new Set(nat?.functions);
    this.account = nat ? natUsage(nat.gateways, span) : {};
  }

  /** A function's own use, and that of the entries which lead to it; worked out when asked for, as there may be 20,000. */
  of(fn: number): Usage {
    const { scenario, span, factor, measured } = this;
    const f = scenario.functions[fn]!;
    const { counters, provisioned } = this.functions[fn]!;
    const natBytes = this.throughNat.has(fn) ? scenario.pricing.nat!.bytes : 0;
    // Of a month only its rent is asked for: how often one deploys then, nobody knows.
    const known = f.snapStart && measured;
    const deploys = known ? deploysOf(scenario, fn).map((at) => at - scenario.warmup) : [];
    return addUsage([
      addUsage(
        [usageOf(f, counters, provisioned, measured), { natData: natBytes * counters.invocations }],
        factor,
      ),
      standingUsage(f, span, deploys),
      ...(this.leading.get(fn) ?? []),
    ]);
  }

  /** The use of all, taken together. */
  all(): Usage {
    let sum: Usage = {};
    for (let fn = 0; fn < this.functions.length; fn++) sum = addUsage([sum, this.of(fn)]);
    return addUsage([sum, this.account]);
  }
}

/** One replication's use, measured, and projected to a month. */
export interface RunUsage {
  readonly run: Parts;
  readonly month: Parts;
}

/**
 * What a replication used. What grows with traffic is multiplied for the month; what is rented by time is that of a month
 * (730 hours), so that its least times and steps count once.
 */
export function runUsage(scenario: Scenario, run: Measured): RunUsage {
  return { run: new Parts(scenario, run, run.span), month: new Parts(scenario, run, MONTH) };
}

function deploysOf({ deploys }: Scenario, fn: number): number[] {
  return deploys
    .filter(({ functions }) => functions.includes(fn))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}
