import { bucketOf, Histogram } from "../sim/measure/histogram.ts";
import { type Measure, parseThreshold } from "../sim/scenario/threshold.ts";
import { MILLISECOND } from "../sim/units.ts";
import { COLUMNS, type Column, columnsOf } from "./columns.ts";
import type { Study } from "./replicate.ts";
import { type Json, known } from "./result-parts.ts";
import { type Reading, read, type Statistic } from "./statistic.ts";
import { isSame, nameOfStatistic, unitOf } from "./statistic-words.ts";

/** One side of a comparison: a study, or what a result file keeps of one. */
export interface Side {
  /** The scenario's name. */
  readonly name: string;
  /** The scenario as written. */
  readonly file: unknown;
  readonly functions: readonly string[];
  /** Of its replications, in order: two sides with the same seeds met the same requests. */
  readonly seeds: readonly string[];
  /** Measured time of a replication (microseconds). */
  readonly span: number;
  /** The columns that mean something for it. */
  readonly columns: readonly Column[];
  /** What its thresholds judge, in their order. */
  readonly judged: readonly Statistic[];
  /** Undefined where the side does not know it. */
  read(statistic: Statistic): Reading | undefined;
  /** Latency of all answered requests, pooled; undefined where it was not kept. */
  readonly latency: Histogram | undefined;
}

/** A study that was just played. */
export function studySide(study: Study): Side {
  const { scenario, replications } = study;
  const names = scenario.functions.map(({ name }) => name);
  return {
    name: scenario.name,
    file: scenario.file,
    functions: names,
    seeds: replications.map(({ seed }) => seed),
    span: replications[0]!.span,
    columns: columnsOf(scenario),
    judged: scenario.thresholds,
    read: (statistic) =>
      statistic.of === "total" || names.includes(statistic.of) ? read(study, statistic) : undefined,
    latency: study.account.histograms.latency,
  };
}

/** What a comparison reads of a result: each column by function and for all of them, in the column's unit. */
type Figures = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

/**
 * `figures` of result.json, and by replication with what its thresholds judge: all that a comparison needs. Functions
 * without histograms of their own, of which there may be thousands, are left out.
 */
export function savedFigures(study: Study): { figures: Figures; byReplication: Json[] } {
  const { functions, thresholds } = study.scenario;
  const columns = columnsOf(study.scenario);
  const names = functions.flatMap(({ name }, fn) => (study.functions[fn]!.histograms ? [name] : []));
  const readings = [...names, "total"].map((of) => ({
    of,
    cells: columns.map(({ name, statistic, unit }) => ({
      name,
      unit,
      reading: read(study, { of, ...statistic }),
    })),
  }));
  const judged = thresholds.map((threshold) => ({ unit: scaleOf(threshold), ...read(study, threshold) }));
  const figures = (pick: (reading: Reading) => number): Figures =>
    Object.fromEntries(
      readings.map(({ of, cells }) => [
        of,
        Object.fromEntries(cells.map(({ name, unit, reading }) => [name, known(pick(reading) / unit)])),
      ]),
    );
  return {
    figures: figures(({ value }) => value),
    byReplication: study.replications.map((_, r) => ({
      figures: figures(({ values }) => values[r]!),
      ...(judged.length > 0 && { thresholds: judged.map(({ unit, values }) => known(values[r]! / unit)) }),
    })),
  };
}

const number = (value: number | null | undefined) => value ?? Number.NaN;

/** Times stand in milliseconds in results, all else as it is. */
const scaleOf = (statistic: Statistic) => (unitOf(statistic) === "duration" ? MILLISECOND : 1);

/** What `savedSide` reads of a result file. */
interface Saved {
  readonly lsimResult: number;
  readonly measuredS: number;
  readonly scenario: { readonly name: string };
  readonly functions: Readonly<Record<string, unknown>>;
  readonly thresholds: readonly {
    readonly of: string;
    readonly measure: Measure;
    readonly expression: string;
    readonly value: number | null;
  }[];
  readonly figures: Figures;
  readonly byReplication: readonly {
    readonly seed: string;
    readonly figures: Figures;
    readonly thresholds?: readonly (number | null)[];
  }[];
}

/**
 * A side from a parsed result.json, and histograms.json where it is there. Throws RangeError for a result that does not
 * hold what a comparison needs.
 */
export function savedSide(result: unknown, histograms?: unknown): Side {
  const saved = result as Saved;
  if (saved.figures === undefined || !saved.byReplication?.every(({ figures }) => figures !== undefined))
    throw new RangeError(
      "holds no figures by replication: it was written by lsim 0.3 or before, so run the scenario again",
    );
  const judged = saved.thresholds.flatMap(({ of, measure, expression }): Statistic[] => {
    const parsed = parseThreshold(measure, expression);
    return parsed.ok ? [{ of, measure, ...parsed.value }] : [];
  });
  const names = Object.keys(saved.functions);
  const [first] = Object.values(saved.figures);
  const kept = new Set(Object.keys(first ?? {}));
  const column = ({ of, ...wanted }: Statistic) =>
    COLUMNS.find(({ name, statistic }) => kept.has(name) && isSame({ of, ...statistic }, { of, ...wanted }));
  const runs = saved.byReplication;
  return {
    name: saved.scenario.name,
    file: saved.scenario,
    functions: names,
    seeds: runs.map(({ seed }) => seed),
    span: saved.measuredS * 1000 * MILLISECOND,
    columns: COLUMNS.filter(({ name }) => kept.has(name)),
    judged,
    read: (statistic) => {
      const { of } = statistic;
      const found = column(statistic);
      if (found && saved.figures[of]) {
        const at = (figures: Figures) => number(figures[of]?.[found.name]) * found.unit;
        return { value: at(saved.figures), ci95: Number.NaN, values: runs.map(({ figures }) => at(figures)) };
      }
      const place = judged.findIndex((other) => isSame(other, statistic));
      if (place < 0) return undefined;
      const unit = scaleOf(statistic);
      return {
        value: number(saved.thresholds[place]?.value) * unit,
        ci95: Number.NaN,
        values: runs.map(({ thresholds }) => number(thresholds?.[place]) * unit),
      };
    },
    latency: latencyOf(histograms),
  };
}

/** The account's latency of histograms.json. */
function latencyOf(file: unknown): Histogram | undefined {
  const buckets = (file as { account?: { latency?: { buckets?: [number, number, number][] } } } | undefined)
    ?.account?.latency?.buckets;
  if (!Array.isArray(buckets) || buckets.length === 0) return undefined;
  const histogram = new Histogram();
  for (const [low, width, count] of buckets) {
    histogram.addTo(bucketOf(low), count);
    histogram.count += count;
    histogram.sum += (low + (width - 1) / 2) * count;
  }
  histogram.min = buckets[0]![0];
  const [low, width] = buckets.at(-1)!;
  histogram.max = low + width - 1;
  return histogram;
}

/** What a side does not know, in words: "latency p(97)". */
export function unknownTo(side: Side, statistic: Statistic): string {
  const columns = side.columns.map((c) => nameOfStatistic(c.statistic));
  return `${nameOfStatistic(statistic)} of ${statistic.of} is not kept in the saved result; kept: ${columns.join(", ")}`;
}
