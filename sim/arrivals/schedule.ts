import * as z from "zod";
import { count, positiveDuration } from "../scenario/fields.ts";
import { parseCrontab } from "../schedule/cron.ts";
import { awsExpression, cronFirings, type Firings, regularFirings } from "../schedule/firings.ts";
import { DAY, printCount, printDuration } from "../units.ts";
import { arrivalKind, clockAtStart } from "./contract.ts";
import { firingsPlan } from "./firings.ts";

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
      return plan(cronFirings(parseCrontab(cron), `"${cron}"`, clockAtStart(context)), `by cron ${cron}`);
    }
    const read = awsExpression(expression!);
    if (read) return plan(read.from(clockAtStart(context)), expression!, read.every);
    throw new RangeError(
      `"${expression}" is no schedule expression; write "rate(5 minutes)" or "cron(0 12 * * ? *)"`,
    );
  },
});
