import { longer } from "../columns.ts";
/** Requests together with everything that comes of them: what their functions emit, and what comes of that. */
export class Chains {
  private at = new Float64Array(64);
  /** Messages that are not settled yet. */
  private pending = new Int32Array(64);
  /** The entry of the request that it began with. */
  private entry = new Int32Array(64);
  /** 1: a part of it did not succeed. */
  private broken = new Uint8Array(64);
  private readonly free: number[] = [];
  private used = 0;

  /** A chain begins with one request, which arrives at `at` at entry `entry`. */
  open(at: number, entry: number): number {
    const chain = this.free.pop() ?? this.used++;
    if (chain === this.at.length) this.grow();
    this.at[chain] = at;
    this.entry[chain] = entry;
    this.pending[chain] = 1;
    this.broken[chain] = 0;
    return chain;
  }

  /** One message more belongs to it. */
  join(chain: number): void {
    this.pending[chain]!++;
  }

  /** One of its messages is settled. Returns true when that was the last and all have succeeded. */
  leave(chain: number, succeeded: boolean): boolean {
    if (!succeeded) this.broken[chain] = 1;
    if (--this.pending[chain]! > 0) return false;
    this.free.push(chain);
    return this.broken[chain] === 0;
  }

  /** When it began, and at which entry; also right after it has ended. */
  startOf(chain: number): number {
    return this.at[chain]!;
  }

  entryOf(chain: number): number {
    return this.entry[chain]!;
  }

  private grow(): void {
    const size = 2 * this.at.length;
    this.at = longer(this.at, size);
    this.pending = longer(this.pending, size);
    this.entry = longer(this.entry, size);
    this.broken = longer(this.broken, size);
  }
}
