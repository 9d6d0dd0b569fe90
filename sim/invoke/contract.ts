import type { z } from "zod";
import type { Distribution, Sampler } from "../distributions/contract.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import type { DropCause, EntryMeasures } from "../measure/entry.ts";
import type { Stream } from "../random.ts";
import type { FileReader } from "../scenario/files.ts";
import type { Messages } from "./messages.ts";
import type { RetrySettings } from "./retry.ts";
import type { ServiceFacts } from "./service.ts";

/**
 * The engine as an invocation model sees it: one port for each entry. Times are microseconds of the run; a message is a
 * row of `messages`.
 *
 * A model does four things: it invokes the function (`invoke`, then hears from `ended`), sets timers (`wake`, then
 * hears from `due`), draws (`sampler`, `stream`, `draw`), and says what becomes of its messages (`settle`, `drop`). What
 * it measures beside that it counts in `measures`.
 */
export interface Port {
  readonly now: number;
  readonly horizon: number;
  readonly messages: Messages;
  readonly measures: EntryMeasures;

  /**
   * One attempt to run the function, now, with a handler that takes `duration` and ends in `outcome` (see requests.ts).
   * Returns the placement (see lambda/placement.ts): below THROTTLED it was accepted, and the model's `ended` is called
   * when it ends. `token` is what the model knows it by: a message, a batch.
   */
  invoke(token: number, duration: number, outcome: number): number;
  /**
   * An attempt with one message, `m`: the first one as it was drawn with it, later ones drawn anew. Accepted, it marks
   * when the message was handed over (`started`).
   */
  attempt(m: number, token: number): number;
  /** Draws a handler run that belongs to no request of its own, such as a batch's, into `drawn`. */
  draw(): Drawn;
  /** Message `m` is handed over with the invocation that was accepted last: its age is measured. */
  started(m: number): void;
  /** Message `m` waits in the model's queue from now on, until it is handed over, settled or dropped, or `leaves`. */
  waits(m: number): void;
  leaves(m: number): void;

  /** Calls the model's `due(what)` at `at`. Those of one instant come in the order in which they were set. */
  wake(at: number, what: number): void;
  /** A stream of draws for one purpose of this entry. */
  stream(purpose: string): Stream;
  sampler(law: Distribution, purpose: string): Sampler;
  /** What all entries of the account share under a name: made by the first that asks. */
  shared<T>(name: string, make: () => T): T;

  /**
   * The message's caller has its answer, or its queue is done with it: SUCCEEDED, FAILED (and the like) or THROTTLED.
   * What comes of it may arrive at this same model before the call returns.
   */
  settle(m: number, outcome: number): void;
  /** The queue gives the message up; `deadLettered`: to a dead-letter queue or on-failure destination. */
  drop(m: number, cause: DropCause, deadLettered: boolean): void;

  /**
   * One more run with message `m`, which went well already: a duplicate delivery, with a handler run of its own. Returns
   * the placement; accepted, it counts as a duplicate, and `ended(token, outcome)` is called when it ends.
   */
  repeat(m: number, token: number): number;
  /** The function that sent message `m` has ended while it waited for the answer, and cannot try again. */
  orphaned(m: number): boolean;
}

/** A handler run that has been drawn: microseconds, and how it ends. The same object each time. */
export interface Drawn {
  readonly duration: number;
  readonly outcome: number;
}

/** An invocation model at work: one for each entry. */
export interface InvokeModel {
  /** Message `m` arrives now. */
  arrive(m: number): void;
  /** A timer set with `wake` is due now. */
  due(what: number): void;
  /** The attempt `token` has ended now, in `outcome`; its environment is idle again. */
  ended(token: number, outcome: number): void;
  /** When the message that has waited longest arrived, or NaN when none waits: for the age over time. */
  oldest?(): number;
  /** Adds what time adds to `measures.use`, up to `at`: the warm-up or the run ends. */
  measureUse?(at: number): void;
}

/** An invocation model as the scenario describes it. */
export interface InvokePlan {
  readonly type: string;
  /** In a line, for summaries: "async, 2 retries, events up to 6 h old". */
  readonly text: string;
  /** Each request is one attempt whose answer is the caller's: the loop places it without any model. */
  readonly direct: boolean;
  /** The model keeps what waits: summaries and charts speak of its queue. */
  readonly queues: boolean;
  /** Settings that were not written, as results list them: where the values are from, and from when. */
  readonly defaults?: readonly Default[];
  /**
   * Where its messages come from, which decides the names that CloudWatch has for them: Lambda's own queue of events, or
   * a queue or a stream that an event source mapping polls. Undefined: from none of these.
   */
  readonly source?: "events" | "queue" | "stream" | undefined;
  /** A quota of the account that this entry writes, and by which setting: all entries that write it must say the same. */
  readonly accountQuota?: { readonly setting: string; readonly text: string };
  /** The service behind it, where what it does there is billed. */
  readonly service?: ServiceFacts;
  open(port: Port): InvokeModel;
}

/** A setting that a plan filled in. */
export interface Default {
  readonly setting: string;
  readonly value: string | number | boolean;
  readonly source: string;
  readonly date: string;
}

/** What a model may need to know about the place it is used in. */
export interface InvokeContext {
  readonly target: FunctionSettings;
  /** The entry's own `retry`, where it has one; a kind that has no client to retry must refuse it. */
  readonly retry: RetrySettings | undefined;
  /** The scenario says where dead letters go: what the queue gives up is kept, unless the settings say otherwise. */
  readonly deadLetters: boolean;
  readonly read: FileReader;
  /** When the run ends, in microseconds. */
  readonly horizon: number;
}

export { SettingError, SettingErrors } from "../scenario/problem.ts";

/** One kind of invocation: its format and what it means. One file each; registry.ts lists them. */
export interface InvokeKind<S extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  /** The settings, as the scenario writes them, with `type` as a literal. */
  readonly schema: S;
  /** Throws SettingError, SettingErrors, or RangeError, with a sentence for settings that make no sense together. */
  build(settings: z.output<S>, context: InvokeContext): InvokePlan;
}

/** Ties the settings' type to the builder, so that each kind's file is checked on its own. */
export function invokeKind<S extends z.ZodObject>(kind: InvokeKind<S>): InvokeKind<S> {
  return kind;
}
