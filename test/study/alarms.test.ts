import { describe, expect, it } from "vitest";
import { alarmLines } from "../../reports/text/alarm-lines.ts";
import { plain } from "../../reports/text/paint.ts";
import { Timeline } from "../../sim/measure/timeline.ts";
import type { Alarm } from "../../sim/scenario/alarm.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { ScenarioError } from "../../sim/scenario/problem.ts";
import { MINUTE } from "../../sim/units.ts";
import { historyOf } from "../../study/alarms.ts";
import { replicate } from "../../study/replicate.ts";

/** An alarm on errors over 1 %, on a timeline of minutes with these errors of 100 invocations each (null: none). */
function history(minutes: readonly (number | null)[], more: Partial<Alarm> = {}): string {
  const timeline = new Timeline(0, MINUTE, minutes.length * MINUTE);
  minutes.forEach((errors, row) => {
    timeline.invocations[row] = errors === null ? 0 : 100;
    timeline.errors[row] = errors ?? 0;
  });
  const alarm: Alarm = {
    name: "a",
    of: "total",
    measure: "errors",
    aggregate: "rate",
    quantile: undefined,
    comparison: ">",
    limit: 0.01,
    unit: "share",
    when: "rate > 1%",
    period: MINUTE,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: "missing",
    ...more,
  };
  return historyOf(alarm, timeline)
    .map(({ at, state }) => `${at / MINUTE} ${state}`)
    .join(", ");
}

describe("an alarm", () => {
  it("goes off at the end of the period that breaches, and clears likewise", () => {
    expect(history([0, 0, 2, 5, 1, 0])).toBe("1 OK, 3 ALARM, 5 OK");
  });

  it("with M of N goes off when M of the last N breach, whichever they are", () => {
    const three = { evaluationPeriods: 3, datapointsToAlarm: 2 };
    expect(history([2, 0, 2, 0, 0, 2], three)).toBe("1 OK, 3 ALARM, 4 OK");
    expect(history([2, 2, 2, 0, 0, 0], { evaluationPeriods: 3, datapointsToAlarm: 3 })).toBe(
      "1 OK, 3 ALARM, 4 OK",
    );
  });

  it.each([
    ["missing", "1 ALARM, 2 INSUFFICIENT_DATA, 4 OK"],
    ["notBreaching", "1 ALARM, 2 OK"],
    ["breaching", "1 ALARM, 4 OK"],
    ["ignore", "1 ALARM, 4 OK"],
  ] as const)("takes periods without data as %s", (treatMissingData, states) => {
    expect(history([2, null, null, 0], { treatMissingData })).toBe(states);
  });

  it("with missing data looks at those of its periods that have some", () => {
    expect(history([2, null, null, null], { evaluationPeriods: 3, datapointsToAlarm: 1 })).toBe(
      "1 ALARM, 4 INSUFFICIENT_DATA",
    );
  });

  it("takes longer periods together, and leaves out one that is not over", () => {
    expect(history([0, 0, 3, 0, 9], { period: 2 * MINUTE })).toBe("2 OK, 4 ALARM");
  });
});

const failing = (more: object = {}) => ({
  lsim: 1,
  name: "alarms",
  horizon: "10m",
  replications: 3,
  account: { concurrency: 10, scaling: "unlimited", minimumUnreserved: 0 },
  functions: { api: { timeout: "10s", initDuration: "0s", duration: "1s" } },
  traffic: [
    // From 2:00 to 5:00 twenty requests at a time, every other second's second half refused.
    { to: "api", name: "base", arrivals: { type: "constant", rate: "2/s" } },
    { to: "api", name: "rush", start: "2m", end: "5m", arrivals: { type: "constant", rate: "20/s" } },
  ],
  ...more,
});

describe("alarms of a scenario", () => {
  const alarms = [
    { of: "api", measure: "throttles", when: "rate > 5%" },
    { name: "slow", measure: "latency", when: "p(99) > 3s", of: "api" },
    { measure: "concurrency", when: "max >= 10", period: "2m" },
  ];

  it("are told when they would have gone off and cleared, in the result and in the summary", () => {
    const study = replicate(parseScenario(failing({ alarms })));
    for (const { alarms } of study.replications) {
      expect(alarms[0]!.map(({ at, state }) => [at / MINUTE, state])).toEqual([
        [1, "OK"],
        [3, "ALARM"],
        [6, "OK"],
      ]);
      expect(alarms[1]!.map(({ state }) => state)).toEqual(["OK"]);
    }
    expect(alarmLines(study, plain)).toEqual([
      "  alarm  api throttles  rate > 5%   at 3:00, cleared at 6:00",
      "  quiet  slow           p(99) > 3s  never went off",
      "  alarm  concurrency    max >= 10   at 4:00, cleared at 8:00",
    ]);
  });

  it("make the timeline as fine as they need", () => {
    expect(parseScenario(failing()).measure.interval).toBe(1_000_000);
    expect(parseScenario(failing({ alarms })).measure.interval).toBe(MINUTE);
  });

  it.each([
    [
      { measure: "error", when: "rate > 1%" },
      /^alarms\.0\.measure: no such measure; did you mean "errors"\?/,
    ],
    [
      { measure: "cost", when: "perMonth > $1" },
      /^alarms\.0\.measure: is not seen period by period; known: errors/,
    ],
    [{ measure: "errors", when: "rate > 1" }, /^alarms\.0\.when: 1? ?.*(share|unit)/],
    [
      { measure: "latency", when: "p(95) > 1s" },
      /^alarms\.0\.when: latency p\(95\) is not seen .* p\(50\), p\(99\)/,
    ],
    [
      { measure: "errors", when: "rate > 1%", of: "apu" },
      /^alarms\.0\.of: there is no function "apu"; did you mean "api"/,
    ],
    [{ measure: "errors", when: "rate > 1%", period: "10s" }, /^alarms\.0\.period: .*1m to 24h/],
    [
      { measure: "errors", when: "rate > 1%", period: "90s" },
      /^alarms\.1\.period: .* whole number of minutes/,
    ],
    [
      { measure: "latency", when: "p(99) > 1s", period: "2m", name: "beside" },
      /^alarms\.1\.period: 2 min does not fit/,
    ],
    [
      { measure: "errors", when: "rate > 1%", period: "1h" },
      /^alarms\.0\.period: 1 × 1 h is longer than the 10 min/,
    ],
    [
      { measure: "errors", when: "rate > 1%", evaluationPeriods: 100 },
      /^alarms\.0\.evaluationPeriods: 100 × 1 min is longer than the 10 min/,
    ],
    [
      { measure: "errors", when: "rate > 1%", datapointsToAlarm: 3, evaluationPeriods: 2 },
      /^alarms\.0\.datapointsToAlarm: 3 is more/,
    ],
    [
      { measure: "errors", when: "rate > 1%", treatMissingData: "bad" },
      /^alarms\.0\.treatMissingData: expected one of missing/,
    ],
  ])("%j is refused with its place", (alarm, message) => {
    const more = ["90s", "2m"].includes((alarm as { period?: string }).period ?? "")
      ? [{ name: "other", measure: "errors", when: "count > 1" }]
      : [];
    try {
      parseScenario(failing({ alarms: [...more, alarm] }));
      expect.unreachable();
    } catch (error) {
      expect((error as ScenarioError).message).toMatch(message);
    }
  });
});
