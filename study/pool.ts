import { Histograms, TIMES } from "../sim/measure/histograms.ts";
import { addTimes } from "../sim/measure/occupancy.ts";
import { ProvisionedTimeline } from "../sim/measure/provisioned.ts";
import type { RunResult } from "../sim/measure/result.ts";
import { Timeline } from "../sim/measure/timeline.ts";
import { billFor } from "../sim/pricing/bill.ts";
import { type Parts, runUsage } from "../sim/pricing/run-usage.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { alarmsIn } from "./alarms.ts";
import { EntryPool } from "./entries.ts";
import { figuresOf } from "./figures.ts";
import { type Replication, ReplicationFunction, type Study } from "./replicate.ts";
import { TimelineMean } from "./timeline-mean.ts";

/**
 * Adds replications up, in order. What has come so far can be looked at (`study`) and added to afterwards, so that a
 * study may go on until it knows enough.
 */
export class StudyPool {
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
    const alarms = alarmsIn(scenario, run);
    const functions = run.functions.map((own, fn) => {
      const { histograms, timeline, provisioned } = own;
      const part = this.parts[fn]!;
      if (histograms) (part.histograms ??= new Histograms()).add(histograms);
      if (timeline) part.timelines?.add(timeline);
      if (provisioned?.timeline) part.provisioned?.add(provisioned.timeline);
      return new ReplicationFunction(own, histograms && figuresOf(TIMES, histograms));
    });
    const { histograms, timeline, provisioned, concurrencyTimes, ...account } = run.account;
    if (provisioned) this.account.provisioned.add(provisioned);
    this.concurrencyTimes = addTimes(this.concurrencyTimes, concurrencyTimes);
    const quantiles = figuresOf(TIMES, histograms);
    this.account.histograms.add(histograms);
    this.account.timelines.add(timeline);
    const { table, freeTier, savingsPlan } = scenario.pricing;
    const bill = (parts: Parts) => billFor(parts.all(), table, freeTier, savingsPlan);
    const usage = runUsage(scenario, { ...run, functions });
    this.replications.push({
      seed: run.seed,
      digest: run.digest,
      span: run.span,
      functions,
      account: { ...account, quantiles },
      traffic: this.traffic.add(run.entries),
      alarms,
      usage,
      bill: bill(usage.run),
      monthly: bill(usage.month),
    });
  }

  /** The study of the replications added so far. At least one must have been. */
  study(): Study {
    return {
      scenario: this.scenario,
      replications: [...this.replications],
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
      traffic: this.traffic.study(),
    };
  }
}

const provisionedMean = () => new TimelineMean((...span) => new ProvisionedTimeline(...span));
const timelineMean = () => new TimelineMean((...span) => new Timeline(...span));
