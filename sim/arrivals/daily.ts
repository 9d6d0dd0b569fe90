import * as z from "zod";
import { unitExponential } from "../distributions/exponential.ts";
import { TableSampler } from "../distributions/table.ts";
import { cos, nearest, PI, sin } from "../math/functions.ts";
import type { Stream } from "../random.ts";
import { rate, timeOfDay } from "../scenario/fields.ts";
import { DAY, printNumber, SECOND } from "../units.ts";
import {
  type ArrivalBatch,
  type ArrivalPlan,
  type ArrivalProcess,
  arrivalKind,
  clockAtStart,
} from "./contract.ts";
import { scaledText } from "./lot.ts";

const TURN = (2 * PI) / DAY;

/** A day whose rate is mean + swing · cos(2π (time of day − peak) / 24 h). Rates per microsecond, times in microseconds. */
class Day {
  readonly mean: number;
  readonly swing: number;
  /** How long after the peak the process begins. */
  readonly phase: number;
  /** Arrivals in a day. */
  readonly area: number;
  private readonly first: number;

  constructor(trough: number, peak: number, phase: number) {
    this.mean = (trough + peak) / 2 / SECOND;
    this.swing = (peak - trough) / 2 / SECOND;
    this.phase = phase;
    this.area = this.mean * DAY;
    this.first = sin(TURN * phase);
  }

  rateAt(t: number): number {
    return this.mean + this.swing * cos(TURN * (t + this.phase));
  }

  /** Λ(t): arrivals between the start and t, both on the first day. */
  areaAt(t: number): number {
    return this.mean * t + (this.swing / TURN) * (sin(TURN * (t + this.phase)) - this.first);
  }
}

/** Newton's steps below this (microseconds) no longer change the rounded time. */
const CLOSE = 0.01;

/**
 * The k-th arrival is where Λ reaches its goal: goals are unit-exponential steps apart (Poisson) or one apart from 0
 * (evenly). Λ⁻¹ by Newton's method kept inside a bracket, so it is safe where the rate is near 0. Each day is counted
 * anew from its start, so that long runs lose no digits.
 */
class DailyProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly day: Day;
  private readonly gaps: TableSampler | undefined;
  private start = 0;
  /** Since the start of the day: the goal, and the time of the last arrival (real). */
  private goal: number;
  private time = 0;
  private rate: number;

  constructor(day: Day, evenly: boolean, stream: Stream) {
    this.day = day;
    this.gaps = evenly ? undefined : new TableSampler(stream, unitExponential(), 1);
    this.goal = this.gaps ? this.gaps.next() : 0;
    this.rate = day.rateAt(0);
    if (day.area > 0) this.solve(this.goal);
  }

  fill(until: number, batch: ArrivalBatch): void {
    while (this.next < until) {
      batch.push(this.next);
      const gap = this.gaps ? this.gaps.next() : 1;
      this.goal += gap;
      this.solve(gap);
    }
  }

  /** Sets the time at which Λ reaches the goal, which is `gap` further than the last one. */
  private solve(gap: number): void {
    const { day } = this;
    let low = this.time;
    let guess = this.rate > 0 ? low + gap / this.rate : low;
    if (this.goal >= day.area) {
      const days = Math.floor(this.goal / day.area);
      this.goal -= days * day.area;
      this.start += days * DAY;
      low = 0;
      guess = (this.goal / day.area) * DAY;
    }
    let high = DAY;
    for (;;) {
      if (!(guess >= low && guess <= high)) guess = (low + high) / 2;
      const off = day.areaAt(guess) - this.goal;
      const rate = day.rateAt(guess);
      if (off > 0) high = guess;
      else low = guess;
      const step = rate > 0 ? off / rate : Number.POSITIVE_INFINITY;
      // The next step would be of the order of step² · rate′ / rate, with |rate′| at most TURN · swing.
      const following = (step * step * TURN * day.swing) / rate;
      if ((following < CLOSE && Math.abs(step) < SECOND) || high - low < CLOSE) {
        this.time = high - low < CLOSE ? low : Math.max(low, Math.min(high, guess - step));
        this.rate = rate;
        this.next = nearest(this.start + this.time);
        return;
      }
      guess -= step;
    }
  }
}

function dailyPlan(trough: number, peak: number, phase: number, evenly: boolean, text: string): ArrivalPlan {
  const day = new Day(trough, peak, phase);
  return {
    text,
    carriesDurations: false,
    period: DAY,
    expected(until) {
      const days = Math.floor(until / DAY);
      return days * day.area + day.areaAt(until - days * DAY);
    },
    scaled: (factor) => dailyPlan(trough * factor, peak * factor, phase, evenly, scaledText(text, factor)),
    open: (stream) => new DailyProcess(day, evenly, stream),
  };
}

/**
 * A day as a sine: the rate is `peak` at `peakAt` (time of day, UTC) and `trough` twelve hours from it, every day alike.
 * The run begins at 00:00 unless the scenario gives `starts`. Poisson unless `evenly`.
 */
export const daily = arrivalKind({
  type: "daily",
  schema: z.strictObject({
    type: z.literal("daily"),
    trough: rate(),
    peak: rate(),
    peakAt: timeOfDay(),
    evenly: z.boolean().optional(),
  }),
  build: ({ trough, peak, peakAt, evenly }, _, context) => {
    if (peak < trough) {
      throw new RangeError(
        `"peak": ${printNumber(peak)}/s is less than "trough": ${printNumber(trough)}/s; are they swapped?`,
      );
    }
    const clock = clockAtStart(context) ?? context.offset;
    const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
    const at = `${two(peakAt / (3600 * SECOND))}:${two((peakAt / (60 * SECOND)) % 60)}`;
    const text = `daily, ${printNumber(trough)}/s to ${printNumber(peak)}/s at ${at}${evenly ? ", evenly spaced" : ""}`;
    return dailyPlan(trough, peak, (clock - peakAt) % DAY, evenly ?? false, text);
  },
});
