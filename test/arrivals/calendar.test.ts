import { describe, expect, it } from "vitest";
import {
  civilFromDays,
  DAY_MS,
  daysFromCivil,
  daysInMonth,
  MINUTE_MS,
  parseInstant,
  weekdayOf,
} from "../../sim/civil-date.ts";
import { parseAwsCron, parseCrontab } from "../../sim/schedule/cron.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../sim/units.ts";
import { planOf, timesOf } from "../support/arrivals.ts";

describe("the calendar", () => {
  it("agrees with JavaScript's own from 1900 to 2200, day by day", () => {
    for (let day = -25_567; day < 84_000; day++) {
      const date = new Date(day * DAY_MS);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
      const civil = { year, month, day: date.getUTCDate() };
      if (daysFromCivil(civil) !== day || weekdayOf(day) !== date.getUTCDay()) expect.fail(`day ${day}`);
      const { year: y, month: m, day: d } = civilFromDays(day);
      if (y !== year || m !== month || d !== civil.day) expect.fail(`day ${day}`);
      if (daysInMonth(year, month) !== new Date(Date.UTC(year, month, 0)).getUTCDate()) expect.fail(`${day}`);
    }
  });

  it.each([
    "2026-03-02T00:00Z",
    "2026-03-02T00:00:30.250Z",
    "2024-02-29T23:59:59Z",
    "2026-03-02T07:30+05:30",
    "2026-03-02T07:30:00-08:00",
    "2026-03-02",
  ])("reads %s", (text) => {
    expect(parseInstant(text)).toEqual({ ok: true, value: Date.parse(text) });
  });

  it("takes a time without a zone for UTC", () => {
    expect(parseInstant("2026-03-02T07:30")).toEqual(parseInstant("2026-03-02T07:30Z"));
  });

  it.each([
    ["2026-13-01T00:00Z", /there is no month 13/],
    ["2026-02-29T00:00Z", /2026-02 has 28 days/],
    ["2026-03-02T24:00Z", /from 00:00:00 to 23:59:59/],
    ["2026-03-02T12:00+19:00", /\+19:00 is no time zone/],
    ["Monday", /expected a date and time such as "2026-03-02T00:00Z", got "Monday"/],
    ["2026-3-2", /expected a date and time/],
    [20260302, /got 20260302/],
  ])("refuses %s", (text, message) => {
    const parsed = parseInstant(text);
    expect(parsed.ok ? "" : parsed.message).toMatch(message);
  });
});

const minuteOf = (text: string) => {
  const parsed = parseInstant(text);
  return parsed.ok ? parsed.value / MINUTE_MS : Number.NaN;
};
const shown = (minute: number) => new Date(minute * MINUTE_MS).toISOString().slice(0, 16).replace("T", " ");

/** The first firings from a time on, as text. */
function firings(cron: { next(minute: number): number }, from: string, count: number): string[] {
  const found: string[] = [];
  for (let at = cron.next(minuteOf(from)); found.length < count && at < Infinity; at = cron.next(at + 1)) {
    found.push(shown(at));
  }
  return found;
}

describe("EventBridge's cron expressions", () => {
  // The examples of its user guide, "Setting a schedule pattern for scheduled rules". 2022-01-01 is a Saturday.
  it.each([
    ["0 10 * * ? *", ["2022-01-01 10:00", "2022-01-02 10:00"]],
    ["15 12 * * ? *", ["2022-01-01 12:15", "2022-01-02 12:15"]],
    ["0 18 ? * MON-FRI *", ["2022-01-03 18:00", "2022-01-04 18:00"]],
    ["0 8 1 * ? *", ["2022-01-01 08:00", "2022-02-01 08:00"]],
    ["0/15 * * * ? *", ["2022-01-01 00:00", "2022-01-01 00:15", "2022-01-01 00:30", "2022-01-01 00:45"]],
    ["0/10 * ? * MON-FRI *", ["2022-01-03 00:00", "2022-01-03 00:10"]],
    ["0/5 8-17 ? * MON-FRI *", ["2022-01-03 08:00", "2022-01-03 08:05"]],
    [
      "0/30 20-2 ? * MON-FRI *",
      [
        "2022-01-03 00:00",
        "2022-01-03 00:30",
        "2022-01-03 01:00",
        "2022-01-03 01:30",
        "2022-01-03 02:00",
      ].concat(["2022-01-03 02:30", "2022-01-03 20:00"]),
    ],
    ["15 10 ? * 6L 2022-2023", ["2022-01-28 10:15", "2022-02-25 10:15", "2022-03-25 10:15"]],
    ["1/10 * * * ? *", ["2022-01-01 00:01", "2022-01-01 00:11", "2022-01-01 00:21"]],
    ["0 9 ? * 3#2 *", ["2022-01-11 09:00", "2022-02-08 09:00"]],
    ["0 9 ? * TUE#2 *", ["2022-01-11 09:00", "2022-02-08 09:00"]],
    // The third of January 2022 is a Monday; the first of May a Sunday, the 31st of July too.
    ["0 0 3W * ? 2022", ["2022-01-03 00:00", "2022-02-03 00:00", "2022-03-03 00:00", "2022-04-04 00:00"]],
    ["0 0 1W 1,5,10 ? 2022", ["2022-01-03 00:00", "2022-05-02 00:00", "2022-10-03 00:00"]],
    ["0 0 31W 7,9,12 ? 2022", ["2022-07-29 00:00", "2022-12-30 00:00"]],
    ["59 23 L * ? *", ["2022-01-31 23:59", "2022-02-28 23:59", "2022-03-31 23:59", "2022-04-30 23:59"]],
    ["0 0 L 2 ? 2022-2028", ["2022-02-28 00:00", "2023-02-28 00:00", "2024-02-29 00:00"]],
    ["0 0 29 2 ? *", ["2024-02-29 00:00", "2028-02-29 00:00"]],
    ["0 0 31 * ? *", ["2022-01-31 00:00", "2022-03-31 00:00", "2022-05-31 00:00"]],
    ["0 0 ? JAN,FEB,MAR 1 *", ["2022-01-02 00:00", "2022-01-09 00:00"]],
    ["0 0 ? * 7 *", ["2022-01-01 00:00", "2022-01-08 00:00"]],
    ["0 0 ? * L *", ["2022-01-01 00:00", "2022-01-08 00:00"]],
    ["0 0 ? * FRIL *", ["2022-01-28 00:00", "2022-02-25 00:00"]],
    ["0 12 1 1 ? 2022/2", ["2022-01-01 12:00", "2024-01-01 12:00", "2026-01-01 12:00"]],
  ])("cron(%s)", (text, expected) => {
    const from = "2022-01-01T00:00Z";
    expect(firings(parseAwsCron(text), from, expected.length)).toEqual(expected);
  });

  it("stops with its years", () => {
    expect(firings(parseAwsCron("15 10 ? * 6L 2022-2023"), "2022-01-01", 99)).toHaveLength(24);
    expect(parseAwsCron("0 0 30 2 ? *").next(minuteOf("2026-01-01"))).toBe(Infinity);
  });

  it("fires at the minute it is asked for, and skips years and the century that has no leap day", () => {
    expect(firings(parseAwsCron("0 0 29 2 ? *"), "2096-02-29T00:00Z", 2)).toEqual([
      "2096-02-29 00:00",
      "2104-02-29 00:00",
    ]);
  });

  it.each([
    ["0 10 * * *", /has 5 fields; AWS expects 6/],
    ["0 10 * * * *", /write "\?" for the one you do not mean/],
    ["0 10 ? * ? *", /only one of day of month and day of week can be "\?"/],
    ["60 10 * * ? *", /"60" is no minutes: expected 0 to 59/],
    ["0 24 * * ? *", /"24" is no hours: expected 0 to 23/],
    ["0 0 32 * ? *", /"32" is no day of month: expected 1 to 31/],
    ["0 0 1 13 ? *", /"13" is no month: expected 1 to 12 or JAN to DEC/],
    ["0 0 ? * 0 *", /"0" is no day of week: expected 1 to 7 or SUN to SAT/],
    ["0 0 ? * 3#6 *", /one "#" and nothing else/],
    ["0 0 ? * 3#1,6#3 *", /one "#" and nothing else/],
    ["0 0 LW * ? *", /"LW" is no day of month/],
    ["0/0 0 1 * ? *", /after "\/" comes a whole number/],
    ["0 0 1 * ? 1969", /"1969" is no year: expected 1970 to 2199/],
    ["1-2-3 0 1 * ? *", /write a range like "0-59"/],
  ])("refuses cron(%s)", (text, message) => {
    expect(() => parseAwsCron(text)).toThrow(message);
  });
});

describe("crontab's five fields", () => {
  it.each([
    ["*/20 7 * * 1-5", ["2026-03-02 07:00", "2026-03-02 07:20", "2026-03-02 07:40", "2026-03-03 07:00"]],
    ["0 0 * * 0", ["2026-03-08 00:00", "2026-03-15 00:00"]],
    ["0 0 * * 7", ["2026-03-08 00:00", "2026-03-15 00:00"]],
    ["0 0 * * SAT,sun", ["2026-03-07 00:00", "2026-03-08 00:00"]],
    // crontab(5): either will do when both are written out.
    ["0 0 13 * 5", ["2026-03-06 00:00", "2026-03-13 00:00", "2026-03-20 00:00", "2026-03-27 00:00"]],
    ["30 4 1,15 * 5", ["2026-03-06 04:30", "2026-03-13 04:30", "2026-03-15 04:30", "2026-03-20 04:30"]],
    ["0 0 */10 * 1", ["2026-05-11 00:00", "2026-06-01 00:00", "2026-08-31 00:00"]],
    [
      "10-40/15,50 23 * DEC *",
      ["2026-12-01 23:10", "2026-12-01 23:25", "2026-12-01 23:40", "2026-12-01 23:50"],
    ],
  ])("%s", (text, expected) => {
    expect(firings(parseCrontab(text), "2026-03-02T00:00Z", expected.length)).toEqual(expected);
  });

  it.each([
    ["0 12 * * ? *", /has 6 fields; expected 5.*"expression": "cron\(0 12 \* \* \? \*\)"/],
    ["* * * *", /has 4 fields/],
    ["0 0 ? * 1", /"\?" is no day of month/],
    ["0 22-2 * * *", /from 22 back to 2; write it as two ranges/],
    ["0 0 * * 8", /"8" is no day of week: expected 0 to 7/],
  ])("refuses %s", (text, message) => {
    expect(() => parseCrontab(text)).toThrow(message);
  });
});

describe("a schedule", () => {
  const schedule = (settings: object, place = {}) => planOf({ type: "schedule", ...settings }, place);

  it("every 5m, and AWS's rate(5 minutes), fire at the start and then each five minutes", () => {
    const expected = [0, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE];
    expect(timesOf(schedule({ every: "5m" }), 20 * MINUTE)).toEqual(expected);
    expect(timesOf(schedule({ expression: "rate(5 minutes)" }), 20 * MINUTE)).toEqual(expected);
    expect(timesOf(schedule({ expression: "rate(1 day)", count: 2 }), 25 * HOUR)).toEqual([0, 0, DAY, DAY]);
  });

  it("by cron goes by the run's calendar, from the entry's start on", () => {
    const place = { starts: "2026-03-02T07:58:30Z" };
    const half = schedule({ cron: "0,30 * * * *" }, place);
    expect(timesOf(half, HOUR)).toEqual([90 * SECOND, 90 * SECOND + 30 * MINUTE]);
    const later = schedule({ cron: "0,30 * * * *" }, { ...place, offset: 90 * SECOND });
    expect(timesOf(later, 31 * MINUTE)).toEqual([0, 30 * MINUTE]);
    const last = schedule(
      { expression: "cron(15 10 ? * 6L 2026-2027)" },
      { starts: "2026-03-01T12:00+02:00" },
    );
    expect(timesOf(last, 30 * DAY)).toEqual([26 * DAY + 15 * MINUTE]);
  });

  it("counts its firings", () => {
    const place = { starts: "2026-03-02T00:00Z" };
    expect(schedule({ cron: "0 * * * *" }, place).expected(DAY)).toBe(24);
    expect(schedule({ cron: "0 * * * *" }, place).expected(DAY + 1)).toBe(25);
    expect(schedule({ cron: "* * * * *" }, place).expected(100 * DAY) / 144_000).toBeCloseTo(1, 3);
    expect(schedule({ expression: "cron(0 0 1 1 ? 2027)" }, place).expected(1000 * DAY)).toBe(1);
  });

  it.each([
    [{ cron: "* * * * *" }, {}, /goes by the calendar: give the scenario "starts"/],
    [{ expression: "cron(0 0 1 1 ? 2020)" }, { starts: "2026-03-02" }, /never fires after the entry begins/],
    [{ expression: "rate(1 minutes)" }, {}, /AWS refuses this; write "rate\(1 minute\)"/],
    [{ expression: "rate(5 minute)" }, {}, /AWS refuses this; write "rate\(5 minutes\)"/],
    [{ expression: "rate(30 seconds)" }, {}, /expected a whole number and minutes, hours or days/],
    [{ expression: "0 12 * * ? *" }, {}, /is no schedule expression; write "rate\(5 minutes\)"/],
    [{ cron: "rate(5 minutes)" }, {}, /write "expression": "rate\(5 minutes\)"/],
    [{ every: "5m", cron: "* * * * *" }, {}, /give one of "every", "cron" and "expression"/],
    [{}, {}, /give one of/],
  ])("refuses %o", (settings, place, message) => {
    expect(() => schedule(settings, place)).toThrow(message);
  });
});
