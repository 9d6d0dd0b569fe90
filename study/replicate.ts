import type { Histograms, Times } from "../sim/measure/histograms.ts";
import type { ProvisionedResult, ProvisionedTimeline } from "../sim/measure/provisioned.ts";
import type { AccountResult, FunctionResult } from "../sim/measure/result.ts";
import type { Timeline } from "../sim/measure/timeline.ts";
import type { Bill } from "../sim/pricing/bill.ts";
import type { Usage } from "../sim/pricing/items.ts";
import { replicationSeed } from "../sim/random.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { simulate } from "../sim/simulate.ts";
import type { Transition } from "./alarms.ts";
import type { EntriesReplication, EntriesStudy } from "./entries.ts";
import type { Figures } from "./figures.ts";
import { StudyPool } from "./pool.ts";
import type { Runner } from "./runner.ts";
import type { Opened } from "./source.ts";

/** A replication without its histograms and timelines, which are pooled as they come. */
export interface Replication {
  readonly seed: string;
  readonly digest: string;
  readonly span: number;
  readonly functions: readonly (Omit<FunctionResult, "histograms" | "timeline" | "provisioned"> & {
    quantiles: Quantiles | undefined;
    provisioned: ProvisionedResult | undefined;
  })[];
  readonly account: Omit<AccountResult, "histograms" | "timeline" | "provisioned" | "concurrencyTimes"> & {
    quantiles: Quantiles;
  };
  /** What came through invocation models. */
  readonly traffic: EntriesReplication;
  /** By alarm: the states it went through. */
  readonly alarms: readonly (readonly Transition[])[];
  /** By function, free tier left out. */
  /** By entry: what its service and queue bill, which is on its function's bill. */
  readonly entryUsage: readonly Usage[];
  /** By function, free tier left out, with what its queues, streams and gateways cost. */
  readonly bills: readonly Bill[];
  /** By function: what it would use in 730 hours. */
  readonly monthlyUsage: readonly Usage[];
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
