import { SECOND } from "../units.ts";
import { type AccountSettings, type FunctionSettings, provisionedAtStart } from "./settings.ts";
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
  private unreservedMax = 0;
  /** Requests a second, by pool; undefined where no quota holds. */
  readonly requestRate: (TokenBucket | undefined)[];
  /** What reserved and provisioned concurrency claim of the account, used or not. */
  private claimed: number;
  /** The most before `claimed` last changed: of on-demand use, and of that and `claimed` together. */
  private unreservedBefore = 0;
  private claimedBefore = 0;
  /** What the account has besides reservations: the most that functions without one run at once. */
  private readonly unreserved: number;

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
        claimed += provisionedAtStart(f);
        return;
      }
      claimed += f.reservedConcurrency;
      this.ceiling[fn] = f.reservedConcurrency;
      this.pool[fn] = pools;
      this.poolLimit[pools] = f.reservedConcurrency - provisionedAtStart(f);
      this.requestRate[pools] = quota(account, f.reservedConcurrency);
      pools++;
    });
    this.claimed = claimed;
    this.unreserved = reserved.reduce((left, f) => left - f.reservedConcurrency!, account.concurrency);
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

  /** So many more (or less) provisioned environments are taken out of the function's pool. */
  provision(fn: number, more: number): void {
    const pool = this.pool[fn]!;
    if (pool !== UNRESERVED) {
      this.poolLimit[pool]! -= more;
      return;
    }
    const { unreserved, claimed } = this.peaks;
    this.unreservedBefore = unreserved;
    this.claimedBefore = claimed;
    this.unreservedMax = this.poolInFlight[UNRESERVED]!;
    this.claimed += more;
    if (this.unreserved < Number.POSITIVE_INFINITY) this.poolLimit[UNRESERVED]! -= more;
  }

  /**
   * A provisioned execution may begin. It may unless more runs on demand than the pool has since some of it was
   * provisioned: then all together must stay within the account. (A reservation is kept by its ceiling.)
   */
  hasRoomProvisioned(fn: number): boolean {
    const pool = this.pool[fn]!;
    return (
      this.poolInFlight[pool]! <= this.poolLimit[pool]! ||
      pool !== UNRESERVED ||
      this.inFlight.reduce((sum, n, f) => (this.pool[f] === UNRESERVED ? sum + n : sum), 0) < this.unreserved
    );
  }

  /** Peaks count from now on. */
  measure(): void {
    this.unreservedMax = this.poolInFlight[UNRESERVED]!;
    this.unreservedBefore = 0;
    this.claimedBefore = 0;
  }

  /** The most on-demand executions that no reservation covered, and the most of the account that was claimed. */
  get peaks(): { readonly unreserved: number; readonly claimed: number } {
    return {
      unreserved: Math.max(this.unreservedBefore, this.unreservedMax),
      claimed: Math.max(this.claimedBefore, this.claimed + this.unreservedMax),
    };
  }
}

/** A bucket that holds one second's worth and starts full. */
export function quota(account: AccountSettings, concurrency: number): TokenBucket | undefined {
  if (account.requestRate === "unlimited" || !Number.isFinite(concurrency)) return undefined;
  const perSecond = REQUESTS_PER_CONCURRENCY * concurrency;
  return new TokenBucket(perSecond, perSecond, SECOND);
}
