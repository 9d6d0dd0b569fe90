import { nearest, ScenarioError, withHint } from "../sim/scenario/problem.ts";
import { MEASURES, parseAggregate, type Unit } from "../sim/scenario/threshold.ts";
import type { Statistic } from "./statistic.ts";

/** Statistics as one writes them: "api latency p(99)", "throttles rate", "cost perMonth". */

/** What can be read off a study: the measures of thresholds, and two counts that nobody sets a limit to. */
const STATISTICS: Readonly<Record<string, Readonly<Record<string, Unit>>>> = {
  ...MEASURES,
  requests: { count: "count" },
  invocations: { count: "count" },
};

/** What the values of a statistic are in. */
export function unitOf({ measure, aggregate }: Pick<Statistic, "measure" | "aggregate">): Unit {
  return STATISTICS[measure]![aggregate]!;
}

/** Two statistics are the same. */
export function isSame(a: Statistic, b: Statistic): boolean {
  return a.of === b.of && a.measure === b.measure && a.aggregate === b.aggregate && a.quantile === b.quantile;
}

/** "latency p(99)", as in thresholds. */
export function nameOfStatistic({ measure, aggregate, quantile }: Omit<Statistic, "of">): string {
  const percent = quantile === undefined ? "" : `p(${Number((quantile * 100).toPrecision(10))})`;
  return `${measure} ${percent || aggregate}`;
}

/**
 * Reads "[FUNCTION] MEASURE AGGREGATE"; without a function it is that of all of them ("total"), or of the only one.
 * Throws ScenarioError; `option` names the option it came from.
 */
export function parseStatistic(text: string, functions: readonly string[], option: string): Statistic {
  const wrong = (message: string) =>
    new ScenarioError([{ path: [option], message: `"${text.trim()}": ${message}` }]);
  const words = text
    .trim()
    .replace(/\s*\(\s*/g, "(")
    .replace(/\s*\)/g, ")")
    .split(/\s+/);
  const known = ["total", ...functions];
  const isMeasure = (word: string) => Object.hasOwn(STATISTICS, word);
  if (words.length < 2 || words.length > 3)
    throw wrong(
      "write [FUNCTION] MEASURE AGGREGATE, as in latency p(99), api throttles rate or cost perMonth",
    );
  const [of, measure, aggregate] = (
    words.length === 3 ? words : [functions.length === 1 ? functions[0] : "total", ...words]
  ) as [string, string, string];
  if (!known.includes(of)) throw wrong(withHint(`there is no function "${of}"`, of, known));
  if (!isMeasure(measure)) {
    const forgotten = words.length === 2 && known.includes(measure) && isMeasure(aggregate);
    throw wrong(
      forgotten
        ? `how is ${aggregate} aggregated? write ${measure} ${aggregate} ${first(aggregate)}`
        : withHint(`there is no measure "${measure}"`, measure, measuresNear(measure)),
    );
  }
  const parsed = parseAggregate(measure, aggregate, STATISTICS[measure]!);
  if (!parsed.ok) throw wrong(parsed.message);
  return {
    of,
    measure: measure as Statistic["measure"],
    aggregate: parsed.value.aggregate,
    quantile: parsed.value.quantile,
  };
}

const first = (measure: string) => {
  const [aggregate] = Object.keys(STATISTICS[measure]!);
  return aggregate === "percentile" ? "p(99)" : aggregate!;
};

/** All of them are too many to list where none is near. */
function measuresNear(word: string): string[] {
  const all = Object.keys(STATISTICS);
  return nearest(word, all) === undefined
    ? ["latency", "duration", "throttles", "errors", "coldStarts", "concurrency", "requests", "cost"]
    : all;
}
