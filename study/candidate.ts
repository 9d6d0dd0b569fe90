import type { RunResult } from "../sim/measure/result.ts";
import { meets, type Threshold } from "../sim/scenario/threshold.ts";
import { StudyPool } from "./pool.ts";
import type { Study } from "./replicate.ts";
import type { Opened } from "./source.ts";
import { type Reading, read, type Statistic } from "./statistic.ts";
import { meanWithin } from "./statistics.ts";

/** What plans weigh against each other: all of the account's cost and latency. */
export const COST: Statistic = { of: "total", measure: "cost", aggregate: "perMonth", quantile: undefined };
export const LATENCY: Statistic = {
  of: "total",
  measure: "latency",
  aggregate: "percentile",
  quantile: 0.99,
};

/** Settings that have been run, and what came of it so far. */
export class Candidate {
  /** Its number in the grid; −1 for the scenario as it is. */
  readonly point: number;
  readonly opened: Opened;
  private readonly pool: StudyPool;
  replications = 0;
  /** Of each threshold, in the scenario's order; of the replications so far. */
  readings: readonly Reading[] = [];
  cost: Reading = NOTHING;
  latency: Reading = NOTHING;

  constructor(point: number, opened: Opened) {
    this.point = point;
    this.opened = opened;
    this.pool = new StudyPool(opened.scenario);
  }

  add(runs: readonly RunResult[]): void {
    for (const run of runs) this.pool.add(run);
    this.replications += runs.length;
    const study = this.pool.study();
    this.readings = this.opened.scenario.thresholds.map((threshold) => read(study, threshold));
    this.cost = read(study, COST);
    this.latency = read(study, LATENCY);
  }

  /** Of all its replications so far. */
  study(): Study {
    return this.pool.study();
  }
}

const NOTHING: Reading = { value: Number.NaN, ci95: Number.NaN, values: [] };

/**
 * How a threshold stands after some replications. "met": so far, and at the end (`final`) with its one-sided bound;
 * "missed": with its bound, and at the end without; "close": met, but not with its bound, and there are no more
 * replications; "open": missed so far, and more replications may turn it.
 */
export type Standing = "met" | "missed" | "close" | "open";

/** Judges a threshold with levels of error: `missing` for saying that it is missed, `meeting` that it is met. */
export function standing(
  threshold: Threshold,
  { value, values }: Reading,
  { missing, meeting, final }: { missing: number; meeting: number; final: boolean },
): Standing {
  const ok = meets(threshold, value);
  // Where nothing was answered there is nothing that more replications could turn.
  if (Number.isNaN(value)) return "missed";
  const distance = Math.abs(value - threshold.limit);
  const within = (level: number) => meanWithin(values, level).half;
  if (final && ok) return clears(distance, within(meeting)) ? "met" : "close";
  if (ok) return "met";
  if (final || (isPooledMaximum(threshold) && threshold.comparison.startsWith("<"))) return "missed";
  return clears(distance, within(missing)) ? "missed" : "open";
}

/** A limit met to the digit is met where nothing varies. */
const clears = (distance: number, half: number) => half === 0 || distance > half;

/** The longest of all times only grows with more replications. */
function isPooledMaximum({ aggregate, unit }: Threshold): boolean {
  return aggregate === "max" && unit === "duration";
}

/** The difference of two readings by replication, over those that both have. */
export function differences(one: readonly number[], other: readonly number[]): number[] {
  const n = Math.min(one.length, other.length);
  return Array.from({ length: n }, (_, r) => one[r]! - other[r]!);
}
