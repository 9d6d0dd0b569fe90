import { printCount, printMoney, printNumber, printShare } from "../../sim/units.ts";
import { type Assessment, figureOf, monthlyCost, rowOf } from "../../study/assess.ts";
import { isSpan, type Varied } from "../../study/axis.ts";
import type { PointResult } from "../../study/point.ts";
import { printValue } from "../../study/point-problems.ts";
import { meetsAll } from "../../study/thresholds.ts";
import type { SweepData } from "../sweep-table.ts";
import { plusMinus } from "../text/cells.ts";
import { type Numbers, shortName } from "./chart.ts";

/** A figure of points as charts show it. */
export interface Shown {
  readonly title: string;
  readonly value: (point: PointResult) => number | undefined;
  readonly ci: (point: PointResult) => number | undefined;
  /** As a cell or a label says it. */
  readonly print: (value: number) => string;
  /** As an axis says it, a Vega expression. */
  readonly axis: string;
}

/** What stands under the title of a sweep's chart. */
export function sweepProvenance({ name, points, seed }: SweepData): string {
  const counts = [...new Set(points.map(({ replications }) => replications))];
  const n = counts.length === 1 ? `${counts[0]} replication${counts[0] === 1 ? "" : "s"} each` : "";
  return [name, `${printCount(points.length)} points`, n, seed === undefined ? "" : `seed ${seed}`]
    .filter(Boolean)
    .join(" · ");
}

/** The axes that have more than one value. */
export function movingAxes({ axes }: SweepData): Varied[] {
  return axes.filter((axis) => isSpan(axis) || axis.values.length > 1);
}

/** Points that a table lists; sweep.csv has all. */
const MOST_LISTED = 100;

/** The points of a sweep with the figures that charts show. */
export function sweepNumbers(sweep: SweepData, found: Assessment): Numbers {
  const figures = shownOf(sweep, found);
  return {
    columns: [...sweep.axes.map(({ path }) => path), ...figures.map(({ title }) => title), "thresholds"],
    rows: sweep.points.slice(0, MOST_LISTED).map((point) => [
      ...sweep.axes.map(({ path }) => printValue(point.settings[path])),
      ...figures.map(({ value, ci, print }) => {
        const v = value(point);
        return v === undefined ? null : `${print(v)}${plusMinus(ci(point) ?? Number.NaN, print)}`;
      }),
      !found.judged ? "none" : meetsAll(point) ? "met" : "missed",
    ]),
  };
}

/** A point by the values of its settings: "512MB · 100". */
export function valuesOf({ settings }: PointResult): string {
  return Object.values(settings)
    .map((value) => shortName(printValue(value), 24))
    .join(" · ");
}

/** The settings that a label's values are of: "memorySize · concurrency", as long as there are paths. */
export function pathsOf({ axes }: SweepData): string {
  return axes.map(({ path }) => shortName(path, 32)).join(" · ");
}

export function costTitle({ costOf }: SweepData): string {
  return `cost of ${costOf === undefined ? "the account" : shortName(costOf, 24)} (US$ a month)`;
}

/** The figures that are worth a panel: those that exist, and rates that are not 0 everywhere. The p99 is in s or ms. */
export function shownOf(sweep: SweepData, { subject }: Assessment): Shown[] {
  const { points } = sweep;
  const of = subject === "total" ? "" : ` of ${shortName(subject, 24)}`;
  const column =
    (name: string, factor = 1) =>
    (point: PointResult) => {
      const value = figureOf(rowOf(point, subject), name);
      return value === undefined ? undefined : value * factor;
    };
  const times = points.flatMap((point) => column("latencyP99Ms")(point) ?? []);
  const seconds = Math.max(...times) >= 2000 && Math.min(...times) >= 100;
  const all: Shown[] = [
    {
      title: `p99 of latency${of} (${seconds ? "s" : "ms"})`,
      value: column("latencyP99Ms", seconds ? 1e-3 : 1),
      ci: column("latencyP99MsCi95", seconds ? 1e-3 : 1),
      print: (value) => printNumber(value),
      axis: "format(datum.value, ',')",
    },
    ...(["throttleRate", "droppedRate", "coldStartRate"] as const).map((name) => ({
      title: `${{ throttleRate: "throttled", droppedRate: "dropped", coldStartRate: "cold starts" }[name]}${of} (%)`,
      value: column(name, 100),
      ci: column(`${name}Ci95`, 100),
      print: (value: number) => printShare(value / 100).replace(" %", ""),
      axis: "format(datum.value, ',')",
    })),
    {
      title: costTitle(sweep),
      value: monthlyCost,
      ci: ({ figures }) => figureOf(figures.at(-1)!, "costPerMonthUsdCi95"),
      print: (value) => (value >= 1000 ? `$${printCount(value)}` : printMoney(value)),
      axis: "format(datum.value, '$,')",
    },
  ];
  return all.filter(({ value, title }) => {
    const known = points.flatMap((point) => value(point) ?? []);
    return known.length > 0 && (!title.endsWith("(%)") || known.some((v) => v > 0));
  });
}

/** Beyond this many points a plot is a cloud, and its file megabytes. */
export const MOST_DOTS = 1_500;

/** As many as a plot can show: those that must be, and evenly spaced ones of the others. */
export function thinned<T>(items: readonly T[], must: (item: T) => boolean): readonly T[] {
  if (items.length <= MOST_DOTS) return items;
  const step = items.length / MOST_DOTS;
  return items.filter((item, i) => must(item) || Math.floor(i / step) !== Math.floor((i - 1) / step));
}

/** What to say under the title where not all are shown. */
export function shownPart(shown: number, all: number): string {
  return shown < all ? ` · ${printCount(shown)} of them shown` : "";
}
