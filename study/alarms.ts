import type { RunResult } from "../sim/measure/result.ts";
import type { Timeline } from "../sim/measure/timeline.ts";
import type { Alarm } from "../sim/scenario/alarm.ts";
import { functionIndex } from "../sim/scenario/lookup.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { meets } from "../sim/scenario/threshold.ts";
import { SECOND } from "../sim/units.ts";
import type { Study } from "./replicate.ts";
import { type Estimate, estimate } from "./statistics.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm changes its state at the end of a period (microseconds of the run). */
export interface Transition {
  readonly at: number;
  readonly state: AlarmState;
}

/**
 * The states an alarm goes through in one replication, as CloudWatch evaluates it at the end of each period: ALARM when at
 * least `datapointsToAlarm` of the last `evaluationPeriods` breach. A period has no data where a rate or percentile has
 * nothing to be of. With "missing" such periods are left out, and only where all are does the alarm lack data; with
 * "ignore" the state then stays; "breaching" and "notBreaching" take them for that. It begins without data.
 */
export function historyOf(alarm: Alarm, timeline: Timeline): Transition[] {
  const { period, evaluationPeriods, datapointsToAlarm, treatMissingData } = alarm;
  const each = period / timeline.interval;
  const periods = Math.floor(timeline.rows / each);
  const breaches: (boolean | undefined)[] = [];
  const history: Transition[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  for (let p = 0; p < periods; p++) {
    const value = measuredIn(alarm, timeline, p * each, (p + 1) * each);
    const missing =
      treatMissingData === "breaching" ? true : treatMissingData === "notBreaching" ? false : undefined;
    breaches.push(Number.isNaN(value) ? missing : meets(alarm, value));
    const recent = breaches.slice(-evaluationPeriods);
    const known = recent.filter((b) => b !== undefined);
    const next: AlarmState =
      known.length === 0
        ? treatMissingData === "ignore"
          ? state
          : "INSUFFICIENT_DATA"
        : known.filter(Boolean).length >= datapointsToAlarm
          ? "ALARM"
          : "OK";
    if (next !== state) history.push({ at: timeline.start + (p + 1) * period, state: next });
    state = next;
  }
  return history;
}

/** What an alarm's measure comes to in the rows `from` up to `to`; NaN where there is nothing to measure. */
function measuredIn({ measure, aggregate, quantile }: Alarm, t: Timeline, from: number, to: number): number {
  const sum = (column: Float64Array) => column.subarray(from, to).reduce((a, b) => a + b, 0);
  const share = (part: Float64Array, whole: Float64Array) =>
    aggregate === "count" ? sum(part) : sum(whole) === 0 ? Number.NaN : sum(part) / sum(whole);
  switch (measure) {
    case "errors":
      return share(t.errors, t.invocations);
    case "coldStarts":
      return share(t.coldStarts, t.invocations);
    case "throttles":
      return share(t.throttles, t.arrivals);
    case "latency":
      return (quantile === 0.5 ? t.latencyP50 : t.latencyP99)[from]!;
    default:
      return aggregate === "max"
        ? Math.max(...t.concurrencyMax.subarray(from, to))
        : sum(t.concurrencyMean) / (to - from);
  }
}

/** All alarms of one replication, in the scenario's order. */
export function alarmsIn({ alarms, functions }: Scenario, run: RunResult): Transition[][] {
  return alarms.map((alarm) => {
    const fn = functionIndex({ functions }, alarm.of);
    return historyOf(alarm, fn < 0 ? run.account.timeline : run.functions[fn]!.timeline!);
  });
}

/** What became of an alarm over all replications. */
export interface AlarmSummary {
  readonly alarm: Alarm;
  /** In how many replications it went off at all. */
  readonly fired: number;
  /** How often in one replication, and when first (of those in which it did) and when it last cleared; microseconds. */
  readonly times: Estimate;
  readonly first: Estimate;
  readonly cleared: Estimate;
  /** In how many replications it was still on at the end. */
  readonly open: number;
}

/** The alarms of a study, in the scenario's order. */
export function alarmSummaries({ scenario, replications }: Study): AlarmSummary[] {
  return scenario.alarms.map((alarm, i) => {
    const histories = replications.map((r) => r.alarms[i]!);
    const on = histories.map((h) => h.filter(({ state }) => state === "ALARM"));
    const fired = histories.filter((_, r) => on[r]!.length > 0);
    const ended = fired.filter((h) => h.at(-1)!.state !== "ALARM");
    return {
      alarm,
      fired: fired.length,
      times: estimate(on.map((list) => list.length)),
      first: estimate(on.flatMap((list) => list.slice(0, 1).map(({ at }) => at))),
      cleared: estimate(ended.map((h) => h.at(-1)!.at)),
      open: fired.length - ended.length,
    };
  });
}

/** `alarms` of result.json: each with its states by replication, in seconds of the run; nothing where there are none. */
export function alarmFile(study: Study): object {
  if (study.scenario.alarms.length === 0) return {};
  return {
    alarms: alarmSummaries(study).map(({ alarm, fired, times }, i) => ({
      name: alarm.name,
      of: alarm.of,
      measure: alarm.measure,
      when: alarm.when,
      periodS: alarm.period / SECOND,
      firedIn: fired,
      times: times.mean,
      byReplication: study.replications.map((r) =>
        r.alarms[i]!.map(({ at, state }) => ({ atS: at / SECOND, state })),
      ),
    })),
  };
}
