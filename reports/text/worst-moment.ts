import {
  HOUR,
  MILLISECOND,
  printClock,
  printDuration,
  printNumber,
  printShare,
  SECOND,
} from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import type { CoarseRow } from "../charts/coarse.ts";
import { limitStories } from "./limit-stories.ts";

/** When it was worst, and what was the matter. Seconds of the run. */
export interface WorstMoment {
  readonly t: number;
  readonly end: number;
  /** "at 2:00". */
  readonly when: string;
  /** What was the matter then, and why, in a sentence without a full stop. */
  readonly text: string;
}

/** An interval in which so small a share of arrivals is refused is not what one looks at. */
const FEW = 0.001;
/** Of the highest p99, this much is about as bad. */
const ALIKE = 0.9;
/** A p99 that is so many times the usual one stands out. */
const OUTSTANDING = 1.25;

/**
 * The worst of some intervals of the account: the one with the most throttles; where hardly any were throttled, that with
 * the highest p99; where the p99 hardly moves, the busiest.
 */
export function worstMoment(study: Study, rows: readonly CoarseRow[]): WorstMoment {
  const { horizon } = study.scenario;
  const most = (value: (row: CoarseRow) => number) =>
    rows.reduce((best, row) => (value(row) > value(best) ? row : best));
  const moment = ({ t, end }: CoarseRow, text: string): WorstMoment => ({
    t,
    end,
    // As the axis of charts counts: with hours only where there are more than one.
    when: `at ${printClock(t * SECOND, horizon > HOUR ? horizon : 0)}`,
    text,
  });
  const throttled = most((row) => row.throttles);
  if (throttled.throttles > FEW * throttled.arrivals) {
    const at = throttled.t * SECOND;
    const story = limitStories(study).find(({ from, to }) => at >= from && at < to);
    const share =
      throttled.throttles <= throttled.arrivals
        ? `${printShare(throttled.throttles / throttled.arrivals)} of ${printNumber(throttled.arrivals)} arrivals a second are throttled`
        : `${printNumber(throttled.throttles)} attempts a second are throttled at ${printNumber(throttled.arrivals)} arrivals a second`;
    return moment(throttled, story ? `${share}: ${story.text}` : share);
  }
  // Of moments about as slow as the slowest, that with most requests: a few early ones always wait for a first start.
  const highest = most((row) => row.p99Ms ?? 0).p99Ms ?? 0;
  const slow = most((row) => (row.p99Ms !== null && row.p99Ms >= ALIKE * highest ? row.arrivals : -1));
  const usual = median(rows.flatMap(({ p99Ms }) => (p99Ms === null ? [] : [p99Ms])));
  if (slow.p99Ms !== null && slow.p99Ms > OUTSTANDING * usual) {
    const time = (ms: number) => printDuration(ms * MILLISECOND);
    const started = slow.arrivals > 0 ? slow.coldStarts / slow.arrivals : 0;
    const why =
      started >= 0.01 ? `: for ${printShare(Math.min(1, started))} of arrivals an environment starts` : "";
    const whose = slowestThen(study, slow);
    return moment(slow, `p99 is ${time(slow.p99Ms)}${whose}, usually ${time(usual)}${why}`);
  }
  const busy = most((row) => row.concurrencyMax);
  return moment(busy, `the most is running, up to ${printNumber(busy.concurrencyMax)} at a time`);
}

/** Of several functions the one whose p99 was highest then: it may be none of those that a chart has room for. */
function slowestThen({ functions, scenario }: Study, { t, end }: CoarseRow): string {
  if (functions.length === 1) return "";
  let [name, most] = ["", 0];
  functions.forEach(({ timeline }, fn) => {
    if (!timeline) return;
    const row = (s: number) => Math.round((s * SECOND - timeline.start) / timeline.interval);
    for (const p99 of timeline.latencyP99.subarray(row(t), row(end)))
      if (p99 > most) [name, most] = [scenario.functions[fn]!.name, p99];
  });
  return name ? ` (slowest: ${name})` : "";
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
