import type { Sampler } from "../distributions/contract.ts";
import { nearest } from "../math/functions.ts";
import { drawUniform, type RandomStreams, type Stream } from "../random.ts";
import type { Concurrency } from "./concurrency.ts";
import { AGED, DEPLOYED, type Environments, IDLE, IS_OUTDATED } from "./environments.ts";
import type { FunctionSettings, ReuseRule } from "./settings.ts";

const NONE = -1;

/**
 * The idle environments of every function: one linked list a function, without any calendar entry. An environment
 * that nobody asks for just stays in its list; when it is next looked at, it turns out to have ended at the time that
 * its keep-alive or its maximum lifetime gave it. So expiry costs nothing while nothing happens, and the counts are exact.
 */
export class Pool {
  /** The first idle environment of each function, or −1. */
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  /**
   * Idle no longer than this, the first in the list is alive and is the right choice, whatever its keep-alive draw:
   * the rule compiled to one number, read on every warm start. −1 where the rule must be asked.
   */
  private readonly sureIdle: Float64Array;
  private readonly reuse: readonly ReuseRule[];
  private readonly functionIdle: Float64Array;
  /** 1: its keep-alive is drawn anew each time an environment falls idle. */
  private readonly drawn: Uint8Array;
  private readonly keepAlive: (Sampler | undefined)[];
  private readonly fixedIdle: Float64Array;
  private readonly picks: (Stream | undefined)[];
  private readonly functions: readonly FunctionSettings[];
  private readonly streams: RandomStreams;
  private readonly environments: Environments;
  private readonly concurrency: Concurrency;

  constructor(
    functions: readonly FunctionSettings[],
    environments: Environments,
    concurrency: Concurrency,
    streams: RandomStreams,
  ) {
    this.environments = environments;
    this.concurrency = concurrency;
    this.head = new Int32Array(functions.length).fill(NONE);
    this.tail = new Int32Array(functions.length).fill(NONE);
    this.reuse = functions.map((f) => f.reuse);
    this.functionIdle = Float64Array.from(functions, (f) => f.keepAlive.functionIdle);
    this.fixedIdle = Float64Array.from(functions, (f) => f.keepAlive.environmentIdle.mean);
    this.sureIdle = Float64Array.from(functions, ({ reuse, keepAlive }) =>
      reuse === "mru" ? Math.min(keepAlive.environmentIdle.minimum, keepAlive.functionIdle) : -1,
    );
    this.functions = functions;
    this.streams = streams;
    this.keepAlive = new Array(functions.length).fill(undefined);
    this.drawn = Uint8Array.from(functions, (f) => (f.keepAlive.environmentIdle.constant ? 0 : 1));
    this.picks = functions.map((f) => (f.reuse === "random" ? streams.open(`${f.name}/reuse`) : undefined));
  }

  /** The environment has finished its work at `at`. */
  put(fn: number, slot: number, at: number): void {
    const { next, idleSince } = this.environments;
    idleSince[slot] = at;
    const head = this.head[fn]!;
    if (head !== NONE && this.reuse[fn] === "lru") {
      next[this.tail[fn]!] = slot;
      next[slot] = NONE;
      this.tail[fn] = slot;
      return;
    }
    next[slot] = head;
    this.head[fn] = slot;
    if (head === NONE) this.tail[fn] = slot;
  }

  /** Takes the idle environment that the reuse rule chooses among those still alive; −1 when there is none. */
  take(fn: number, at: number): number {
    const slot = this.head[fn]!;
    if (slot === NONE) return NONE;
    const { idleSince, retires, next } = this.environments;
    if (at - idleSince[slot]! <= this.sureIdle[fn]! && at < retires[slot]!) {
      this.head[fn] = next[slot]!;
      return slot;
    }
    return this.search(fn, at);
  }

  private search(fn: number, at: number): number {
    const gone = this.functionGone(fn);
    for (;;) {
      const slot = this.pick(fn);
      if (slot === NONE) return NONE;
      const death = Math.min(gone, this.expires(fn, slot));
      if (at <= death && at < this.environments.retires[slot]!) return slot;
      this.end(slot, death);
    }
  }

  /**
   * A request goes to a provisioned environment and asks nothing of the pool; but it may end an idle time in which the
   * function has lost its on-demand environments. Call it before the execution counts.
   */
  wake(fn: number, at: number): void {
    if (this.functionIdle[fn] === Number.POSITIVE_INFINITY || this.concurrency.inFlight[fn]! > 0) return;
    const gone = this.functionGone(fn);
    if (at <= gone) return;
    for (let slot = this.head[fn]!; slot !== NONE; slot = this.environments.next[slot]!) {
      this.end(slot, Math.min(gone, this.expires(fn, slot)));
    }
    this.head[fn] = NONE;
  }

  /** The time after which the function as a whole counts as idle and loses all its environments. */
  private functionGone(fn: number): number {
    const limit = this.functionIdle[fn]!;
    if (limit === Number.POSITIVE_INFINITY || this.concurrency.inFlight[fn]! > 0)
      return Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let slot = this.head[fn]!; slot !== NONE; slot = this.environments.next[slot]!) {
      last = Math.max(last, this.environments.idleSince[slot]!);
    }
    return last + limit;
  }

  /** The last instant at which its keep-alive lets it be used. */
  private expires(fn: number, slot: number): number {
    const idle = this.drawn[fn] === 1 ? nearest(this.keepAliveOf(fn).next()) : this.fixedIdle[fn]!;
    return this.environments.idleSince[slot]! + idle;
  }

  private keepAliveOf(fn: number): Sampler {
    const { name, keepAlive } = this.functions[fn]!;
    return (this.keepAlive[fn] ??= this.streams.sampler(keepAlive.environmentIdle, `${name}/keep-alive`));
  }

  /** When an idle environment is gone: at its expiry, or too old; never before it fell idle. */
  private diesAt(slot: number, expires: number): number {
    const { idleSince, retires } = this.environments;
    return Math.max(idleSince[slot]!, Math.min(expires, retires[slot]!));
  }

  /** It has ended: idle until its expiry, unless it was too old before or at that instant. */
  private end(slot: number, expires: number): void {
    const { environments } = this;
    const tooOld = environments.flags[slot]! & IS_OUTDATED ? DEPLOYED : AGED;
    const why = expires < environments.retires[slot]! ? IDLE : tooOld;
    environments.end(slot, this.diesAt(slot, expires), why);
  }

  /** Takes one out of the list, by the reuse rule, alive or not. */
  private pick(fn: number): number {
    const first = this.head[fn]!;
    if (first === NONE) return NONE;
    const { next, number } = this.environments;
    const rule = this.reuse[fn];
    let before = NONE;
    if (rule === "newest") {
      let newest = first;
      for (let at = first; next[at]! !== NONE; at = next[at]!) {
        if (number[next[at]!]! > number[newest]!) [newest, before] = [next[at]!, at];
      }
    } else if (rule === "random") {
      let length = 0;
      for (let at = first; at !== NONE; at = next[at]!) length++;
      let steps = Math.floor(drawUniform(this.picks[fn]!) * length);
      for (let at = first; steps > 0; steps--) [before, at] = [at, next[at]!];
    }
    return this.unlink(fn, before);
  }

  /** Takes out the one after `before`, or the first. */
  private unlink(fn: number, before: number): number {
    const { next } = this.environments;
    const slot = before === NONE ? this.head[fn]! : next[before]!;
    if (before === NONE) this.head[fn] = next[slot]!;
    else next[before] = next[slot]!;
    if (this.tail[fn] === slot) this.tail[fn] = before;
    return slot;
  }

  /** At the end of the run: whatever has expired by then has ended; the rest lives on. */
  settle(at: number): void {
    for (let fn = 0; fn < this.head.length; fn++) {
      const gone = this.functionGone(fn);
      for (let slot = this.head[fn]!; slot !== NONE; ) {
        const following = this.environments.next[slot]!;
        const expires = Math.min(gone, this.expires(fn, slot));
        if (this.diesAt(slot, expires) < at) this.end(slot, expires);
        slot = following;
      }
      this.head[fn] = NONE;
    }
  }

  /** How many idle environments of a function are alive at `at`: for the count at the end of warm-up. */
  countAlive(fn: number, at: number): number {
    const gone = this.functionGone(fn);
    let alive = 0;
    for (let slot = this.head[fn]!; slot !== NONE; slot = this.environments.next[slot]!) {
      const expires = Math.min(gone, this.environments.idleSince[slot]! + this.fixedIdle[fn]!);
      if (at <= expires && at < this.environments.retires[slot]!) alive++;
    }
    return alive;
  }
}
