import { packageStorage } from "../sim/lambda/package-storage.ts";
import { THROTTLE_REASONS } from "../sim/lambda/placement.ts";
import { type CloudWatchCounts, cloudWatchCounts } from "../sim/measure/cloudwatch.ts";
import { Digest } from "../sim/measure/digest.ts";
import { HISTOGRAM_ERROR } from "../sim/measure/histogram.ts";
import { type Histograms, TIMES, type Times } from "../sim/measure/histograms.ts";
import { levelQuantile } from "../sim/measure/occupancy.ts";
import { COLD_START_PHASES, type Counters } from "../sim/measure/result.ts";
import { type Bill, meanBill, unverified } from "../sim/pricing/bill.ts";
import { MB_MS_PER_GB_SECOND } from "../sim/pricing/items.ts";
import { toUsd } from "../sim/pricing/money.ts";
import { entriesTo } from "../sim/scenario/lookup.ts";
import { MILLISECOND, SECOND } from "../sim/units.ts";
import { advise } from "./advice/registry.ts";
import { alarmFile } from "./alarms.ts";
import { QUANTILES } from "./figures.ts";
import { functionBill } from "./function-bill.ts";
import { notesOf } from "./notes.ts";
import { provisionedCost } from "./provisioned.ts";
import type { Replication, Study } from "./replicate.ts";
import {
  bucketsOf,
  byKey,
  ci,
  type Json,
  known,
  level,
  mean,
  QUANTILE_NAMES,
  summary,
} from "./result-parts.ts";
import { savedFigures } from "./side.ts";
import { type Estimate, estimate } from "./statistics.ts";
import { judge, judgementRow } from "./thresholds.ts";
import {
  functionLaw,
  queueMetrics,
  trafficHistograms,
  trafficReplication,
  trafficResult,
} from "./traffic-result.ts";

/** One fingerprint for all replications. */
export function digestOf(study: Study): string {
  if (study.replications.length === 1) return study.replications[0]!.digest;
  const digest = new Digest();
  for (const replication of study.replications) digest.addText(replication.digest);
  return digest.text();
}

/**
 * A study as `result.json`: means over replications with the half-width of their 95 % interval beside them (`…Ci95`),
 * percentiles of the pooled histograms. Numbers that do not exist (no request was answered) are null. Functions without
 * histograms of their own, of which there may be thousands, have their means, and neither lines of a bill nor counts by
 * replication.
 */
export function resultFile(study: Study, version: string): Json {
  const { scenario, replications } = study;
  const bill = meanBill(replications.map((r) => r.bill));
  const monthly = estimate(replications.map((r) => toUsd(r.monthly.total)));
  const saved = savedFigures(study);
  const detailed = scenario.functions.flatMap(({ name }, fn) =>
    study.functions[fn]!.histograms ? [{ name, fn }] : [],
  );
  return {
    lsimResult: 1,
    version,
    seed: seedOf(scenario.seed),
    replications: replications.length,
    digest: digestOf(study),
    priceDate: scenario.pricing.table.date,
    percentileRelativeError: HISTOGRAM_ERROR,
    measuredS: replications[0]!.span / SECOND,
    scenario: scenario.file,
    defaults: scenario.defaults,
    functions: Object.fromEntries(scenario.functions.map((f, fn) => [f.name, functionResult(study, fn)])),
    ...trafficResult(study),
    account: accountResult(study),
    bill: {
      lines: linesOf(bill),
      totalUsd: toUsd(bill.total),
      ...ci(
        "totalUsd",
        replications.map((r) => toUsd(r.bill.total)),
      ),
      monthlyUsd: monthly.mean,
      ...(Number.isFinite(monthly.ci95) && { monthlyUsdCi95: monthly.ci95 }),
      monthlyLines: linesOf(meanBill(replications.map((r) => r.monthly))),
      unverifiedPrices: unverified(bill),
      byFunction: Object.fromEntries(
        detailed.map(({ name, fn }) => {
          const own = meanBill(replications.map((r) => functionBill(study, r, fn)));
          return [name, { lines: linesOf(own), totalUsd: toUsd(own.total) }];
        }),
      ),
    },
    thresholds: judge(study).map(judgementRow),
    ...alarmFile(study),
    advice: advise(study),
    byReplication: replications.map((r, i) => ({
      seed: r.seed,
      digest: r.digest,
      functions: Object.fromEntries(
        detailed.map(({ name, fn }) => [name, replicationFunction(study, r, fn)]),
      ),
      ...trafficReplication(study, r),
      ...saved.byReplication[i],
    })),
    figures: saved.figures,
    notes: notesOf(study).map(({ about, text }) => `${about}: ${text}`),
  };
}

/** A seed as files show it: a number where it is one. */
export function seedOf(seed: string): string | number {
  return Number.isSafeInteger(Number(seed)) ? Number(seed) : seed;
}

function linesOf(bill: Bill): Json[] {
  return bill.lines.map(
    ({ key, service, item, quantity, unit, unitPrice, cost, price, source, date, uncertain }) => ({
      item,
      quantity,
      unit,
      unitPriceUsd: unitPrice === undefined ? null : Number(unitPrice),
      costUsd: unitPrice === undefined ? null : toUsd(cost),
      service,
      key,
      price,
      ...(unitPrice !== undefined && { source, date }),
      uncertain,
    }),
  );
}

const COUNTS = [
  "requests",
  "attempts",
  "invocations",
  "coldStarts",
  "warmStarts",
  "succeeded",
  "failed",
  "throttled",
  "dropped",
  "unfinished",
  "deadLettered",
  "proactiveInits",
  "suppressedInits",
  "initTimeouts",
  "timeouts",
  "resets",
] as const;

function functionResult(study: Study, fn: number): Json {
  const parts = study.replications.map((r) => r.functions[fn]!);
  const counters = parts.map((p) => p.counters);
  const environments = parts.map((p) => p.environments);
  const counted = counters.map(cloudWatchCounts);
  const { histograms } = study.functions[fn]!;
  const costs = study.replications.map((r) => toUsd(functionBill(study, r, fn).total));
  const settings = study.scenario.functions[fn]!;
  const counts = Object.assign(
    {},
    ...COUNTS.map((name) =>
      mean(
        name,
        counters.map((c) => c[name]),
      ),
    ),
  );
  const gbSeconds = counters.map(
    (c, r) =>
      ((c.billedMs + c.provisionedBilledMs + (parts[r]!.provisioned?.initMs ?? 0)) * settings.memorySize) /
      MB_MS_PER_GB_SECOND,
  );
  const times = (key: Times, unit: number) =>
    histograms
      ? summary(
          histograms[key],
          unit,
          parts.map((p) => p.quantiles![key]),
        )
      : key === "latency" || key === "duration"
        ? {
            mean:
              estimate(parts.map((p) => (key === "latency" ? p.latencyMean : p.durationMean))).mean / unit,
          }
        : {};
  return {
    ...counts,
    ...mean(
      "throttledAttempts",
      counters.map((c) => c.throttledAttempts.reduce((a, b) => a + b, 0)),
    ),
    throttlesByReason: byKey(counters.map(refusedByReason)),
    cloudWatch: {
      ...Object.assign(
        {},
        ...Object.keys(counted[0]!).map((name) =>
          mean(
            name,
            counted.map((counts) => counts[name as keyof CloudWatchCounts]),
          ),
        ),
      ),
      ...queueMetrics(study, fn),
      ConcurrentExecutions: { max: estimate(parts.map((p) => p.concurrency.max)).mean },
      ...(settings.provisionedConcurrency > 0 && {
        ProvisionedConcurrentExecutions: {
          max: estimate(parts.map((p) => p.provisionedConcurrency.max)).mean,
        },
        ProvisionedConcurrencyUtilization: {
          mean: known(estimate(parts.map((p) => p.provisioned!.utilization.mean)).mean),
          max: known(estimate(parts.map((p) => p.provisioned!.utilization.max)).mean),
        },
      }),
    },
    latencyMs: times("latency", MILLISECOND),
    durationMs: times("duration", MILLISECOND),
    billedDurationMs: times("billedMs", 1),
    initDurationMs: times("init", MILLISECOND),
    coldStartMs: phases(counters),
    coldLatencyMs: times("coldLatency", MILLISECOND),
    warmLatencyMs: times("warmLatency", MILLISECOND),
    queueWaitMs: functionLaw(study, fn, "queueWait"),
    ...(entriesTo(study.scenario, fn).some((e) => study.scenario.entries[e]!.invoke.queues) && {
      messageAgeMs: functionLaw(study, fn, "age"),
    }),
    concurrency: level(parts.map((p) => p.concurrency)),
    ...(settings.provisionedConcurrency > 0 && {
      onDemandConcurrency: level(parts.map((p) => p.onDemandConcurrency)),
      provisionedConcurrency: level(parts.map((p) => p.provisionedConcurrency)),
      provisioned: provisionedResult(study, fn),
    }),
    environments: Object.assign(
      {},
      ...(["created", "mean", "idleMean", "max", "meanLifeS"] as const).map((name) =>
        mean(
          name,
          environments.map((stats) => stats[name]),
        ),
      ),
    ),
    ...mean("gbSeconds", gbSeconds),
    ...mean("costUsd", costs),
    ...mean(
      "costPerMillionUsd",
      costs.map((usd, r) => (usd / counters[r]!.invocations) * 1e6),
    ),
  };
}

/** What was asked for, what served, what it cost, and what the same would have cost on demand. */
function provisionedResult(study: Study, fn: number): Json {
  const parts = study.replications.map((r) => r.functions[fn]!.provisioned!);
  const cost = provisionedCost(study, fn);
  const of = (name: string, { mean, ci95 }: Estimate) => ({
    [name]: known(mean),
    ...(Number.isFinite(ci95) && { [`${name}Ci95`]: ci95 }),
  });
  const over = (key: "requested" | "allocated") => ({
    ...mean(
      "mean",
      parts.map((p) => p[key].mean),
    ),
    ...mean(
      "max",
      parts.map((p) => p[key].max),
    ),
  });
  return {
    requested: over("requested"),
    allocated: over("allocated"),
    ...mean(
      "inits",
      parts.map((p) => p.inits),
    ),
    ...of("gbSeconds", cost.gbSeconds),
    ...of("feeUsd", cost.feeUsd),
    ...of("durationUsd", cost.durationUsd),
    ...of("costPerHourUsd", cost.perHourUsd),
    ...of("onDemandUsd", cost.onDemandUsd),
    ...of("billedUtilization", cost.utilization),
    breakEvenUtilization: known(cost.breakEven),
  };
}

function accountResult(study: Study): Json {
  const parts = study.replications.map((r) => r.account);
  const storage = packageStorage(study.scenario.functions);
  const { histograms } = study.account;
  const times = (key: Times, unit: number) =>
    summary(
      histograms[key],
      unit,
      parts.map((p) => p.quantiles[key]),
    );
  return {
    concurrency: {
      ...level(parts.map((p) => p.concurrency)),
      // Of time, over all replications.
      ...Object.fromEntries(
        QUANTILE_NAMES.map((name, i) => [name, levelQuantile(study.account.concurrencyTimes, QUANTILES[i]!)]),
      ),
    },
    latencyMs: times("latency", MILLISECOND),
    coldLatencyMs: times("coldLatency", MILLISECOND),
    warmLatencyMs: times("warmLatency", MILLISECOND),
    billedDurationMs: times("billedMs", 1),
    ...(storage && { storage }),
    cloudWatch: {
      ConcurrentExecutions: { max: estimate(parts.map((p) => p.concurrency.max)).mean },
      UnreservedConcurrentExecutions: { max: estimate(parts.map((p) => p.unreservedMax)).mean },
      ClaimedAccountConcurrency: { max: estimate(parts.map((p) => p.claimedMax)).mean },
    },
  };
}

function refusedByReason({ throttledAttempts }: Counters): Record<string, number> {
  return Object.fromEntries(THROTTLE_REASONS.map((reason, i) => [reason, throttledAttempts[i]!]));
}

/** What a cold start is made of, on average; empty when there was none. */
function phases(counters: readonly Counters[]): Json {
  const cold = counters.filter((c) => c.coldStarts > 0);
  if (cold.length === 0) return {};
  return Object.assign(
    {},
    ...COLD_START_PHASES.map((phase) =>
      mean(
        phase,
        cold.map((c) => c.coldStartTimes[phase] / c.coldStarts / MILLISECOND),
      ),
    ),
  );
}

function replicationFunction(study: Study, replication: Replication, fn: number): Json {
  const { counters, concurrency, environments, quantiles } = replication.functions[fn]!;
  const counts = Object.fromEntries(COUNTS.map((name) => [name, counters[name]]));
  const throttlesByReason = Object.fromEntries(
    Object.entries(refusedByReason(counters)).filter(([, n]) => n > 0),
  );
  const latency = quantiles?.latency;
  return {
    ...counts,
    throttledAttempts: counters.throttledAttempts.reduce((a, b) => a + b, 0),
    throttlesByReason,
    ...(latency &&
      Number.isFinite(latency.mean) && {
        latencyMs: {
          mean: latency.mean / MILLISECOND,
          ...Object.fromEntries(QUANTILE_NAMES.map((name, i) => [name, latency.quantiles[i]! / MILLISECOND])),
          max: latency.max / MILLISECOND,
        },
      }),
    concurrency,
    environments: {
      ...environments,
      meanLifeS: Number.isFinite(environments.meanLifeS) ? environments.meanLifeS : null,
    },
    costUsd: toUsd(functionBill(study, replication, fn).total),
  };
}

/** The pooled histograms as `histograms.json`: for each function and measure [low, width, count] of each bucket. */
export function histogramFile(study: Study): Json {
  const of = (histograms: Histograms) =>
    Object.fromEntries(
      TIMES.map((key) => [
        key,
        {
          unit: key === "billedMs" ? "ms" : "us",
          buckets: bucketsOf(histograms[key]),
        },
      ]),
    );
  return {
    lsimHistograms: 1,
    replications: study.replications.length,
    functions: Object.fromEntries(
      study.scenario.functions.flatMap((f, fn) => {
        const { histograms } = study.functions[fn]!;
        return histograms ? [[f.name, of(histograms)]] : [];
      }),
    ),
    ...trafficHistograms(study),
    account: of(study.account.histograms),
  };
}
