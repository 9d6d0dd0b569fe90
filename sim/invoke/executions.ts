import { longer } from "../columns.ts";
import { SUCCEEDED } from "../requests.ts";

/** Attempts that were accepted and have not ended, as columns; a row is used again. */
export class Executions {
  /** The entry whose model made it, and what the model knows it by. */
  entry = new Int32Array(64);
  token = new Float64Array(64);
  /** The chain it belongs to, which stays open as long as it runs; −1: none. */
  chain = new Int32Array(64);
  /** How many rounds of a circle its message has made; the most, where it has several. */
  hops = new Uint8Array(64);
  /** 1: it has one message, and what the handler emits is of it; else each of its messages has its own. */
  alone = new Uint8Array(64);
  fn = new Int32Array(64);
  /** The slot of its environment. */
  slot = new Int32Array(64);
  placement = new Uint8Array(64);
  outcome = new Uint8Array(64);
  /** Microseconds: when it began, what it waited for its environment, its own handler time, init that is billed. */
  start = new Float64Array(64);
  wait = new Float64Array(64);
  duration = new Float64Array(64);
  init = new Float64Array(64);
  /** Tells it from those that had its row before; 0: the row is free. */
  serial = new Float64Array(64);
  /** How many of its function's calls to other functions it has made; −1: it makes none, and is in the books already. */
  calls = new Int32Array(64);
  private used = 0;
  private free: number[] = [];
  private count = 0;

  add(): number {
    const x = this.free.pop() ?? this.used++;
    if (x === this.entry.length) this.grow();
    this.serial[x] = ++this.count;
    this.outcome[x] = SUCCEEDED;
    this.chain[x] = -1;
    this.hops[x] = 0;
    this.alone[x] = 0;
    this.calls[x] = -1;
    return x;
  }

  remove(x: number): void {
    this.serial[x] = 0;
    this.free.push(x);
  }

  /** Those that have not ended, in the order of the rows. */
  *rows(): Generator<number> {
    for (let x = 0; x < this.used; x++) if (this.serial[x] !== 0) yield x;
  }

  private grow(): void {
    const size = 2 * this.entry.length;
    this.entry = longer(this.entry, size);
    this.token = longer(this.token, size);
    this.chain = longer(this.chain, size);
    this.hops = longer(this.hops, size);
    this.alone = longer(this.alone, size);
    this.fn = longer(this.fn, size);
    this.slot = longer(this.slot, size);
    this.placement = longer(this.placement, size);
    this.outcome = longer(this.outcome, size);
    this.start = longer(this.start, size);
    this.wait = longer(this.wait, size);
    this.duration = longer(this.duration, size);
    this.init = longer(this.init, size);
    this.serial = longer(this.serial, size);
    this.calls = longer(this.calls, size);
  }
}
