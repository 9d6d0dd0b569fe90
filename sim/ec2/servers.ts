import { Gauges } from "../measure/gauge.ts";
import { MINUTE } from "../units.ts";

const BOOTING = 0;
const SERVING = 1;
const DRAINING = 2;
const GONE = 3;

// What is followed over time: servers paid for, servers in service, and their busy slots.
const PAID = 0;
const IN_SERVICE = 1;
const BUSY = 2;

/** EC2 bills Linux servers by the second, a minute at least. */
const LEAST_BILLED = MINUTE;

/** The servers of a fleet, by number in the order of their start. */
export class Servers {
  /** Requests that all servers in service can still take. */
  free = 0;
  /** Being started. */
  booting = 0;
  private readonly slots: number;
  private readonly states: number[] = [];
  private readonly busy: number[] = [];
  private readonly launched: number[] = [];
  private readonly gauges = new Gauges(3);
  /** The numbers of those that may take requests, in order. */
  private serving: number[] = [];
  /** Paid server time beyond what each was there for, because a minute is the least. */
  private minimumTime = 0;

  constructor(slots: number) {
    this.slots = slots;
  }

  /** Servers that take requests. */
  get inService(): number {
    return this.serving.length;
  }

  /** Starts one; returns its number. It takes requests once `ready` is called. */
  launch(at: number): number {
    this.step(PAID, 1, at);
    this.booting++;
    this.states.push(BOOTING);
    this.busy.push(0);
    this.launched.push(at);
    return this.states.length - 1;
  }

  /** It takes requests from now on. */
  ready(server: number, at: number): void {
    this.states[server] = SERVING;
    this.booting--;
    this.serving.push(server);
    this.serving.sort((a, b) => a - b);
    this.free += this.slots;
    this.step(IN_SERVICE, 1, at);
  }

  /** Gives a request to the server with the fewest, the first of several; its number. There must be a free slot. */
  take(at: number): number {
    const { busy, serving, slots } = this;
    let best = -1;
    let least = slots;
    for (const server of serving) {
      const n = busy[server]!;
      if (n >= least) continue;
      best = server;
      least = n;
      if (n === 0) break;
    }
    busy[best]!++;
    this.free--;
    this.step(BUSY, 1, at);
    return best;
  }

  /** A request on it has ended. True when the slot is free for another. */
  release(server: number, at: number): boolean {
    this.busy[server]!--;
    this.step(BUSY, -1, at);
    if (this.states[server] === SERVING) {
      this.free++;
      return true;
    }
    if (this.busy[server] === 0) this.end(server, at);
    return false;
  }

  /** Takes one out of service, the one with the fewest requests (the newest of several); it ends when it has none. */
  drain(at: number): void {
    const { busy, serving } = this;
    const fewest = serving.reduce((best, server) => (busy[server]! <= busy[best]! ? server : best));
    this.serving = serving.filter((server) => server !== fewest);
    this.states[fewest] = DRAINING;
    this.free -= this.slots - busy[fewest]!;
    this.step(IN_SERVICE, -1, at);
    if (busy[fewest] === 0) this.end(fewest, at);
  }

  private end(server: number, at: number): void {
    this.states[server] = GONE;
    this.step(PAID, -1, at);
    this.minimumTime += Math.max(0, LEAST_BILLED - (at - this.launched[server]!));
  }

  private step(gauge: number, change: 1 | -1, at: number): void {
    this.gauges.step(gauge, change, at);
  }

  /** Since time 0: slot-time that was busy, and server-time in service (microseconds). */
  areas(at: number): { busy: number; inService: number } {
    return { busy: this.gauges.wholeArea(BUSY, at), inService: this.gauges.wholeArea(IN_SERVICE, at) };
  }

  /** What comes before `at` does not count. */
  measureFrom(at: number): void {
    this.gauges.measureFrom(at);
    this.minimumTime = 0;
  }

  /** Since measuring began: server-time that is paid for, in microseconds. */
  paidTime(at: number): number {
    return this.gauges.area(PAID, at) + this.minimumTime;
  }

  /** Since measuring began: servers paid for, in service, and busy slots, each on average and at most. */
  levels(since: number, at: number) {
    const level = (gauge: number) => ({
      mean: this.gauges.area(gauge, at) / (at - since),
      max: this.gauges.peakOf(gauge),
    });
    return { servers: level(PAID), inService: level(IN_SERVICE), busy: level(BUSY) };
  }
}
