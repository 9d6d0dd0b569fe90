import { unitExponential } from "../distributions/exponential.ts";
import { look } from "../distributions/table.ts";
import { nearest } from "../math/functions.ts";
import { drawBits, type Stream } from "../random.ts";
import { printNumber, SECOND } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";
import { scaledText } from "./lot.ts";

/**
 * Arrivals at a rate that never changes: the k-th comes when rate · time reaches a goal, and the goals are unit-exponential
 * steps apart (Poisson) or one apart, from 0 (evenly spaced, without drift). Small, since there may be one a function.
 */
class LevelProcess implements ArrivalProcess {
  private readonly stream: Stream | undefined;
  private readonly plan: LevelPlan;
  private goal: number;

  constructor(plan: LevelPlan, stream: Stream | undefined) {
    this.stream = stream;
    this.plan = plan;
    this.goal = stream === undefined ? 0 : look(unitExponential().line, drawBits(stream));
  }

  get next(): number {
    const { pace } = this.plan;
    return pace === 0 ? Number.POSITIVE_INFINITY : nearest(this.goal / pace);
  }

  fill(until: number, batch: ArrivalBatch): void {
    const { stream } = this;
    const { pace } = this.plan;
    const { line } = unitExponential();
    let { next, goal } = this;
    while (next < until) {
      batch.push(next);
      goal += stream === undefined ? 1 : look(line, drawBits(stream));
      next = nearest(goal / pace);
    }
    this.goal = goal;
  }
}

/** A plan of `rate` arrivals a second. */
export class LevelPlan implements ArrivalPlan {
  private readonly rate: number;
  private readonly evenly: boolean;
  private readonly factor: number;

  constructor(rate: number, evenly: boolean, factor = 1) {
    this.rate = rate;
    this.evenly = evenly;
    this.factor = factor;
  }

  /** Arrivals a microsecond. */
  get pace(): number {
    return (this.factor * this.rate) / SECOND;
  }

  get carriesDurations(): boolean {
    return false;
  }

  get steady(): boolean {
    return true;
  }

  get text(): string {
    const text = `${this.evenly ? "evenly spaced" : "Poisson"}, ${printNumber(this.rate)}/s`;
    return this.factor === 1 ? text : scaledText(text, this.factor);
  }

  expected(until: number): number {
    return this.pace === 0 ? 0 : this.pace * until;
  }

  scaled(factor: number): ArrivalPlan {
    return new LevelPlan(this.rate, this.evenly, this.factor * factor);
  }

  open(stream: Stream): ArrivalProcess {
    return new LevelProcess(this, this.evenly ? undefined : stream);
  }
}
