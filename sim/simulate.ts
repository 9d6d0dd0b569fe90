import { ArrivalWindow } from "./arrivals/window.ts";
import { Calendar } from "./calendar.ts";
import { Clients } from "./clients.ts";
import { type Host, Invoker } from "./invoke/invoker.ts";
import { IS_HELD, IS_NEW, IS_PROVISIONED, type LifeObserver, NEEDS_INIT } from "./lambda/environments.ts";
import { Lambda } from "./lambda/lambda.ts";
import { COLD, PROVISIONED, place, THROTTLED, WARM } from "./lambda/placement.ts";
import { Observer } from "./measure/observer.ts";
import type { RunResult } from "./measure/result.ts";
import { Steps } from "./measure/steps.ts";
import { RandomStreams } from "./random.ts";
import { type Requests, TIMED_OUT } from "./requests.ts";
import type { Scenario } from "./scenario/scenario.ts";

// What a boundary on the calendar is, in the order in which those of one instant are taken.
const INTERVAL = 0;
const WARMUP = 1;
const RUN = 2;
const DEPLOY = 3;

/** The next invocation on the environment takes longer. */
const NOT_UP = NEEDS_INIT | IS_NEW;

/**
 * One replication of a scenario, played a stretch of simulated time after another. Pure: the same scenario and seed
 * give the same result on every machine.
 */
export class Simulation implements Host {
  /** Simulated time that has been played, in microseconds. */
  now = 0;
  protected readonly scenario: Scenario;
  private readonly seed: string;
  private readonly calendar = new Calendar();
  protected readonly arrivals: ArrivalWindow;
  protected readonly clients: Clients;
  private readonly invoker: Invoker;
  protected readonly lambda: Lambda;
  private readonly observer: Observer;
  private readonly steps = new Steps();
  /** The rows of the present window that are placed, and how many of those are booked. */
  private placed = 0;
  private booked = 0;
  /** Timers that are due at one instant, but for the first. */
  private readonly tied: number[] = [];

  /** `records`: told of every environment, where somebody records them (see recorded.ts). */
  constructor(scenario: Scenario, seed: string = scenario.seed, records?: LifeObserver) {
    this.scenario = scenario;
    this.seed = seed;
    const streams = new RandomStreams(seed);
    this.observer = new Observer(scenario, records);
    this.lambda = new Lambda(scenario.account, scenario.functions, streams, this.observer);
    this.arrivals = new ArrivalWindow(scenario, streams);
    this.clients = new Clients(scenario, streams, this.calendar);
    this.invoker = new Invoker(scenario, streams, this.calendar, this.lambda, this.observer, this);
    if (scenario.warmup > 0) this.calendar.addBoundary(scenario.warmup, WARMUP);
    this.calendar.addBoundary(this.observer.intervalEnd, INTERVAL);
    this.calendar.addBoundary(scenario.horizon, RUN);
    scenario.deploys.forEach(({ at }, i) => {
      this.calendar.addBoundary(at, DEPLOY + i);
    });
    this.awaitProvisioning();
  }

  /** Provisioned concurrency changes at a boundary of its own, after those that are known beforehand. */
  private awaitProvisioning(): void {
    const { next } = this.lambda.provisioning;
    if (next < this.scenario.horizon) this.calendar.addBoundary(next, DEPLOY + this.scenario.deploys.length);
  }

  /** Plays the next stretch, some thousands of arrivals; false when the run is over. */
  step(): boolean {
    const { arrivals, calendar } = this;
    if (!arrivals.advance()) return false;
    const { requests } = arrivals;
    const { times, count } = requests;
    this.placed = 0;
    this.booked = 0;
    for (let i = 0; i < count; i++) {
      calendar.playTo(times[i]!);
      if (calendar.due()) {
        this.placed = i;
        this.playDue();
      }
      this.arrive(requests, i);
    }
    this.placed = count;
    calendar.playTo(arrivals.until);
    this.playDue();
    this.book();
    this.now = arrivals.until;
    calendar.settle(this.now);
    return true;
  }

  /** Plays every entry of the calendar that is due: take the next, move the clock, do it. */
  private playDue(): void {
    const { calendar } = this;
    while (calendar.due()) {
      const entry = calendar.take();
      const at = calendar.timeOf(entry);
      const low = calendar.lowOf(entry);
      if (Calendar.isCompletion(low)) {
        if (calendar.tied(entry)) this.completeTied(low, at);
        else this.complete(low, at);
      } else if (Calendar.isBoundary(low)) this.boundary(Calendar.boundaryOf(low), at);
      else if (Calendar.isArrival(low)) this.invoker.arrive(Calendar.entryOf(low), at);
      else if (Calendar.isCall(low)) this.call(Calendar.clientOf(low), at);
      else this.ring(entry, low, at);
    }
  }

  /** The request in row i is placed and starts now, or is refused. What becomes of it is written into its row. */
  arrive(requests: Requests, i: number): void {
    const { lambda } = this;
    const fn = requests.functions[i]!;
    const at = requests.times[i]!;
    const placement = place(lambda, fn, at);
    requests.placements[i] = placement;
    if (placement >= THROTTLED) return;
    const slot = lambda.chosen;
    this.steps.begin(fn, at, placement === PROVISIONED);
    if (placement === COLD || lambda.environments.flags[slot]! & NOT_UP) this.start(requests, i, slot);
    if (requests.outcomes[i]! >= TIMED_OUT) lambda.environments.flags[slot]! |= NEEDS_INIT;
    this.calendar.addCompletion(at + requests.waits[i]! + requests.durations[i]!, slot);
  }

  /** The environment's runtime is not up, since it is new or was killed; or its handler has not run before. */
  private start(requests: Requests, i: number, slot: number): void {
    const { lambda, observer } = this;
    const fn = requests.functions[i]!;
    if (requests.placements[i] !== COLD) {
      const { flags } = lambda.environments;
      const ready = (flags[slot]! & NEEDS_INIT) === 0;
      flags[slot]! &= ~NOT_UP;
      if (ready) {
        lambda.inits.firstRun(requests, i);
        return;
      }
      // Init runs again, inside the invocation.
      lambda.inits.suppressedInit(requests, i);
      observer.suppressedInit(fn);
      return;
    }
    observer.created(fn, lambda.environmentsBusy(fn));
    if (lambda.inits.coldStart(requests, i)) {
      observer.coldStart(fn, lambda.inits);
    } else {
      // It was made ahead of the request, which does not wait.
      requests.placements[i] = WARM;
      observer.proactiveInit(fn);
    }
  }

  /** A client of a closed source makes its next request. */
  protected call(client: number, at: number): void {
    const { clients } = this;
    if (clients.requests.full) this.book();
    const i = clients.request(client, at);
    if (i < 0) return;
    const entry = clients.entryOf(client);
    if (entry >= 0) {
      // Its model keeps the request until it is answered, perhaps later.
      this.invoker.call(entry, client, clients.requests, i, at);
      return;
    }
    this.arrive(clients.requests, i);
    clients.answer(client, i);
  }

  /** A client of a closed source has the answer that it waited for. */
  answered(client: number, at: number, atOnce: boolean): void {
    this.clients.answered(client, at, atOnce);
  }

  /** A timer of the invocation models is due, with those of the same instant. */
  private ring(first: number, low: number, at: number): void {
    const { calendar, tied } = this;
    tied.length = 0;
    while (calendar.tiedTimer(first)) tied.push(Calendar.timerOf(calendar.lowOf(calendar.take())));
    this.invoker.ring(Calendar.timerOf(low), tied, at);
  }

  /** The environment in `slot` has answered and is idle again, unless it waits for another function. */
  complete(slot: number, at: number): void {
    const { lambda } = this;
    const flags = lambda.environments.flags[slot]!;
    if (flags & IS_HELD) return;
    this.steps.end(lambda.finish(slot, at), at, (flags & IS_PROVISIONED) !== 0);
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
    this.book();
    if (id === INTERVAL) {
      observer.endInterval(at);
      this.invoker.endInterval(at);
      if (at < scenario.horizon) this.calendar.addBoundary(observer.intervalEnd, INTERVAL);
    } else if (id === WARMUP) {
      lambda.concurrency.measure();
      observer.beginMeasuring(at, (fn) => lambda.environmentsAlive(fn, at));
      this.invoker.measureFrom(at);
    } else if (id === RUN) {
      this.invoker.close(at);
      lambda.close(at);
    } else if (id === DEPLOY + scenario.deploys.length) {
      lambda.provisioning.play(at);
      this.awaitProvisioning();
    } else {
      for (const fn of scenario.deploys[id - DEPLOY]!.functions) lambda.environments.retire(fn, at);
    }
  }

  /** Everything that has happened so far goes into the books. */
  private book(): void {
    this.observer.follow(this.steps);
    this.observer.book(this.arrivals.requests, this.booked, this.placed);
    this.booked = this.placed;
    const { requests } = this.clients;
    if (requests.count === 0) return;
    this.observer.book(requests, 0, requests.count);
    requests.clear();
  }

  /** What was measured; call it once, when `step` has returned false. */
  result(): RunResult {
    const { peaks } = this.lambda.concurrency;
    const entries = this.invoker.results();
    return this.observer.result(this.seed, peaks, entries);
  }
}

/** Simulates one replication of a scenario with one seed, the scenario's own unless another is given. */
export function simulate(scenario: Scenario, options: { seed?: string } = {}): RunResult {
  const simulation = new Simulation(scenario, options.seed);
  while (simulation.step());
  return simulation.result();
}
