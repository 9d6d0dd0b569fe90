import { RequestDraws } from "../arrivals/draws.ts";
import { byLot } from "../arrivals/lot.ts";
import type { Distribution, Sampler } from "../distributions/contract.ts";
import { COLD, THROTTLED as REFUSED } from "../lambda/placement.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import { type DropCause, EntryMeasures, type EntryResult } from "../measure/entry.ts";
import { MOST_DETAILED } from "../measure/timeline.ts";
import { drawUniform, type RandomStreams, type Stream } from "../random.ts";
import { Requests, SUCCEEDED, THROTTLED } from "../requests.ts";
import type { EntrySettings, Scenario } from "../scenario/scenario.ts";
import type { Drawn, InvokeModel, Port } from "./contract.ts";
import type { Invoker } from "./invoker.ts";
import { Messages, NOBODY } from "./messages.ts";

/**
 * Lambda lets a function run about so many times in one chain of requests, and stops the next one (Lambda developer
 * guide, recursive loop detection). Counted here as rounds of the circle.
 */
const MOST_HOPS = 16;

/** One entry with an invocation model: its model, what waits in it, and the port that the model sees the engine by. */
export class Entry implements Port {
  readonly messages = new Messages();
  readonly measures: EntryMeasures;
  readonly horizon: number;
  readonly index: number;
  private readonly settings: EntrySettings;
  private readonly invoker: Invoker;
  private readonly model: InvokeModel;
  private readonly streams: RandomStreams;
  private readonly function: FunctionSettings;
  private readonly one = new Requests(1);
  private readonly drawn = { duration: 0, outcome: SUCCEEDED };
  private draws: RequestDraws | undefined;
  private arrivals = 0;
  private lot: Stream | undefined;
  /** Sends a dead letter on; `due` is told how many rounds it has made. It belongs to no chain: that has failed. */
  private readonly mail = {
    due: (hops: number) => this.invoker.send(this.settings.deadLetters!, -1, hops),
  };
  /** The placement of the invocation that was accepted last. */
  private placement = 0;

  constructor(index: number, scenario: Scenario, streams: RandomStreams, invoker: Invoker) {
    this.index = index;
    this.settings = scenario.entries[index]!;
    this.function = scenario.functions[this.settings.target]!;
    this.horizon = scenario.horizon;
    this.streams = streams;
    this.invoker = invoker;
    const detailed = scenario.entries.length <= MOST_DETAILED;
    this.measures = new EntryMeasures(scenario.warmup, scenario.measure.interval, scenario.horizon, detailed);
    this.model = this.settings.invoke.open(this);
  }

  get now(): number {
    return this.invoker.now;
  }

  /** A request arrives now, as it was drawn in row `i`; `origin` waits for its answer. */
  arriveDrawn(requests: Requests, i: number, origin: number): void {
    const { invoker, messages } = this;
    const m = this.add(origin);
    messages.duration[m] = requests.durations[i]!;
    messages.outcome[m] = requests.outcomes[i]!;
    if (this.settings.chained) messages.chain[m] = invoker.chains.open(invoker.now, this.index);
    this.model.arrive(m);
  }

  /** A request that another function makes arrives now: a part of its chain, where there is one. */
  arriveFrom(chain: number, hops: number, origin: number): void {
    const { invoker, messages } = this;
    const m = this.add(origin);
    const { duration, outcome } = this.draw();
    messages.duration[m] = duration;
    messages.outcome[m] = outcome;
    messages.chain[m] = chain;
    messages.hops[m] = hops;
    if (chain >= 0) invoker.chains.join(chain);
    if (hops >= MOST_HOPS) this.drop(m, "loop", false);
    else this.model.arrive(m);
  }

  private add(origin: number): number {
    const { invoker, messages } = this;
    const m = messages.add(invoker.now, this.arrivals++);
    messages.origin[m] = origin;
    this.measures.arrived(invoker.now);
    invoker.observer.requested(this.settings.target);
    return m;
  }

  due(what: number): void {
    this.model.due(what);
  }

  ended(token: number, outcome: number): void {
    this.model.ended(token, outcome);
  }

  invoke(token: number, duration: number, outcome: number): number {
    return this.place(token, duration, outcome, -1);
  }

  attempt(m: number, token: number): number {
    const { messages } = this;
    let duration = messages.duration[m]!;
    let outcome = messages.outcome[m]!;
    if (Number.isNaN(duration)) ({ duration, outcome } = this.draw());
    const placement = this.place(token, duration, outcome, m);
    messages.duration[m] = Number.NaN;
    if (placement < REFUSED) {
      this.started(m);
      messages.alone[m] = 1;
    }
    return placement;
  }

  repeat(m: number, token: number): number {
    const { duration, outcome } = this.draw();
    const placement = this.place(token, duration, outcome, m);
    if (placement < REFUSED) this.measures.duplicated();
    return placement;
  }

  private place(token: number, duration: number, outcome: number, m: number): number {
    const placement = this.invoker.place(this, token, duration, outcome, m);
    if (placement < REFUSED) this.placement = placement;
    return placement;
  }

  draw(): Drawn {
    const { settings, one, drawn } = this;
    this.draws ??= new RequestDraws(
      { ...settings, name: `${settings.name}/invocations` },
      this.function,
      this.streams,
    );
    this.draws.fill(one, 0, 1);
    drawn.duration = one.durations[0]!;
    drawn.outcome = one.outcomes[0]!;
    return drawn;
  }

  started(m: number): void {
    const { messages, now } = this;
    this.leaves(m);
    this.invoker.carries(messages.hops[m]!);
    messages.started[m] = now;
    messages.alone[m] = 0;
    messages.cold[m] = this.placement === COLD ? 1 : 0;
    this.measures.received(now - messages.at[m]!);
  }

  waits(m: number): void {
    if (this.messages.waiting[m] === 1) return;
    this.messages.waiting[m] = 1;
    this.measures.waits(this.now);
  }

  leaves(m: number): void {
    if (this.messages.waiting[m] === 0) return;
    this.messages.waiting[m] = 0;
    this.measures.leaves(this.now);
  }

  wake(at: number, what: number): void {
    this.invoker.timers.set(at, this, what);
  }

  stream(purpose: string): Stream {
    return this.streams.open(`${this.settings.name}/${purpose}`);
  }

  sampler(law: Distribution, purpose: string): Sampler {
    return this.streams.sampler(law, `${this.settings.name}/${purpose}`);
  }

  shared<T>(name: string, make: () => T): T {
    return this.invoker.shared(name, make);
  }

  settle(m: number, outcome: number): void {
    const { messages, measures, invoker, now } = this;
    const at = messages.at[m]!;
    const word = outcome === SUCCEEDED ? "succeeded" : outcome === THROTTLED ? "throttled" : "failed";
    this.leaves(m);
    measures.answered(word, at, messages.started[m]!, now, messages.attempts[m]!);
    if (outcome !== THROTTLED)
      invoker.observer.answered(this.settings.target, at, now - at, messages.cold[m] === 1);
    this.gone(m, outcome);
  }

  drop(m: number, cause: DropCause, deadLettered: boolean): void {
    const { messages, measures, invoker } = this;
    const { deadLetters } = this.settings;
    const hops = messages.hops[m]!;
    this.leaves(m);
    measures.dropped(cause, deadLettered, messages.at[m]!, messages.attempts[m]!);
    this.gone(m, THROTTLED);
    // Once the model is done with what it is at: they may come back to it.
    if (deadLettered && deadLetters) invoker.timers.set(invoker.now, this.mail, hops);
  }

  orphaned(m: number): boolean {
    const origin = this.messages.origin[m]!;
    return origin !== NOBODY && this.invoker.hasEnded(origin);
  }

  /** The message is no more: its chain goes on or ends, and its caller hears. */
  private gone(m: number, outcome: number): void {
    const { messages, invoker } = this;
    const origin = messages.origin[m]!;
    const chain = messages.chain[m]!;
    const hops = messages.hops[m]!;
    const alone = messages.alone[m] === 1;
    messages.remove(m);
    // Of a batch each message that went well has its own emissions; else they are those of the run.
    if (outcome === SUCCEEDED && !alone) invoker.emit(this.settings.target, chain, hops);
    if (chain >= 0) invoker.leave(chain, outcome === SUCCEEDED);
    if (origin !== NOBODY) invoker.answer(origin, outcome);
  }

  /** How many messages an emission into this entry sends now: each with its share, and so many. */
  times(share: number, count: number): number {
    const stream = (this.lot ??= this.stream("emitted"));
    if (share < 1 && drawUniform(stream) >= share) return 0;
    return byLot(count, stream);
  }

  endInterval(at: number): void {
    this.measures.endInterval(at, this.model.oldest?.() ?? Number.NaN);
  }

  /** Warm-up ends: what came before does not count. */
  measureFrom(at: number): void {
    this.model.measureUse?.(at);
    this.measures.measureFrom(at);
  }

  /** The run is over: what is left is unfinished. */
  close(): void {
    const { messages, measures } = this;
    this.model.measureUse?.(this.horizon);
    for (const m of messages.rows()) measures.unfinished(messages.at[m]!, messages.waiting[m] === 1);
  }

  result(): EntryResult {
    return this.measures.result();
  }
}
