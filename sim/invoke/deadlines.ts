import type { Port } from "./contract.ts";

/**
 * Attempts that are given up after one and the same time, in the order in which they were begun. Most are answered long
 * before: those are passed over, so that one timer does for all.
 */
export class Deadlines {
  private readonly port: Port;
  /** Microseconds; Infinity: never. */
  private readonly after: number;
  /** What the timer is called. */
  private readonly what: number;
  private attempts: number[] = [];
  private times: number[] = [];
  private first = 0;
  private armed = false;

  constructor(port: Port, after: number, what: number) {
    this.port = port;
    this.after = after;
    this.what = what;
  }

  /** An attempt begins now. */
  add(attempt: number): void {
    const { port, after } = this;
    if (after === Number.POSITIVE_INFINITY) return;
    this.attempts.push(attempt);
    this.times.push(port.now + after);
    this.arm();
  }

  /** The timer rings: it is to be set again. */
  rung(): void {
    this.armed = false;
  }

  /** Sets the timer for the first one, if there is any. */
  arm(): void {
    if (this.armed || this.head < 0) return;
    this.armed = true;
    this.port.wake(this.at, this.what);
  }

  /** The attempt whose time is up first, or −1. */
  get head(): number {
    return this.attempts[this.first] ?? -1;
  }

  /** When its time is up. */
  get at(): number {
    return this.times[this.first]!;
  }

  shift(): void {
    this.first++;
    // What has been passed over goes once it is half of all.
    if (this.first < 1024 || 2 * this.first < this.attempts.length) return;
    this.attempts = this.attempts.slice(this.first);
    this.times = this.times.slice(this.first);
    this.first = 0;
  }
}
