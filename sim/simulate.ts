import { ArrivalWindow } from "./arrivals/window.ts";
import { Calendar } from "./calendar.ts";
import { Lambda } from "./lambda/lambda.ts";
import { COLD, place, THROTTLED } from "./lambda/placement.ts";
import { Observer } from "./measure/observer.ts";
import { TIMED_OUT } from "./measure/outcome.ts";
import type { RunResult } from "./measure/result.ts";
import { RandomStreams } from "./random.ts";
import type { Scenario } from "./scenario/scenario.ts";

// What a boundary on the calendar ends, in the order in which those of one instant are taken.
const INTERVAL = 0;
const WARMUP = 1;
const RUN = 2;

/**
 * One replication of a scenario, played a stretch of simulated time after another. Pure: the same scenario and seed
 * give the same result on every machine.
 */
export class Simulation {
  /** Simulated time that has been played, in microseconds. */
  now = 0;
  private readonly scenario: Scenario;
  private readonly seed: string;
  private readonly calendar = new Calendar();
  private readonly arrivals: ArrivalWindow;
  private readonly lambda: Lambda;
  private readonly observer: Observer;

  constructor(scenario: Scenario, seed: string = scenario.seed) {
    this.scenario = scenario;
    this.seed = seed;
    const streams = new RandomStreams(seed);
    this.observer = new Observer(scenario);
    this.lambda = new Lambda(scenario.account, scenario.functions, streams, this.observer);
    this.arrivals = new ArrivalWindow(scenario, streams);
    if (scenario.warmup > 0) this.calendar.addBoundary(scenario.warmup, WARMUP);
    this.calendar.addBoundary(this.observer.intervalEnd, INTERVAL);
    this.calendar.addBoundary(scenario.horizon, RUN);
  }

  /** Plays the next stretch, some thousands of arrivals; false when the run is over. */
  step(): boolean {
    if (!this.arrivals.advance()) return false;
    const { arrivals, calendar } = this;
    const { times, functions, durations, outcomes, count } = arrivals;
    for (let i = 0; i < count; i++) {
      const at = times[i]!;
      this.playUntil(calendar.before(at));
      this.arrive(functions[i]!, at, durations[i]!, outcomes[i]!);
    }
    this.playUntil(calendar.before(arrivals.until));
    this.now = arrivals.until;
    calendar.rebase(this.now);
    return true;
  }

  /** Takes every entry of the calendar before `key`: take the next, move the clock, do it. */
  private playUntil(key: number): void {
    const { calendar } = this;
    while (calendar.top() < key) {
      const entry = calendar.take();
      const at = calendar.timeOf(entry);
      const low = calendar.lowOf(entry);
      if (!Calendar.isCompletion(low)) this.boundary(Calendar.boundaryOf(low), at);
      else if (calendar.tied(entry)) this.completeTied(low, at);
      else this.complete(low, at);
    }
  }

  /** A request for function `fn`: it is placed and starts now, or is refused. Times in microseconds. */
  private arrive(fn: number, at: number, duration: number, outcome: number): void {
    const { lambda, observer } = this;
    observer.requested(fn);
    const placement = place(lambda, fn, at);
    if (placement >= THROTTLED) {
      observer.refused(fn, placement);
      return;
    }
    let wait = 0;
    let init = 0;
    if (placement === COLD) {
      const { coldStarts } = lambda;
      coldStarts.draw(fn);
      wait = coldStarts.wait;
      init = coldStarts.init;
      duration += coldStarts.firstHandler;
      const { timeout } = this.scenario.functions[fn]!;
      if (duration > timeout) {
        duration = timeout;
        outcome = TIMED_OUT;
      }
    }
    this.calendar.addCompletion(at + wait + duration, lambda.chosen);
    observer.accepted(fn, at, placement, wait, init, duration, outcome);
  }

  /** The environment in `slot` has answered and is idle again. */
  private complete(slot: number, at: number): void {
    const provisioned = this.lambda.environments.provisioned[slot] === 1;
    const fn = this.lambda.finish(slot, at);
    this.observer.finished(fn, at, provisioned);
  }

  /** Several end at one instant: in the order of their environments' numbers, whatever slots they have. */
  private completeTied(first: number, at: number): void {
    const { calendar, lambda } = this;
    const { number } = lambda.environments;
    const slots = [first];
    for (;;) {
      const entry = calendar.take();
      slots.push(calendar.lowOf(entry));
      if (!calendar.tied(entry)) break;
    }
    slots.sort((a, b) => number[a]! - number[b]!);
    for (const slot of slots) this.complete(slot, at);
  }

  private boundary(id: number, at: number): void {
    const { observer, lambda, scenario } = this;
    if (id === INTERVAL) {
      observer.endInterval(at);
      if (at < scenario.horizon) this.calendar.addBoundary(observer.intervalEnd, INTERVAL);
    } else if (id === WARMUP) {
      lambda.concurrency.unreservedMax = lambda.concurrency.unreservedInFlight;
      observer.beginMeasuring(at, (fn) => lambda.environmentsAlive(fn, at));
    } else if (id === RUN) {
      lambda.close(at);
    }
  }

  /** What was measured; call it once, when `step` has returned false. */
  result(): RunResult {
    const { concurrency } = this.lambda;
    return this.observer.result(this.seed, concurrency.unreservedMax, concurrency.claimed);
  }
}

/** Simulates one replication of a scenario with one seed, the scenario's own unless another is given. */
export function simulate(scenario: Scenario, options: { seed?: string } = {}): RunResult {
  const simulation = new Simulation(scenario, options.seed);
  while (simulation.step());
  return simulation.result();
}
