import { civilFromDays, DAY_MS, daysFromCivil, daysInMonth, MINUTE_MS, weekdayOf } from "../civil-date.ts";

/**
 * Cron expressions, in UTC: the five fields of crontab(5), and EventBridge's six ("cron(15 10 ? * 6L 2026-2027)": its
 * user guide, Cron expressions reference), with ? L W # and a year. Written here since the libraries there are (croner,
 * cron-parser) go by Date, which the simulator does not have, and number weekdays from 0 where EventBridge begins at 1.
 */
export interface Cron {
  /** The first firing at or after a minute, both in minutes since 1970 UTC; Infinity when there is none. */
  next(minute: number): number;
}

type Matcher = (year: number, month: number, day: number) => boolean;

interface Field {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  /** The number that the first name stands for. */
  readonly firstName?: number;
  /** Whether "22-2" goes over the end, as EventBridge's own example does. */
  readonly wraps: boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const LAST_YEAR = 2199;

const fields = (wraps: boolean) => ({
  minute: { name: "minutes", low: 0, high: 59, wraps },
  hour: { name: "hours", low: 0, high: 23, wraps },
  day: { name: "day of month", low: 1, high: 31, wraps },
  month: { name: "month", low: 1, high: 12, names: MONTHS, firstName: 1, wraps },
});
const CRONTAB = {
  ...fields(false),
  weekday: { name: "day of week", low: 0, high: 7, names: WEEKDAYS, firstName: 0, wraps: false },
};
const AWS = {
  ...fields(true),
  weekday: { name: "day of week", low: 1, high: 7, names: WEEKDAYS, firstName: 1, wraps: true },
  year: { name: "year", low: 1970, high: LAST_YEAR, wraps: false },
};

/** Reads "30 7 * * 1-5". Throws RangeError with a sentence. */
export function parseCrontab(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5) {
    const aws = parts.length === 6 ? `; AWS's six fields go in "expression": "cron(${text.trim()})"` : "";
    throw new RangeError(
      `"${text}" has ${parts.length} fields; expected 5: minute, hour, day of month, month, day of week${aws}`,
    );
  }
  const [minute, hour, day, month, weekday] = parts as [string, string, string, string, string];
  const days = valuesOf(day, CRONTAB.day);
  const weekdays = new Set([...valuesOf(weekday, CRONTAB.weekday)].map((n) => n % 7));
  const onDay: Matcher = (_year, _month, d) => days.has(d);
  const onWeekday: Matcher = (y, m, d) => weekdays.has(weekdayIn(y, m, d));
  // crontab(5): with both written out, either will do; a field that begins with * is not written out.
  const either = !day.startsWith("*") && !weekday.startsWith("*");
  return new Calendar(
    valuesOf(minute, CRONTAB.minute),
    valuesOf(hour, CRONTAB.hour),
    valuesOf(month, CRONTAB.month),
    undefined,
    either
      ? (y, m, d) => onDay(y, m, d) || onWeekday(y, m, d)
      : (y, m, d) => onDay(y, m, d) && onWeekday(y, m, d),
  );
}

/** Reads what stands in EventBridge's cron(…): "0 10 * * ? *". Throws RangeError with a sentence. */
export function parseAwsCron(text: string): Cron {
  const parts = text.trim().toUpperCase().split(/\s+/);
  if (parts.length !== 6) {
    throw new RangeError(
      `cron(${text}) has ${parts.length} fields; AWS expects 6: minutes, hours, day of month, month, day of week, year`,
    );
  }
  const [minute, hour, day, month, weekday, year] = parts as [string, string, string, string, string, string];
  if (day === "?" && weekday === "?") {
    throw new RangeError(`cron(${text}): only one of day of month and day of week can be "?"`);
  }
  if (day !== "?" && weekday !== "?") {
    throw new RangeError(
      `cron(${text}): AWS takes "?" for the day of month or the day of week; write "?" for the one you do not mean`,
    );
  }
  return new Calendar(
    valuesOf(minute, AWS.minute),
    valuesOf(hour, AWS.hour),
    valuesOf(month, AWS.month),
    valuesOf(year, AWS.year),
    weekday === "?" ? awsDay(day) : awsWeekday(weekday),
  );
}

/** Days of the month, where L is the last and 3W the weekday (Monday to Friday) nearest to the third. */
function awsDay(text: string): Matcher {
  const matchers = text.split(",").map((part): Matcher => {
    if (part === "L") return (y, m, d) => d === daysInMonth(y, m);
    if (/^\d+W$/.test(part)) {
      const [day] = valuesOf(part.slice(0, -1), AWS.day);
      return (y, m, d) => d === nearestWeekday(y, m, day!);
    }
    if (/[LW]/.test(part)) {
      throw new RangeError(
        `"${part}" is no day of month; write "L" for the last day, or a weekday like "15W"`,
      );
    }
    const days = valuesOf(part, AWS.day);
    return (_y, _m, d) => days.has(d);
  });
  return (y, m, d) => matchers.some((matches) => matches(y, m, d));
}

/** In the same month, as EventBridge says: Saturday goes to Friday, Sunday to Monday, but never over the month's end. */
function nearestWeekday(year: number, month: number, day: number): number {
  const last = daysInMonth(year, month);
  if (day > last) return 0;
  const weekday = weekdayIn(year, month, day);
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}

/** Days of the week from 1 for Sunday, where L is Saturday, 6L the month's last Friday and 3#2 its second Tuesday. */
function awsWeekday(text: string): Matcher {
  if (text.includes("#")) {
    const match = /^([^#]+)#([1-5])$/.exec(text);
    if (!match) {
      throw new RangeError(
        `"${text}" is no day of week: AWS takes one "#" and nothing else, as in "3#2" or "TUE#2", the second Tuesday`,
      );
    }
    const weekday = single(match[1]!, AWS.weekday) - 1;
    const nth = Number(match[2]);
    return (y, m, d) => Math.ceil(d / 7) === nth && weekdayIn(y, m, d) === weekday;
  }
  const matchers = text.split(",").map((part): Matcher => {
    if (part === "L") return (y, m, d) => weekdayIn(y, m, d) === 6;
    if (part.endsWith("L")) {
      const weekday = single(part.slice(0, -1), AWS.weekday) - 1;
      return (y, m, d) => d + 7 > daysInMonth(y, m) && weekdayIn(y, m, d) === weekday;
    }
    const weekdays = valuesOf(part, AWS.weekday);
    return (y, m, d) => weekdays.has(weekdayIn(y, m, d) + 1);
  });
  return (y, m, d) => matchers.some((matches) => matches(y, m, d));
}

const weekdayIn = (year: number, month: number, day: number) =>
  weekdayOf(daysFromCivil({ year, month, day }));

/** The numbers that "1,5-10,*\/15" stands for. */
function valuesOf(text: string, field: Field): Set<number> {
  const { low, high, wraps } = field;
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range, stepText, ...rest] = part.split("/") as [string, string?, ...string[]];
    const step = stepText === undefined ? 1 : Number(stepText);
    if (rest.length > 0 || (stepText !== undefined && !/^\d+$/.test(stepText)) || step < 1) {
      throw new RangeError(`"${part}" is no ${field.name}: after "/" comes a whole number, as in "*/5"`);
    }
    const [fromText, toText, ...more] = range.split("-") as [string, string?, ...string[]];
    if (more.length > 0)
      throw new RangeError(`"${part}" is no ${field.name}; write a range like "${low}-${high}"`);
    let from = low;
    let to = high;
    if (range !== "*") {
      from = single(fromText, field);
      if (toText !== undefined) to = single(toText, field);
      else if (stepText === undefined) to = from;
    }
    if (from > to && !wraps) {
      throw new RangeError(
        `"${part}": the ${field.name} goes from ${fromText} back to ${toText}; write it as two ranges, with a comma`,
      );
    }
    const end = from > to ? to + (high - low + 1) : to;
    for (let value = from; value <= end; value += step) {
      values.add(value > high ? value - (high - low + 1) : value);
    }
  }
  return values;
}

function single(text: string, { name, low, high, names, firstName = 0 }: Field): number {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  if (index >= 0) return index + firstName;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  const words = names ? ` or ${names[0]} to ${names.at(-1)}` : "";
  throw new RangeError(`"${text}" is no ${name}: expected ${low} to ${high}${words}`);
}

const MINUTES_A_DAY = DAY_MS / MINUTE_MS;

class Calendar implements Cron {
  /** Minutes of the day, in order. */
  private readonly ofDay: readonly number[];
  private readonly months: ReadonlySet<number>;
  private readonly years: ReadonlySet<number> | undefined;
  private readonly matches: Matcher;
  /** The last day looked up, since most expressions fire more than once a day. */
  private known = -1;

  constructor(
    minutes: ReadonlySet<number>,
    hours: ReadonlySet<number>,
    months: ReadonlySet<number>,
    years: ReadonlySet<number> | undefined,
    matches: Matcher,
  ) {
    const inOrder = (values: ReadonlySet<number>) => [...values].sort((a, b) => a - b);
    this.ofDay = inOrder(hours).flatMap((hour) => inOrder(minutes).map((minute) => hour * 60 + minute));
    this.months = months;
    this.years = years;
    this.matches = matches;
  }

  next(minute: number): number {
    const day = Math.floor(minute / MINUTES_A_DAY);
    if (day === this.known || this.dayFrom(day) === day) {
      this.known = day;
      const within = minute - day * MINUTES_A_DAY;
      if (within <= this.ofDay.at(-1)!) {
        return day * MINUTES_A_DAY + this.ofDay[firstAtLeast(this.ofDay, within)]!;
      }
    }
    const later = this.dayFrom(day + 1);
    return later * MINUTES_A_DAY + this.ofDay[0]!;
  }

  /** The first day that matches, from `day` on. */
  private dayFrom(day: number): number {
    let { year, month, day: first } = civilFromDays(day);
    for (; year <= LAST_YEAR; first = 1) {
      if (this.months.has(month) && (this.years?.has(year) ?? true)) {
        const last = daysInMonth(year, month);
        for (let d = first; d <= last; d++) {
          if (this.matches(year, month, d)) return daysFromCivil({ year, month, day: d });
        }
      }
      if (++month > 12) {
        month = 1;
        year++;
      }
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** The place of the first of `values` (in order) that is at least `least`. */
function firstAtLeast(values: readonly number[], least: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
