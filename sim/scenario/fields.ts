import * as z from "zod";
import { parseInstant } from "../civil-date.ts";
import {
  DAY,
  examplesOf,
  HOUR,
  MINUTE,
  nameOf,
  type Parsed,
  parseQuantity,
  parseShare,
  patternOf,
  type QuantityKind,
  SECOND,
} from "../units.ts";

/**
 * The quantities a scenario is written in, as zod fields: text with a unit goes in, a number comes out, and the
 * message says what to write instead. Zero is a value everywhere; a missing unit never passes.
 */

type Check = (value: number) => string | undefined;

function quantity(kind: QuantityKind | "share", parse: (input: unknown) => Parsed, check?: Check) {
  return z
    .string({ error: (issue) => messageOf(parse(issue.input)) })
    .transform((text, context) => {
      const parsed = parse(text);
      const message = parsed.ok ? check?.(parsed.value) : parsed.message;
      if (parsed.ok && message === undefined) return parsed.value;
      context.addIssue({ code: "custom", message: parsed.ok ? `"${text}" ${message}` : parsed.message });
      return z.NEVER;
    })
    .meta({ pattern: patternOf(kind), examples: [...examplesOf(kind)] });
}

function messageOf(parsed: Parsed): string {
  return parsed.ok ? "expected text" : parsed.message;
}

/** Beyond these, times and counts would no longer be exact. */
const MOST_PER_SECOND = 1e9;
const LONGEST = 250 * 365 * DAY;

/** The largest quota, reservation or provisioned concurrency that can be written. */
export const MOST_CONCURRENCY = 1_000_000;

const notNegative: Check = (value) => (value < 0 ? "is negative; it must be 0 or more" : undefined);
const tooLong: Check = (value) =>
  value > LONGEST ? "is more than 250 years, the longest that microseconds count exactly" : undefined;
const notNegativeTime: Check = (value) => notNegative(value) ?? tooLong(value);
const positiveTime: Check = (value) => (value > 0 ? tooLong(value) : "must be more than 0");

/** "10m" as microseconds; 0 or more. */
export const duration = () => quantity("duration", (v) => parseQuantity("duration", v), notNegativeTime);

/** "10m" as microseconds; more than 0. */
export const positiveDuration = () => quantity("duration", (v) => parseQuantity("duration", v), positiveTime);

/** "10m" as microseconds, within limits that AWS sets. */
export const durationBetween = (low: number, high: number, rule: string) =>
  quantity(
    "duration",
    (v) => parseQuantity("duration", v),
    (value) => (value < low || value > high ? `is out of range: ${rule}` : undefined),
  );

/** "512 MB" as MB, whole, within limits. */
export const memoryBetween = (low: number, high: number, rule: string) =>
  quantity(
    "memory",
    (v) => parseQuantity("memory", v),
    (value) =>
      value < low || value > high || !Number.isInteger(value) ? `is out of range: ${rule}` : undefined,
  );

/** "40 MB" as MB, not always whole, more than 0. */
export const sizeUpTo = (high: number, rule: string) =>
  quantity(
    "memory",
    (v) => parseQuantity("memory", v),
    (value) => (value <= 0 ? "must be more than 0" : value > high ? `is too large: ${rule}` : undefined),
  );

/** "4 KB" as whole bytes, up to so many. */
export const dataUpTo = (high: number, rule: string) =>
  quantity(
    "data",
    (v) => parseQuantity("data", v),
    (value) =>
      value > high
        ? `is too large: ${rule}`
        : value !== Math.round(value)
          ? "is no whole number of bytes"
          : notNegative(value),
  );

/** "80/s" as events per second; 0 or more. */
export const rate = () =>
  quantity(
    "rate",
    (v) => parseQuantity("rate", v),
    (value) =>
      value > MOST_PER_SECOND ? `is more than ${MOST_PER_SECOND}/s, beyond any use` : notNegative(value),
  );

/** "2%" as 0.02; from 0 to 100 %. */
export const share = () =>
  quantity("share", parseShare, (value) => (value < 0 || value > 1 ? "must be from 0% to 100%" : undefined));

/** A bare number, more than 0 (a ratio, a shape). */
export const positiveNumber = () =>
  z
    .number({ error: (issue) => `expected a number, got ${nameOf(issue.input)}` })
    .positive("must be more than 0");

const TIMES = /^[×x]?\s*(\d+(?:\.\d+)?|\.\d+)\s*[×x]?$/i;

/** A factor: 3, "3x" or "×3". */
export const factor = () =>
  z
    .union([z.number(), z.string()], {
      error: (issue) => `expected a factor such as 3 or "3x", got ${nameOf(issue.input)}`,
    })
    .transform((given, context) => {
      const value = typeof given === "number" ? given : Number(TIMES.exec(given.trim())?.[1]);
      if (value >= 1e-6 && value <= 1e6) return value;
      const rule = Number.isNaN(value)
        ? 'is no factor; write it like 3 or "3x"'
        : "is out of range: from 0.000001 to 1000000";
      context.addIssue({ code: "custom", message: `${nameOf(given)} ${rule}` });
      return z.NEVER;
    });

/** A coefficient of variation: standard deviation over mean. */
export const variation = () => positiveNumber().max(100, "must be at most 100");

/** A bare whole number from `low` to `high`. */
export const count = (low: number, high: number, noun = "a whole number") =>
  z
    .number({ error: (issue) => `expected ${noun}, got ${nameOf(issue.input)}` })
    .int({ error: (issue) => `${nameOf(issue.input)} is not a whole number` })
    .min(low, {
      error: (issue) => `${nameOf(issue.input)} is too small: expected ${noun} from ${low} to ${high}`,
    })
    .max(high, {
      error: (issue) => `${nameOf(issue.input)} is too large: expected ${noun} from ${low} to ${high}`,
    });

const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** "18:30" or "18:30:15" as microseconds since midnight; undefined where the text is none. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = TIME_OF_DAY.exec(text.trim());
  return match
    ? Number(match[1]) * HOUR + Number(match[2]) * MINUTE + Number(match[3] ?? 0) * SECOND
    : undefined;
}

/** "18:30" or "18:30:15" as microseconds since midnight. */
export const timeOfDay = () =>
  z
    .string({ error: (issue) => `expected a time of day such as "18:30", got ${nameOf(issue.input)}` })
    .transform((text, context) => {
      const time = parseTimeOfDay(text);
      if (time !== undefined) return time;
      context.addIssue({
        code: "custom",
        message: `"${text}" is no time of day; write it like "18:30", from "00:00" to "23:59:59"`,
      });
      return z.NEVER;
    })
    .meta({ pattern: TIME_OF_DAY.source, examples: ["18:30"] });

/** "2026-03-02T00:00Z" as milliseconds since 1970 UTC. */
export const instant = () =>
  z
    .string({ error: (issue) => messageOf(parseInstant(issue.input)) })
    .transform((text, context) => {
      const parsed = parseInstant(text);
      if (parsed.ok) return parsed.value;
      context.addIssue({ code: "custom", message: parsed.message });
      return z.NEVER;
    })
    .meta({ examples: ["2026-03-02T00:00Z"] });

/** An object whose keys are shares written as numbers: { "0": …, "0.5": …, "1": … }. */
export const shareKeyed = <T extends z.ZodType>(value: T) =>
  z.record(
    z.string().refine((key) => key.trim() !== "" && Number(key) >= 0 && Number(key) <= 1, {
      error: (issue) => `${nameOf(issue.input)} is not a share from 0 to 1`,
    }),
    value,
  );
