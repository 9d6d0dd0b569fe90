import { longer } from "../columns.ts";
import { type Environments, IS_PROVISIONED, LIVES_ON, type LifeObserver } from "../lambda/environments.ts";
import { THROTTLED as REFUSED, type Requests } from "../requests.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { billedMs } from "./billed.ts";
import {
  EnvironmentBatch,
  InvocationBatch,
  type RecordListener,
  UNFINISHED,
  type Window,
} from "./record-batch.ts";

/** An invocation that waits for other functions: what is known of it so far. */
interface Held {
  readonly number: number;
  readonly fn: number;
  readonly source: number;
  readonly placement: number;
  readonly at: number;
  readonly wait: number;
  readonly duration: number;
  readonly init: number;
}

/**
 * Writes down what every invocation and every environment of a run does and hands it to a listener in batches. Holds
 * something of the environments that exist, and nothing of what is over.
 */
export class Records implements LifeObserver {
  private readonly listener: RecordListener;
  private readonly window: Window;
  private readonly end: number;
  private readonly billInit: 0 | 1;
  private readonly invocations = new InvocationBatch();
  private readonly environments = new EnvironmentBatch();
  // By slot, of the environment that is in it now.
  private firstUse = new Float64Array(0);
  private lastUse = new Float64Array(0);
  private uses = new Float64Array(0);
  private busy = new Float64Array(0);
  private readonly held = new Map<number, Held>();

  /** `window`: within the measured time. */
  constructor({ horizon, pricing }: Scenario, listener: RecordListener, window: Window) {
    this.listener = listener;
    this.window = window;
    this.end = horizon;
    this.billInit = pricing.billInit ? 1 : 0;
  }

  /** Row i, of a source, was refused. */
  refused(requests: Requests, i: number, source: number): void {
    const at = requests.times[i]!;
    if (at < this.window.from || at >= this.window.to) return;
    const { invocations: batch } = this;
    const row = batch.count++;
    batch.times[row] = at;
    batch.functions[row] = requests.functions[i]!;
    batch.sources[row] = source;
    batch.placements[row] = requests.placements[i]!;
    batch.waits[row] = 0;
    batch.durations[row] = 0;
    batch.inits[row] = 0;
    batch.billed[row] = 0;
    batch.outcomes[row] = REFUSED;
    batch.environments[row] = 0;
    if (batch.full) this.flushInvocations();
  }

  /** Row i, of a source, runs in the environment in `slot`; `held`: it will wait for other functions, and `release` follows. */
  placed(
    requests: Requests,
    i: number,
    source: number,
    environments: Environments,
    slot: number,
    held: boolean,
  ): void {
    if (slot >= this.uses.length) this.grow(environments.fn.length);
    const at = requests.times[i]!;
    const number = environments.number[slot]! + 1;
    const fn = requests.functions[i]!;
    const placement = requests.placements[i]!;
    const wait = requests.waits[i]!;
    const duration = requests.durations[i]!;
    const init = requests.inits[i]!;
    if (Number.isNaN(this.firstUse[slot]!)) this.firstUse[slot] = at;
    if (at >= this.window.from && at < this.window.to) this.uses[slot]!++;
    if (held) this.held.set(slot, { number, fn, source, placement, at, wait, duration, init });
    else this.write(slot, number, fn, source, placement, at, wait, duration, init, requests.outcomes[i]!);
  }

  /** The execution in `slot` that has waited for others ends. */
  release(slot: number, at: number, outcome: number): void {
    const { number, fn, source, placement, at: start, wait, init } = this.held.get(slot)!;
    this.held.delete(slot);
    this.write(slot, number, fn, source, placement, start, wait, at - start - wait, init, outcome);
  }

  environmentLived(environments: Environments, slot: number, at: number, why: number): void {
    if (slot >= this.uses.length) this.grow(environments.fn.length);
    const { held, window, environments: batch } = this;
    const open = held.get(slot);
    if (open) {
      // The run is over and it still waits.
      held.delete(slot);
      const { number, fn, source, placement, at: start, wait, duration, init } = open;
      const took = Math.max(duration, at - start - wait);
      this.write(slot, number, fn, source, placement, start, wait, took, init, UNFINISHED);
    }
    const birth = environments.birth[slot]!;
    if (birth < window.to && at >= window.from) {
      const row = batch.count++;
      batch.numbers[row] = environments.number[slot]! + 1;
      batch.functions[row] = environments.fn[slot]!;
      batch.provisioned[row] = environments.flags[slot]! & IS_PROVISIONED ? 1 : 0;
      batch.births[row] = birth;
      batch.firstUses[row] = this.firstUse[slot]!;
      batch.lastUses[row] = this.lastUse[slot]!;
      batch.deaths[row] = why === LIVES_ON ? Number.NaN : at;
      batch.ends[row] = why;
      batch.invocations[row] = this.uses[slot]!;
      batch.busy[row] = this.busy[slot]!;
      if (batch.full) this.flushEnvironments();
    }
    this.clear(slot, slot + 1);
  }

  /** The run is over: what is left goes out. */
  close(): void {
    this.flushInvocations();
    this.flushEnvironments();
  }

  private write(
    slot: number,
    number: number,
    fn: number,
    source: number,
    placement: number,
    at: number,
    wait: number,
    duration: number,
    init: number,
    outcome: number,
  ): void {
    const { window, invocations: batch } = this;
    const over = at + wait + duration;
    this.lastUse[slot] = Math.min(over, this.end);
    if (at >= window.to || (at < window.from && over <= window.from)) return;
    this.busy[slot]! += Math.min(over, window.to) - Math.max(at, window.from);
    const row = batch.count++;
    batch.times[row] = at;
    batch.functions[row] = fn;
    batch.sources[row] = source;
    batch.placements[row] = placement;
    batch.waits[row] = wait;
    batch.durations[row] = duration;
    batch.inits[row] = init;
    batch.billed[row] = billedMs(this.billInit, init, duration);
    batch.outcomes[row] = over > this.end ? UNFINISHED : outcome;
    batch.environments[row] = number;
    if (batch.full) this.flushInvocations();
  }

  private flushInvocations(): void {
    if (this.invocations.count > 0) this.listener.invocations(this.invocations);
    this.invocations.count = 0;
  }

  private flushEnvironments(): void {
    if (this.environments.count > 0) this.listener.environments(this.environments);
    this.environments.count = 0;
  }

  private grow(size: number): void {
    const from = this.uses.length;
    this.firstUse = longer(this.firstUse, size);
    this.lastUse = longer(this.lastUse, size);
    this.uses = longer(this.uses, size);
    this.busy = longer(this.busy, size);
    this.clear(from, size);
  }

  private clear(from: number, to: number): void {
    this.firstUse.fill(Number.NaN, from, to);
    this.lastUse.fill(Number.NaN, from, to);
    this.uses.fill(0, from, to);
    this.busy.fill(0, from, to);
  }
}
