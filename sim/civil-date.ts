import { nameOf, type Parsed } from "./units.ts";

/**
 * The calendar in UTC, worked out from numbers alone: the simulator has no clock. Days are counted from 1970-01-01
 * (day 0), in the Gregorian calendar; every day has 86,400 seconds.
 */

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Days from 1970-01-01 to the date (Howard Hinnant, chrono-compatible low-level date algorithms). */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  // The year begins in March here, so that the leap day is its last.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day counted from 1970-01-01. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

const EXAMPLE = `"2026-03-02T00:00Z"`;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(Z|z|[+-]\d\d:?\d\d)?)?$/;

/** Reads an ISO 8601 moment ("2026-03-02T07:30+01:00") as milliseconds since 1970 UTC; UTC where it names no zone. */
export function parseInstant(text: unknown): Parsed {
  const fail = (message: string): Parsed => ({ ok: false, message });
  const match = typeof text === "string" ? ISO.exec(text.trim()) : null;
  if (!match) return fail(`expected a date and time such as ${EXAMPLE}, got ${nameOf(text)}`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12) return fail(`${nameOf(text)}: there is no month ${month}`);
  if (day < 1 || day > daysInMonth(year, month)) {
    return fail(`${nameOf(text)}: ${match[1]}-${match[2]} has ${daysInMonth(year, month)} days`);
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return fail(`${nameOf(text)}: the time of day goes from 00:00:00 to 23:59:59`);
  }
  const zone = /^([+-])(\d\d):?(\d\d)$/.exec(match[8] ?? "");
  if (zone && (Number(zone[2]) > 14 || Number(zone[3]) > 59)) {
    return fail(`${nameOf(text)}: ${match[8]} is no time zone; write Z for UTC, or an offset such as +01:00`);
  }
  const east = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  const milliseconds = Number((match[7] ?? "0").padEnd(3, "0"));
  const minutes = (daysFromCivil({ year, month, day }) * 24 + hour) * 60 + minute - east;
  return { ok: true, value: minutes * MINUTE_MS + second * 1000 + milliseconds };
}
