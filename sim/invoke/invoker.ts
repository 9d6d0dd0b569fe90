import type { Calendar } from "../calendar.ts";
import { IS_HELD, NEEDS_INIT } from "../lambda/environments.ts";
import type { Lambda } from "../lambda/lambda.ts";
import { THROTTLED } from "../lambda/placement.ts";
import type { EntryResult } from "../measure/entry.ts";
import type { Observer } from "../measure/observer.ts";
import type { RandomStreams } from "../random.ts";
import { FAILED, THROTTLED as REFUSED, Requests, SUCCEEDED, TIMED_OUT } from "../requests.ts";
import type { Emission, FunctionLinks, Scenario } from "../scenario/scenario.ts";
import { Chains } from "./chains.ts";
import { Entry } from "./entry.ts";
import { Executions } from "./executions.ts";
import { Feed } from "./feed.ts";
import { type Messages, NOBODY } from "./messages.ts";
import { Timers } from "./timers.ts";

/** What the loop does for the models. */
export interface Host {
  /** Places row i of entry `entry`, in `lambda.chosen` unless it is refused, and sees to its end; the row says what it comes to. */
  arrive(requests: Requests, i: number, entry: number): void;
  /** The environment in `slot` has waited for another function, has answered at `at` and is idle again. */
  complete(slot: number, at: number, outcome: number): void;
  /** A client of a closed source has its answer at `at`; `atOnce`: the answer may have taken no time at all. */
  answered(client: number, at: number, atOnce: boolean): void;
}

// Who waits for an answer, as one number (see Messages.origin): a client's is even, an execution's odd, of its row and serial.
const ROWS = 2 ** 21;
const ofClient = (client: number) => 2 * client;
const ofExecution = (x: number, serial: number) => 2 * (serial * ROWS + x) + 1;

// What a timer of the invoker is about: the execution's row and serial, times two, and one of these.
const ENDS = 0;
const DEADLINE = 1;

/** An execution that would end like this calls other functions first, and holds its environment meanwhile. */
export function waitsForOthers({ calls }: FunctionLinks, outcome: number): boolean {
  return outcome === SUCCEEDED && calls.length > 0;
}

/**
 * Everything between the callers and Lambda that is not answered at once: the entries with an invocation model, the
 * executions they have started, and the messages that pass from function to function.
 */
export class Invoker {
  /** The time of what is being played, in microseconds. */
  now = 0;
  readonly timers: Timers;
  readonly chains = new Chains();
  readonly observer: Observer;
  private readonly entries: readonly Entry[];
  private readonly feeds: (Feed | undefined)[];
  private readonly links: readonly FunctionLinks[];
  private readonly scenario: Scenario;
  private readonly calendar: Calendar;
  private readonly lambda: Lambda;
  private readonly host: Host;
  private readonly executions = new Executions();
  /** The attempt that is being placed. */
  private readonly row = new Requests(1);
  private readonly common = new Map<string, unknown>();
  /** The execution that was accepted last. */
  private last = 0;

  constructor(
    scenario: Scenario,
    streams: RandomStreams,
    calendar: Calendar,
    lambda: Lambda,
    observer: Observer,
    host: Host,
  ) {
    this.scenario = scenario;
    this.calendar = calendar;
    this.lambda = lambda;
    this.observer = observer;
    this.host = host;
    this.timers = new Timers(calendar);
    this.links = scenario.links;
    this.entries = scenario.entries.map((_, i) => new Entry(i, scenario, streams, this));
    this.feeds = scenario.entries.map(() => undefined);
    for (const traffic of scenario.traffic) {
      if (traffic.entry < 0 || traffic.arrivals.clients !== undefined) continue;
      const feed = new Feed(traffic, scenario.functions[traffic.target]!, streams);
      this.feeds[traffic.entry] = feed;
      if (feed.next < Number.POSITIVE_INFINITY) calendar.addArrival(feed.next, traffic.entry);
    }
  }

  /** An arrival of entry `index` is due at `at`, and perhaps several of that instant. */
  arrive(index: number, at: number): void {
    this.now = at;
    const feed = this.feeds[index]!;
    const entry = this.entries[index]!;
    while (feed.next === at) {
      entry.arriveDrawn(feed.requests, feed.row, NOBODY);
      feed.advance();
    }
    if (feed.next < Number.POSITIVE_INFINITY) this.calendar.addArrival(feed.next, index);
  }

  /** Client `client` of a closed source calls entry `index` at `at`: the request in row `i`. */
  call(index: number, client: number, requests: Requests, i: number, at: number): void {
    this.now = at;
    const queues = this.scenario.entries[index]!.invoke.queues;
    this.entries[index]!.arriveDrawn(requests, i, queues ? NOBODY : ofClient(client));
    // A queue has taken it: that is all the answer there is.
    if (queues) this.host.answered(client, at, true);
  }

  /** Timer `first` is due at `at`, with others of the same instant. */
  ring(first: number, others: number[], at: number): void {
    this.now = at;
    this.timers.ring(first, others);
  }

  shared<T>(name: string, make: () => T): T {
    if (!this.common.has(name)) this.common.set(name, make());
    return this.common.get(name) as T;
  }

  /** An attempt of an entry's model, now; `m`: the message it is made with, or −1. Returns the placement. */
  place(entry: Entry, token: number, duration: number, outcome: number, m: number): number {
    const { row, executions, observer, now, scenario } = this;
    const fn = scenario.entries[entry.index]!.target;
    row.times[0] = now;
    row.functions[0] = fn;
    row.durations[0] = duration;
    row.outcomes[0] = outcome;
    row.waits[0] = 0;
    row.inits[0] = 0;
    this.host.arrive(row, 0, entry.index);
    const placement = row.placements[0]!;
    if (placement >= THROTTLED) {
      observer.attempts.refused(fn, placement);
      return placement;
    }
    const x = executions.add();
    this.last = x;
    executions.entry[x] = entry.index;
    executions.token[x] = token;
    if (m >= 0) this.follow(x, entry.messages, m);
    executions.fn[x] = fn;
    executions.slot[x] = this.lambda.chosen;
    executions.placement[x] = placement;
    executions.outcome[x] = row.outcomes[0]!;
    executions.start[x] = now;
    executions.wait[x] = row.waits[0]!;
    executions.duration[x] = row.durations[0]!;
    executions.init[x] = row.inits[0]!;
    observer.attempts.accepted(fn, placement);
    if (waitsForOthers(this.links[fn]!, row.outcomes[0]!)) {
      executions.calls[x] = 0;
      this.lambda.environments.flags[this.lambda.chosen]! |= IS_HELD;
    } else observer.attempts.book(executions, x, false);
    this.timers.set(now + row.waits[0]! + row.durations[0]!, this, this.timerOf(x, ENDS));
    return placement;
  }

  /** The execution that was accepted last has a message that has made so many rounds. */
  carries(hops: number): void {
    const { executions, last } = this;
    if (hops > executions.hops[last]!) executions.hops[last] = hops;
  }

  /** Execution `x` has message `m` alone. Its caller may give it up, but what the handler does then still comes of it. */
  private follow(x: number, { chain, hops }: Messages, m: number): void {
    const { executions, chains } = this;
    executions.chain[x] = chain[m]!;
    executions.hops[x] = hops[m]!;
    executions.alone[x] = 1;
    if (chain[m]! >= 0) chains.join(chain[m]!);
  }

  private timerOf(x: number, kind: number): number {
    return 2 * (this.executions.serial[x]! * ROWS + x) + kind;
  }

  /** An execution's own work ends, or its time is up. */
  due(what: number): void {
    const { executions } = this;
    const id = Math.floor(what / 2);
    const x = id % ROWS;
    if (executions.serial[x] !== Math.floor(id / ROWS)) return;
    if (what % 2 === DEADLINE) this.finish(x, TIMED_OUT);
    else if (executions.calls[x]! < 0) this.ended(x);
    else this.callNext(x);
  }

  /** The handler has done its own work and calls the functions it needs, one after another, while it waits. */
  private callNext(x: number): void {
    const { executions, entries, scenario } = this;
    const fn = executions.fn[x]!;
    const { calls } = this.links[fn]!;
    const made = executions.calls[x]!++;
    const call = calls[made];
    if (!call) {
      this.finish(x, SUCCEEDED);
      return;
    }
    if (made === 0) {
      const deadline = executions.start[x]! + executions.wait[x]! + scenario.functions[fn]!.timeout;
      this.timers.set(Math.max(this.now, deadline), this, this.timerOf(x, DEADLINE));
    }
    const callee = entries[call.entry]!;
    if (callee.times(call.share, 1) === 0) {
      this.callNext(x);
      return;
    }
    const hops = executions.hops[x]! + (call.loops ? 1 : 0);
    callee.arriveFrom(executions.chain[x]!, hops, ofExecution(x, executions.serial[x]!));
  }

  /** Whoever made a request hears what came of it. */
  answer(origin: number, outcome: number): void {
    if (origin % 2 === 0) {
      this.host.answered(origin / 2, this.now, outcome === REFUSED);
      return;
    }
    // The caller may have run into its timeout meanwhile.
    if (this.hasEnded(origin)) return;
    const x = Math.floor(origin / 2) % ROWS;
    if (outcome === SUCCEEDED) this.callNext(x);
    else this.finish(x, FAILED);
  }

  /** Whoever made a request was an execution that has ended. */
  hasEnded(origin: number): boolean {
    if (origin % 2 === 0) return false;
    const id = Math.floor(origin / 2);
    return this.executions.serial[id % ROWS] !== Math.floor(id / ROWS);
  }

  /** An execution that has waited for others ends now. */
  private finish(x: number, outcome: number): void {
    const { executions, lambda, observer, now } = this;
    const slot = executions.slot[x]!;
    executions.outcome[x] = outcome;
    executions.duration[x] = now - executions.start[x]! - executions.wait[x]!;
    lambda.environments.flags[slot]! &= ~IS_HELD;
    if (outcome === TIMED_OUT) lambda.environments.flags[slot]! |= NEEDS_INIT;
    this.host.complete(slot, now, outcome);
    observer.attempts.book(executions, x, false);
    this.ended(x);
  }

  private ended(x: number): void {
    const { executions } = this;
    const entry = this.entries[executions.entry[x]!]!;
    const token = executions.token[x]!;
    const outcome = executions.outcome[x]!;
    const fn = executions.fn[x]!;
    const chain = executions.chain[x]!;
    const hops = executions.hops[x]!;
    const alone = executions.alone[x] === 1;
    executions.remove(x);
    if (outcome === SUCCEEDED && alone) this.emit(fn, chain, hops);
    entry.ended(token, outcome);
    // How it ended is the message's to say: it may be tried again.
    if (chain >= 0) this.leave(chain, true);
  }

  /** Function `fn` has handled a message well: what it emits then goes out. */
  emit(fn: number, chain: number, hops: number): void {
    for (const emission of this.links[fn]!.emits) this.send(emission, chain, hops);
  }

  /** Messages go out that come of a message of `chain` (−1: none) that has made `hops` rounds. */
  send({ entry, share, count, loops }: Emission, chain: number, hops: number): void {
    const target = this.entries[entry]!;
    const times = target.times(share, count);
    for (let i = 0; i < times; i++) target.arriveFrom(chain, hops + (loops ? 1 : 0), NOBODY);
  }

  /** A message of a chain is settled. */
  leave(chain: number, succeeded: boolean): void {
    const { chains, entries } = this;
    if (!chains.leave(chain, succeeded)) return;
    entries[chains.entryOf(chain)]!.measures.chainEnded(chains.startOf(chain), this.now);
  }

  measureFrom(at: number): void {
    for (const entry of this.entries) entry.measureFrom(at);
  }

  endInterval(at: number): void {
    for (const entry of this.entries) entry.endInterval(at);
  }

  /** The run is over at `at`. */
  close(at: number): void {
    const { executions, observer } = this;
    for (const x of executions.rows()) {
      if (executions.calls[x]! < 0) continue;
      const waited = at - executions.start[x]! - executions.wait[x]!;
      executions.duration[x] = Math.max(executions.duration[x]!, waited);
      observer.attempts.book(executions, x, true);
    }
    for (const entry of this.entries) entry.close();
  }

  results(): EntryResult[] {
    return this.entries.map((entry) => entry.result());
  }
}
