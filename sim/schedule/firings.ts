import { DAY, HOUR, MINUTE } from "../units.ts";
import { type Cron, parseAwsCron } from "./cron.ts";

/** Instants at which something fires, in order: microseconds, whole, relative to some start. */
export interface Firings {
  /** The first instant at or after `from`; Infinity when there is none. */
  next(from: number): number;
  /** How many there are before `until`; may be estimated where they are very many. */
  count(until: number): number;
}

/** Firings are counted one by one up to here, and further ones taken to be as frequent. */
const COUNTED = 10_000;

/** Every `every` microseconds, the first at `first`. */
export function regularFirings(every: number, first = 0): Firings {
  return {
    next: (from) => first + Math.max(0, Math.ceil((from - first) / every)) * every,
    count: (until) => Math.max(0, Math.ceil((until - first) / every)),
  };
}

/** Once. */
export function oneFiring(at: number): Firings {
  return {
    next: (from) => (from <= at ? at : Number.POSITIVE_INFINITY),
    count: (until) => (at < until ? 1 : 0),
  };
}

/**
 * The firings of a cron expression for what begins at `start` (microseconds since 1970 UTC; undefined where the scenario
 * does not say). `text`: the expression, for messages. Throws RangeError with a sentence.
 */
export function cronFirings(cron: Cron, text: string, start: number | undefined): Firings {
  if (start === undefined) throw new RangeError(needsStart(text));
  const next = (from: number) => cron.next(Math.ceil((start + from) / MINUTE)) * MINUTE - start;
  if (next(0) === Number.POSITIVE_INFINITY)
    throw new RangeError(`${text} never fires after the entry begins`);
  return {
    next,
    count(until) {
      let n = 0;
      let at = next(0);
      for (; at < until && n < COUNTED; at = next(at + 1)) n++;
      return at < until ? (n * until) / at : n;
    },
  };
}

/** What is wrong with something that goes by the calendar in a run that has none. */
export function needsStart(text: string): string {
  return `${text} goes by the calendar: give the scenario "starts", the time at which the run begins, such as "2026-03-02T00:00Z"`;
}

const UNITS: Record<string, number> = { minute: MINUTE, hour: HOUR, day: DAY };

/** rate(1 hour), rate(5 minutes): whole, singular for 1 and plural for more, as AWS insists. Microseconds. */
function awsRate(expression: string, inner: string): number {
  const match = /^\s*([1-9]\d*)\s+(minute|hour|day)(s?)\s*$/.exec(inner);
  if (!match) {
    throw new RangeError(
      `${expression}: expected a whole number and minutes, hours or days, as in "rate(5 minutes)"`,
    );
  }
  const [, value, unit, plural] = match as unknown as [string, string, string, string];
  if ((value === "1") !== (plural === "")) {
    throw new RangeError(
      `${expression}: AWS refuses this; write "rate(${value} ${unit}${plural ? "" : "s"})"`,
    );
  }
  return Number(value) * UNITS[unit]!;
}

/** An expression of AWS's, read. */
export interface ScheduleExpression {
  /** How long until the same again; undefined where the calendar says. */
  readonly every: number | undefined;
  /** Its firings from a moment of the calendar on, which cron(…) needs: it throws RangeError without. */
  from(start: number | undefined): Firings;
}

/**
 * AWS's schedule expressions rate(…), the first at once, and cron(…): undefined where the text is neither. Throws
 * RangeError with a sentence for one that makes no sense.
 */
export function awsExpression(expression: string): ScheduleExpression | undefined {
  const match = /^\s*(rate|cron)\((.*)\)\s*$/.exec(expression);
  if (!match) return undefined;
  const inner = match[2]!;
  if (match[1] === "rate") {
    const every = awsRate(expression, inner);
    return { every, from: () => regularFirings(every) };
  }
  const cron = parseAwsCron(inner);
  return { every: undefined, from: (start) => cronFirings(cron, expression, start) };
}
