import type { ColumnTable } from "arquero";
import { toUsd } from "../sim/pricing/money.ts";
import { MILLISECOND } from "../sim/units.ts";
import { functionBill } from "../study/function-bill.ts";
import type { Study } from "../study/replicate.ts";
import { known } from "../study/result-parts.ts";
import { estimate } from "../study/statistics.ts";
import { tableOf } from "./rows.ts";

const COUNTS = [
  "requests",
  "invocations",
  "succeeded",
  "failed",
  "throttled",
  "dropped",
  "coldStarts",
  "unfinished",
] as const;

/** One row a function: counts (means over replications), latency, concurrency and cost. */
export function functionTable(study: Study): ColumnTable {
  const rows = study.scenario.functions.map((f, fn) => {
    const parts = study.replications.map((r) => r.functions[fn]!);
    const latency = study.functions[fn]!.histograms?.latency;
    const mean = (read: (part: (typeof parts)[number]) => number) => known(estimate(parts.map(read)).mean);
    return {
      function: f.name,
      ...Object.fromEntries(COUNTS.map((name) => [name, mean((p) => p.counters[name])])),
      latencyMeanMs: mean((p) => p.latencyMean / MILLISECOND),
      latencyP50Ms: latency ? known(latency.quantile(0.5) / MILLISECOND) : null,
      latencyP99Ms: latency ? known(latency.quantile(0.99) / MILLISECOND) : null,
      concurrencyMean: mean((p) => p.concurrency.mean),
      concurrencyMax: mean((p) => p.concurrency.max),
      costUsd: estimate(study.replications.map((r) => toUsd(functionBill(study, r, fn).total))).mean,
    } as Record<string, string | number | null>;
  });
  return tableOf(rows);
}
