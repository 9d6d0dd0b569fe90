import * as z from "zod";
import { count, positiveDuration } from "../scenario/fields.ts";
import { DAY, HOUR, MINUTE, printCount, printDuration } from "../units.ts";
import { type ArrivalContext, arrivalKind, clockAtStart } from "./contract.ts";
import { type Cron, parseAwsCron, parseCrontab } from "./cron.ts";
import { type Firings, firingsPlan, regularFirings } from "./firings.ts";

/** Firings are counted one by one up to here, and further ones taken to be as frequent. */
const COUNTED = 10_000;

/** The firings of a cron expression in a run that begins at `start` (microseconds since 1970 UTC). */
function cronFirings(cron: Cron, start: number): Firings {
  const next = (from: number) => cron.next(Math.ceil((start + from) / MINUTE)) * MINUTE - start;
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

function fromCron(cron: Cron, text: string, context: ArrivalContext): Firings {
  const start = clockAtStart(context);
  if (start === undefined) {
    throw new RangeError(
      `${text} goes by the calendar: give the scenario "starts", the time at which the run begins, such as "2026-03-02T00:00Z"`,
    );
  }
  const firings = cronFirings(cron, start);
  if (firings.next(0) === Number.POSITIVE_INFINITY) {
    throw new RangeError(`${text} never fires after the entry begins`);
  }
  return firings;
}

const UNITS: Record<string, number> = { minute: MINUTE, hour: HOUR, day: DAY };

/** EventBridge's rate(1 hour), rate(5 minutes): whole, singular for 1 and plural for more, as AWS insists. */
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

/**
 * A timer: `every` so long from the entry's start on, the first at the start; or a `cron` line of five fields, in UTC;
 * or an EventBridge `expression`, "rate(5 minutes)" (like `every`) or "cron(0 12 * * ? *)". `count` requests at once
 * each time; one unless written.
 */
export const schedule = arrivalKind({
  type: "schedule",
  schema: z.strictObject({
    type: z.literal("schedule"),
    every: positiveDuration().optional(),
    cron: z
      .string()
      .optional()
      .meta({ examples: ["*/5 * * * *"] }),
    expression: z
      .string()
      .optional()
      .meta({ examples: ["rate(5 minutes)", "cron(0 12 * * ? *)"] }),
    count: count(1, 10_000_000, "a number of requests").optional(),
  }),
  build: ({ every, cron, expression, count = 1 }, _, context) => {
    const given = [every, cron, expression].filter((x) => x !== undefined).length;
    if (given !== 1) throw new RangeError(`give one of "every", "cron" and "expression"`);
    const times = count === 1 ? "" : `${printCount(count)} at once `;
    // Cron may tell weekdays or months apart: a day is the least it takes.
    const plan = (firings: Firings, text: string, period = DAY) =>
      firingsPlan(firings, count, 0, `${times}${text}`, { period, scheduled: true });
    if (every !== undefined) return plan(regularFirings(every), `every ${printDuration(every)}`, every);
    if (cron !== undefined) {
      if (/^\s*(rate|cron)\(/i.test(cron)) {
        throw new RangeError(`"cron" takes five fields; write "expression": "${cron.trim()}"`);
      }
      return plan(fromCron(parseCrontab(cron), `"${cron}"`, context), `by cron ${cron}`);
    }
    const match = /^\s*(rate|cron)\((.*)\)\s*$/.exec(expression!);
    if (!match) {
      throw new RangeError(
        `"${expression}" is no schedule expression; write "rate(5 minutes)" or "cron(0 12 * * ? *)"`,
      );
    }
    const inner = match[2]!;
    if (match[1] === "rate") {
      const every = awsRate(expression!, inner);
      return plan(regularFirings(every), expression!, every);
    }
    return plan(fromCron(parseAwsCron(inner), expression!, context), expression!);
  },
});
