import type { Unit } from "../sim/scenario/threshold.ts";
import { MILLISECOND } from "../sim/units.ts";
import type { LimitJudgement } from "./change-limit.ts";
import type { ComparedStatistic, Comparison, Difference } from "./compare.ts";
import type { Json } from "./result-parts.ts";
import type { Precision, Stopped } from "./sequential.ts";
import { changedSettings } from "./settings-difference.ts";
import type { Side } from "./side.ts";
import { nameOfStatistic, unitOf } from "./statistic-words.ts";

/** Numbers as files show them: times in milliseconds, shares from 0 to 1, money in US dollars. */
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  duration: "ms",
  share: "share",
  money: "USD",
  count: "count",
  number: "number",
};

/** A difference of a file. */
export function differenceOfFile(unit: Unit, row: Readonly<Record<string, unknown>>): Difference {
  const read = (unit: Unit, column: string) => fromFile(unit, row[column] as number | null);
  return {
    value: read(unit, "difference"),
    ci95: read(unit, "differenceCi95"),
    relative: read("share", "relative"),
    relativeCi95: read("share", "relativeCi95"),
    mark: row.mark as Difference["mark"],
  };
}

/** A value of a file; NaN where there is none. */
export function fromFile(unit: Unit, value: number | null): number {
  return value === null ? Number.NaN : value * (unit === "duration" ? MILLISECOND : 1);
}

/** A value in the unit of files; null where there is none. */
export function inFile(unit: Unit, value: number): number | null {
  return Number.isFinite(value) ? value / (unit === "duration" ? MILLISECOND : 1) : null;
}

/** What a comparison says besides its statistics. */
export interface ComparisonAbout {
  readonly labels: readonly [string, string];
  readonly limits: readonly LimitJudgement[];
  readonly precision?: Precision & Stopped;
}

/** A comparison as compare.json. */
export function comparisonFile(comparison: Comparison, about: ComparisonAbout, version: string): Json {
  const { a, b, paired, statistics, onlyA, onlyB } = comparison;
  const { labels, limits, precision } = about;
  return {
    lsimComparison: 1,
    version,
    a: sideOf(a, labels[0]),
    b: sideOf(b, labels[1]),
    settings: changedSettings(a.file, b.file).map(({ path, a, b }) => ({ path, a: a ?? null, b: b ?? null })),
    paired,
    statistics: statistics.map(statisticOf),
    onlyA,
    onlyB,
    failOn: limits.map(({ statistic, expression, difference, a, b, met, straddles }) => {
      const unit = unitOf(statistic);
      return {
        expression,
        of: statistic.of,
        a: inFile(unit, a),
        b: inFile(unit, b),
        ...changeOf(unit, difference),
        met,
        straddles,
      };
    }),
    ...(precision && {
      precision: {
        share: precision.share,
        on: precision.on.map((statistic) => `${statistic.of} ${nameOfStatistic(statistic)}`),
        reached: precision.reached,
        replications: precision.replications,
        worst: Number.isFinite(precision.worstShare) ? precision.worstShare : null,
      },
    }),
  };
}

function sideOf({ name, seeds, span }: Side, label: string): Json {
  return {
    label,
    scenario: name,
    seed: seeds[0],
    replications: seeds.length,
    measuredS: span / 1000 / MILLISECOND,
  };
}

/** One row of compare.json and compare.csv. */
export function statisticOf({ statistic, a, b, difference, verdict, judged }: ComparedStatistic): Json {
  const unit = unitOf(statistic);
  return {
    function: statistic.of,
    statistic: nameOfStatistic(statistic),
    unit: UNIT_NAMES[unit],
    a: inFile(unit, a.value),
    b: inFile(unit, b.value),
    ...changeOf(unit, difference),
    verdict: verdict ?? null,
    judged,
  };
}

/** A difference, in the unit of files and as a share of A. */
export function changeOf(unit: Unit, { value, ci95, relative, relativeCi95, mark }: Difference): Json {
  return {
    difference: inFile(unit, value),
    differenceCi95: inFile(unit, ci95),
    relative: inFile("share", relative),
    relativeCi95: inFile("share", relativeCi95),
    mark,
  };
}
