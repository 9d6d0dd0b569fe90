import { type EntryLaw, retriesOf } from "../sim/measure/entry.ts";
import type { Histogram } from "../sim/measure/histogram.ts";
import type { Counters, Level } from "../sim/measure/result.ts";
import { type Bill, billFor, withoutFreeTier } from "../sim/pricing/bill.ts";
import { toUsd } from "../sim/pricing/money.ts";
import { type Measure, meets, type Threshold } from "../sim/scenario/threshold.ts";
import type { EntryReplication } from "./entries.ts";
import { type Figures, QUANTILES } from "./figures.ts";
import type { Replication, Study } from "./replicate.ts";
import { shareIn } from "./share.ts";
import { estimate } from "./statistics.ts";

/** A threshold and how it went. */
export interface Judgement extends Threshold {
  /** What is judged: the pooled percentile, or the mean over replications. */
  readonly value: number;
  readonly ci95: number;
  readonly ok: boolean;
  /** The 95 % interval lies on both sides of the limit: more replications could turn the verdict. */
  readonly straddles: boolean;
}

/** Judges every threshold of the scenario. A value that does not exist (no request was answered) misses. */
export function judge(study: Study): Judgement[] {
  return study.scenario.thresholds.map((threshold) => {
    const { mean, ci95 } = estimate(study.replications.map((r) => measured(study, r, threshold)));
    const pooled = pooledValue(study, threshold);
    const value = pooled ?? mean;
    const straddles = ci95 > 0 && Math.abs(value - threshold.limit) <= ci95;
    return { ...threshold, value, ci95, ok: meets(threshold, value), straddles };
  });
}

function indexOf(study: Study, of: string): number {
  return study.scenario.functions.findIndex((f) => f.name === of);
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
function pooledLaw(study: Study, measure: Measure, fn: number): Histogram | undefined {
  if (measure === "latency" || measure === "duration")
    return (fn < 0 ? study.account.histograms : study.functions[fn]!.histograms!)[measure];
  if (!isEntryLaw(measure)) return undefined;
  const { total, functions } = study.traffic;
  return (fn < 0 ? total : functions[fn])?.[ENTRY_LAW_OF[measure]];
}

function isEntryLaw(measure: Measure): measure is keyof typeof ENTRY_LAW_OF {
  return Object.hasOwn(ENTRY_LAW_OF, measure);
}

/** Percentiles and maxima of laws are those of the pooled histogram. */
function pooledValue(study: Study, { of, measure, aggregate, quantile }: Threshold): number | undefined {
  const law = pooledLaw(study, measure, indexOf(study, of));
  if (law === undefined) return undefined;
  if (aggregate === "percentile") return law.quantile(quantile!);
  if (aggregate !== "max") return undefined;
  return law.count === 0 ? Number.NaN : law.max;
}

/** The same law's figures in one replication. */
function figuresIn({ functions, account, traffic }: Replication, measure: Measure, fn: number): Figures {
  return isEntryLaw(measure)
    ? (fn < 0 ? traffic.total! : traffic.functions[fn]!)[ENTRY_LAW_OF[measure]]
    : (fn < 0 ? account : functions[fn]!).quantiles![measure as "latency" | "duration"];
}

/** One replication's value. */
function measured(study: Study, replication: Replication, threshold: Threshold): number {
  const { of, measure, aggregate } = threshold;
  const fn = indexOf(study, of);
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
      return aggregate === "max" ? max : nearestQuantile(quantiles, threshold.quantile!);
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
  return traffic.entries.filter((_, e) => fn < 0 || scenario.entries[e]!.target === fn);
}

function nearestQuantile(values: readonly number[], p: number): number {
  let best = 0;
  QUANTILES.forEach((kept, i) => {
    if (Math.abs(kept - p) < Math.abs(QUANTILES[best]! - p)) best = i;
  });
  return values[best]!;
}

/** A function's bill of a month, free tier left out. */
function monthlyBill({ scenario }: Study, { monthlyUsage }: Replication, fn: number): Bill {
  const { table, savingsPlan } = scenario.pricing;
  return billFor(monthlyUsage[fn]!, table, false, savingsPlan);
}

/** US dollars. A function's cost leaves the free tier out; `perMillion` is for a million invocations. */
function cost(
  study: Study,
  replication: Replication,
  fn: number,
  aggregate: string,
  invocations: number,
): number {
  const own = fn < 0 ? withoutFreeTier(replication.bill) : replication.bills[fn]!.total;
  if (aggregate === "perMillion") return invocations === 0 ? Number.NaN : (toUsd(own) / invocations) * 1e6;
  if (aggregate === "perMonth")
    return toUsd((fn < 0 ? replication.monthly : monthlyBill(study, replication, fn)).total);
  return fn < 0 ? toUsd(replication.bill.total) : toUsd(own);
}
