import type { Histogram } from "../sim/measure/histogram.ts";
import type { Level } from "../sim/measure/result.ts";
import { type Figures, QUANTILES } from "./figures.ts";
import { estimate } from "./statistics.ts";

export type Json = Record<string, unknown>;

export const QUANTILE_NAMES = ["p50", "p90", "p95", "p99", "p999"] as const;

/** A number as files have it: null where there is none. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The half-width of a mean's 95 % interval, under its name; nothing where there is none. */
export function ci(name: string, values: readonly number[]): Json {
  const { ci95 } = estimate(values);
  return Number.isFinite(ci95) ? { [`${name}Ci95`]: ci95 } : {};
}

/** A mean over replications under its name, and its interval beside it. */
export function mean(name: string, values: readonly number[]): Json {
  const { mean, ci95 } = estimate(values);
  return { [name]: known(mean), ...(Number.isFinite(ci95) && { [`${name}Ci95`]: ci95 }) };
}

/** A number over time, as means over replications. */
export function level(levels: readonly Level[]): Json {
  return {
    ...mean(
      "mean",
      levels.map((l) => l.mean),
    ),
    ...mean(
      "variance",
      levels.map((l) => l.variance),
    ),
    ...mean(
      "max",
      levels.map((l) => l.max),
    ),
  };
}

/** Mean, percentiles and maximum of a pooled histogram, in units of `unit`; empty when nothing was recorded. */
export function summary(histogram: Histogram, unit: number, replications: readonly Figures[]): Json {
  if (histogram.count === 0) return {};
  const out: Json = {
    ...mean(
      "mean",
      replications.map((r) => r.mean / unit),
    ),
  };
  QUANTILE_NAMES.forEach((name, i) => {
    out[name] = histogram.quantile(QUANTILES[i]!) / unit;
    Object.assign(
      out,
      ci(
        name,
        replications.map((r) => r.quantiles[i]! / unit),
      ),
    );
  });
  out.max = histogram.max / unit;
  return out;
}

/** Counts by key as means over replications, without those that are zero in each of them. */
export function byKey(counts: readonly Readonly<Record<string, number>>[]): Json {
  const found: Json = {};
  for (const key of Object.keys(counts[0]!)) {
    const values = counts.map((c) => c[key]!);
    if (values.some((n) => n > 0)) Object.assign(found, mean(key, values));
  }
  return found;
}

/** [low, width, count] of each bucket that is not empty. */
export function bucketsOf(histogram: Histogram): number[][] {
  return [...histogram.buckets()].map((b) => [b.low, b.width, b.count]);
}
