import { meets, type Threshold } from "../sim/scenario/threshold.ts";
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
