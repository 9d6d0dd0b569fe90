import type { Stream } from "../random.ts";
import { printDuration } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";

/** Plays a plan again and again, `period` microseconds apart, with fresh draws each time. */
class RepeatedProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly plan: ArrivalPlan;
  private readonly period: number;
  private readonly times: number;
  private readonly stream: Stream;
  private process: ArrivalProcess;
  private round = 0;

  constructor(plan: ArrivalPlan, period: number, times: number, stream: Stream) {
    this.plan = plan;
    this.period = period;
    this.times = times;
    this.stream = stream;
    this.process = plan.open(stream);
    this.advance();
  }

  fill(until: number, batch: ArrivalBatch): void {
    while (this.next < until) {
      const base = this.round * this.period;
      const from = batch.count;
      this.process.fill(until - base, batch);
      for (let i = from; i < batch.count; i++) batch.times[i]! += base;
      this.advance();
    }
  }

  /** To the next round that has arrivals left. */
  private advance(): void {
    while (this.process.next === Number.POSITIVE_INFINITY && this.round + 1 < this.times) {
      this.round++;
      this.process = this.plan.open(this.stream);
    }
    this.next = this.round * this.period + this.process.next;
  }
}

/** All arrivals of the plan must lie before `period`. */
export function repeatedPlan(plan: ArrivalPlan, period: number, times: number): ArrivalPlan {
  return {
    text: `${plan.text}, ${times} times, every ${printDuration(period)}`,
    carriesDurations: plan.carriesDurations,
    someDurations: plan.someDurations ?? false,
    period,
    expected(until) {
      const whole = Math.min(times, Math.floor(until / period));
      const rest = whole < times ? plan.expected(until - whole * period) : 0;
      return whole * plan.expected(period) + rest;
    },
    scaled: (factor) => repeatedPlan(plan.scaled(factor), period, times),
    open: (stream) => new RepeatedProcess(plan, period, times, stream),
  };
}
