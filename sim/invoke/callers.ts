import type { Distribution, Sampler } from "../distributions/contract.ts";
import { THROTTLED as REFUSED } from "../lambda/placement.ts";
import { nearest } from "../math/functions.ts";
import type { Status } from "../measure/entry.ts";
import type { Stream } from "../random.ts";
import { FAILED, SUCCEEDED, THROTTLED } from "../requests.ts";
import { TooLargeError } from "../scenario/problem.ts";
import { printCount } from "../units.ts";
import type { InvokeModel, Port } from "./contract.ts";
import { Deadlines } from "./deadlines.ts";
import { backoffOf, RetryQuota, type RetryReason, type RetrySettings } from "./retry.ts";

/** What stands between the callers and Lambda, if anything does: it answers with HTTP statuses. */
export interface Front {
  /** Lets an attempt through now; otherwise Lambda never hears of it, and the caller is told 429. */
  admits(now: number): boolean;
  /** It answers for the function when that takes longer (microseconds); Infinity: it waits as long as the function runs. */
  readonly timeout: number;
  /** What it says when Lambda refuses the call, when the function fails, and when that takes longer than `timeout`. */
  readonly throttled: Status;
  readonly failed: Status;
  readonly timedOut: Status;
}

/** How the callers of an entry call, wait and try again. */
export interface CallerSettings {
  readonly retry: RetrySettings | undefined;
  /** After which the caller gives an attempt up, from when it is sent; Infinity: never. Microseconds. */
  readonly timeout: number;
  /** Network time, there and back. */
  readonly latency: Distribution | undefined;
  readonly front?: ((port: Port) => Front) | undefined;
}

// A timer's number: the attempt's, times four, and what is due …
const KINDS = 4;
const REACHES = 0;
const RETURNS = 1;
const AGAIN = 2;
// … or, below zero, the first deadline of the callers or of the front; on its second ring all else of that instant is over.
const CALLER_LATE = -1;
const CALLER_GIVES_UP = -2;
const FRONT_LATE = -3;
const FRONT_GIVES_UP = -4;

const NO_ATTEMPT = -1;
/** Answers, beside the outcomes of requests.ts. */
const UNDER_WAY = -1;
const FRONT_TIMEOUT = -2;
const FRONT_REFUSAL = -3;

/** An attempt's number is that of its message, and which one of that row's it is. */
const ROWS = 2 ** 21;

/**
 * Callers that wait for the answer and may try again. An attempt that is given up runs on, and is billed; its answer
 * reaches nobody. (One that is given up on its way there, before anything has heard of it, never arrives.) An answer that
 * comes just when time is up is in time. Half of the network's time passes on the way there, half on the way back.
 */
export class Callers implements InvokeModel {
  private readonly port: Port;
  private readonly settings: CallerSettings;
  private readonly front: Front | undefined;
  private readonly jitter: Stream | undefined;
  private readonly network: Sampler | undefined;
  private readonly quota: RetryQuota | undefined;
  /** What is tried again: behind a front a function error is a status like any other. */
  private readonly on: ReadonlySet<RetryReason>;
  private readonly sent: Deadlines;
  private readonly passed: Deadlines;
  // By message: how many attempts its row has seen, the one it waits for, how long its answer takes to come back, what the
  // answer is, and why it was last tried again.
  private readonly serials: number[] = [];
  private readonly current: number[] = [];
  private readonly wayBack: number[] = [];
  private readonly answer: number[] = [];
  private readonly reason: (RetryReason | undefined)[] = [];

  constructor(port: Port, settings: CallerSettings) {
    const { retry, latency, front } = settings;
    this.port = port;
    this.settings = settings;
    this.front = front?.(port);
    this.jitter = retry?.jitter === "full" ? port.stream("backoff") : undefined;
    this.network = latency && port.sampler(latency, "network");
    this.quota = retry && new RetryQuota(retry);
    this.sent = new Deadlines(port, settings.timeout, CALLER_LATE);
    this.passed = new Deadlines(port, this.front?.timeout ?? Number.POSITIVE_INFINITY, FRONT_LATE);
    this.on = (front ? retry?.onStatus : retry?.on) ?? new Set();
  }

  arrive(m: number): void {
    if (m >= ROWS)
      throw new TooLargeError({
        path: ["traffic"],
        message: `more than ${printCount(ROWS)} callers waited at once, the most that a run can hold; lower the traffic or the durations`,
      });
    this.serials[m] ??= 0;
    this.reason[m] = undefined;
    this.send(m, this.newAttempt(m));
  }

  private newAttempt(m: number): number {
    return (this.current[m] = this.serials[m]!++ * ROWS + m);
  }

  private send(m: number, attempt: number): void {
    const { port, network } = this;
    port.messages.attempts[m]!++;
    const there = network ? nearest(network.next() / 2) : 0;
    this.wayBack[m] = there;
    this.sent.add(attempt);
    if (there > 0) port.wake(port.now + there, attempt * KINDS + REACHES);
    else this.reach(m, attempt);
  }

  due(what: number): void {
    if (what < 0) {
      this.late(what);
      return;
    }
    const attempt = Math.floor(what / KINDS);
    const m = attempt % ROWS;
    if (this.current[m] !== attempt) return;
    const kind = what - attempt * KINDS;
    if (kind === REACHES) this.reach(m, attempt);
    else if (kind === RETURNS) this.answered(m);
    else this.again(m, attempt);
  }

  /** The attempt reaches Lambda, or the front. */
  private reach(m: number, attempt: number): void {
    const { port, front } = this;
    this.answer[m] = UNDER_WAY;
    if (front) {
      if (!front.admits(port.now)) {
        this.comesBack(m, FRONT_REFUSAL);
        return;
      }
      port.measures.use.forwarded++;
    }
    if (port.attempt(m, attempt) >= REFUSED) this.comesBack(m, THROTTLED);
    else this.passed.add(attempt);
  }

  ended(attempt: number, outcome: number): void {
    const m = attempt % ROWS;
    if (this.underWay(m, attempt)) this.comesBack(m, outcome);
  }

  private underWay(m: number, attempt: number): boolean {
    return this.current[m] === attempt && this.answer[m] === UNDER_WAY;
  }

  /** There is an answer, on its way to the caller. */
  private comesBack(m: number, answer: number): void {
    this.answer[m] = answer;
    const way = this.wayBack[m]!;
    if (way > 0) this.port.wake(this.port.now + way, this.current[m]! * KINDS + RETURNS);
    else this.answered(m);
  }

  /** Deadlines have come: of callers, or of the front. */
  private late(what: number): void {
    const { port } = this;
    if (what === CALLER_LATE) port.wake(port.now, CALLER_GIVES_UP);
    else if (what === FRONT_LATE) port.wake(port.now, FRONT_GIVES_UP);
    else if (what === CALLER_GIVES_UP) this.giveUp(this.sent, false);
    else this.giveUp(this.passed, true);
  }

  private giveUp(deadlines: Deadlines, byFront: boolean): void {
    deadlines.rung();
    for (let attempt = deadlines.head; attempt >= 0; attempt = deadlines.head) {
      const m = attempt % ROWS;
      const open = byFront ? this.underWay(m, attempt) : this.current[m] === attempt;
      if (open && deadlines.at > this.port.now) break;
      deadlines.shift();
      if (open && byFront) this.comesBack(m, FRONT_TIMEOUT);
      else if (open) this.next(m, "timeout", FAILED);
    }
    deadlines.arm();
  }

  private answered(m: number): void {
    const { front, port } = this;
    const answer = this.answer[m]!;
    if (front) port.measures.status(statusOf(front, answer));
    if (answer === SUCCEEDED) {
      this.quota?.give(this.client(m), this.reason[m]);
      this.done(m, SUCCEEDED);
    } else if (answer === FRONT_REFUSAL) this.next(m, "throttle", THROTTLED);
    else if (answer === FRONT_TIMEOUT) this.next(m, "timeout", FAILED);
    else if (answer === THROTTLED)
      this.next(m, front && front.throttled !== 429 ? "error" : "throttle", THROTTLED);
    else this.next(m, "error", answer);
  }

  /** The attempt has come to nothing: the caller tries again, or leaves it at that. */
  private next(m: number, reason: RetryReason, outcome: number): void {
    const { port, quota, jitter } = this;
    const { retry } = this.settings;
    const tries = port.messages.attempts[m]!;
    if (!retry || !this.on.has(reason) || tries >= retry.attempts || !quota!.take(this.client(m), reason)) {
      this.done(m, outcome);
      return;
    }
    this.reason[m] = reason;
    const wait = backoffOf(retry, reason, tries - 1, jitter);
    port.wake(port.now + wait, this.newAttempt(m) * KINDS + AGAIN);
  }

  /** It has waited and tries again, unless it is a function that has run into its own timeout meanwhile. */
  private again(m: number, attempt: number): void {
    const { port } = this;
    if (port.orphaned(m)) {
      const answer = this.answer[m]!;
      this.done(m, answer === THROTTLED || answer === FRONT_REFUSAL ? THROTTLED : FAILED);
      return;
    }
    port.measures.retried(this.reason[m]!);
    this.send(m, attempt);
  }

  private done(m: number, outcome: number): void {
    this.current[m] = NO_ATTEMPT;
    this.port.settle(m, outcome);
  }

  private client(m: number): number {
    return this.port.messages.number[m]! % this.settings.retry!.clients;
  }
}

function statusOf(front: Front, answer: number): Status {
  if (answer === SUCCEEDED) return 200;
  if (answer === FRONT_REFUSAL) return 429;
  if (answer === FRONT_TIMEOUT) return front.timedOut;
  return answer === THROTTLED ? front.throttled : front.failed;
}
