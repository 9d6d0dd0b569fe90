import type { Sampler } from "../distributions/contract.ts";
import { nearest } from "../math/functions.ts";
import type { RandomStreams } from "../random.ts";
import { Concurrency } from "./concurrency.ts";
import { Environments, IS_PROVISIONED, type LifeObserver } from "./environments.ts";
import { Inits } from "./init.ts";
import { Pool } from "./pool.ts";
import type { ProvisioningObserver } from "./provisioned/contract.ts";
import { Provisioning } from "./provisioned/provisioning.ts";
import { Provisioned } from "./provisioned.ts";
import type { ScalingRate } from "./scaling-rate/contract.ts";
import type { AccountSettings, FunctionSettings } from "./settings.ts";

/** One account of AWS Lambda: its functions' environments and the limits they run under. */
export class Lambda {
  readonly concurrency: Concurrency;
  readonly environments: Environments;
  readonly provisioned: Provisioned;
  readonly provisioning: Provisioning;
  readonly pool: Pool;
  readonly inits: Inits;
  readonly scaling: ScalingRate;
  /** The slot of the environment that the last placement chose. */
  chosen = -1;
  private readonly functions: readonly FunctionSettings[];
  private readonly streams: RandomStreams;
  private readonly lifetimes: (Sampler | undefined)[];

  constructor(
    account: AccountSettings,
    functions: readonly FunctionSettings[],
    streams: RandomStreams,
    observer: LifeObserver & ProvisioningObserver,
  ) {
    this.concurrency = new Concurrency(account, functions);
    this.environments = new Environments(observer);
    this.inits = new Inits(functions, streams);
    this.provisioned = new Provisioned(
      account,
      functions,
      this.environments,
      this.concurrency,
      this.inits,
      streams,
      observer,
    );
    this.pool = new Pool(functions, this.environments, this.concurrency, streams);
    this.scaling = account.scaling.open(functions.length);
    this.functions = functions;
    this.streams = streams;
    this.lifetimes = new Array(functions.length).fill(undefined);
    this.provisioning = new Provisioning(functions, this, streams, observer);
  }

  /** A new on-demand environment; returns its slot. */
  createEnvironment(fn: number, at: number): number {
    const lifetime = (this.lifetimes[fn] ??= this.openLifetime(fn));
    return this.environments.create(fn, at, nearest(lifetime.next()), false);
  }

  private openLifetime(fn: number): Sampler {
    const { name, maximumLifetime } = this.functions[fn]!;
    return this.streams.sampler(maximumLifetime, `${name}/lifetime`);
  }

  /** The environment in `slot` has finished its invocation at `at`; returns its function. */
  finish(slot: number, at: number): number {
    const { environments } = this;
    const fn = environments.fn[slot]!;
    const provisioned = (environments.flags[slot]! & IS_PROVISIONED) !== 0;
    this.concurrency.end(fn, provisioned);
    if (provisioned) this.provisioned.put(fn, slot, at);
    else this.pool.put(fn, slot, at);
    return fn;
  }

  /** How many environments of a function there are when none is idle: busy ones, and provisioned ones. */
  environmentsBusy(fn: number): number {
    return this.concurrency.inFlight[fn]! + this.provisioned.free[fn]!;
  }

  /** How many environments of a function exist at `at`: busy, idle and alive, and provisioned. */
  environmentsAlive(fn: number, at: number): number {
    return this.environmentsBusy(fn) + this.pool.countAlive(fn, at);
  }

  /** The run is over at `at`: every environment that has ended by then is reported, and every one that lives on. */
  close(at: number): void {
    this.pool.settle(at);
    this.provisioned.settle(at);
    this.environments.closeAll(at);
  }
}
