import FastPriorityQueue from "fastpriorityqueue";
import { THROTTLED as REFUSED } from "../lambda/placement.ts";
import { drawUniform, type Stream } from "../random.ts";
import { SUCCEEDED, TIMED_OUT } from "../requests.ts";
import { MINUTE, SECOND } from "../units.ts";
import type { InvokeModel, Port } from "./contract.ts";
import { Line } from "./messages.ts";

/** Waits after the first and the second function error (Lambda developer guide, asynchronous error handling). */
const RETRY_WAITS = [MINUTE, 2 * MINUTE] as const;
/** After a refusal the queue waits 1 s, then twice as long each time, up to 5 minutes (the same page). */
const FIRST_BACKOFF = SECOND;
const LONGEST_BACKOFF = 5 * MINUTE;

/** What an entry says about its events. */
export interface EventSettings {
  /** Retries after function errors. */
  readonly retries: number;
  /** An event this old is given up (microseconds). */
  readonly age: number;
  /** Events that are given up are kept somewhere. */
  readonly kept: boolean;
  /** The share of events that are delivered once more. */
  readonly duplicates: number;
  /** The function has a reserved concurrency of 0: its events are given up at once. */
  readonly stopped: boolean;
}

// What a timer is about: below zero these, else the event that comes back.
const PROBE = -1;
const OLDEST = -2;
/** The token of a delivery too many. */
const COPY = -1;
/** In an event's tag, beside the number of its errors: it will be delivered once more. */
const TWICE = 4;
const NONE = -1;

/**
 * Lambda's queue of events for one function: whatever sends them, they wait in one line, the oldest first. Once the
 * function refuses one, the others wait behind it: each execution of an event that ends makes room for the next, and beside
 * that the queue tries again after 1 s, 2 s, 4 s … up to 5 minutes, and after 1 s again when one went through. (AWS
 * describes the backoff; that the room of its own executions is used at once is assumed.)
 */
export class EventQueue {
  private readonly sources: Events[] = [];
  /** The function has refused the first in line. */
  private refused = false;
  private backoff = FIRST_BACKOFF;
  private probeAt = Number.NaN;

  /** Events of one more entry come into it. */
  join(port: Port, settings: EventSettings): Events {
    const events = new Events(port, settings, this);
    this.sources.push(events);
    return events;
  }

  /** Nobody waits: an event may be tried without standing in line. */
  get open(): boolean {
    return !this.refused;
  }

  /** The function has refused an event, which stands in line now. */
  refuse(port: Port): void {
    if (this.refused) return;
    this.refused = true;
    this.backoff = FIRST_BACKOFF;
    this.arm(port);
  }

  /** Hands over up to `most` of those in line, until the function refuses one; returns how many. */
  serve(port: Port, most: number): number {
    let served = 0;
    let first = this.first();
    while (first !== undefined && served < most && first.handOver()) {
      served++;
      first = this.first();
    }
    if (first === undefined) this.refused = false;
    else if (served > 0) {
      this.backoff = FIRST_BACKOFF;
      if (this.probeAt > port.now + FIRST_BACKOFF) this.arm(port);
    }
    return served;
  }

  /** An execution has ended. */
  room(port: Port): void {
    if (this.refused) this.serve(port, 1);
  }

  /** The backoff is over. */
  probe(port: Port): void {
    // Others of its timers were for a line that is gone, or that was to be tried sooner.
    if (!this.refused || port.now !== this.probeAt) return;
    const served = this.serve(port, Number.POSITIVE_INFINITY);
    if (!this.refused) return;
    if (served === 0) this.backoff = Math.min(2 * this.backoff, LONGEST_BACKOFF);
    this.arm(port);
  }

  private arm(port: Port): void {
    this.probeAt = port.now + this.backoff;
    port.wake(this.probeAt, PROBE);
  }

  /** Whose event has waited longest; of one instant, in the order of the entries. */
  private first(): Events | undefined {
    let first: Events | undefined;
    let at = Number.POSITIVE_INFINITY;
    for (const source of this.sources) {
      source.expire();
      const oldest = source.oldest();
      if (!(oldest < at)) continue;
      first = source;
      at = oldest;
    }
    return first;
  }

  /** Some have grown too old: perhaps nobody waits any more. */
  expired(): void {
    if (this.refused && this.first() === undefined) this.refused = false;
  }
}

/** The events of one entry. After a function error an event comes back 1, then 2 minutes later, and keeps its place by age. */
export class Events implements InvokeModel {
  private readonly port: Port;
  private readonly settings: EventSettings;
  private readonly queue: EventQueue;
  private readonly lot: Stream | undefined;
  /** Those in line for the first time: in order of arrival. */
  private readonly line: Line;
  /** Those that have come back, by their number: all of them are older, since the oldest go first. */
  private readonly again = new FastPriorityQueue<number>();
  private readonly rows = new Map<number, number>();
  /** When the first in line will be too old, as far as a timer is set; Infinity: none is. */
  private watchAt = Number.POSITIVE_INFINITY;

  constructor(port: Port, settings: EventSettings, queue: EventQueue) {
    this.port = port;
    this.settings = settings;
    this.queue = queue;
    this.line = new Line(port.messages);
    // As in the calendar: a guard that is never reached keeps the library's queues all of one kind.
    this.again.add(Number.MAX_VALUE);
    this.lot = settings.duplicates > 0 ? port.stream("duplicates") : undefined;
  }

  arrive(m: number): void {
    const { port, settings, lot } = this;
    if (settings.stopped) {
      port.drop(m, "refused", settings.kept);
      return;
    }
    if (lot && drawUniform(lot) < settings.duplicates) port.messages.tag[m] = TWICE;
    this.come(m, false);
  }

  due(what: number): void {
    if (what >= 0) this.come(what, true);
    else if (what === PROBE) this.queue.probe(this.port);
    else if (this.port.now === this.watchAt) {
      this.watchAt = Number.POSITIVE_INFINITY;
      this.expire();
      this.watch();
      this.queue.expired();
    }
  }

  /** The event is handed over, or stands in line. */
  private come(m: number, back: boolean): void {
    const { port, queue } = this;
    const open = queue.open;
    if (open && this.attempt(m)) return;
    port.waits(m);
    if (back) {
      const number = port.messages.number[m]!;
      this.again.add(number);
      this.rows.set(number, m);
    } else this.line.push(m);
    if (open) queue.refuse(port);
    this.watch();
  }

  private attempt(m: number): boolean {
    const { port } = this;
    port.messages.attempts[m]!++;
    if (port.attempt(m, m) < REFUSED) return true;
    port.measures.retried("throttle");
    return false;
  }

  /** The first in line, or −1. */
  private get head(): number {
    const { again } = this;
    return again.size === 1 ? this.line.head : this.rows.get(again.peek()!)!;
  }

  private takeHead(): void {
    const { again } = this;
    if (again.size === 1) this.line.shift();
    else this.rows.delete(again.poll()!);
  }

  /** Tries the first in line; false when the function refuses it. */
  handOver(): boolean {
    const m = this.head;
    if (!this.attempt(m)) return false;
    this.takeHead();
    return true;
  }

  /** Sees to it that the first in line is given up when it gets too old. */
  private watch(): void {
    const { port, settings } = this;
    const m = this.head;
    if (m === NONE) return;
    // One that has come back is older than those that a timer is set for.
    const at = port.messages.at[m]! + settings.age;
    if (at >= this.watchAt) return;
    this.watchAt = at;
    port.wake(at, OLDEST);
  }

  /** Gives up those in line that are too old. */
  expire(): void {
    const { port, settings } = this;
    for (let m = this.head; m !== NONE && port.now - port.messages.at[m]! >= settings.age; m = this.head) {
      this.takeHead();
      port.drop(m, "age", settings.kept);
    }
  }

  ended(token: number, outcome: number): void {
    if (token !== COPY) this.settle(token, outcome);
    this.queue.room(this.port);
  }

  private settle(m: number, outcome: number): void {
    const { port, settings } = this;
    const { messages } = port;
    if (outcome === SUCCEEDED) {
      if (messages.tag[m]! >= TWICE) port.repeat(m, COPY);
      port.settle(m, SUCCEEDED);
      return;
    }
    const cause = outcome === TIMED_OUT ? "timeout" : "error";
    const errors = ++messages.tag[m]! % TWICE;
    const again = port.now + (RETRY_WAITS[errors - 1] ?? 0);
    if (errors > settings.retries) port.drop(m, cause, settings.kept);
    else if (again - messages.at[m]! >= settings.age) port.drop(m, "age", settings.kept);
    else {
      port.measures.retried(cause);
      port.wake(again, m);
    }
  }

  oldest(): number {
    const m = this.head;
    return m === NONE ? Number.NaN : this.port.messages.at[m]!;
  }
}
