import { SECOND } from "../units.ts";
import type { AccountSettings, FunctionSettings } from "./settings.ts";
import { TokenBucket } from "./token-bucket.ts";

const UNLIMITED = 2 ** 31 - 1;
const UNRESERVED = 0;

/** Requests a second that AWS allows for each unit of concurrency (Lambda quotas). */
const REQUESTS_PER_CONCURRENCY = 10;

/**
 * Who may run how much at once. Each function draws its on-demand environments from one pool: all functions without
 * reserved concurrency share the unreserved pool, each reserved function has a pool of its own. Provisioned
 * concurrency is taken out of the pool beforehand: from the function's reservation, else from the unreserved pool.
 */
export class Concurrency {
  /** Executions in progress by function, init included, provisioned ones too. */
  readonly inFlight: Int32Array;
  /** The most of them: reserved concurrency, where there is any. */
  readonly ceiling: Int32Array;
  /** Which pool a function draws from; 0 is the unreserved one. */
  readonly pool: Int32Array;
  /** On-demand executions in progress by pool, the limit, and the most there have been. */
  readonly poolInFlight: Int32Array;
  readonly poolLimit: Int32Array;
  unreservedMax = 0;
  /** Requests a second, by pool; undefined where no quota holds. */
  readonly requestRate: (TokenBucket | undefined)[];
  /** What reserved and provisioned concurrency claim of the account, used or not. */
  readonly claimed: number;

  constructor(account: AccountSettings, functions: readonly FunctionSettings[]) {
    const reserved = functions.filter((f) => f.reservedConcurrency !== undefined);
    this.inFlight = new Int32Array(functions.length);
    this.ceiling = new Int32Array(functions.length).fill(UNLIMITED);
    this.pool = new Int32Array(functions.length);
    this.poolInFlight = new Int32Array(1 + reserved.length);
    this.poolLimit = new Int32Array(1 + reserved.length);
    this.requestRate = [];
    let claimed = 0;
    let pools = 1;
    functions.forEach((f, fn) => {
      if (f.reservedConcurrency === undefined) {
        claimed += f.provisionedConcurrency;
        return;
      }
      claimed += f.reservedConcurrency;
      this.ceiling[fn] = f.reservedConcurrency;
      this.pool[fn] = pools;
      this.poolLimit[pools] = f.reservedConcurrency - f.provisionedConcurrency;
      this.requestRate[pools] = quota(account, f.reservedConcurrency);
      pools++;
    });
    this.claimed = claimed;
    this.poolLimit[UNRESERVED] = Math.min(UNLIMITED, account.concurrency - claimed);
    this.requestRate[UNRESERVED] = quota(account, account.concurrency);
  }

  /** The function has reserved concurrency and all of it is in use. */
  atCeiling(fn: number): boolean {
    return this.inFlight[fn]! >= this.ceiling[fn]!;
  }

  /** Its pool has room for one more on-demand execution. */
  hasRoom(fn: number): boolean {
    const pool = this.pool[fn]!;
    return this.poolInFlight[pool]! < this.poolLimit[pool]!;
  }

  isReserved(fn: number): boolean {
    return this.pool[fn]! !== UNRESERVED;
  }

  /** Its pool's quota of requests a second has one left. */
  withinRate(fn: number, at: number): boolean {
    const bucket = this.requestRate[this.pool[fn]!];
    return bucket === undefined || bucket.has(at);
  }

  /** An execution begins. An accepted request uses up one of its pool's requests a second. */
  begin(fn: number, provisioned: boolean): void {
    const pool = this.pool[fn]!;
    this.inFlight[fn]!++;
    if (provisioned) return;
    const inFlight = ++this.poolInFlight[pool]!;
    if (pool === UNRESERVED && inFlight > this.unreservedMax) this.unreservedMax = inFlight;
    const bucket = this.requestRate[pool];
    if (bucket !== undefined) bucket.take();
  }

  end(fn: number, provisioned: boolean): void {
    this.inFlight[fn]!--;
    if (!provisioned) this.poolInFlight[this.pool[fn]!]!--;
  }

  /** On-demand executions in progress that no reservation covers. */
  get unreservedInFlight(): number {
    return this.poolInFlight[UNRESERVED]!;
  }
}

/** A bucket that holds one second's worth and starts full. */
export function quota(account: AccountSettings, concurrency: number): TokenBucket | undefined {
  if (account.requestRate === "unlimited" || !Number.isFinite(concurrency)) return undefined;
  const perSecond = REQUESTS_PER_CONCURRENCY * concurrency;
  return new TokenBucket(perSecond, perSecond, SECOND);
}
