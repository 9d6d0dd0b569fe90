import type { FigureRow } from "./columns.ts";
import type { PointResult } from "./point.ts";
import type { Sweep } from "./sweep.ts";
import { meetsAll } from "./thresholds.ts";

/** What a sweep says, when its points are put beside each other. */
export interface Assessment {
  /** Whose times are compared: the one function whose settings are varied, else all of them ("total"). */
  readonly subject: string;
  readonly judged: boolean;
  /** Points that meet all thresholds. */
  readonly meeting: readonly PointResult[];
  /** The cheapest and the fastest (p99 of latency, then cost) of those that meet all thresholds, or of all where none does. */
  readonly cheapest: PointResult | undefined;
  readonly fastest: PointResult | undefined;
  /** Where none meets all thresholds: the one that misses the fewest, and of these the cheapest. */
  readonly nearest: PointResult | undefined;
  /** Keys of the points than which none is both cheaper and faster, of the same ones. */
  readonly frontier: ReadonlySet<string>;
}

/** US dollars a month of the whole account; undefined where there is none. */
export function monthlyCost({ figures }: PointResult): number | undefined {
  return figureOf(figures.at(-1)!, "costPerMonthUsd");
}

/** Milliseconds: the p99 of answered requests; undefined where nothing was answered. */
export function p99Of(point: PointResult, subject: string): number | undefined {
  return figureOf(rowOf(point, subject), "latencyP99Ms");
}

/** A function's row; where there is one function alone, it is the total. */
export function rowOf({ figures }: PointResult, subject: string): FigureRow {
  return figures.find((row) => row.function === subject) ?? figures.at(-1)!;
}

/** A figure that is a number. */
export function figureOf(row: FigureRow, column: string): number | undefined {
  const value = row[column];
  return typeof value === "number" && !Number.isNaN(value) ? value : undefined;
}

/** Puts the points of a sweep beside each other. */
export function assess(sweep: Pick<Sweep, "axes" | "points">): Assessment {
  const { points } = sweep;
  const subject = subjectOf(sweep);
  const judged = points.some(({ thresholds }) => thresholds.length > 0);
  const meeting = points.filter(meetsAll);
  const compared = meeting.length > 0 ? meeting : points;
  const missed = (point: PointResult) => point.thresholds.filter(({ ok }) => !ok).length;
  const fewest = Math.min(...points.map(missed));
  return {
    subject,
    judged,
    meeting,
    cheapest: least(compared, monthlyCost),
    fastest: least(compared, (point) => p99Of(point, subject), monthlyCost),
    nearest:
      meeting.length > 0
        ? undefined
        : least(
            points.filter((point) => missed(point) === fewest),
            monthlyCost,
          ),
    frontier: frontierOf(compared, subject),
  };
}

/** The function that all axes belong to, if it is one. */
function subjectOf({ axes, points }: Pick<Sweep, "axes" | "points">): string {
  const names = points[0]!.figures.map((row) => row.function);
  const owners = new Set(axes.map(({ path }) => path.replace(/^functions\./, "").split(".")[0]!));
  const [owner] = owners;
  return owners.size === 1 && names.includes(owner!) ? owner! : names.at(-1)!;
}

/** The first point with the least value, if any has one; of those alike the one with less of what comes next. */
function least(
  points: readonly PointResult[],
  ...reads: readonly ((point: PointResult) => number | undefined)[]
): PointResult | undefined {
  const [read, ...next] = reads;
  if (!read) return points[0];
  const value = (point: PointResult) => read(point) ?? Number.POSITIVE_INFINITY;
  const best = points.reduce((low, point) => Math.min(low, value(point)), Number.POSITIVE_INFINITY);
  if (best === Number.POSITIVE_INFINITY) return undefined;
  return least(
    points.filter((point) => value(point) === best),
    ...next,
  );
}

/** From the cheapest on, each that is faster than all cheaper ones. Of points alike in both, all. */
function frontierOf(points: readonly PointResult[], subject: string): Set<string> {
  const known = points
    .flatMap((point) => {
      const [cost, p99] = [monthlyCost(point), p99Of(point, subject)];
      return cost === undefined || p99 === undefined ? [] : [{ key: point.key, cost, p99 }];
    })
    .sort((a, b) => a.cost - b.cost || a.p99 - b.p99);
  const keys = new Set<string>();
  let last = { cost: Number.NaN, p99: Number.POSITIVE_INFINITY };
  for (const point of known) {
    if (point.p99 < last.p99 || (point.p99 === last.p99 && point.cost === last.cost)) {
      keys.add(point.key);
      last = point;
    }
  }
  return keys;
}
