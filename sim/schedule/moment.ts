import * as z from "zod";
import { parseInstant } from "../civil-date.ts";
import { parseTimeOfDay } from "../scenario/fields.ts";
import { DAY, HOUR, MILLISECOND, MINUTE, nameOf, parseQuantity } from "../units.ts";
import { awsExpression, type Firings, needsStart, oneFiring, regularFirings } from "./firings.ts";

/** When something is done in the run, once or again and again, as a scenario writes it. */
export interface Moment {
  readonly text: string;
  /**
   * The instants, in microseconds of the run, which begins at `start` (microseconds since 1970 UTC; undefined where the
   * scenario does not say). Throws RangeError with a sentence where it goes by a calendar that there is not.
   */
  firings(start: number | undefined): Firings;
}

const FORMS = `"07:45", "2m" (since the start), "cron(45 7 ? * MON-FRI *)", "rate(1 hour)" or "at(2026-03-02T07:45:00)"`;

/** An offset from UTC behind a time of day: "+01:00", "-0530", "Z". */
const ZONED = /^\s*([\d:]+)\s*(?:Z|([+-])(\d\d):?([0-5]\d))?\s*$/i;

/**
 * Reads a time of day (every day, UTC unless it names an offset), a time since the start of the run, or one of AWS's
 * schedule expressions: cron(…), rate(…) and at(…), in UTC. Throws RangeError with a sentence.
 */
export function parseMoment(text: string): Moment {
  const daily = timeOfDay(text);
  if (daily !== undefined) {
    return {
      text,
      firings(start) {
        if (start === undefined) throw new RangeError(needsStart(`"${text}"`));
        return regularFirings(DAY, (((daily - start) % DAY) + DAY) % DAY);
      },
    };
  }
  const expression = awsExpression(text);
  if (expression) return { text, firings: expression.from };
  const at = /^\s*at\((.*)\)\s*$/.exec(text);
  if (at) return once(text, at[1]!);
  const since = parseQuantity("duration", text);
  if (since.ok && since.value >= 0) return { text, firings: () => oneFiring(since.value) };
  throw new RangeError(`"${text}" is no time to act at; write it like ${FORMS}`);
}

/** Microseconds from midnight UTC; undefined where the text is no time of day. */
function timeOfDay(text: string): number | undefined {
  const [, clock, sign, hours, minutes] = ZONED.exec(text) ?? [];
  const local = clock === undefined ? undefined : parseTimeOfDay(clock);
  if (local === undefined) return undefined;
  const east = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE);
  return local - east;
}

function once(text: string, inner: string): Moment {
  const instant = parseInstant(inner);
  if (!instant.ok) throw new RangeError(`${text}: ${instant.message}`);
  return {
    text,
    firings(start) {
      if (start === undefined) throw new RangeError(needsStart(text));
      return oneFiring(instant.value * MILLISECOND - start);
    },
  };
}

/** A moment as a field of the format. */
export const moment = () =>
  z
    .string({ error: (issue) => `expected a time such as ${FORMS}, got ${nameOf(issue.input)}` })
    .transform((text, context): Moment => {
      try {
        return parseMoment(text);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
        return z.NEVER;
      }
    })
    .meta({ examples: ["07:45", "2m", "cron(45 7 ? * MON-FRI *)", "rate(1 hour)"] });

/** Several moments that are gone through together. */
export class Agenda {
  /** When the next of them is; Infinity when there is none left. */
  next: number;
  private readonly firings: readonly Firings[];
  private readonly times: number[];

  constructor(firings: readonly Firings[]) {
    this.firings = firings;
    this.times = firings.map((f) => f.next(0));
    this.next = Math.min(Number.POSITIVE_INFINITY, ...this.times);
  }

  /** Which of them are due at `at`, in the order in which they are written, each once. */
  due(at: number): number[] {
    const due: number[] = [];
    this.times.forEach((time, i) => {
      if (time > at) return;
      due.push(i);
      this.times[i] = this.firings[i]!.next(at + 1);
    });
    this.next = Math.min(Number.POSITIVE_INFINITY, ...this.times);
    return due;
  }
}
