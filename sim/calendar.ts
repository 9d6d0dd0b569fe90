import FastPriorityQueue from "fastpriorityqueue";
import { BUCKETS, Buckets } from "./buckets.ts";

/**
 * The future event list: single numbers, ordered by time, then phase, then place in the phase. What comes soon is in a
 * heap. What comes later waits in buckets of time and goes into the heap when the clock comes to its bucket: so the heap
 * holds a few entries instead of all executions in progress, and the order is the heap's alone.
 *
 * An entry is packed as (time − base) · 2^22 + low, where `low` holds the phase and who it is about:
 *
 *   0 … 2^20 − 1          completion of the environment in that slot
 *   2^20 … + 2^19 − 1     boundary: an interval ends, warm-up ends, the run ends
 *   2^20 + 2^19           where an arrival of that instant stands (direct ones never enter the heap)
 *   the next 2^18         an arrival of an entry that has an invocation model
 *   the next 2^19         a client of a closed source calls
 *   above                 a timer of an invocation model
 *
 * so that one comparison of doubles applies the rule "completions, then boundaries, then arrivals". Completions of one
 * instant come out by slot; the loop puts them in the order of their environments' numbers. So do timers, which are put
 * in the order in which they were set. 53 bits hold 2^31 microseconds (35 minutes) from the base: the base moves along
 * with the run, and entries further ahead wait in a list.
 */
const LOW_BITS = 2 ** 22;
/** One over it, exactly. */
const TICK = 1 / LOW_BITS;
const REACH = 2 ** 31;
const BOUNDARY = 2 ** 20;
const ARRIVAL = BOUNDARY + 2 ** 19;
const CALL = ARRIVAL + 2 ** 18;
const TIMER = CALL + 2 ** 19;

/** The most environments that can be busy at once. */
export const MOST_ENVIRONMENTS = BOUNDARY;

/** The most traffic entries with an invocation model there can be. */
export const MOST_ENTRIES = CALL - ARRIVAL - 1;

/** The most clients of closed sources there can be. */
export const MOST_CLIENTS = TIMER - CALL;

/** The most timers that can be set at once. */
export const MOST_TIMERS = LOW_BITS - TIMER;

/** How far ahead of the base a window of arrivals may reach, so that completions still fit beyond it. */
export const MOST_WINDOW = REACH / 4;

// Where the calendar's own numbers stand. In a typed array: changing fields of real numbers would be heap objects.
const FIRST = 0;
const LIMIT = 1;
const OPENED = 2;
const WIDTH = 3;
const TURN = 4;

/** About how many entries a bucket should get; from 0.5 to 4 hardly makes a difference. */
const PER_BUCKET = 2;
/** At first, as long as nothing is known: one bucket for all, so that everything goes into the queue. */
const WIDEST = REACH * LOW_BITS;

export class Calendar {
  /**
   * Keys: the earliest entry, which is kept beside the queue; what is played up to; where the buckets begin that are not
   * open yet; a bucket's width, and how much all of them span.
   */
  private readonly keys = Float64Array.of(Number.MAX_VALUE, 0, 0, WIDEST, BUCKETS * WIDEST);
  private buckets = new Buckets(WIDEST);
  /** How many entries have come since `settle` was last called, and when that was. */
  private entered = 0;
  private settledAt = 0;
  /**
   * The other entries that come soon, as plain numbers in fastpriorityqueue's default order. Every queue in a process shares the
   * library's inline caches: one kind of key everywhere keeps them monomorphic, and the loop fast.
   */
  private readonly queue = new FastPriorityQueue<number>();
  /**
   * The first entry is in the queue as well, at its top: it was not worth taking it out, as the next entry that comes
   * can take its place there, which is one way down the heap instead of one down and one up.
   */
  private doubled = true;
  private base = 0;
  private far: { at: number; low: number }[] = [];

  constructor() {
    // A guard that is never reached: the queue is never empty and always holds doubles. So is the first entry.
    this.queue.add(Number.MAX_VALUE);
  }

  /** An environment's work ends. */
  addCompletion(at: number, slot: number): void {
    this.add(at, slot);
  }

  /** An interval, the warm-up or the run ends at this instant, before its arrivals. */
  addBoundary(at: number, id: number): void {
    this.add(at, BOUNDARY + id);
  }

  /** The next arrival of entry `entry`, which has an invocation model. */
  addArrival(at: number, entry: number): void {
    this.add(at, ARRIVAL + 1 + entry);
  }

  /** Client `client` of a closed source calls at this instant, after the arrivals of open sources. */
  addCall(at: number, client: number): void {
    this.add(at, CALL + client);
  }

  /** A timer of an invocation model is due at this instant, after everything else. */
  addTimer(at: number, timer: number): void {
    this.add(at, TIMER + timer);
  }

  private add(at: number, low: number): void {
    const ahead = at - this.base;
    if (ahead < REACH) this.enter(ahead * LOW_BITS + low);
    else this.wait(at, low);
  }

  private enter(key: number): void {
    const { keys } = this;
    this.entered++;
    const later = key - keys[OPENED]!;
    if (later >= 0 && later < keys[TURN]!) this.buckets.put(key);
    else this.insert(key);
  }

  private insert(key: number): void {
    const { keys, queue } = this;
    const first = keys[FIRST]!;
    if (!this.doubled) {
      keys[FIRST] = key < first ? key : first;
      queue.add(key < first ? first : key);
      return;
    }
    this.doubled = false;
    if (key < first) keys[FIRST] = key;
    else queue.replaceTop(key);
  }

  private wait(at: number, low: number): void {
    this.far.push({ at, low });
  }

  /** From now on, entries before the arrivals of this instant are due. */
  playTo(at: number): void {
    const limit = (at - this.base) * LOW_BITS + ARRIVAL;
    this.keys[LIMIT] = limit;
    if (limit >= this.keys[OPENED]!) this.open(limit);
  }

  /** Every bucket that begins at this key or before it goes into the queue. */
  private open(limit: number): void {
    const { keys, buckets } = this;
    const width = keys[WIDTH]!;
    let opened = keys[OPENED]!;
    for (; opened <= limit && buckets.count > 0; opened += width) {
      for (let row = buckets.open(opened); row >= 0; row = buckets.take(row)) {
        this.insert(buckets.numberAt(row));
      }
    }
    // With nothing left in the buckets, those in between need no look.
    keys[OPENED] = opened > limit ? opened : (Math.floor(limit / width) + 1) * width;
  }

  /** There is an entry that is due. */
  due(): boolean {
    return this.keys[FIRST]! < this.keys[LIMIT]!;
  }

  /** Takes the earliest entry out and returns its key. */
  take(): number {
    const { keys, queue } = this;
    const key = keys[FIRST]!;
    if (this.doubled) queue.poll();
    this.doubled = true;
    keys[FIRST] = queue.peek() as number;
    return key;
  }

  /** The time of an entry. */
  timeOf(key: number): number {
    return this.base + Math.floor(key * TICK);
  }

  /** Who the entry is about: a slot (isCompletion), a boundary (isBoundary), an entry (isArrival), a client (isCall) or a timer. */
  lowOf(key: number): number {
    return key - Math.floor(key * TICK) * LOW_BITS;
  }

  static isCompletion(low: number): boolean {
    return low < BOUNDARY;
  }

  static isBoundary(low: number): boolean {
    return low < ARRIVAL;
  }

  static isArrival(low: number): boolean {
    return low < CALL;
  }

  static isCall(low: number): boolean {
    return low < TIMER;
  }

  static entryOf(low: number): number {
    return low - ARRIVAL - 1;
  }

  static clientOf(low: number): number {
    return low - CALL;
  }

  static timerOf(low: number): number {
    return low - TIMER;
  }

  static boundaryOf(low: number): number {
    return low - BOUNDARY;
  }

  /** The next entry is a completion at the same instant as this key. */
  tied(key: number): boolean {
    return this.keys[FIRST]! < Math.floor(key * TICK) * LOW_BITS + BOUNDARY;
  }

  /** The next entry is a timer at the same instant as this key, which is a timer's: nothing comes after timers. */
  tiedTimer(key: number): boolean {
    return this.keys[FIRST]! < (Math.floor(key * TICK) + 1) * LOW_BITS;
  }

  /** The run has been played up to `now`: sees to it that the base is near, and the buckets' width right. */
  settle(now: number): void {
    const width = this.widthAt(now);
    if (now - this.base < REACH / 2 && width === this.keys[WIDTH]) return;
    const { keys, far } = this;
    this.open(keys[OPENED]! + keys[TURN]!);
    const entries = far;
    this.far = [];
    while (keys[FIRST]! < Number.MAX_VALUE) {
      const key = this.take();
      entries.push({ at: this.timeOf(key), low: this.lowOf(key) });
    }
    this.base = now;
    keys[OPENED] = 0;
    // All of them are open, and so empty; with thousands of days between few entries making new ones would be most of the work.
    if (width !== keys[WIDTH]) this.buckets = new Buckets(width);
    keys[WIDTH] = width;
    keys[TURN] = BUCKETS * width;
    for (const { at, low } of entries) this.add(at, low);
    this.entered = 0;
  }

  /** The width that suits the number of entries since it was last asked; the present one, if that is nearly right. */
  private widthAt(now: number): number {
    const right = (PER_BUCKET * LOW_BITS * (now - this.settledAt)) / Math.max(1, this.entered);
    this.settledAt = now;
    this.entered = 0;
    let width = this.keys[WIDTH]!;
    if (right >= width / 2 && right < 4 * width) return width;
    width = LOW_BITS;
    while (2 * width <= right) width *= 2;
    return width;
  }
}
