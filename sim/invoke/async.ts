import { z } from "zod";
import { THROTTLED as REFUSED } from "../lambda/placement.ts";
import type { Stream } from "../random.ts";
import { SUCCEEDED, TIMED_OUT } from "../requests.ts";
import { count, durationBetween, share } from "../scenario/fields.ts";
import { HOUR, MINUTE, printDuration, SECOND } from "../units.ts";
import { type InvokeModel, type InvokePlan, invokeKind, type Port } from "./contract.ts";
import { Line } from "./messages.ts";

/** Waits after the first and the second function error (Lambda developer guide, asynchronous error handling). */
const RETRY_WAITS = [MINUTE, 2 * MINUTE] as const;
/** After a refusal the queue waits 1 s, then twice as long each time, up to 5 minutes (the same page). */
const FIRST_BACKOFF = SECOND;
const LONGEST_BACKOFF = 5 * MINUTE;

export const asyncSettings = {
  maximumRetryAttempts: count(0, 2)
    .optional()
    .meta({ description: "Retries after a function error, 1 and 2 minutes later. 2 unless written." }),
  maximumEventAge: durationBetween(MINUTE, 6 * HOUR, "Lambda takes 60s to 6h")
    .optional()
    .meta({ description: "An older event is given up. 6h unless written." }),
  onFailure: z.enum(["drop", "dead-letter", "destination"]).optional().meta({
    description: `What becomes of an event that is given up. "drop" unless written.`,
  }),
  duplicates: share().optional().meta({
    description: "Share of events that are delivered once more, as happens at least once. 0% unless written.",
  }),
};

interface Settings {
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAge?: number | undefined;
  readonly onFailure?: "drop" | "dead-letter" | "destination" | undefined;
  readonly duplicates?: number | undefined;
}

/** The plan of asynchronous invocation, whoever sends the events. */
export function asyncPlan(type: string, given: Settings, reserved: number | undefined): InvokePlan {
  const {
    maximumRetryAttempts: retries = 2,
    maximumEventAge: age = 6 * HOUR,
    onFailure = "drop",
    duplicates = 0,
  } = given;
  const settings = { retries, age, kept: onFailure !== "drop", duplicates, stopped: reserved === 0 };
  const fate =
    onFailure === "drop"
      ? "then dropped"
      : `then to the ${onFailure === "destination" ? "on-failure destination" : "dead-letter queue"}`;
  return {
    type,
    text: `${type}, ${retries} ${retries === 1 ? "retry" : "retries"}, events up to ${printDuration(age)} old, ${fate}`,
    direct: false,
    queues: true,
    source: "events",
    open: (port) => new EventQueue(port, settings),
  };
}

/**
 * Events: the caller is answered at once, Lambda keeps the event in a queue of its own and runs the function with it
 * (Lambda developer guide, asynchronous invocation).
 */
export const async = invokeKind({
  type: "async",
  schema: z.strictObject({ type: z.literal("async"), ...asyncSettings }),
  build: (settings, { target }) => asyncPlan("async", settings, target.reservedConcurrency),
});

interface EventSettings {
  readonly retries: number;
  readonly age: number;
  /** Events that are given up are kept somewhere. */
  readonly kept: boolean;
  readonly duplicates: number;
  /** The function has a reserved concurrency of 0: its events are given up at once. */
  readonly stopped: boolean;
}

// What a timer is about: below zero these, else the event that is tried again.
const PROBE = -1;
const OLDEST = -2;
/** The token of a delivery too many. */
const DUPLICATE = -1;

/**
 * Lambda's queue of events. They are served in order, as long as the function takes them. Once it refuses one, they wait:
 * each execution that ends makes room for the next event, and beside that the queue tries again after 1 s, 2 s, 4 s … up to
 * 5 minutes. (AWS describes the backoff; that room is used when it comes is assumed.) After a function error an event
 * comes back 1 and 2 minutes later.
 */
class EventQueue implements InvokeModel {
  private readonly port: Port;
  private readonly settings: EventSettings;
  private readonly line: Line;
  private readonly lot: Stream | undefined;
  /** The function has refused the first event in line; the next try is due after `backoff`. */
  private refused = false;
  private backoff = FIRST_BACKOFF;
  /** Tells the probe that is due from those that are no longer needed. */
  private probes = 0;
  private watched = false;

  constructor(port: Port, settings: EventSettings) {
    this.port = port;
    this.settings = settings;
    this.line = new Line(port.messages);
    this.lot = settings.duplicates > 0 ? port.stream("duplicates") : undefined;
  }

  arrive(m: number): void {
    const { port, settings, lot } = this;
    if (settings.stopped) {
      port.drop(m, "refused", settings.kept);
      return;
    }
    if (lot && lot.uniform() < settings.duplicates) {
      const { duration, outcome } = port.draw();
      if (port.invoke(DUPLICATE, duration, outcome) < REFUSED) port.measures.duplicated();
    }
    this.enqueue(m);
  }

  due(what: number): void {
    if (what >= 0) this.enqueue(what);
    else if (what === OLDEST) this.expire();
    else if (this.refused && --this.probes === 0) this.serve(Number.POSITIVE_INFINITY);
    else if (!this.refused) this.probes--;
  }

  private enqueue(m: number): void {
    this.port.waits(m);
    this.line.push(m);
    if (!this.refused) this.serve(Number.POSITIVE_INFINITY);
    else this.watch();
  }

  /** Hands over up to `most` events, until the function refuses one. */
  private serve(most: number): void {
    const { port, line } = this;
    let served = 0;
    this.expire();
    while (line.length > 0 && served < most) {
      const m = line.head;
      port.messages.attempts[m]!++;
      if (port.attempt(m, m) >= REFUSED) {
        this.wait(served > 0);
        return;
      }
      line.shift();
      served++;
    }
    if (line.length === 0) this.refused = false;
  }

  /** The function has refused the first in line: the next try comes later, and later still if this one was in vain. */
  private wait(progress: boolean): void {
    const { port } = this;
    port.measures.retried("throttle");
    this.backoff = this.refused && !progress ? Math.min(2 * this.backoff, LONGEST_BACKOFF) : FIRST_BACKOFF;
    this.refused = true;
    this.probes++;
    port.wake(port.now + this.backoff, PROBE);
    this.watch();
  }

  /** Sees to it that the first in line is given up when it gets too old. */
  private watch(): void {
    const { port, line, settings } = this;
    if (this.watched || line.length === 0) return;
    this.watched = true;
    port.wake(Math.max(port.now, port.messages.at[line.head]! + settings.age), OLDEST);
  }

  private expire(): void {
    const { port, line, settings } = this;
    this.watched = false;
    while (line.length > 0 && port.now - port.messages.at[line.head]! >= settings.age) {
      port.drop(line.shift(), "age", settings.kept);
    }
    if (line.length === 0) this.refused = false;
    else if (this.refused) this.watch();
  }

  ended(m: number, outcome: number): void {
    const { port, settings, line } = this;
    if (m !== DUPLICATE) this.settle(m, outcome, port, settings);
    // Room for one more.
    if (this.refused && line.length > 0) this.serve(1);
  }

  private settle(m: number, outcome: number, port: Port, settings: EventSettings): void {
    const { messages } = port;
    if (outcome === SUCCEEDED) {
      port.settle(m, SUCCEEDED);
      return;
    }
    const cause = outcome === TIMED_OUT ? "timeout" : "error";
    const errors = ++messages.tag[m]!;
    const again = port.now + (RETRY_WAITS[errors - 1] ?? 0);
    if (errors > settings.retries) port.drop(m, cause, settings.kept);
    else if (again - messages.at[m]! >= settings.age) port.drop(m, "age", settings.kept);
    else {
      port.measures.retried(cause);
      port.wake(again, m);
    }
  }

  oldest(): number {
    return this.line.length > 0 ? this.port.messages.at[this.line.head]! : Number.NaN;
  }
}
