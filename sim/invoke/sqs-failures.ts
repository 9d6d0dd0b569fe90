import type { Stream } from "../random.ts";
import type { Port } from "./contract.ts";

/** Which messages cannot be processed. */
export interface FailureSettings {
  /** Share of messages whose processing fails, each time anew. */
  readonly errors: number;
  /** Share of messages that always fail. */
  readonly poison: number;
  /** By the message's place among the arrivals, from 0: how many times it fails (Infinity: always). */
  readonly listed: ReadonlyMap<number, number>;
  /** When all fail, from `start` until before `end` (microseconds). */
  readonly outages: readonly { readonly start: number; readonly end: number }[];
}

/** Tells which messages of a batch fail. */
export class MessageFailures {
  private readonly settings: FailureSettings;
  private readonly errors: Stream | undefined;
  private readonly poison: Stream | undefined;
  /** By message: how many times it will yet fail, whatever is drawn. */
  private readonly due = new Map<number, number>();

  constructor(settings: FailureSettings, port: Port) {
    this.settings = settings;
    this.errors = settings.errors > 0 ? port.stream("message-errors") : undefined;
    this.poison = settings.poison > 0 ? port.stream("poison") : undefined;
  }

  /** Message `m`, arrival `number`, is new. */
  arrive(m: number, number: number): void {
    const { listed, poison } = this.settings;
    const poisoned = this.poison !== undefined && this.poison.uniform() < poison;
    const times = poisoned ? Number.POSITIVE_INFINITY : (listed.get(number) ?? 0);
    if (times > 0) this.due.set(m, times);
  }

  /** What the function depends on is down. */
  down(now: number): boolean {
    for (const { start, end } of this.settings.outages) if (now >= start && now < end) return true;
    return false;
  }

  /** Message `m` is processed once, in an outage or not: whether that fails. */
  process(m: number, down: boolean): boolean {
    const drawn = this.errors !== undefined && this.errors.uniform() < this.settings.errors;
    if (down) return true;
    const left = this.due.get(m);
    if (left === undefined) return drawn;
    if (left > 1) this.due.set(m, left - 1);
    else this.due.delete(m);
    return true;
  }

  /** Message `m` is no more. */
  forget(m: number): void {
    this.due.delete(m);
  }
}
