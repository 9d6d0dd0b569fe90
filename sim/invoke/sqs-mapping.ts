import type { Distribution, Sampler } from "../distributions/contract.ts";
import { THROTTLED as REFUSED } from "../lambda/placement.ts";
import { nearest } from "../math/functions.ts";
import { MESSAGES_A_CALL } from "../measure/service-use.ts";
import { FAILED, SUCCEEDED, THROTTLED, TIMED_OUT } from "../requests.ts";
import { MINUTE } from "../units.ts";
import { FIRST_BACKOFF, nextBackoff } from "./batch-backoff.ts";
import { BatchFailures, type FailurePlan } from "./batch-failures.ts";
import type { InvokeModel, Port } from "./contract.ts";
import { Line } from "./messages.ts";
import { FifoOrder, type ReceiveOrder, StandardOrder } from "./sqs-order.ts";
import { type PollerSettings, Pollers } from "./sqs-pollers.ts";

/** A queue and the mapping that reads it, complete. Times in microseconds. */
export interface SqsSettings {
  readonly batchSize: number;
  readonly window: number;
  readonly visibility: number;
  readonly retention: number;
  readonly delay: number;
  /** Receives before a message is dead-lettered; Infinity: there is no dead-letter queue. */
  readonly maxReceives: number;
  /** When dead-lettered messages are moved back; Infinity: never. */
  readonly redriveAt: number;
  /** Only the messages of a batch that failed come back. */
  readonly partial: boolean;
  /** Message groups of a FIFO queue; 0: a standard queue. */
  readonly groups: number;
  readonly pollers: PollerSettings;
  /** How long a poller is taken up by each poll, at least: of provisioned pollers. 0: no such limit. */
  readonly pollTime: number;
  readonly failures: FailurePlan;
  /** When all messages fail, from `start` until before `end`. */
  readonly outages: readonly { readonly start: number; readonly end: number }[];
  /** Handler time that each message of a batch adds. */
  readonly messageDuration: Distribution | undefined;
  /** The function's. */
  readonly timeout: number;
}

/** Messages that may be in flight (SQS quotas). */
const MOST_IN_FLIGHT = 120_000;

// What a batch's place does.
const FREE = 0;
/** It has messages and waits for more, until its window ends. */
const GATHERING = 1;
const RUNNING = 2;
/** The function has refused it; it will be tried again. */
const TURNED_AWAY = 3;
/** Its poller may not poll again yet. */
const RESTING = 4;

/** A poller's batch. The object is used again. */
interface Batch {
  readonly index: number;
  state: number;
  /** Tells its timer from those of its earlier states. */
  serial: number;
  messages: number[];
  /** By message: it cannot be processed this time. Empty where all can. */
  failing: boolean[];
  /** It runs in an outage: none can. */
  down: boolean;
  /** Those before it were visible again before the batch ran. */
  first: number;
  openedAt: number;
  /** The run that is drawn for it; NaN before. */
  duration: number;
  outcome: number;
  backoff: number;
}

// What a timer is about: below zero these, else a batch (its place and serial).
const LOOK = -1;
const GROWN = -2;
const MINUTE_OVER = -3;
const HIDDEN = -4;
const EXPIRED = -5;
const DELAYED = -6;
const OLD = -7;
const REDRIVE = -8;
const PLACES = 2 ** 16;

/**
 * An SQS queue and the event source mapping that reads it (Lambda developer guide, "Using Lambda with Amazon SQS").
 *
 * A message waits until a poller receives it. From then on nobody else can receive it until its visibility timeout is over:
 * what was not processed by then can be received again. What has been received `maxReceives` times goes to the
 * dead-letter queue at the next receive. A batch opens with a message when none is open and a poller is free; it is invoked
 * when it is full or its window ends. A refused batch is tried again until its messages are visible again.
 *
 * `tag` of a message: the place of the batch that holds it, from 1; 0: none. `until`: when it is visible (again); NaN: it is.
 * `outcome`, once it was received: how that receive ended. Its second list is that of all messages by age.
 */
export class SqsMapping implements InvokeModel {
  private readonly port: Port;
  private readonly settings: SqsSettings;
  private readonly order: ReceiveOrder;
  private readonly pollers: Pollers;
  private readonly failures: BatchFailures;
  private readonly perMessage: Sampler | undefined;
  /** In flight, and received but not processed: in the order in which they are visible again. */
  private readonly hidden: Line;
  private readonly delayed: Line;
  /** All that are in the queue, the oldest first. */
  private readonly ages: Line;
  /** Dead-lettered messages that will be moved back. */
  private readonly dead: Line;
  /** Of messages that were moved back: their receives before. */
  private readonly before = new Map<number, number>();
  private readonly batches: Batch[] = [];
  private readonly idle: Batch[] = [];
  /** The batch that gathers messages. */
  private open: Batch | undefined;
  /** These timers are set. */
  private looking = false;
  private growing = false;
  private counting = false;
  private hiding = false;
  private delaying = false;
  private aging = false;

  constructor(port: Port, settings: SqsSettings) {
    const { messages } = port;
    this.port = port;
    this.settings = settings;
    this.order =
      settings.groups > 0
        ? new FifoOrder(messages, settings.groups, port.stream("groups"))
        : new StandardOrder(messages);
    this.pollers = new Pollers(settings.pollers);
    this.failures = new BatchFailures(port, settings.failures, "message-errors");
    const { messageDuration } = settings;
    this.perMessage = messageDuration && port.sampler(messageDuration, "message-duration");
    this.hidden = new Line(messages);
    this.delayed = new Line(messages);
    this.dead = new Line(messages);
    this.ages = new Line(messages.second);
    if (settings.redriveAt < port.horizon) port.wake(settings.redriveAt, REDRIVE);
    this.count();
  }

  arrive(m: number): void {
    const { port, settings } = this;
    this.failures.arrive(m);
    this.ages.push(m);
    this.watchAge();
    if (settings.delay === 0) {
      port.waits(m);
      this.order.push(m);
      this.look();
      return;
    }
    port.messages.until[m] = port.now + settings.delay;
    this.delayed.push(m);
    this.watchDelay();
  }

  due(what: number): void {
    if (what >= 0) {
      const batch = this.batches[what % PLACES]!;
      if (batch.serial === Math.floor(what / PLACES)) this.go(batch);
    } else if (what === LOOK) {
      this.looking = false;
      this.poll();
    } else if (what === GROWN) {
      this.growing = false;
      this.poll();
    } else if (what === MINUTE_OVER) {
      this.counting = false;
      this.pollers.minute(this.port.now);
      this.count();
    } else if (what === HIDDEN) {
      // What ends at this instant ends in time.
      this.port.wake(this.port.now, EXPIRED);
    } else if (what === EXPIRED) this.expire();
    else if (what === DELAYED) this.endDelays();
    else if (what === OLD) this.endOld();
    else this.redrive();
  }

  /**
   * Messages have come. Pollers see all of one instant, so that those that came together are received together: with
   * batches of one, or while a batch is open, that makes no difference.
   */
  private look(): void {
    const { settings, port, pollers } = this;
    if (settings.batchSize === 1 || settings.window > 0) this.poll();
    else if (!this.looking && pollers.free(port.now)) {
      this.looking = true;
      port.wake(port.now, LOOK);
    } else if (!this.looking) this.waitForPollers();
  }

  /** Pollers receive what they can. */
  private poll(): void {
    const { order, pollers, hidden, settings, port } = this;
    for (;;) {
      if (!this.open) {
        if (order.empty || hidden.length >= MOST_IN_FLIGHT) break;
        if (!pollers.free(port.now)) {
          this.waitForPollers();
          return;
        }
        this.open = this.begin();
      }
      const batch = this.open;
      this.fill(batch);
      const size = batch.messages.length - batch.first;
      if (size === 0) {
        this.release(batch);
        continue;
      }
      if (size < settings.batchSize && settings.window > 0) break;
      this.open = undefined;
      this.invoke(batch);
    }
    pollers.calm(port.now);
  }

  private waitForPollers(): void {
    const at = this.pollers.blocked(this.port.now);
    this.count();
    if (this.growing || at === Number.POSITIVE_INFINITY) return;
    this.growing = true;
    this.port.wake(at, GROWN);
  }

  /** Counts the minutes, while they matter. */
  private count(): void {
    if (this.counting || !this.pollers.raised) return;
    this.counting = true;
    this.port.wake(this.port.now + MINUTE, MINUTE_OVER);
  }

  private begin(): Batch {
    const batch = this.idle.pop() ?? this.place();
    batch.messages.length = 0;
    batch.failing.length = 0;
    batch.first = 0;
    batch.duration = Number.NaN;
    batch.backoff = FIRST_BACKOFF;
    batch.openedAt = this.port.now;
    this.enter(batch, GATHERING);
    this.pollers.take(this.port.now);
    if (this.settings.window > 0) this.wake(batch, this.port.now + this.settings.window);
    return batch;
  }

  private place(): Batch {
    const batch: Batch = {
      index: this.batches.length,
      state: FREE,
      serial: 0,
      messages: [],
      failing: [],
      down: false,
      first: 0,
      openedAt: 0,
      duration: Number.NaN,
      outcome: SUCCEEDED,
      backoff: 0,
    };
    this.batches.push(batch);
    return batch;
  }

  private enter(batch: Batch, state: number): void {
    batch.state = state;
    batch.serial++;
  }

  private wake(batch: Batch, at: number): void {
    this.port.wake(at, batch.serial * PLACES + batch.index);
  }

  private release(batch: Batch): void {
    if (this.open === batch) this.open = undefined;
    this.enter(batch, FREE);
    this.idle.push(batch);
    this.pollers.release(this.port.now);
  }

  private fill(batch: Batch): void {
    const { order, hidden, settings } = this;
    const before = batch.messages.length;
    while (batch.messages.length - batch.first < settings.batchSize && hidden.length < MOST_IN_FLIGHT) {
      const m = order.take();
      if (m < 0) break;
      if (this.receives(m) >= settings.maxReceives) this.bury(m);
      else this.receive(m, batch);
    }
    order.close();
    this.port.measures.use.receive(batch.messages.length - before);
    this.watchHidden();
  }

  /** Receives since it was last put into the queue. */
  private receives(m: number): number {
    return this.port.messages.attempts[m]! - (this.before.get(m) ?? 0);
  }

  private receive(m: number, batch: Batch): void {
    const { port, settings } = this;
    const { messages, measures } = port;
    if (messages.attempts[m]! > 0) measures.retried(this.causeOf(m));
    if (messages.tag[m]! > 0) measures.duplicated();
    messages.attempts[m]!++;
    messages.tag[m] = batch.index + 1;
    messages.until[m] = port.now + settings.visibility;
    this.hidden.push(m);
    batch.messages.push(m);
  }

  private causeOf(m: number): "throttle" | "error" | "timeout" {
    const outcome = this.port.messages.outcome[m]!;
    return outcome === THROTTLED ? "throttle" : outcome === TIMED_OUT ? "timeout" : "error";
  }

  /** A batch's time has come: its window ends, it is tried again, or its poller is free. */
  private go(batch: Batch): void {
    if (batch.state === GATHERING) {
      this.open = undefined;
      this.invoke(batch);
      this.poll();
    } else if (batch.state === TURNED_AWAY) {
      for (let i = batch.first; i < batch.messages.length; i++) this.port.measures.retried("throttle");
      this.invoke(batch);
    } else {
      this.release(batch);
      this.poll();
    }
  }

  private invoke(batch: Batch): void {
    const { port, pollers, settings } = this;
    const { index, messages, first } = batch;
    if (Number.isNaN(batch.duration)) this.prepare(batch);
    const size = messages.length - first;
    batch.down = this.isDown();
    const fails = batch.down || batch.failing.includes(true, first);
    const outcome = fails && !settings.partial && batch.outcome === SUCCEEDED ? FAILED : batch.outcome;
    if (port.invoke(index, batch.duration, outcome) < REFUSED) {
      this.enter(batch, RUNNING);
      for (let i = first; i < messages.length; i++) {
        this.failures.delivered(messages[i]!);
        port.started(messages[i]!);
      }
      port.measures.batch(size);
      return;
    }
    pollers.backOff(port.now);
    this.enter(batch, TURNED_AWAY);
    this.wake(batch, port.now + batch.backoff);
    batch.backoff = nextBackoff(batch.backoff);
  }

  /** Draws how the batch will go: once, however often it is refused. */
  private prepare(batch: Batch): void {
    const { port, settings, perMessage, failures } = this;
    const { messages, first, failing } = batch;
    const alone = messages[first]!;
    const { duration, outcome } = port.messages;
    if (settings.batchSize === 1 && !Number.isNaN(duration[alone]!)) {
      // As it was drawn with the message, the first time.
      batch.duration = duration[alone]!;
      batch.outcome = outcome[alone]!;
      duration[alone] = Number.NaN;
    } else ({ duration: batch.duration, outcome: batch.outcome } = port.draw());
    if (perMessage) {
      for (let i = first; i < messages.length; i++) batch.duration += perMessage.next();
      batch.duration = nearest(batch.duration);
      if (batch.duration > settings.timeout) {
        batch.duration = settings.timeout;
        batch.outcome = TIMED_OUT;
      }
    }
    let failed = false;
    for (let i = first; i < messages.length; i++) {
      // Whoever keeps the order stops at the first failure and reports the rest too.
      const fails: boolean = (failed && settings.groups > 0) || failures.fails(messages[i]!);
      failing[i] = fails;
      failed ||= fails;
    }
    if (!failed) failing.length = 0;
  }

  /** What the function depends on is down. */
  private isDown(): boolean {
    const { now } = this.port;
    for (const { start, end } of this.settings.outages) if (now >= start && now < end) return true;
    return false;
  }

  ended(token: number, outcome: number): void {
    const { port, settings, pollers } = this;
    const batch = this.batches[token]!;
    const { messages, failing, down } = batch;
    if (outcome !== SUCCEEDED && !settings.partial) pollers.backOff(port.now);
    let deleted = 0;
    for (let i = batch.first; i < messages.length; i++) {
      const m = messages[i]!;
      // Another poller may have received it since.
      if (port.messages.tag[m] !== token + 1) continue;
      if (outcome === SUCCEEDED && !down && failing[i] !== true) {
        deleted++;
        this.succeed(m);
      } else {
        port.messages.tag[m] = 0;
        port.messages.outcome[m] = outcome === TIMED_OUT ? TIMED_OUT : FAILED;
      }
    }
    port.measures.use.delete(deleted);
    const rest = settings.pollTime * Math.ceil(messages.length / MESSAGES_A_CALL);
    if (port.now < batch.openedAt + rest) {
      this.enter(batch, RESTING);
      this.wake(batch, batch.openedAt + rest);
    } else this.release(batch);
    this.poll();
  }

  /** The function has processed it: it is deleted. */
  private succeed(m: number): void {
    this.forget(m);
    this.port.settle(m, SUCCEEDED);
  }

  /** Nothing here knows of it any more. */
  private forget(m: number): void {
    const { messages } = this.port;
    if (Number.isNaN(messages.until[m]!)) this.order.remove(m);
    else {
      this.hidden.remove(m);
      this.order.gone(m);
    }
    this.ages.remove(m);
    this.before.delete(m);
    messages.tag[m] = 0;
  }

  /** It has been received too often: it goes to the dead-letter queue, from where it may come back. */
  private bury(m: number): void {
    const { port, settings } = this;
    this.order.gone(m);
    this.ages.remove(m);
    port.messages.tag[m] = 0;
    if (port.now < settings.redriveAt && settings.redriveAt < port.horizon) {
      port.leaves(m);
      this.dead.push(m);
      return;
    }
    this.before.delete(m);
    port.drop(m, this.causeOf(m), true);
  }

  /** Moves what was dead-lettered back: new messages to the queue (SQS, dead-letter queue redrive). */
  private redrive(): void {
    const { port, dead, ages, before, order } = this;
    while (dead.length > 0) {
      const m = dead.shift();
      before.set(m, port.messages.attempts[m]!);
      port.measures.redriven();
      ages.push(m);
      port.waits(m);
      order.rejoin(m);
    }
    this.watchAge();
    this.poll();
  }

  /** Sees to it that the first of a line is looked at when its time has come. */
  private watchHidden(): void {
    if (this.hiding || this.hidden.length === 0) return;
    this.hiding = true;
    this.port.wake(Math.max(this.port.now, this.port.messages.until[this.hidden.head]!), HIDDEN);
  }

  /** Visibility timeouts are over. */
  private expire(): void {
    const { port, hidden } = this;
    const { until } = port.messages;
    this.hiding = false;
    while (hidden.length > 0 && until[hidden.head]! <= port.now) {
      const m = hidden.shift();
      this.loosen(m);
      until[m] = Number.NaN;
      if (this.tooOld(m)) {
        this.order.gone(m);
        this.give(m);
      } else {
        port.waits(m);
        this.order.back(m);
      }
    }
    this.watchHidden();
    this.poll();
  }

  /** A message is visible again, whatever holds it: only a run that has begun goes on with it. */
  private loosen(m: number): void {
    const { messages } = this.port;
    if (messages.tag[m] === 0) return;
    const batch = this.batches[messages.tag[m]! - 1]!;
    messages.outcome[m] = batch.state === TURNED_AWAY ? THROTTLED : TIMED_OUT;
    if (batch.state === RUNNING) return;
    messages.tag[m] = 0;
    // Messages of a batch were received, and are visible again, in their order.
    batch.first++;
    if (batch.first === batch.messages.length) this.release(batch);
  }

  private watchDelay(): void {
    if (this.delaying || this.delayed.length === 0) return;
    this.delaying = true;
    this.port.wake(this.port.messages.until[this.delayed.head]!, DELAYED);
  }

  private endDelays(): void {
    const { port, delayed } = this;
    const { until } = port.messages;
    this.delaying = false;
    while (delayed.length > 0 && until[delayed.head]! <= port.now) {
      const m = delayed.shift();
      until[m] = Number.NaN;
      if (this.tooOld(m)) this.give(m);
      else {
        port.waits(m);
        this.order.push(m);
      }
    }
    this.watchDelay();
    this.look();
  }

  /** When a message was put into the queue. */
  private enqueuedAt(m: number): number {
    return this.before.has(m) ? this.settings.redriveAt : this.port.messages.at[m]!;
  }

  private tooOld(m: number): boolean {
    return this.port.now - this.enqueuedAt(m) >= this.settings.retention;
  }

  private watchAge(): void {
    const { port, ages, settings } = this;
    if (this.aging || ages.length === 0) return;
    const at = this.enqueuedAt(ages.head) + settings.retention;
    if (at >= port.horizon) return;
    this.aging = true;
    port.wake(Math.max(port.now, at), OLD);
  }

  /** Retention periods are over: SQS deletes what can be received; what is in flight, when it comes back. */
  private endOld(): void {
    const { port, ages } = this;
    this.aging = false;
    while (ages.length > 0 && this.tooOld(ages.head)) {
      const m = ages.shift();
      if (!Number.isNaN(port.messages.until[m]!)) continue;
      this.order.remove(m);
      this.give(m);
    }
    this.watchAge();
  }

  /** A message that stands nowhere is too old. */
  private give(m: number): void {
    this.ages.remove(m);
    this.before.delete(m);
    this.port.messages.tag[m] = 0;
    this.port.drop(m, "age", false);
  }

  measureUse(at: number): void {
    this.pollers.spend(at, this.port.measures.use);
  }

  /** As CloudWatch's ApproximateAgeOfOldestMessage: in flight or not. */
  oldest(): number {
    return this.ages.length > 0 ? this.port.messages.at[this.ages.head]! : Number.NaN;
  }
}
