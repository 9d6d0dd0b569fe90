import type { ProvisionedResult } from "../measure/provisioned.ts";
import type { Counters, RunResult } from "../measure/result.ts";
import { entriesTo } from "../scenario/lookup.ts";
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
  /** The time it is of, and how often the measured time goes into it: once, where it is that time itself. */
  private readonly span: number;
  private readonly factor: number;

  /** `run`, as it was measured, over `span` microseconds. */
  constructor(scenario: Scenario, run: Measured, span: number) {
    const factor = span / run.span;
    this.scenario = scenario;
    this.functions = run.functions;
    this.span = span;
    this.factor = factor;
    this.entries = scenario.entries.map((entry, e) =>
      addUsage([addUsage([entryUsage(entry, run.entries[e]!)], factor), standingEntryUsage(entry, span)]),
    );
    const { nat } = scenario.pricing;
    this.account = nat ? natUsage(nat.gateways, span) : {};
  }

  /** A function's own use, and that of the entries which lead to it; worked out when asked for, as there may be 20,000. */
  of(fn: number): Usage {
    const { scenario, span, factor } = this;
    const measured = factor === 1;
    const f = scenario.functions[fn]!;
    const { counters, provisioned } = this.functions[fn]!;
    const { natBytes, deploys } = extrasOf(scenario);
    // Of a month only its rent is asked for: how often one deploys then, nobody knows.
    const published = f.snapStart && measured ? (deploys.get(fn) ?? []) : [];
    return addUsage([
      addUsage(
        [
          usageOf(f, counters, provisioned, measured),
          { natData: (natBytes.get(fn) ?? 0) * counters.invocations },
        ],
        factor,
      ),
      standingUsage(f, span, published),
      ...entriesTo(scenario, fn).map((e) => this.entries[e]!),
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

/** Of the functions that have any: bytes of an invocation through NAT gateways, and when they are deployed, in measured time. */
interface Extras {
  readonly natBytes: ReadonlyMap<number, number>;
  readonly deploys: ReadonlyMap<number, readonly number[]>;
}

const extras = new WeakMap<Scenario, Extras>();

/** The same for all replications of a scenario, so worked out once. */
function extrasOf(scenario: Scenario): Extras {
  const known = extras.get(scenario);
  if (known) return known;
  const { nat } = scenario.pricing;
  const deploys = new Map<number, number[]>();
  for (const { at, functions } of [...scenario.deploys].sort((a, b) => a.at - b.at)) {
    for (const fn of new Set(functions)) deploys.set(fn, [...(deploys.get(fn) ?? []), at - scenario.warmup]);
  }
  const found = { natBytes: new Map(nat?.functions.map((fn) => [fn, nat.bytes])), deploys };
  extras.set(scenario, found);
  return found;
}
