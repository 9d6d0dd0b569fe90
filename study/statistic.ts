import { type EntryLaw, retriesOf } from "../sim/measure/entry.ts";
import type { Histogram } from "../sim/measure/histogram.ts";
import type { Counters, Level } from "../sim/measure/result.ts";
import { withoutFreeTier } from "../sim/pricing/bill.ts";
import { toUsd } from "../sim/pricing/money.ts";
import { entriesTo, functionIndex } from "../sim/scenario/lookup.ts";
import type { Measure, Threshold } from "../sim/scenario/threshold.ts";
import type { EntryReplication } from "./entries.ts";
import { type Figures, NO_FIGURES, QUANTILES } from "./figures.ts";
import { functionBill } from "./function-bill.ts";
import type { Replication, Study } from "./replicate.ts";
import { shareIn } from "./share.ts";
import { estimate } from "./statistics.ts";

/**
 * What can be read off a study, in the words of thresholds: a function's (or "total"'s) measure, and how it is aggregated.
 * Durations in microseconds, shares from 0 to 1, money in US dollars.
 */
export interface Statistic extends Pick<Threshold, "of" | "aggregate" | "quantile"> {
  readonly measure: Measure | "requests" | "invocations";
}

/** What a statistic comes to. */
export interface Reading {
  /** The pooled percentile or maximum of times; of all else the mean over replications. NaN where there is none. */
  readonly value: number;
  /** Half-width of the 95 % interval over replications; NaN with fewer than two. */
  readonly ci95: number;
  /** By replication, in order: paired, for two studies with the same seed. */
  readonly values: readonly number[];
}

/** Reads a statistic. The function must be one of the scenario's; times of one that has no histograms do not exist. */
export function read(study: Study, statistic: Statistic): Reading {
  const values = study.replications.map((r) => measured(study, r, statistic));
  const { mean, ci95 } = estimate(values);
  return { value: pooledValue(study, statistic) ?? mean, ci95, values };
}

/** Measures that are laws of entries. */
const ENTRY_LAW_OF = {
  queueWait: "queueWait",
  messageAge: "age",
  iteratorAge: "iteratorAge",
  endToEnd: "endToEnd",
  batchSize: "batchSize",
  attempts: "attempts",
} as const satisfies Partial<Record<Measure, EntryLaw>>;

/** The law that a measure is a figure of, pooled; undefined for other measures. */
function pooledLaw(study: Study, measure: Statistic["measure"], fn: number): Histogram | undefined {
  if (measure === "latency" || measure === "duration")
    return (fn < 0 ? study.account.histograms : study.functions[fn]!.histograms)?.[measure];
  if (!isEntryLaw(measure)) return undefined;
  const { total, functions } = study.traffic;
  return (fn < 0 ? total : functions[fn])?.[ENTRY_LAW_OF[measure]];
}

function isEntryLaw(measure: Statistic["measure"]): measure is keyof typeof ENTRY_LAW_OF {
  return Object.hasOwn(ENTRY_LAW_OF, measure);
}

/** How many values a statistic is a percentile, mean or maximum of, over all replications; undefined for what is no law. */
export function sampleSize(study: Study, { of, measure }: Statistic): number | undefined {
  return pooledLaw(study, measure, functionIndex(study.scenario, of))?.count;
}

/** Percentiles and maxima of laws are those of the pooled histogram. */
function pooledValue(study: Study, { of, measure, aggregate, quantile }: Statistic): number | undefined {
  const law = pooledLaw(study, measure, functionIndex(study.scenario, of));
  if (law === undefined) return undefined;
  if (aggregate === "percentile") return law.quantile(quantile!);
  if (aggregate !== "max") return undefined;
  return law.count === 0 ? Number.NaN : law.max;
}

/** The same law's figures in one replication; those of nothing where it is not kept. */
function figuresIn({ functions, account, traffic }: Replication, measure: Measure, fn: number): Figures {
  const figures = isEntryLaw(measure)
    ? (fn < 0 ? traffic.total : traffic.functions[fn])?.[ENTRY_LAW_OF[measure]]
    : (fn < 0 ? account : functions[fn]!).quantiles?.[measure as "latency" | "duration"];
  return figures ?? NO_FIGURES;
}

/** One replication's value. */
function measured(study: Study, replication: Replication, statistic: Statistic): number {
  const { of, measure, aggregate } = statistic;
  const fn = functionIndex(study.scenario, of);
  const parts = fn < 0 ? replication.functions : [replication.functions[fn]!];
  const sum = (read: (c: Counters) => number) =>
    parts.reduce((total, part) => total + read(part.counters), 0);
  const share = (top: (c: Counters) => number, bottom: (c: Counters) => number) =>
    aggregate === "count" ? sum(top) : shareIn(parts, top, bottom);
  const level = ({ mean, max }: Pick<Level, "mean" | "max">) => (aggregate === "mean" ? mean : max);
  switch (measure) {
    case "latency":
    case "duration":
    case "queueWait":
    case "messageAge":
    case "iteratorAge":
    case "endToEnd":
    case "batchSize":
    case "attempts": {
      const { quantiles, mean, max } = figuresIn(replication, measure, fn);
      if (aggregate === "mean") return mean;
      // Only known percentiles are kept for each replication; for others the interval is that of the nearest.
      return aggregate === "max" ? max : nearestQuantile(quantiles, statistic.quantile!);
    }
    case "queueDepth":
      return entriesOf(study, replication, fn).reduce((total, { depth }) => total + level(depth), 0);
    case "retries": {
      const retries = entriesOf(study, replication, fn).reduce((total, e) => total + retriesOf(e.counts), 0);
      const requests = sum((c) => c.requests);
      return aggregate === "count" ? retries : requests === 0 ? 0 : retries / requests;
    }
    case "deadLettered":
      return share(
        (c) => c.deadLettered,
        (c) => c.requests,
      );
    case "requests":
      return sum((c) => c.requests);
    case "invocations":
      return sum((c) => c.invocations);
    case "throttles":
      return share(
        (c) => c.throttled,
        (c) => c.requests,
      );
    case "dropped":
      return share(
        (c) => c.dropped,
        (c) => c.requests,
      );
    case "errors":
      return share(
        (c) => c.errors,
        (c) => c.invocations,
      );
    case "coldStarts":
      return share(
        (c) => c.coldStarts,
        (c) => c.invocations,
      );
    case "spillover":
      return share(
        (c) => c.spillover,
        (c) => c.spillover + c.provisionedInvocations,
      );
    case "concurrency":
      return level(fn < 0 ? replication.account.concurrency : replication.functions[fn]!.concurrency);
    case "environments":
      return parts.reduce((total, part) => total + level(part.environments), 0);
    case "cost":
      return cost(
        study,
        replication,
        fn,
        aggregate,
        sum((c) => c.invocations),
      );
  }
}

/** The entries that lead to a function, or all of them. */
function entriesOf({ scenario }: Study, { traffic }: Replication, fn: number): readonly EntryReplication[] {
  return fn < 0 ? traffic.entries : entriesTo(scenario, fn).map((e) => traffic.entries[e]!);
}

function nearestQuantile(values: readonly number[], p: number): number {
  let best = 0;
  QUANTILES.forEach((kept, i) => {
    if (Math.abs(kept - p) < Math.abs(QUANTILES[best]! - p)) best = i;
  });
  return values[best]!;
}

/** US dollars. A function's cost leaves the free tier out; `perMillion` is for a million invocations. */
function cost(
  study: Study,
  replication: Replication,
  fn: number,
  aggregate: string,
  invocations: number,
): number {
  const total = (over: "run" | "month") => toUsd(functionBill(study, replication, fn, over).total);
  if (aggregate === "perMonth") return fn < 0 ? toUsd(replication.monthly.total) : total("month");
  if (aggregate === "perRun") return fn < 0 ? toUsd(replication.bill.total) : total("run");
  const own = fn < 0 ? toUsd(withoutFreeTier(replication.bill)) : total("run");
  return invocations === 0 ? Number.NaN : (own / invocations) * 1e6;
}
