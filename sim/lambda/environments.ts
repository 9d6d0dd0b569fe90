import { MOST_ENVIRONMENTS } from "../calendar.ts";
import { longer } from "../columns.ts";
import { TooLargeError } from "../scenario/problem.ts";
import { printClock, printCount } from "../units.ts";

/** One of its function's provisioned environments. */
export const IS_PROVISIONED = 1;
/** Its runtime was killed: the next invocation runs init again. */
export const NEEDS_INIT = 2;
/** Its handler has done its own work and waits for a function that it calls: it stays busy. */
export const IS_HELD = 4;
/** Provisioned in the run, and its handler has not run yet. */
export const IS_NEW = 8;

/** Its function has been deployed since it was made: it is not used again. */
export const IS_OUTDATED = 16;

/** Why an environment's life is over. */
export const IDLE = 0;
/** It has come to its maximum lifetime. */
export const AGED = 1;
export const DEPLOYED = 2;
/** A provisioned one is not wanted any more. */
export const GIVEN_UP = 3;
/** It is not: the run ends before it does. */
export const LIVES_ON = 4;
/** The same in words, by number. */
export const ENDS = ["idle", "aged", "deploy", "givenUp", "endOfRun"] as const;

/** Told when an environment's life is over, or cut off by the end of the run. */
export interface LifeObserver {
  /** The environment in `slot`, whose columns still tell of it, lived until `at` (microseconds); `why`: one of ENDS. */
  environmentLived(environments: Environments, slot: number, at: number, why: number): void;
}

/**
 * Every execution environment that exists, as columns. A slot is a place in the columns and is used again after
 * its environment has ended; a number is an environment's own and rises with each one created.
 */
export class Environments {
  fn = new Int32Array(64);
  number = new Float64Array(64);
  birth = new Float64Array(64);
  /** When it is too old to be used again: birth plus maximum lifetime. */
  retires = new Float64Array(64);
  idleSince = new Float64Array(64);
  /** The next one in its function's list of idle environments; −1 at the end. */
  next = new Int32Array(64);
  /** Of IS_PROVISIONED, NEEDS_INIT, IS_HELD, IS_NEW and IS_OUTDATED, those that hold. */
  flags = new Uint8Array(64);

  created = 0;
  private used = 0;
  private free: number[] = [];
  private readonly observer: LifeObserver;

  constructor(observer: LifeObserver) {
    this.observer = observer;
  }

  /** A new environment of function `fn`, born at `at`; returns its slot. Throws TooLargeError beyond MOST_ENVIRONMENTS. */
  create(fn: number, at: number, maximumLifetime: number, provisioned: boolean): number {
    const slot = this.free.pop() ?? this.used++;
    if (slot === this.fn.length) this.grow(at);
    this.fn[slot] = fn;
    this.number[slot] = this.created++;
    this.birth[slot] = at;
    this.retires[slot] = at + maximumLifetime;
    this.flags[slot] = provisioned ? IS_PROVISIONED : 0;
    return slot;
  }

  /** The environment ended at `at`; its slot is free again. */
  end(slot: number, at: number, why: number): void {
    this.observer.environmentLived(this, slot, at, why);
    this.fn[slot] = -1;
    this.free.push(slot);
  }

  /** Those that are left at the end of the run live on beyond it. */
  closeAll(at: number): void {
    for (let slot = 0; slot < this.used; slot++) {
      if (this.fn[slot]! >= 0) this.observer.environmentLived(this, slot, at, LIVES_ON);
    }
  }

  /**
   * The function's code or configuration changes at `at`: no on-demand environment made before is used again.
   * Idle ones are gone, busy ones when they have finished. Provisioned ones are made anew by AWS beforehand.
   */
  retire(fn: number, at: number): void {
    for (let slot = 0; slot < this.used; slot++) {
      if (this.fn[slot] !== fn || this.flags[slot]! & IS_PROVISIONED) continue;
      if (at >= this.retires[slot]!) continue;
      this.retires[slot] = at;
      this.flags[slot]! |= IS_OUTDATED;
    }
  }

  private grow(at: number): void {
    if (this.fn.length >= MOST_ENVIRONMENTS) {
      throw new TooLargeError({
        path: ["account", "concurrency"],
        message: `at ${printClock(at)} of the run there were ${printCount(MOST_ENVIRONMENTS)} environments at once, busy and idle, the most that a run can hold; lower account.concurrency or the traffic, or shorten duration or keepAlive`,
      });
    }
    const size = 2 * this.fn.length;
    this.fn = longer(this.fn, size);
    this.number = longer(this.number, size);
    this.birth = longer(this.birth, size);
    this.retires = longer(this.retires, size);
    this.idleSince = longer(this.idleSince, size);
    this.next = longer(this.next, size);
    this.flags = longer(this.flags, size);
  }
}
