import { unitExponential } from "../distributions/exponential.ts";
import { look } from "../distributions/table.ts";
import { nearest } from "../math/functions.ts";
import type { Stream } from "../random.ts";
import { printNumber, SECOND } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";
import { scaledText } from "./lot.ts";

/**
 * Arrivals at a rate that never changes: the k-th comes when rate · time reaches a goal, and the goals are unit-exponential
 * steps apart (Poisson) or one apart, from 0 (evenly spaced, without drift). Small, since there may be one a function.
 */
class LevelProcess implements ArrivalProcess {
  next: number;
  private readonly stream: Stream | undefined;
  /** Arrivals a microsecond. */
  private readonly rate: number;
  private goal: number;

  constructor(rate: number, stream: Stream | undefined) {
    this.stream = stream;
    this.rate = rate / SECOND;
    this.goal = stream === undefined ? 0 : look(unitExponential().line, stream.int32());
    this.next = rate === 0 ? Number.POSITIVE_INFINITY : nearest(this.goal / this.rate);
  }

  fill(until: number, batch: ArrivalBatch): void {
    const { stream, rate } = this;
    const { line } = unitExponential();
    let { next, goal } = this;
    while (next < until) {
      batch.push(next);
      goal += stream === undefined ? 1 : look(line, stream.int32());
      next = nearest(goal / rate);
    }
    this.next = next;
    this.goal = goal;
  }
}

/** A plan of `rate` arrivals a second. */
export class LevelPlan implements ArrivalPlan {
  readonly carriesDurations = false;
  readonly steady = true;
  private readonly rate: number;
  private readonly evenly: boolean;
  private readonly factor: number;

  constructor(rate: number, evenly: boolean, factor = 1) {
    this.rate = rate;
    this.evenly = evenly;
    this.factor = factor;
  }

  get text(): string {
    const text = `${this.evenly ? "evenly spaced" : "Poisson"}, ${printNumber(this.rate)}/s`;
    return this.factor === 1 ? text : scaledText(text, this.factor);
  }

  expected(until: number): number {
    return this.rate === 0 ? 0 : ((this.factor * this.rate) / SECOND) * until;
  }

  scaled(factor: number): ArrivalPlan {
    return new LevelPlan(this.rate, this.evenly, this.factor * factor);
  }

  open(stream: Stream): ArrivalProcess {
    return new LevelProcess(this.factor * this.rate, this.evenly ? undefined : stream);
  }
}
