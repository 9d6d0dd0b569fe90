import { quota } from "./concurrency.ts";
import type { Environments } from "./environments.ts";
import type { AccountSettings, FunctionSettings } from "./settings.ts";
import type { TokenBucket } from "./token-bucket.ts";

const NONE = -1;

/**
 * Provisioned concurrency: environments that are ready from the start, are never cold and never expire. AWS replaces
 * them as they age, and keeps the number of ready ones at the setting; so does this.
 */
export class Provisioned {
  /** The first free provisioned environment of each function, or −1. */
  private readonly head: Int32Array;
  /** How many are free. */
  readonly free: Int32Array;
  /** A provisioned environment stands for ten requests a second too; more of them spill over. */
  private readonly requestRate: (TokenBucket | undefined)[];
  private readonly environments: Environments;

  constructor(account: AccountSettings, functions: readonly FunctionSettings[], environments: Environments) {
    this.environments = environments;
    this.free = new Int32Array(functions.length);
    this.head = new Int32Array(functions.length).fill(NONE);
    this.requestRate = functions.map((f) =>
      f.provisionedConcurrency > 0 ? quota(account, f.provisionedConcurrency) : undefined,
    );
    functions.forEach((f, fn) => {
      for (let i = 0; i < f.provisionedConcurrency; i++) {
        this.put(fn, environments.create(fn, 0, Number.POSITIVE_INFINITY, true));
      }
    });
  }

  put(fn: number, slot: number): void {
    this.free[fn]!++;
    this.environments.next[slot] = this.head[fn]!;
    this.head[fn] = slot;
  }

  /** Takes a free provisioned environment, within their requests a second; −1 when there is none. */
  take(fn: number, at: number): number {
    return this.head[fn] === NONE ? NONE : this.takeFree(fn, at);
  }

  private takeFree(fn: number, at: number): number {
    const slot = this.head[fn]!;
    const bucket = this.requestRate[fn];
    if (bucket !== undefined) {
      if (!bucket.has(at)) return NONE;
      bucket.take();
    }
    this.free[fn]!--;
    this.head[fn] = this.environments.next[slot]!;
    return slot;
  }
}
