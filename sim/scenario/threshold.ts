import { nameOf, type Parsed, parseMoney, parseQuantity, parseShare } from "../units.ts";
import { withHint } from "./problem.ts";

/** What a measure's values and limits are written in. */
export type Unit = "duration" | "share" | "count" | "money" | "number";

/** What each measure can be judged by, and the unit its limit is written in. */
export const MEASURES = {
  latency: { percentile: "duration", mean: "duration", max: "duration" },
  duration: { percentile: "duration", mean: "duration", max: "duration" },
  throttles: { rate: "share", count: "count" },
  errors: { rate: "share", count: "count" },
  coldStarts: { rate: "share", count: "count" },
  spillover: { rate: "share", count: "count" },
  dropped: { rate: "share", count: "count" },
  concurrency: { mean: "number", max: "number" },
  environments: { mean: "number", max: "number" },
  queueWait: { percentile: "duration", mean: "duration", max: "duration" },
  messageAge: { percentile: "duration", mean: "duration", max: "duration" },
  iteratorAge: { percentile: "duration", mean: "duration", max: "duration" },
  endToEnd: { percentile: "duration", mean: "duration", max: "duration" },
  queueDepth: { mean: "number", max: "number" },
  batchSize: { mean: "number", max: "number", percentile: "number" },
  attempts: { mean: "number", max: "number" },
  retries: { rate: "share", count: "count" },
  deadLettered: { rate: "share", count: "count" },
  cost: { perRun: "money", perMonth: "money", perMillion: "money" },
} as const satisfies Record<string, Record<string, Unit>>;

export type Measure = keyof typeof MEASURES;
export type Comparison = "<" | "<=" | ">" | ">=";

/** "p(99) < 2s" on a function's latency. Durations in microseconds, shares from 0 to 1, money in US dollars. */
export interface Threshold {
  /** A function's name, or "total". */
  readonly of: string;
  readonly measure: Measure;
  /** As written. */
  readonly expression: string;
  readonly aggregate: string;
  /** For aggregate "percentile": 0.99 for p(99). */
  readonly quantile: number | undefined;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: Unit;
}

export type ParsedThreshold =
  | { ok: true; value: Omit<Threshold, "of" | "measure" | "expression"> }
  | { ok: false; message: string };

/** How a measure is aggregated: "rate", "perMonth", "percentile" with the quantile 0.99 for p(99). */
export interface Aggregate {
  readonly aggregate: string;
  readonly quantile: number | undefined;
  readonly unit: Unit;
}

export type ParsedAggregate = { ok: true; value: Aggregate } | { ok: false; message: string };

/** Reads "p(99.9)", "rate", "perMillion": one of a measure's `aggregates`. */
export function parseAggregate(
  measure: string,
  text: string,
  aggregates: Readonly<Record<string, Unit>>,
): ParsedAggregate {
  const [, word = text, argument] = /^([A-Za-z]+)(?:\(\s*([^)]*)\s*\))?$/.exec(text) ?? [];
  const aggregate = word === "p" ? "percentile" : word;
  const unit = Object.hasOwn(aggregates, aggregate) ? aggregates[aggregate] : undefined;
  if (unit === undefined || (aggregate === "percentile") !== (argument !== undefined)) {
    return {
      ok: false,
      message: withHint(
        `${measure} has no "${word}${argument === undefined ? "" : `(${argument})`}"`,
        word,
        Object.keys(aggregates).map(shownAs),
      ),
    };
  }
  if (aggregate !== "percentile") return { ok: true, value: { aggregate, quantile: undefined, unit } };
  const percent = Number(argument);
  if (argument?.trim() === "" || !(percent >= 0 && percent <= 100)) {
    return { ok: false, message: `p(${argument}): expected a percentile from 0 to 100` };
  }
  return { ok: true, value: { aggregate, quantile: percent / 100, unit } };
}

const shownAs = (aggregate: string) => (aggregate === "percentile" ? "p(99)" : aggregate);

/** Reads "p(99.9) < 2s", "rate < 1%", "perMillion <= $20". */
export function parseThreshold(measure: Measure, expression: unknown): ParsedThreshold {
  const aggregates = MEASURES[measure] as Record<string, Unit>;
  const [first, unit] = Object.entries(aggregates)[0]!;
  const example = `${shownAs(first)} < ${exampleOf(unit)}`;
  if (typeof expression !== "string") {
    return { ok: false, message: `expected text such as "${example}", got ${nameOf(expression)}` };
  }
  const match = /^\s*([A-Za-z]+(?:\([^)]*\))?)\s*(<=|>=|<|>)\s*(.+?)\s*$/.exec(expression);
  if (!match) return { ok: false, message: `"${expression}" is not a threshold; write it like "${example}"` };
  const [, text, comparison, limitText] = match as unknown as [string, string, Comparison, string];
  const parsed = parseAggregate(measure, text, aggregates);
  if (!parsed.ok) return parsed;
  const limit = parseLimit(parsed.value.unit, limitText);
  if (!limit.ok) return limit;
  return { ok: true, value: { ...parsed.value, comparison, limit: limit.value } };
}

function exampleOf(unit: Unit): string {
  return { duration: "2s", share: "1%", count: "100", money: "$20", number: "500" }[unit];
}

/** A limit in the unit of what it limits. */
export function parseLimit(unit: Unit, text: string): Parsed {
  if (unit === "duration") return parseQuantity("duration", text);
  if (unit === "share") return parseShare(text);
  if (unit === "money") return parseMoney(text);
  const value = Number(text.replace(/,/g, ""));
  if (!Number.isFinite(value)) return { ok: false, message: `"${text}" is not a number` };
  return { ok: true, value };
}

/** Whether a value meets the threshold. */
export function meets(
  { comparison, limit }: Pick<Threshold, "comparison" | "limit">,
  value: number,
): boolean {
  if (comparison === "<") return value < limit;
  if (comparison === "<=") return value <= limit;
  return comparison === ">" ? value > limit : value >= limit;
}
