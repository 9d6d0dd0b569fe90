import type { Sampler } from "../distributions/contract.ts";
import { drawUniform, type RandomStreams } from "../random.ts";
import { MINUTE } from "../units.ts";
import { type Concurrency, quota } from "./concurrency.ts";
import { AGED, type Environments, GIVEN_UP, IS_NEW } from "./environments.ts";
import type { Inits } from "./init.ts";
import type { ProvisioningObserver, Utilization } from "./provisioned/contract.ts";
import { UseMeter } from "./provisioned/use-meter.ts";
import { type AccountSettings, type FunctionSettings, provisionedAtStart } from "./settings.ts";
import type { TokenBucket } from "./token-bucket.ts";

const NONE = -1;

/** An environment that lives for less is replaced after so long (assumed), so that replacing cannot stop the clock. */
const SHORTEST_LIFE = MINUTE;

/**
 * Provisioned environments: ready before they are asked for, never cold, and kept until they are given up. AWS replaces
 * them as they age and keeps the number of ready ones: those of a policy are replaced at the end of their lives, ahead of
 * any request; those of a plain number are ready from the start and taken to be always in their prime.
 */
export class Provisioned {
  /** The first free provisioned environment of each function, or −1. */
  private readonly head: Int32Array;
  /** How many are free. */
  readonly free: Int32Array;
  /** Busy ones that have been given up: they end with their invocations. */
  private readonly surplus: Int32Array;
  /** A provisioned environment stands for ten requests a second too; more of them spill over. */
  private readonly requestRate: (TokenBucket | undefined)[];
  /** How much is in use, of functions with a policy. */
  private readonly meters: (UseMeter | undefined)[];
  private readonly lifetimes: (Sampler | undefined)[];
  private readonly account: AccountSettings;
  private readonly functions: readonly FunctionSettings[];
  private readonly environments: Environments;
  private readonly concurrency: Concurrency;
  private readonly inits: Inits;
  private readonly streams: RandomStreams;
  private readonly observer: ProvisioningObserver;

  constructor(
    account: AccountSettings,
    functions: readonly FunctionSettings[],
    environments: Environments,
    concurrency: Concurrency,
    inits: Inits,
    streams: RandomStreams,
    observer: ProvisioningObserver,
  ) {
    this.account = account;
    this.functions = functions;
    this.environments = environments;
    this.concurrency = concurrency;
    this.inits = inits;
    this.streams = streams;
    this.observer = observer;
    this.free = new Int32Array(functions.length);
    this.surplus = new Int32Array(functions.length);
    this.head = new Int32Array(functions.length).fill(NONE);
    this.lifetimes = new Array(functions.length).fill(undefined);
    this.meters = functions.map((f) => (f.provisioning ? new UseMeter() : undefined));
    this.requestRate = functions.map((f) =>
      provisionedAtStart(f) > 0 ? quota(account, provisionedAtStart(f)) : undefined,
    );
    functions.forEach((f, fn) => {
      this.begin(f, fn);
    });
  }

  /** What is ready at the start has been so for some time: of a policy each is at some point of its life. */
  private begin(f: FunctionSettings, fn: number): void {
    const count = provisionedAtStart(f);
    if (count === 0) return;
    const ages = f.provisioning && this.streams.open(`${f.name}/provisioned-age`);
    for (let i = 0; i < count; i++) {
      const left = ages ? Math.round(drawUniform(ages) * this.lifetime(fn)) : Number.POSITIVE_INFINITY;
      this.push(fn, this.environments.create(fn, 0, left, true));
    }
  }

  private push(fn: number, slot: number): void {
    this.free[fn]!++;
    this.environments.next[slot] = this.head[fn]!;
    this.head[fn] = slot;
  }

  /** The environment has finished its work at `at`. */
  put(fn: number, slot: number, at: number): void {
    const meter = this.meters[fn];
    if (meter !== undefined) {
      meter.down(at);
      if (this.surplus[fn]! > 0) {
        this.surplus[fn]!--;
        this.giveUp(fn, slot, at);
        return;
      }
      if (at >= this.environments.retires[slot]!) this.replace(fn, slot, at);
    }
    this.push(fn, slot);
  }

  /** Takes a free provisioned environment, within their requests a second; −1 when there is none. */
  take(fn: number, at: number): number {
    return this.head[fn] === NONE ? NONE : this.takeFree(fn, at);
  }

  private takeFree(fn: number, at: number): number {
    if (!this.concurrency.hasRoomProvisioned(fn)) return NONE;
    const slot = this.head[fn]!;
    const bucket = this.requestRate[fn];
    if (bucket !== undefined) {
      if (!bucket.has(at)) return NONE;
      bucket.take();
    }
    this.free[fn]!--;
    this.head[fn] = this.environments.next[slot]!;
    const meter = this.meters[fn];
    if (meter !== undefined) {
      meter.up(at);
      // At exactly that age it is gone.
      this.renew(fn, slot, at + 1);
    }
    return slot;
  }

  /** `count` more are ready at `at`, all of them at once. */
  grow(fn: number, count: number, capacity: number, at: number): void {
    this.concurrency.provision(fn, count);
    this.limitRate(fn, capacity, at);
    for (let i = 0; i < count; i++) {
      const slot = this.environments.create(fn, at, this.lifetime(fn), true);
      this.begun(fn, slot, at);
      this.push(fn, slot);
    }
  }

  /** `count` are given up at `at`: idle ones end, busy ones when they have finished. */
  shrink(fn: number, count: number, capacity: number, at: number): void {
    this.limitRate(fn, capacity, at);
    let left = count;
    for (; left > 0 && this.free[fn]! > 0; left--) {
      const slot = this.head[fn]!;
      this.free[fn]!--;
      this.head[fn] = this.environments.next[slot]!;
      this.renew(fn, slot, at);
      this.giveUp(fn, slot, at);
    }
    this.surplus[fn]! += left;
  }

  /** What was in use of `capacity` since this was last asked; undefined when nothing ran. */
  utilization(fn: number, capacity: number, at: number): Utilization | undefined {
    return this.meters[fn]!.read(capacity, at);
  }

  /** The run is over: idle ones whose lives have ended by then have been replaced. */
  settle(at: number): void {
    this.functions.forEach((f, fn) => {
      if (!f.provisioning) return;
      for (let slot = this.head[fn]!; slot !== NONE; slot = this.environments.next[slot]!)
        this.renew(fn, slot, at);
    });
  }

  private giveUp(fn: number, slot: number, at: number): void {
    this.environments.end(slot, at, GIVEN_UP);
    this.concurrency.provision(fn, -1);
  }

  /** An idle environment is looked at again: it has been replaced whenever its life had ended before `at`. */
  private renew(fn: number, slot: number, at: number): void {
    const { environments } = this;
    while (environments.retires[slot]! < at) this.replace(fn, slot, environments.retires[slot]!);
  }

  /** Another one takes its place. */
  private replace(fn: number, slot: number, at: number): void {
    const { environments } = this;
    const next = environments.next[slot]!;
    environments.end(slot, at, AGED);
    // The slot that is free again is the one that is taken.
    environments.create(fn, at, this.lifetime(fn), true);
    environments.next[slot] = next;
    this.begun(fn, slot, at);
  }

  /** It has run init, and its handler has not run yet. */
  private begun(fn: number, slot: number, at: number): void {
    this.environments.flags[slot]! |= IS_NEW;
    this.observer.provisionedInit(fn, at, this.inits.provisionedInit(fn));
  }

  private lifetime(fn: number): number {
    const { name, maximumLifetime } = this.functions[fn]!;
    const lifetimes = (this.lifetimes[fn] ??= this.streams.sampler(
      maximumLifetime,
      `${name}/provisioned-lifetime`,
    ));
    return Math.max(SHORTEST_LIFE, Math.round(lifetimes.next()));
  }

  private limitRate(fn: number, capacity: number, at: number): void {
    const bucket = this.requestRate[fn];
    const limited = quota(this.account, capacity);
    if (bucket === undefined || limited === undefined) this.requestRate[fn] = limited;
    else bucket.resize(limited, at);
  }
}
