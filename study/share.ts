import type { Counters } from "../sim/measure/result.ts";
import type { Replication, Study } from "./replicate.ts";
import { type Estimate, estimate } from "./statistics.ts";

type Count = (counters: Counters) => number;

/** One replication's share of one count in another, over functions taken together; of nothing it is 0. */
export function shareIn(functions: Replication["functions"], top: Count, bottom: Count): number {
  const sum = (read: Count) => functions.reduce((total, { counters }) => total + read(counters), 0);
  const whole = sum(bottom);
  return whole === 0 ? 0 : sum(top) / whole;
}

/**
 * A share as everything shows and judges it: the mean over replications of each one's own, not the ratio of their sums.
 * Of the function in place `fn`, or of all together.
 */
export function shareOf(study: Study, top: Count, bottom: Count, fn?: number): Estimate {
  return estimate(
    study.replications.map(({ functions }) =>
      shareIn(fn === undefined ? functions : [functions[fn]!], top, bottom),
    ),
  );
}
