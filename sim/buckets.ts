import { longer } from "./columns.ts";

/** How many buckets there are: a power of two. */
export const BUCKETS = 8192;
const MASK = BUCKETS - 1;
const NONE = -1;

/**
 * Numbers dealt into stretches of one width, in no order within a stretch: a ring of lists, so that putting one in costs
 * the same however many there are. All numbers in it lie within one turn of the ring, BUCKETS times the width.
 */
export class Buckets {
  /** The first row of each bucket's list; a row holds a number and which row comes after it. */
  private readonly heads = new Int32Array(BUCKETS).fill(NONE);
  private numbers = new Float64Array(64);
  private after = new Int32Array(64);
  /** How many numbers there are. */
  count = 0;
  private used = 0;
  /** The list of the rows that can be used again: the last ones first, so that few are used and they stay in the cache. */
  private free = NONE;
  private readonly perWidth: number;

  /** `width`: a power of two, which makes finding a bucket exact. */
  constructor(width: number) {
    this.perWidth = 1 / width;
  }

  put(number: number): void {
    const { heads } = this;
    this.count++;
    const row = this.room();
    const bucket = (number * this.perWidth) & MASK;
    this.numbers[row] = number;
    this.after[row] = heads[bucket]!;
    heads[bucket] = row;
  }

  private room(): number {
    const row = this.free;
    if (row === NONE) return this.freshRow();
    this.free = this.after[row]!;
    return row;
  }

  private freshRow(): number {
    const row = this.used++;
    if (row === this.after.length) {
      this.numbers = longer(this.numbers, 2 * row);
      this.after = longer(this.after, 2 * row);
    }
    return row;
  }

  /** Empties the bucket that holds `number`: gives the first row of its list, or −1. Take the rows one after another. */
  open(number: number): number {
    const { heads } = this;
    const bucket = (number * this.perWidth) & MASK;
    const row = heads[bucket]!;
    heads[bucket] = NONE;
    return row;
  }

  numberAt(row: number): number {
    return this.numbers[row]!;
  }

  /** Takes a row out; returns the one after it, or −1. */
  take(row: number): number {
    this.count--;
    const following = this.after[row]!;
    this.after[row] = this.free;
    this.free = row;
    return following;
  }
}
