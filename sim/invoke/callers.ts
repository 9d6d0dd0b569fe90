import type { Distribution, Sampler } from "../distributions/contract.ts";
import { THROTTLED as REFUSED } from "../lambda/placement.ts";
import type { Stream } from "../random.ts";
import { FAILED, SUCCEEDED, THROTTLED } from "../requests.ts";
import type { InvokeModel, Port } from "./contract.ts";
import { backoffOf, RetryQuota, type RetryReason, type RetrySettings } from "./retry.ts";

/** What stands between the callers and Lambda, if anything does: a gateway. It counts the status that it answers with. */
export interface Front {
  /** Lets an attempt through now; otherwise it is refused before Lambda hears of it, and told so. */
  admits(now: number): boolean;
  /** It answers for the function when that takes longer (microseconds). */
  readonly timeout: number;
  /** The function has answered, or Lambda has refused: SUCCEEDED, FAILED (and the like), THROTTLED. */
  answers(outcome: number): void;
  /** The function has taken too long. */
  givesUp(): void;
}

export interface CallerSettings {
  readonly retry: RetrySettings | undefined;
  /** After which the caller gives an attempt up, from when it is sent; Infinity: never. Microseconds. */
  readonly timeout: number;
  /** Network time, there and back. */
  readonly latency: Distribution | undefined;
  readonly front?: (port: Port) => Front;
}

// A timer's number: the attempt's, times eight, and what is due.
const KINDS = 8;
const REACHES = 0;
const RETURNS = 1;
const CALLER_GIVES_UP = 2;
const FRONT_GIVES_UP = 3;
const AGAIN = 4;

const NO_ATTEMPT = -1;
/** Answers, beside the outcomes of requests.ts. */
const UNDER_WAY = -1;
const GATEWAY_TIMEOUT = -2;

/** An attempt's number is that of its message and one that no other attempt has. */
const MOST_MESSAGES = 2 ** 20;

/**
 * Callers that wait for the answer and may try again. An attempt that is given up runs on, and is billed; its answer
 * reaches nobody. Half of the network's time passes on the way there, half on the way back.
 */
export class Callers implements InvokeModel {
  private readonly port: Port;
  private readonly settings: CallerSettings;
  private readonly front: Front | undefined;
  private readonly jitter: Stream | undefined;
  private readonly network: Sampler | undefined;
  private readonly quota: RetryQuota | undefined;
  private attempts = 0;
  // By message: the attempt it waits for (−1: none), how long its answer takes to come back, what the answer is, and why
  // it was last tried again.
  private readonly current: number[] = [];
  private readonly wayBack: number[] = [];
  private readonly answer: number[] = [];
  private readonly reason: (RetryReason | undefined)[] = [];

  constructor(port: Port, settings: CallerSettings) {
    this.port = port;
    this.settings = settings;
    this.front = settings.front?.(port);
    this.jitter = settings.retry?.jitter === "full" ? port.stream("backoff") : undefined;
    this.network = settings.latency && port.sampler(settings.latency, "network");
    this.quota = settings.retry && new RetryQuota(settings.retry);
  }

  arrive(m: number): void {
    this.reason[m] = undefined;
    this.send(m);
  }

  private send(m: number): void {
    const { port, settings, network } = this;
    const attempt = this.attempts++ * MOST_MESSAGES + m;
    this.current[m] = attempt;
    port.messages.attempts[m]!++;
    const there = network ? Math.round(network.next() / 2) : 0;
    this.wayBack[m] = there;
    if (settings.timeout < Number.POSITIVE_INFINITY)
      port.wake(port.now + settings.timeout, attempt * KINDS + CALLER_GIVES_UP);
    if (there > 0) port.wake(port.now + there, attempt * KINDS + REACHES);
    else this.reach(attempt);
  }

  due(what: number): void {
    const attempt = Math.floor(what / KINDS);
    const m = attempt % MOST_MESSAGES;
    if (this.current[m] !== attempt) return;
    const kind = what - attempt * KINDS;
    if (kind === REACHES) this.reach(attempt);
    else if (kind === RETURNS) this.answered(m);
    else if (kind === AGAIN) this.send(m);
    else if (kind === CALLER_GIVES_UP) {
      this.next(m, "timeout", FAILED);
    } else if (this.answer[m] === UNDER_WAY) {
      this.front!.givesUp();
      this.comesBack(m, GATEWAY_TIMEOUT);
    }
  }

  /** The attempt reaches Lambda, or the front. */
  private reach(attempt: number): void {
    const { port, front } = this;
    const m = attempt % MOST_MESSAGES;
    this.answer[m] = UNDER_WAY;
    if (front && !front.admits(port.now)) {
      this.comesBack(m, THROTTLED);
      return;
    }
    if (port.attempt(m, attempt) >= REFUSED) {
      front?.answers(THROTTLED);
      this.comesBack(m, THROTTLED);
    } else if (front && front.timeout < Number.POSITIVE_INFINITY)
      port.wake(port.now + front.timeout, attempt * KINDS + FRONT_GIVES_UP);
  }

  ended(attempt: number, outcome: number): void {
    const m = attempt % MOST_MESSAGES;
    if (this.current[m] !== attempt || this.answer[m] !== UNDER_WAY) return;
    this.front?.answers(outcome);
    this.comesBack(m, outcome);
  }

  /** There is an answer, on its way to the caller. */
  private comesBack(m: number, answer: number): void {
    this.answer[m] = answer;
    const way = this.wayBack[m]!;
    if (way > 0) this.port.wake(this.port.now + way, this.current[m]! * KINDS + RETURNS);
    else this.answered(m);
  }

  private answered(m: number): void {
    const answer = this.answer[m]!;
    if (answer === SUCCEEDED) {
      this.quota?.give(this.client(m), this.reason[m]);
      this.done(m, SUCCEEDED);
    } else if (answer === THROTTLED) this.next(m, "throttle", THROTTLED);
    else if (answer === GATEWAY_TIMEOUT) this.next(m, "timeout", FAILED);
    else this.next(m, "error", answer);
  }

  /** The attempt has come to nothing: the caller tries again, or leaves it at that. */
  private next(m: number, reason: RetryReason, outcome: number): void {
    const { port, quota, jitter } = this;
    const { retry } = this.settings;
    const tries = port.messages.attempts[m]!;
    if (!retry?.on.has(reason) || tries >= retry.attempts || !quota!.take(this.client(m), reason)) {
      this.done(m, outcome);
      return;
    }
    port.measures.retried(reason);
    this.reason[m] = reason;
    const attempt = this.attempts++ * MOST_MESSAGES + m;
    this.current[m] = attempt;
    port.wake(port.now + backoffOf(retry, reason, tries - 1, jitter), attempt * KINDS + AGAIN);
  }

  private done(m: number, outcome: number): void {
    this.current[m] = NO_ATTEMPT;
    this.port.settle(m, outcome);
  }

  private client(m: number): number {
    return this.port.messages.number[m]! % this.settings.retry!.clients;
  }
}
