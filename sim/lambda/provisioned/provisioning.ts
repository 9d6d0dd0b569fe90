import type { Sampler } from "../../distributions/contract.ts";
import type { RandomStreams } from "../../random.ts";
import type { Provisioned } from "../provisioned.ts";
import type { FunctionSettings } from "../settings.ts";
import type {
  Present,
  ProvisioningObserver,
  ProvisioningPlan,
  ProvisioningPolicy,
  Utilization,
} from "./contract.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** What the driver of policies needs of the platform. */
interface Platform {
  readonly provisioned: Provisioned;
  environmentsAlive(fn: number, at: number): number;
}

/** One function's policy at work, and what it has asked for. */
class Driven implements Present {
  requested: number;
  allocated: number;
  since = 0;
  private now = 0;
  /** When what was asked for is ready. */
  private ready = NEVER;
  private readonly policy: ProvisioningPolicy;
  private readonly preparation: Sampler;
  private readonly fn: number;
  private readonly plan: ProvisioningPlan;
  private readonly lambda: Platform;
  private readonly observer: ProvisioningObserver;

  constructor(
    fn: number,
    name: string,
    plan: ProvisioningPlan,
    lambda: Platform,
    streams: RandomStreams,
    observer: ProvisioningObserver,
  ) {
    this.fn = fn;
    this.plan = plan;
    this.lambda = lambda;
    this.observer = observer;
    this.policy = plan.open();
    this.preparation = streams.sampler(plan.allocation.preparation, `${name}/allocation`);
    this.requested = plan.base;
    this.allocated = plan.base;
  }

  get next(): number {
    return Math.min(this.ready, this.policy.next);
  }

  get changing(): boolean {
    return this.ready < NEVER;
  }

  utilization(): Utilization | undefined {
    return this.lambda.provisioned.utilization(this.fn, this.allocated, this.now);
  }

  /** What is due at `at`: an allocation is complete, then the policy acts. */
  play(at: number): void {
    this.now = at;
    if (this.ready <= at) this.complete(at);
    if (this.policy.next > at) return;
    const capacity = this.policy.act(at, this);
    if (capacity !== this.requested) this.request(capacity, at);
  }

  /** A new request takes the place of one that is still being allocated (assumed): what is missing is allocated anew. */
  private request(capacity: number, at: number): void {
    const { fn, lambda, plan } = this;
    this.requested = capacity;
    this.ready = NEVER;
    this.observer.provisionedRequested(fn, capacity, at);
    const more = capacity - this.allocated;
    if (more > 0) {
      this.ready = at + Math.round(this.preparation.next()) + plan.allocation.making(more);
      if (this.ready <= at) this.complete(at);
    } else if (more < 0) {
      lambda.provisioned.shrink(fn, -more, capacity, at);
      this.changed(capacity, at);
    }
  }

  private complete(at: number): void {
    this.ready = NEVER;
    this.lambda.provisioned.grow(this.fn, this.requested - this.allocated, this.requested, at);
    this.changed(this.requested, at);
  }

  private changed(capacity: number, at: number): void {
    this.allocated = capacity;
    this.since = at;
    const environments = this.lambda.environmentsAlive(this.fn, at);
    this.observer.provisionedAllocated(this.fn, capacity, at, environments);
  }
}

/**
 * Provisioned concurrency as it moves in time: policies ask for it, it is allocated some minutes later, all of it at once,
 * and it is given up at once.
 */
export class Provisioning {
  /** When anything is due next; Infinity: nothing any more. */
  next = NEVER;
  private readonly driven: readonly Driven[];

  constructor(
    functions: readonly FunctionSettings[],
    lambda: Platform,
    streams: RandomStreams,
    observer: ProvisioningObserver,
  ) {
    this.driven = functions.flatMap(({ name, provisioning }, fn) =>
      provisioning ? [new Driven(fn, name, provisioning, lambda, streams, observer)] : [],
    );
    this.look();
  }

  /** Plays what is due at `at`, in the order of the functions. */
  play(at: number): void {
    for (const own of this.driven) if (own.next <= at) own.play(at);
    this.look();
  }

  private look(): void {
    this.next = NEVER;
    for (const own of this.driven) this.next = Math.min(this.next, own.next);
  }
}
