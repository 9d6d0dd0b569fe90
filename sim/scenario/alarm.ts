import * as z from "zod";
import { MINUTE, nameOf, printDuration } from "../units.ts";
import { count, durationBetween } from "./fields.ts";
import type { Findings } from "./findings.ts";
import type { Path } from "./problem.ts";
import { nearest, withHint } from "./problem.ts";
import { MEASURES, type Measure, parseThreshold, type Threshold } from "./threshold.ts";

/** What a period without data does to an alarm, as CloudWatch names it. */
const MISSING_DATA = ["missing", "notBreaching", "breaching", "ignore"] as const;

/** A CloudWatch alarm, complete. Times in microseconds, values as in thresholds. */
export interface Alarm extends Omit<Threshold, "expression"> {
  readonly name: string;
  /** As written: "rate > 1%". */
  readonly when: string;
  readonly period: number;
  /** It goes off when so many of the last so many periods breach. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly treatMissingData: (typeof MISSING_DATA)[number];
}

/** What can be seen period by period. */
const WATCHED: Partial<Record<Measure, readonly string[]>> = {
  errors: ["rate", "count"],
  throttles: ["rate", "count"],
  coldStarts: ["rate", "count"],
  latency: ["p(50)", "p(99)"],
  concurrency: ["mean", "max"],
};

const LONGEST_PERIOD = 24 * 60 * MINUTE;

/** `alarms` of a scenario. */
export const alarmSetting = () =>
  z
    .strictObject({
      name: z.string().min(1).optional().meta({ description: "Its measure unless written." }),
      of: z.string().optional().meta({ description: `A function, or "total" (unless written).` }),
      measure: z.string(),
      when: z
        .string()
        .meta({ description: "When a period breaches.", examples: ["rate > 1%", "p(99) > 3s"] }),
      period: durationBetween(MINUTE, LONGEST_PERIOD, "CloudWatch takes periods from 1m to 24h").optional(),
      evaluationPeriods: count(1, 100).optional(),
      datapointsToAlarm: count(1, 100).optional(),
      treatMissingData: z
        .enum(MISSING_DATA, {
          error: (issue) => `expected one of ${MISSING_DATA.join(", ")}, got ${nameOf(issue.input)}`,
        })
        .optional(),
    })
    .meta({ description: "A CloudWatch alarm on what is simulated." });

/**
 * Completes alarms; what is wrong becomes a problem at its place. `functions` are the scenario's, `measured` is the time that is
 * (microseconds).
 */
export function completeAlarms(
  given: readonly z.output<ReturnType<typeof alarmSetting>>[],
  functions: readonly string[],
  measured: number,
  findings: Findings,
): Alarm[] {
  const names = new Set<string>();
  return given.flatMap((alarm, i) => {
    const path: Path = ["alarms", i];
    const of = alarm.of ?? "total";
    const problem = (key: string, message: string) => findings.problem([...path, key], message);
    if (of !== "total" && !functions.includes(of))
      problem("of", withHint(`there is no function "${of}"`, of, ["total", ...functions]));
    const watched = Object.hasOwn(WATCHED, alarm.measure) ? WATCHED[alarm.measure as Measure]! : undefined;
    if (!watched) {
      const known = Object.keys(WATCHED);
      const hint = nearest(alarm.measure, known);
      const what = Object.hasOwn(MEASURES, alarm.measure)
        ? "is not seen period by period"
        : "no such measure";
      problem("measure", `${what}${hint ? `; did you mean "${hint}"?` : `; known: ${known.join(", ")}`}`);
      return [];
    }
    const measure = alarm.measure as Measure;
    const parsed = parseThreshold(measure, alarm.when);
    if (!parsed.ok) {
      problem("when", parsed.message);
      return [];
    }
    const { aggregate, quantile } = parsed.value;
    const shown = aggregate === "percentile" ? `p(${Number((100 * quantile!).toPrecision(12))})` : aggregate;
    if (!watched.includes(shown))
      problem("when", `${measure} ${shown} is not seen period by period; known: ${watched.join(", ")}`);
    const name = alarm.name ?? (of === "total" ? measure : `${of} ${measure}`);
    if (names.has(name)) problem("name", `"${name}" is the name of another alarm; give each its own`);
    names.add(name);
    const period = alarm.period ?? MINUTE;
    if (period % MINUTE !== 0)
      problem("period", `${printDuration(period)} is no whole number of minutes, which CloudWatch takes`);
    const evaluationPeriods = alarm.evaluationPeriods ?? 1;
    const needs = period * evaluationPeriods;
    if (needs > measured)
      problem(
        alarm.evaluationPeriods === undefined ? "period" : "evaluationPeriods",
        `${evaluationPeriods} × ${printDuration(period)} is longer than the ${printDuration(measured)} that are measured: the alarm could not be judged once`,
      );
    const datapointsToAlarm = alarm.datapointsToAlarm ?? evaluationPeriods;
    if (datapointsToAlarm > evaluationPeriods)
      problem(
        "datapointsToAlarm",
        `${datapointsToAlarm} is more than the ${evaluationPeriods} evaluationPeriods`,
      );
    return [
      {
        name,
        of,
        measure,
        when: alarm.when,
        ...parsed.value,
        period,
        evaluationPeriods,
        datapointsToAlarm,
        treatMissingData: alarm.treatMissingData ?? "missing",
      },
    ];
  });
}

/** The timeline's interval that alarms need: the shortest period. Undefined without alarms. */
export function intervalOf(alarms: readonly Alarm[]): number | undefined {
  return alarms.length === 0 ? undefined : Math.min(...alarms.map(({ period }) => period));
}

/** Periods must be made of whole intervals; a percentile of a period is known only where the two are the same. */
export function checkPeriods(alarms: readonly Alarm[], interval: number, findings: Findings): void {
  alarms.forEach(({ period, aggregate }, i) => {
    const fits = aggregate === "percentile" ? period === interval : period % interval === 0;
    if (fits) return;
    const rule =
      aggregate === "percentile"
        ? "percentiles are known interval by interval: the two must be the same"
        : "a period must be made of whole intervals";
    findings.problem(
      ["alarms", i, "period"],
      `${printDuration(period)} does not fit the timeline's interval of ${printDuration(interval)} (measure.interval): ${rule}`,
    );
  });
}
