import { meets, type Threshold } from "../sim/scenario/threshold.ts";
import { MILLISECOND } from "../sim/units.ts";
import type { Study } from "./replicate.ts";
import { read } from "./statistic.ts";

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
    const { value, ci95 } = read(study, threshold);
    const straddles = ci95 > 0 && Math.abs(value - threshold.limit) <= ci95;
    return { ...threshold, value, ci95, ok: meets(threshold, value), straddles };
  });
}

/** Whether every threshold is met. True where there are none. */
export function meetsAll({
  thresholds,
}: {
  readonly thresholds: readonly { readonly ok: boolean }[];
}): boolean {
  return thresholds.every(({ ok }) => ok);
}

/** A judgement as JSON: durations in milliseconds, shares from 0 to 1, US dollars. */
export interface JudgementRow extends Pick<Threshold, "of" | "measure" | "expression"> {
  /** Null where it does not exist (no request was answered). */
  readonly value: number | null;
  readonly unit?: "ms";
  /** Half-width of the 95 % interval; left out with fewer than two replications. */
  readonly ci95?: number;
  readonly ok: boolean;
  readonly straddles: boolean;
}

/** A judgement as it stands in files. */
export function judgementRow({
  of,
  measure,
  expression,
  value,
  ci95,
  ok,
  straddles,
  unit,
}: Judgement): JudgementRow {
  const isTime = unit === "duration";
  const scaled = (us: number) => (isTime ? us / MILLISECOND : us);
  return {
    of,
    measure,
    expression,
    value: Number.isFinite(value) ? scaled(value) : null,
    ...(isTime && { unit: "ms" as const }),
    ...(Number.isFinite(ci95) && { ci95: scaled(ci95) }),
    ok,
    straddles,
  };
}
