import * as z from "zod";
import { unitExponential } from "../distributions/exponential.ts";
import { TableSampler } from "../distributions/table.ts";
import { nearest } from "../math/functions.ts";
import { drawUniform, type Stream } from "../random.ts";
import { positiveDuration, rate } from "../scenario/fields.ts";
import { printDuration, printNumber, SECOND } from "../units.ts";
import { type ArrivalBatch, type ArrivalPlan, type ArrivalProcess, arrivalKind } from "./contract.ts";
import { scaledText } from "./lot.ts";

interface State {
  /** Arrivals a second. */
  readonly rate: number;
  /** Mean stay: microseconds. */
  readonly mean: number;
}

/**
 * Poisson at the rate of the current state. Every arrival uses up a unit-exponential stretch of the cumulative rate, so
 * a change of state in between needs no thinning and no second draw.
 */
class MmppProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly states: readonly State[];
  private readonly stream: Stream;
  private readonly exponential: TableSampler;
  private state: number;
  /** Where the cumulative rate stands (real microseconds), and when the state ends. */
  private time = 0;
  private end: number;

  constructor(states: readonly State[], stream: Stream) {
    this.states = states;
    this.stream = stream;
    this.exponential = new TableSampler(stream, unitExponential(), 1);
    this.state = this.first();
    this.end = this.stay();
    this.step();
  }

  fill(until: number, batch: ArrivalBatch): void {
    while (this.next < until) {
      batch.push(this.next);
      this.step();
    }
  }

  private step(): void {
    if (this.states.every(({ rate }) => rate === 0)) return;
    let goal = this.exponential.next();
    for (;;) {
      const perMicrosecond = this.states[this.state]!.rate / SECOND;
      const area = (this.end - this.time) * perMicrosecond;
      if (goal < area) {
        this.time += goal / perMicrosecond;
        this.next = nearest(this.time);
        return;
      }
      goal -= area;
      this.time = this.end;
      this.state = this.following();
      this.end += this.stay();
    }
  }

  /** By the share of time each state takes in the long run: its mean stay, since all are visited equally often. */
  private first(): number {
    let left = drawUniform(this.stream) * this.states.reduce((sum, { mean }) => sum + mean, 0);
    const index = this.states.findIndex(({ mean }) => (left -= mean) < 0);
    return index < 0 ? this.states.length - 1 : index;
  }

  private following(): number {
    const others = this.states.length - 1;
    if (others === 1) return 1 - this.state;
    const index = Math.floor(drawUniform(this.stream) * others);
    return index < this.state ? index : index + 1;
  }

  private stay(): number {
    return this.exponential.next() * this.states[this.state]!.mean;
  }
}

function mmppPlan(states: readonly State[], text: string): ArrivalPlan {
  const time = states.reduce((sum, { mean }) => sum + mean, 0);
  const area = states.reduce((sum, { rate, mean }) => sum + (rate / SECOND) * mean, 0);
  return {
    text,
    carriesDurations: false,
    steady: true,
    expected: (until) => (until * area) / time,
    scaled: (factor) =>
      mmppPlan(
        states.map(({ rate, mean }) => ({ rate: rate * factor, mean })),
        scaledText(text, factor),
      ),
    open: (stream) => new MmppProcess(states, stream),
  };
}

/**
 * A Markov-modulated Poisson process: in each state Poisson at its `rate` for an exponential stay of that `mean`, then
 * the other state; of more than two, each of the others with equal chance. It starts in equilibrium: in a state drawn
 * by its share of time. (Fischer and Meier-Hellstern, Performance Evaluation 18, 1993.)
 */
export const mmpp = arrivalKind({
  type: "mmpp",
  schema: z.strictObject({
    type: z.literal("mmpp"),
    states: z
      .array(z.strictObject({ rate: rate(), mean: positiveDuration() }))
      .min(2, 'has too few states: give at least two, or use "poisson"')
      .max(1000, "has more than 1000 states"),
  }),
  build: ({ states }) => {
    const parts = states.map(({ rate, mean }) => `${printNumber(rate)}/s for ${printDuration(mean)}`);
    const shown = parts.length > 4 ? [...parts.slice(0, 3), `${parts.length - 3} more states`] : parts;
    return mmppPlan(states, `Poisson in turns: ${shown.join(", ")} on average`);
  },
});
