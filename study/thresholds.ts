import type { Counters, Level } from "../sim/measure/result.ts";
import { toUsd } from "../sim/pricing/money.ts";
import { meets, type Threshold } from "../sim/scenario/threshold.ts";
import { MONTH } from "../sim/units.ts";
import { QUANTILES, type Replication, type Study } from "./replicate.ts";
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

/** Percentiles and maxima of times are those of the pooled histogram. */
function pooledValue(study: Study, { of, measure, aggregate, quantile }: Threshold): number | undefined {
  if (measure !== "latency" && measure !== "duration") return undefined;
  const fn = indexOf(study, of);
  const histograms = fn < 0 ? study.account.histograms : study.functions[fn]!.histograms!;
  const histogram = histograms[measure];
  if (aggregate === "percentile") return histogram.quantile(quantile!);
  return aggregate === "max" ? histogram.max : undefined;
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
    case "duration": {
      const { quantiles } = fn < 0 ? replication.account : replication.functions[fn]!;
      const { mean, max } = quantiles![measure];
      if (aggregate === "mean") return mean;
      // Only known percentiles are kept for each replication; for others the interval is that of the nearest.
      return aggregate === "max" ? max : nearestQuantile(quantiles![measure].quantiles, threshold.quantile!);
    }
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
        replication,
        fn,
        aggregate,
        sum((c) => c.invocations),
      );
  }
}

function nearestQuantile(values: readonly number[], p: number): number {
  let best = 0;
  QUANTILES.forEach((kept, i) => {
    if (Math.abs(kept - p) < Math.abs(QUANTILES[best]! - p)) best = i;
  });
  return values[best]!;
}

/** US dollars. A function's cost leaves the free tier out; `perMillion` is for a million invocations. */
function cost(replication: Replication, fn: number, aggregate: string, invocations: number): number {
  const own =
    fn < 0 ? replication.bills.reduce((total, bill) => total + bill.total, 0n) : replication.bills[fn]!.total;
  if (aggregate === "perMillion") return invocations === 0 ? Number.NaN : (toUsd(own) / invocations) * 1e6;
  if (aggregate === "perMonth")
    return fn < 0 ? toUsd(replication.monthly.total) : (toUsd(own) * MONTH) / replication.span;
  return fn < 0 ? toUsd(replication.bill.total) : toUsd(own);
}
