import { longer } from "../columns.ts";

/** Nobody waits for the answer. */
export const NOBODY = -1;
/** In no queue's list, or the last of it. */
const NONE = -1;

/**
 * Requests that a model keeps while they wait, run or will be tried again (events, messages, records), as columns: the
 * memory of a backlog is that of its messages. A message is its row; a row is used again when its message is settled.
 */
export class Messages {
  /** When it arrived, in microseconds. */
  at = new Float64Array(64);
  /** Its place among the entry's arrivals, from 0. */
  number = new Float64Array(64);
  /** What is drawn for its first attempt: handler time in microseconds, and how that ends (see requests.ts). */
  duration = new Float64Array(64);
  outcome = new Uint8Array(64);
  /** When its last accepted attempt began; NaN before the first. */
  started = new Float64Array(64);
  /** 1: that attempt was a cold start. */
  cold = new Uint8Array(64);
  /** Attempts so far, or receives. */
  attempts = new Int32Array(64);
  /** Who waits for the answer: a client, an execution (see invoker.ts), or NOBODY. */
  origin = new Float64Array(64);
  /** The chain it belongs to, or −1. */
  chain = new Int32Array(64);
  /** How many rounds it has made in a circle of functions. */
  hops = new Uint8Array(64);
  /** 1: it waits to be handed to the function. */
  waiting = new Uint8Array(64);
  /** 1: its last attempt had no other message with it. */
  alone = new Uint8Array(64);
  /** For the model's own use: a partition key, a message group, a state. */
  tag = new Int32Array(64);
  /** The next one in the list it stands in. */
  next = new Int32Array(64);
  /** For the model's own use: a time in microseconds. */
  until = new Float64Array(64);
  /** The one before it in the list it stands in. */
  previous = new Int32Array(64);
  /** Its neighbours in a second list, such as that of all messages by age. */
  readonly second: Links = { next: new Int32Array(64), previous: new Int32Array(64) };
  /** How many there are. */
  live = 0;
  private used = 0;
  private free: number[] = [];

  /** A new message that arrives at `at`; returns its row. */
  add(at: number, number: number): number {
    const m = this.free.pop() ?? this.used++;
    if (m === this.at.length) this.grow();
    this.at[m] = at;
    this.number[m] = number;
    this.started[m] = Number.NaN;
    this.cold[m] = 0;
    this.attempts[m] = 0;
    this.origin[m] = NOBODY;
    this.chain[m] = NONE;
    this.hops[m] = 0;
    this.waiting[m] = 0;
    this.alone[m] = 0;
    this.tag[m] = 0;
    this.next[m] = NONE;
    this.until[m] = Number.NaN;
    this.previous[m] = NONE;
    this.second.next[m] = NONE;
    this.second.previous[m] = NONE;
    this.live++;
    return m;
  }

  /** It is settled: its row may be used again. */
  remove(m: number): void {
    this.at[m] = Number.NaN;
    this.free.push(m);
    this.live--;
  }

  /** Every message there is, in the order of the rows. */
  *rows(): Generator<number> {
    for (let m = 0; m < this.used; m++) if (!Number.isNaN(this.at[m]!)) yield m;
  }

  private grow(): void {
    const size = 2 * this.at.length;
    this.at = longer(this.at, size);
    this.number = longer(this.number, size);
    this.duration = longer(this.duration, size);
    this.outcome = longer(this.outcome, size);
    this.started = longer(this.started, size);
    this.cold = longer(this.cold, size);
    this.attempts = longer(this.attempts, size);
    this.origin = longer(this.origin, size);
    this.chain = longer(this.chain, size);
    this.hops = longer(this.hops, size);
    this.waiting = longer(this.waiting, size);
    this.alone = longer(this.alone, size);
    this.tag = longer(this.tag, size);
    this.next = longer(this.next, size);
    this.until = longer(this.until, size);
    this.previous = longer(this.previous, size);
    this.second.next = longer(this.second.next, size);
    this.second.previous = longer(this.second.previous, size);
  }
}

/** Who stands before and after each message in a list: columns by row. */
export interface Links {
  next: Int32Array<ArrayBuffer>;
  previous: Int32Array<ArrayBuffer>;
}

/** Messages in a row: first in, first out. By the same links a message stands in one line at a time. */
export class Line {
  length = 0;
  private first = NONE;
  private last = NONE;
  private readonly links: Links;

  /** `links`: the messages themselves, or their second list. */
  constructor(links: Links) {
    this.links = links;
  }

  /** The one that has waited longest, or −1. */
  get head(): number {
    return this.first;
  }

  /** Puts one at the end. */
  push(m: number): void {
    const { next, previous } = this.links;
    next[m] = NONE;
    previous[m] = this.last;
    if (this.first === NONE) this.first = m;
    else next[this.last] = m;
    this.last = m;
    this.length++;
  }

  /** Puts one back at the front. */
  unshift(m: number): void {
    this.insert(m, NONE);
  }

  /** Puts one behind `before`, which stands in the line, or at the front where that is −1. */
  insert(m: number, before: number): void {
    const { next, previous } = this.links;
    const after = before === NONE ? this.first : next[before]!;
    next[m] = after;
    previous[m] = before;
    if (before === NONE) this.first = m;
    else next[before] = m;
    if (after === NONE) this.last = m;
    else previous[after] = m;
    this.length++;
  }

  /** Takes the first one out; −1 when there is none. */
  shift(): number {
    const m = this.first;
    if (m !== NONE) this.remove(m);
    return m;
  }

  /** The one behind `m`, or −1. */
  after(m: number): number {
    return this.links.next[m]!;
  }

  /** Takes one out from anywhere; of a message that stands in no line by these links, nothing. */
  remove(m: number): void {
    const { next, previous } = this.links;
    const before = previous[m]!;
    const after = next[m]!;
    if (before === NONE && this.first !== m) return;
    if (before === NONE) this.first = after;
    else next[before] = after;
    if (after === NONE) this.last = before;
    else previous[after] = before;
    next[m] = NONE;
    previous[m] = NONE;
    this.length--;
  }
}
