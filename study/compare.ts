import { HISTOGRAM_ERROR } from "../sim/measure/histogram.ts";
import type { Side } from "./side.ts";
import type { Reading, Statistic } from "./statistic.ts";
import { isSame } from "./statistic-words.ts";
import { estimate, moments, studentT975, welch } from "./statistics.ts";

/**
 * What two studies differ by. Where both played replications of the same seeds they met the same requests (common random
 * numbers), so that what a setting changes shows in the difference of each pair: its interval is Student's over the
 * pairs, mostly far narrower than what the two sides' own intervals would suggest (Law, Simulation Modeling and
 * Analysis, ch. 10 and 11).
 */

/**
 * clear: the 95 % interval leaves 0 out. unclear: it does not. nil: no replication differs. unknown: there is no
 * interval (one replication), or a side has no value.
 */
export type Mark = "clear" | "unclear" | "nil" | "unknown";

/** A difference of less than this share is none to act on; percentiles are no more exact than that. */
export const NEGLIGIBLE = HISTOGRAM_ERROR;

/** B against A, in the statistic's unit. NaN where there is none. */
export interface Difference {
  /** B − A: of pooled percentiles and maxima, of all else of the means over replications. */
  readonly value: number;
  /** Half-width of its 95 % interval over replications. */
  readonly ci95: number;
  /** As a share of A. */
  readonly relative: number;
  readonly relativeCi95: number;
  readonly mark: Mark;
}

/** One statistic of both sides. */
export interface ComparedStatistic {
  readonly statistic: Statistic;
  readonly a: Reading;
  readonly b: Reading;
  readonly difference: Difference;
  /**
   * What a clear difference means for the user: undefined where neither way is better, it is not clear, or so small that
   * nobody would act on it.
   */
  readonly verdict: "better" | "worse" | undefined;
  /** A threshold judges it. */
  readonly judged: boolean;
}

export interface Comparison {
  readonly a: Side;
  readonly b: Side;
  readonly paired: boolean;
  /** In the order of the tables: by function, then the total. */
  readonly statistics: readonly ComparedStatistic[];
  /** Functions that one side only has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** What every comparison ends with. */
export const MONTHLY_COST: Statistic = {
  of: "total",
  measure: "cost",
  aggregate: "perMonth",
  quantile: undefined,
};

/** Two sides can be paired: the same seeds in the same order. */
export function canPair(a: Side, b: Side): boolean {
  return a.seeds.length === b.seeds.length && a.seeds.every((seed, r) => seed === b.seeds[r]);
}

/** Compares all columns of the functions that both have and of the total, and what the thresholds of either judge. */
export function compare(a: Side, b: Side): Comparison {
  const paired = canPair(a, b);
  const [ofA, ofB] = [new Set(a.functions), new Set(b.functions)];
  const common = a.functions.filter((name) => ofB.has(name));
  const names = new Set([...a.columns, ...b.columns].map(({ name }) => name));
  const columns = [...a.columns, ...b.columns.filter((c) => !a.columns.includes(c))].filter(({ name }) =>
    names.delete(name),
  );
  const judged = [...a.judged, ...b.judged];
  const several = a.functions.length > 1 || b.functions.length > 1;
  const wanted: Statistic[] = [];
  for (const of of [...common, "total"]) {
    const own = [
      ...(of !== "total" || several ? columns.map((c): Statistic => ({ of, ...c.statistic })) : []),
      ...judged.filter((statistic) => statistic.of === of),
      ...(of === "total" ? [MONTHLY_COST] : []),
    ];
    // A threshold may judge what is a column, too.
    wanted.push(...own.filter((statistic, i) => own.findIndex((other) => isSame(other, statistic)) === i));
  }
  const better = (statistic: Statistic) => {
    const column = columns.find((c) => isSame({ of: statistic.of, ...c.statistic }, statistic));
    if (column) return column.better;
    // What is judged and no column: less is better of all but levels.
    return ["concurrency", "environments", "batchSize"].includes(statistic.measure) ? undefined : "less";
  };
  return {
    a,
    b,
    paired,
    statistics: wanted.flatMap((statistic) => {
      const found = compareStatistic(a, b, statistic, paired, better(statistic));
      return found ? [{ ...found, judged: judged.some((j) => isSame(j, statistic)) }] : [];
    }),
    onlyA: a.functions.filter((name) => !ofB.has(name)),
    onlyB: b.functions.filter((name) => !ofA.has(name)),
  };
}

/** One statistic; undefined where a side does not know it. */
export function compareStatistic(
  a: Side,
  b: Side,
  { of, measure, aggregate, quantile }: Statistic,
  paired: boolean,
  better: "less" | "more" | undefined,
): Omit<ComparedStatistic, "judged"> | undefined {
  const statistic = { of, measure, aggregate, quantile };
  const [from, to] = [a.read(statistic), b.read(statistic)];
  if (!from || !to) return undefined;
  const difference = differenceOf(from, to, paired);
  const verdict =
    difference.mark === "clear" && !isNegligible(difference) && better !== undefined
      ? difference.value < 0 === (better === "less")
        ? "better"
        : "worse"
      : undefined;
  return { statistic, a: from, b: to, difference, verdict };
}

/** It may be there, but is less than a thousandth of A. */
export function isNegligible({ relative }: Difference): boolean {
  return Math.abs(relative) < NEGLIGIBLE;
}

/** B − A with its interval: over the pairs, or of independent samples. */
export function differenceOf(a: Reading, b: Reading, paired: boolean): Difference {
  const value = exactly(b.value, a.value);
  const pairs = paired ? a.values.map((x, r) => exactly(b.values[r]!, x)) : [];
  const { mean, ci95 } = paired ? estimate(pairs) : welch(a.values, b.values);
  const relative = value === 0 ? 0 : a.value === 0 ? Number.NaN : value / Math.abs(a.value);
  const same = value === 0 && (paired ? pairs.every((d) => d === 0 || Number.isNaN(d)) : ci95 === 0);
  // A pooled percentile is not the mean of the replications' own: where these do not agree, nothing is clear.
  const agrees = Math.abs(mean) > ci95 && Math.sign(mean) === Math.sign(value);
  const mark: Mark = Number.isNaN(value)
    ? "unknown"
    : same && a.values.length > 0
      ? "nil"
      : Number.isNaN(ci95)
        ? "unknown"
        : Math.abs(value) > ci95 && agrees
          ? "clear"
          : "unclear";
  return { value, ci95, relative, relativeCi95: relativeInterval(a, b, paired), mark };
}

/** The same but for rounding is the same. */
function exactly(b: number, a: number): number {
  return Math.abs(b - a) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? 0 : b - a;
}

/**
 * Half-width of (B − A) / A, whose denominator is an estimate too: the interval of a ratio of means (Law, ch. 9;
 * Cochran, Sampling Techniques, ch. 6), from the residuals B − ratio · A of the pairs, or from both variances.
 */
function relativeInterval(a: Reading, b: Reading, paired: boolean): number {
  const [base, top] = [moments(a.values), moments(b.values)];
  const ratio = top.mean / base.mean;
  if (!(Math.abs(base.mean) > 0) || base.count < 2 || top.count < 2) return Number.NaN;
  if (paired) {
    const residuals = moments(a.values.map((x, r) => exactly(b.values[r]!, ratio * x)));
    const size = studentT975(residuals.count - 1) * Math.sqrt(residuals.variance / residuals.count);
    return residuals.count < 2 ? Number.NaN : size / Math.abs(base.mean);
  }
  const variance = top.variance / top.count + (ratio * ratio * base.variance) / base.count;
  return (studentT975(Math.min(base.count, top.count) - 1) * Math.sqrt(variance)) / Math.abs(base.mean);
}
