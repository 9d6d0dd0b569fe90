import { Histograms, TIMES, type Times } from "../sim/measure/histograms.ts";
import { addTimes } from "../sim/measure/occupancy.ts";
import type { AccountResult, FunctionResult, RunResult } from "../sim/measure/result.ts";
import { Timeline } from "../sim/measure/timeline.ts";
import { type Bill, billFor } from "../sim/pricing/bill.ts";
import type { Usage } from "../sim/pricing/items.ts";
import { allUsage, runUsage } from "../sim/pricing/run-usage.ts";
import { replicationSeed } from "../sim/random.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { Simulation } from "../sim/simulate.ts";
import { type EntriesReplication, type EntriesStudy, EntryPool } from "./entries.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { TimelineMean } from "./timeline-mean.ts";

/** A replication without its histograms and timelines, which are pooled as they come. */
export interface Replication {
  readonly seed: string;
  readonly digest: string;
  readonly span: number;
  readonly functions: readonly (Omit<FunctionResult, "histograms" | "timeline"> & {
    quantiles: Quantiles | undefined;
  })[];
  readonly account: Omit<AccountResult, "histograms" | "timeline" | "concurrencyTimes"> & {
    quantiles: Quantiles;
  };
  /** What came through invocation models. */
  readonly traffic: EntriesReplication;
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
  readonly functions: readonly { histograms: Histograms | undefined; timeline: Timeline | undefined }[];
  readonly account: {
    histograms: Histograms;
    timeline: Timeline;
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
  }[];
  private concurrencyTimes: Float64Array = new Float64Array(0);
  private readonly account = { histograms: new Histograms(), timelines: timelineMean() };
  private readonly traffic: EntryPool;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.traffic = new EntryPool(scenario);
    this.parts = scenario.functions.map((f) => ({
      histograms: undefined,
      timelines: scenario.measure.detailed(f.name) ? timelineMean() : undefined,
    }));
  }

  add(run: RunResult): void {
    const { scenario } = this;
    const functions = run.functions.map(({ histograms, timeline, ...rest }, fn) => {
      const part = this.parts[fn]!;
      const quantiles = histograms && figuresOf(TIMES, histograms);
      if (histograms) (part.histograms ??= new Histograms()).add(histograms);
      if (timeline) part.timelines?.add(timeline);
      return { ...rest, quantiles };
    });
    const { histograms, timeline, concurrencyTimes, ...account } = run.account;
    this.concurrencyTimes = addTimes(this.concurrencyTimes, concurrencyTimes);
    const quantiles = figuresOf(TIMES, histograms);
    this.account.histograms.add(histograms);
    this.account.timelines.add(timeline);
    const { table, freeTier, savingsPlan } = scenario.pricing;
    const bill = (usage: Usage, free: boolean) => billFor(usage, table, free, savingsPlan);
    const usage = runUsage(scenario, { ...run, functions });
    this.replications.push({
      seed: run.seed,
      digest: run.digest,
      span: run.span,
      functions,
      account: { ...account, quantiles },
      traffic: this.traffic.add(run.entries),
      entryUsage: usage.run.entries,
      bills: usage.run.functions.map((own) => bill(own, false)),
      monthlyUsage: usage.month.functions,
      bill: bill(allUsage(usage.run), freeTier),
      monthly: bill(allUsage(usage.month), freeTier),
    });
  }

  finish(): Study {
    return {
      scenario: this.scenario,
      replications: this.replications,
      functions: this.parts.map(({ histograms, timelines }) => ({ histograms, timeline: timelines?.mean() })),
      account: {
        histograms: this.account.histograms,
        timeline: this.account.timelines.mean()!,
        concurrencyTimes: this.concurrencyTimes,
      },
      traffic: this.traffic.finish(),
    };
  }
}

const timelineMean = () => new TimelineMean((...span) => new Timeline(...span));
