import { THROTTLE_REASONS } from "../lambda/placement.ts";
import {
  COLD_START_PHASES,
  type Counters,
  type EnvironmentStats,
  type FunctionFigures,
  type Level,
} from "./result.ts";

const COUNTS = [
  "requests",
  "succeeded",
  "failed",
  "throttled",
  "dropped",
  "unfinished",
  "attempts",
  "invocations",
  "coldStarts",
  "warmStarts",
  "provisionedInvocations",
  "spillover",
  "proactiveInits",
  "suppressedInits",
  "initTimeouts",
  "errors",
  "timeouts",
  "resets",
  "deadLettered",
  "billedMs",
  "provisionedBilledMs",
] as const satisfies readonly (keyof Counters)[];
const LEVELS = ["concurrency", "onDemandConcurrency", "provisionedConcurrency"] as const;
const LEVEL = ["mean", "variance", "max"] as const satisfies readonly (keyof Level)[];
const ENVIRONMENTS = [
  "created",
  "mean",
  "idleMean",
  "max",
  "meanLifeS",
] as const satisfies readonly (keyof EnvironmentStats)[];

/** The columns in which a function's counts stand. */
export const AT = Object.fromEntries(COUNTS.map((name, column) => [name, column])) as Record<
  (typeof COUNTS)[number],
  number
>;
// Where the columns of its other figures begin.
const REFUSED = COUNTS.length;
const PHASES = REFUSED + THROTTLE_REASONS.length;
const LEVELS_AT = {
  concurrency: PHASES + COLD_START_PHASES.length,
  onDemandConcurrency: PHASES + COLD_START_PHASES.length + LEVEL.length,
  provisionedConcurrency: PHASES + COLD_START_PHASES.length + 2 * LEVEL.length,
} as const satisfies Record<(typeof LEVELS)[number], number>;
const ENVIRONMENTS_AT = LEVELS_AT.provisionedConcurrency + LEVEL.length;
const LATENCY = ENVIRONMENTS_AT + ENVIRONMENTS.length;
const DURATION = LATENCY + 1;

/**
 * The figures of all functions of a run, number by number: there may be 20,000 functions and many runs. A number that is 0
 * for all of them, as most are in most scenarios, takes no room.
 */
export class FunctionColumns {
  private readonly size: number;
  private readonly provisioned: boolean;
  private readonly columns: (Float64Array | undefined)[] = [];

  /** `provisioned`: some function has provisioned concurrency; where none has, all that runs is on demand. */
  constructor(size: number, provisioned: boolean) {
    this.size = size;
    this.provisioned = provisioned;
  }

  private set(column: number, fn: number, value: number): void {
    if (value === 0) return;
    this.columns[column] ??= new Float64Array(this.size);
    this.columns[column]![fn] = value;
  }

  private get(column: number, fn: number): number {
    return this.columns[column]?.[fn] ?? 0;
  }

  /** Takes in what was measured of a function, once. */
  add(fn: number, figures: FunctionFigures): void {
    const { counters, environments } = figures;
    COUNTS.forEach((name, c) => {
      this.set(c, fn, counters[name]);
    });
    counters.throttledAttempts.forEach((n, reason) => {
      this.set(REFUSED + reason, fn, n);
    });
    COLD_START_PHASES.forEach((phase, p) => {
      this.set(PHASES + p, fn, counters.coldStartTimes[phase]);
    });
    for (const name of LEVELS) {
      if (name === "onDemandConcurrency" && !this.provisioned) continue;
      LEVEL.forEach((key, k) => {
        this.set(LEVELS_AT[name] + k, fn, figures[name][key]);
      });
    }
    ENVIRONMENTS.forEach((key, k) => {
      this.set(ENVIRONMENTS_AT + k, fn, environments[key]);
    });
    this.set(LATENCY, fn, figures.latencyMean);
    this.set(DURATION, fn, figures.durationMean);
  }

  /** Of `AT`'s columns: one of a function's counts. */
  count(column: number, fn: number): number {
    return this.get(column, fn);
  }

  /** Refused attempts, by reason. */
  refused(fn: number): number[] {
    return THROTTLE_REASONS.map((_, reason) => this.get(REFUSED + reason, fn));
  }

  coldStartTimes(fn: number): Counters["coldStartTimes"] {
    const of = (phase: number) => this.get(PHASES + phase, fn);
    return { placement: of(0), download: of(1), init: of(2), firstHandler: of(3) };
  }

  level(name: (typeof LEVELS)[number], fn: number): Level {
    const at = LEVELS_AT[name === "onDemandConcurrency" && !this.provisioned ? "concurrency" : name];
    return { mean: this.get(at, fn), variance: this.get(at + 1, fn), max: this.get(at + 2, fn) };
  }

  environments(fn: number): EnvironmentStats {
    const of = (k: number) => this.get(ENVIRONMENTS_AT + k, fn);
    return { created: of(0), mean: of(1), idleMean: of(2), max: of(3), meanLifeS: of(4) };
  }

  latencyMean(fn: number): number {
    return this.get(LATENCY, fn);
  }

  durationMean(fn: number): number {
    return this.get(DURATION, fn);
  }
}
