import { ScenarioError } from "../sim/scenario/problem.ts";
import { parseMoney, parseQuantity } from "../sim/units.ts";
import { type ComparedStatistic, compareStatistic, type Difference } from "./compare.ts";
import type { Side } from "./side.ts";
import { unknownTo } from "./side.ts";
import type { Statistic } from "./statistic.ts";
import { parseStatistic, unitOf } from "./statistic-words.ts";

/** "api latency p(99) > +5%": how far B may be from A. */
export interface ChangeLimit {
  readonly statistic: Statistic;
  readonly comparison: ">" | "<";
  /** In the statistic's unit, or as a share of A. */
  readonly limit: number;
  readonly relative: boolean;
  /** As written. */
  readonly expression: string;
}

/** A limit, and how the change stands to it. */
export interface LimitJudgement extends ChangeLimit {
  readonly difference: Difference;
  readonly a: number;
  readonly b: number;
  /** The change is beyond the limit. */
  readonly met: boolean;
  /** The 95 % interval lies on both sides of the limit: more replications could turn this. */
  readonly straddles: boolean;
}

const FORM = /^(.+?)\s*(>=|<=|>|<)\s*(.+?)\s*$/;

/**
 * Reads "[FUNCTION] MEASURE AGGREGATE > CHANGE": a share of A ("+5%"), or an amount in the statistic's unit ("+200ms",
 * "+0.5pp" of a share, "$3", "10"). Throws ScenarioError; `option` names the option it came from.
 */
export function parseChangeLimit(text: string, functions: readonly string[], option: string): ChangeLimit {
  const wrong = (message: string) =>
    new ScenarioError([{ path: [option], message: `"${text}": ${message}` }]);
  const match = FORM.exec(text.trim());
  if (!match)
    throw wrong(
      "write [FUNCTION] MEASURE AGGREGATE > CHANGE, as in latency p(99) > +5% or cost perMonth > $3",
    );
  const [, what, comparison, written] = match as unknown as [string, string, string, string];
  if (comparison.length > 1) throw wrong(`write ${comparison[0]}: met is what lies beyond the limit`);
  const statistic = parseStatistic(what, functions, option);
  const sign = written.startsWith("-") ? -1 : 1;
  const amount = written.replace(/^[+-]\s*/, "");
  const relative = amount.endsWith("%");
  const parsed = relative ? percent(amount.slice(0, -1)) : amountIn(unitOf(statistic), amount);
  if (typeof parsed === "string") throw wrong(parsed);
  return {
    statistic,
    comparison: comparison as ">" | "<",
    limit: sign * parsed,
    relative,
    expression: text.trim().replace(/\s+/g, " "),
  };
}

function percent(text: string): number | string {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value)
    ? value / 100
    : `"${text}%" is no percentage; write it like +5%`;
}

function amountIn(unit: ReturnType<typeof unitOf>, text: string): number | string {
  if (unit === "share") {
    const points = /^(\d+(?:\.\d+)?)\s*pp$/.exec(text)?.[1];
    return points === undefined
      ? `"${text}" is no change of a share; write +0.5pp (percentage points) or +5% (of what it was)`
      : Number(points) / 100;
  }
  if (unit === "count" || unit === "number") {
    const value = Number(text.replace(/,/g, ""));
    return text !== "" && Number.isFinite(value) ? value : `"${text}" is no number; write +10 or +5%`;
  }
  const parsed = unit === "duration" ? parseQuantity("duration", text) : parseMoney(text);
  return parsed.ok ? parsed.value : `${parsed.message}, or a share like +5%`;
}

/** Judges a limit. A change that has no value (a side answered nothing) is not beyond any. Throws ScenarioError. */
export function judgeChange(a: Side, b: Side, limit: ChangeLimit, paired: boolean): LimitJudgement {
  const found = compareStatistic(a, b, limit.statistic, paired, undefined);
  if (!found) {
    const side = a.read(limit.statistic) ? b : a;
    throw new ScenarioError([{ path: ["--fail-on"], message: unknownTo(side, limit.statistic) }]);
  }
  if (Number.isNaN(found.a.value) && Number.isNaN(found.b.value))
    throw new ScenarioError([
      {
        path: ["--fail-on"],
        message: `"${limit.expression} cannot be measured: neither side has any value of it`,
      },
    ]);
  const { change, ci95 } = changeOf(found, limit.relative);
  const met = limit.comparison === ">" ? change > limit.limit : change < limit.limit;
  return {
    ...limit,
    difference: found.difference,
    a: found.a.value,
    b: found.b.value,
    met,
    straddles: ci95 > 0 && Math.abs(change - limit.limit) <= ci95,
  };
}

/** From nothing to something is more than any share. */
function changeOf({ difference }: Pick<ComparedStatistic, "difference">, relative: boolean) {
  const { value, ci95 } = difference;
  if (!relative) return { change: value, ci95 };
  const change = Number.isNaN(difference.relative)
    ? Math.sign(value) * Number.POSITIVE_INFINITY
    : difference.relative;
  return { change, ci95: difference.relativeCi95 };
}
