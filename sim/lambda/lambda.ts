import type { Sampler } from "../distributions/contract.ts";
import type { RandomStreams } from "../random.ts";
import { ColdStarts } from "./cold-start.ts";
import { Concurrency } from "./concurrency.ts";
import { Environments, type LifeObserver } from "./environments.ts";
import { Pool } from "./pool.ts";
import { Provisioned } from "./provisioned.ts";
import type { ScalingRate } from "./scaling-rate/contract.ts";
import type { AccountSettings, FunctionSettings } from "./settings.ts";

/** One account of AWS Lambda: its functions' environments and the limits they run under. */
export class Lambda {
  readonly concurrency: Concurrency;
  readonly environments: Environments;
  readonly provisioned: Provisioned;
  readonly pool: Pool;
  readonly coldStarts: ColdStarts;
  readonly scaling: ScalingRate;
  /** The slot of the environment that the last placement chose. */
  chosen = -1;
  private readonly lifetimes: Sampler[];

  constructor(
    account: AccountSettings,
    functions: readonly FunctionSettings[],
    streams: RandomStreams,
    observer: LifeObserver,
  ) {
    this.concurrency = new Concurrency(account, functions);
    this.environments = new Environments(observer);
    this.provisioned = new Provisioned(account, functions, this.environments);
    this.pool = new Pool(functions, this.environments, this.concurrency, streams);
    this.coldStarts = new ColdStarts(functions, streams);
    this.scaling = account.scaling.open(functions.length);
    this.lifetimes = functions.map((f) => f.maximumLifetime.sampler(streams.open(`${f.name}/lifetime`)));
  }

  /** A new on-demand environment; returns its slot. */
  createEnvironment(fn: number, at: number): number {
    return this.environments.create(fn, at, Math.round(this.lifetimes[fn]!.next()), false);
  }

  /** The environment in `slot` has finished its invocation at `at`; returns its function. */
  finish(slot: number, at: number): number {
    const { environments } = this;
    const fn = environments.fn[slot]!;
    const provisioned = environments.provisioned[slot] === 1;
    this.concurrency.end(fn, provisioned);
    if (provisioned) this.provisioned.put(fn, slot);
    else this.pool.put(fn, slot, at);
    return fn;
  }

  /** How many environments of a function exist at `at`: busy, idle and alive, and provisioned. */
  environmentsAlive(fn: number, at: number): number {
    return this.concurrency.inFlight[fn]! + this.pool.countAlive(fn, at) + this.provisioned.countFree(fn);
  }

  /** The run is over at `at`: every environment that has ended by then is reported, and every one that lives on. */
  close(at: number): void {
    this.pool.settle(at);
    this.environments.closeAll(at);
  }
}
