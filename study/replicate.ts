import { type FunctionResult, FunctionRow } from "../sim/measure/function-result.ts";
import type { Histograms, Times } from "../sim/measure/histograms.ts";
import type { ProvisionedResult, ProvisionedTimeline } from "../sim/measure/provisioned.ts";
import type { AccountResult } from "../sim/measure/result.ts";
import type { Timeline } from "../sim/measure/timeline.ts";
import type { Bill } from "../sim/pricing/bill.ts";
import type { RunUsage } from "../sim/pricing/run-usage.ts";
import { replicationSeed } from "../sim/random.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { simulate } from "../sim/simulate.ts";
import type { Transition } from "./alarms.ts";
import type { EntriesReplication, EntriesStudy } from "./entries.ts";
import type { Figures } from "./figures.ts";
import { StudyPool } from "./pool.ts";
import type { Runner } from "./runner.ts";
import type { Opened } from "./source.ts";

/** A function in one replication, without its histograms and timelines, which are pooled as they come. */
export class ReplicationFunction extends FunctionRow {
  /** Of a function with histograms. */
  readonly quantiles: Quantiles | undefined;
  /** Of a function with provisioned concurrency. */
  readonly provisioned: ProvisionedResult | undefined;

  constructor({ columns, fn, provisioned }: FunctionResult, quantiles: Quantiles | undefined) {
    super(columns, fn);
    this.quantiles = quantiles;
    this.provisioned = provisioned && { ...provisioned, timeline: undefined };
  }
}

/** A replication without its histograms and timelines. */
export interface Replication {
  readonly seed: string;
  readonly digest: string;
  readonly span: number;
  readonly functions: readonly ReplicationFunction[];
  readonly account: Omit<AccountResult, "histograms" | "timeline" | "provisioned" | "concurrencyTimes"> & {
    quantiles: Quantiles;
  };
  /** What came through invocation models. */
  readonly traffic: EntriesReplication;
  /** By alarm: the states it went through. */
  readonly alarms: readonly (readonly Transition[])[];
  /** What it used, and would in 730 hours; a function's own bill is in function-bill.ts. */
  readonly usage: RunUsage;
  /** The account's, as if the run were all the month's use. */
  readonly bill: Bill;
  /** The account's, with the usage of 730 hours. */
  readonly monthly: Bill;
}

/** Figures of one replication's histograms. */
export type Quantiles = Record<Times, Figures>;

/** Several replications of a scenario: the pooled histograms, the mean timelines, and what each came to. */
export interface Study {
  readonly scenario: Scenario;
  readonly replications: readonly Replication[];
  readonly functions: readonly {
    histograms: Histograms | undefined;
    timeline: Timeline | undefined;
    /** Of a function with provisioned concurrency. */
    provisioned: ProvisionedTimeline | undefined;
  }[];
  readonly account: {
    histograms: Histograms;
    timeline: Timeline;
    provisioned: ProvisionedTimeline | undefined;
    /** Microseconds at each concurrency, over all replications. */
    concurrencyTimes: Float64Array;
  };
  /** What came through invocation models. */
  readonly traffic: EntriesStudy;
}

/** Replays a scenario under independent seeds, at once. */
export function replicate(scenario: Scenario): Study {
  const pool = new StudyPool(scenario);
  for (let r = 0; r < scenario.replications; r++)
    pool.add(simulate(scenario, { seed: replicationSeed(scenario.seed, r) }));
  return pool.study();
}

/**
 * The same, played by a runner. `tell` is called now and then with the number of replications that are done, parts of
 * one included.
 */
export async function replicateBy(
  runner: Runner,
  opened: Opened,
  tell?: (done: number) => void,
): Promise<Study> {
  const pool = new StudyPool(opened.scenario);
  for await (const run of runner.runs(opened, 0, opened.scenario.replications, tell)) pool.add(run);
  return pool.study();
}
