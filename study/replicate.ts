import { Histograms, TIMES, type Times } from "../sim/measure/histograms.ts";
import { addTimes } from "../sim/measure/occupancy.ts";
import { type ProvisionedResult, ProvisionedTimeline } from "../sim/measure/provisioned.ts";
import type { AccountResult, FunctionResult, RunResult } from "../sim/measure/result.ts";
import { Timeline } from "../sim/measure/timeline.ts";
import { type Bill, billFor } from "../sim/pricing/bill.ts";
import { addUsage, type Usage, usageOf } from "../sim/pricing/meter.ts";
import { replicationSeed } from "../sim/random.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { Simulation } from "../sim/simulate.ts";
import { MONTH } from "../sim/units.ts";
import { type EntriesReplication, type EntriesStudy, EntryPool } from "./entries.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { TimelineMean } from "./timeline-mean.ts";

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
  /** By function, free tier left out. */
  readonly bills: readonly Bill[];
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

/**
 * Replays a scenario under independent seeds. `between` is called now and then with the share of the work that is
 * done, so that a caller can show progress or stop (by throwing).
 */
export function* replicateSteps(scenario: Scenario): Generator<number, Study> {
  const study = new Pool(scenario);
  for (let r = 0; r < scenario.replications; r++) {
    const simulation = new Simulation(scenario, replicationSeed(scenario.seed, r));
    while (simulation.step()) yield (r + simulation.now / scenario.horizon) / scenario.replications;
    study.add(simulation.result());
  }
  return study.finish();
}

/** All replications of a scenario, at once. */
export function replicate(scenario: Scenario): Study {
  const steps = replicateSteps(scenario);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Adds replications up, in order. */
class Pool {
  private readonly scenario: Scenario;
  private readonly replications: Replication[] = [];
  private readonly parts: {
    histograms: Histograms | undefined;
    timelines: TimelineMean<Timeline> | undefined;
    provisioned: TimelineMean<ProvisionedTimeline> | undefined;
  }[];
  private concurrencyTimes: Float64Array = new Float64Array(0);
  private readonly account = {
    histograms: new Histograms(),
    timelines: timelineMean(),
    provisioned: provisionedMean(),
  };
  private readonly traffic: EntryPool;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.traffic = new EntryPool(scenario);
    this.parts = scenario.functions.map((f) => ({
      histograms: undefined,
      timelines: scenario.measure.detailed(f.name) ? timelineMean() : undefined,
      provisioned: f.provisionedConcurrency > 0 ? provisionedMean() : undefined,
    }));
  }

  add(run: RunResult): void {
    const { scenario } = this;
    const usages: Usage[] = [];
    const functions = run.functions.map(({ histograms, timeline, provisioned: all, ...rest }, fn) => {
      const part = this.parts[fn]!;
      const quantiles = histograms && figuresOf(TIMES, histograms);
      if (histograms) (part.histograms ??= new Histograms()).add(histograms);
      if (timeline) part.timelines?.add(timeline);
      usages.push(usageOf(scenario.functions[fn]!, rest.counters, run.span, all));
      if (all?.timeline) part.provisioned?.add(all.timeline);
      return { ...rest, quantiles, provisioned: all && { ...all, timeline: undefined } };
    });
    const { histograms, timeline, provisioned, concurrencyTimes, ...account } = run.account;
    if (provisioned) this.account.provisioned.add(provisioned);
    this.concurrencyTimes = addTimes(this.concurrencyTimes, concurrencyTimes);
    const quantiles = figuresOf(TIMES, histograms);
    this.account.histograms.add(histograms);
    this.account.timelines.add(timeline);
    const { table, freeTier } = scenario.pricing;
    this.replications.push({
      seed: run.seed,
      digest: run.digest,
      span: run.span,
      functions,
      account: { ...account, quantiles },
      traffic: this.traffic.add(run.entries),
      bills: usages.map((usage) => billFor(usage, table, false)),
      bill: billFor(addUsage(usages), table, freeTier),
      monthly: billFor(addUsage(usages, MONTH / run.span), table, freeTier),
    });
  }

  finish(): Study {
    return {
      scenario: this.scenario,
      replications: this.replications,
      functions: this.parts.map(({ histograms, timelines, provisioned }) => ({
        histograms,
        timeline: timelines?.mean(),
        provisioned: provisioned?.mean(),
      })),
      account: {
        histograms: this.account.histograms,
        timeline: this.account.timelines.mean()!,
        provisioned: this.account.provisioned.mean(),
        concurrencyTimes: this.concurrencyTimes,
      },
      traffic: this.traffic.finish(),
    };
  }
}

const provisionedMean = () => new TimelineMean((...span) => new ProvisionedTimeline(...span));
const timelineMean = () => new TimelineMean((...span) => new Timeline(...span));
