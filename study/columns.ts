import type { Scenario } from "../sim/scenario/scenario.ts";
import { MILLISECOND } from "../sim/units.ts";
import type { Study } from "./replicate.ts";
import { known } from "./result-parts.ts";
import { read, type Statistic } from "./statistic.ts";

/** A column of the tables that put studies beside each other: one statistic, in the unit its name ends with. */
export interface Column {
  /** As in result.json where it stands there: milliseconds, US dollars; rates are shares from 0 to 1. */
  readonly name: string;
  readonly statistic: Omit<Statistic, "of">;
  /** What one unit of the column is in the statistic's own (microseconds of a millisecond). */
  readonly unit: number;
  /** Which way is better; undefined where it is neither. */
  readonly better: "less" | "more" | undefined;
  /** Only where requests come through invocation models (retries, gateways, queues, streams). */
  readonly queued?: boolean;
}

const times = (
  measure: Statistic["measure"],
  name: string,
  aggregates: readonly string[],
  queued = false,
): Column[] =>
  aggregates.map((aggregate) => {
    const percent = /^p(\d+)$/.exec(aggregate)?.[1];
    return {
      name: `${name}${aggregate[0]!.toUpperCase()}${aggregate.slice(1)}Ms`,
      statistic: {
        measure,
        aggregate: percent === undefined ? aggregate : "percentile",
        quantile: percent === undefined ? undefined : Number(percent) / 10 ** percent.length,
      },
      unit: MILLISECOND,
      better: "less",
      queued,
    };
  });

const plain = (
  name: string,
  measure: Statistic["measure"],
  aggregate: string,
  better: Column["better"],
  queued = false,
): Column => ({ name, statistic: { measure, aggregate, quantile: undefined }, unit: 1, better, queued });

/** All columns, in the order of the tables. */
export const COLUMNS: readonly Column[] = [
  plain("requests", "requests", "count", undefined),
  plain("invocations", "invocations", "count", undefined),
  plain("throttleRate", "throttles", "rate", "less"),
  plain("errorRate", "errors", "rate", "less"),
  plain("coldStartRate", "coldStarts", "rate", "less"),
  plain("spilloverRate", "spillover", "rate", "less"),
  ...times("latency", "latency", ["mean", "p50", "p90", "p95", "p99", "p999", "max"]),
  ...times("duration", "duration", ["mean", "p50", "p99"]),
  plain("concurrencyMean", "concurrency", "mean", undefined),
  plain("concurrencyMax", "concurrency", "max", undefined),
  plain("environmentsMean", "environments", "mean", undefined),
  plain("droppedRate", "dropped", "rate", "less", true),
  ...times("messageAge", "messageAge", ["p99", "max"], true),
  plain("queueDepthMax", "queueDepth", "max", "less", true),
  plain("costPerRunUsd", "cost", "perRun", "less"),
  plain("costPerMonthUsd", "cost", "perMonth", "less"),
  plain("costPerMillionUsd", "cost", "perMillion", "less"),
];

/** The columns that mean something for a scenario. */
export function columnsOf({ entries }: Scenario): readonly Column[] {
  return COLUMNS.filter(({ queued }) => !queued || entries.length > 0);
}

/** One function's figures, or those of all functions ("total"): each column and, where it is known, its interval. */
export type FigureRow = { readonly function: string } & Readonly<Record<string, number | string | null>>;

/**
 * The figures of a study: a row a function, in the scenario's order, and with several functions one of "total". Beside
 * each column stands the half-width of its 95 % interval (`…Ci95`). What does not exist is null.
 */
export function figureRows(study: Study): FigureRow[] {
  const columns = columnsOf(study.scenario);
  const names = study.scenario.functions.map(({ name }) => name);
  return [...names, ...(names.length > 1 ? ["total"] : [])].map((of) => ({
    function: of,
    ...Object.fromEntries(
      columns.flatMap(({ name, statistic, unit }) => {
        const { value, ci95 } = read(study, { of, ...statistic });
        return [
          [name, known(value / unit)],
          [`${name}Ci95`, known(ci95 / unit)],
        ];
      }),
    ),
  }));
}
