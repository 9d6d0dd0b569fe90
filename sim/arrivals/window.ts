import { MOST_WINDOW } from "../calendar.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import type { RandomStreams } from "../random.ts";
import type { Scenario, TrafficSettings } from "../scenario/scenario.ts";
import { ArrivalBatch, type ArrivalProcess } from "./contract.ts";
import { DrawnRequests } from "./drawn.ts";
import { RequestDraws } from "./draws.ts";

/** About how many arrivals a window should hold: enough to share the cost of filling it, few enough for the cache. */
const TARGET = 8192;
const FIRST_WINDOW = 64;

/** A source that has fewer arrivals than this in a usual window is drawn ahead. */
const RARE = 4;
/** About how many arrivals are drawn ahead at a time, and room for them. */
const TARGET_AHEAD = 32_768;
const ROOM_AHEAD = 1.25 * TARGET_AHEAD;
/** When so many are drawn, the sources that are left are drawn window by window: a rush must not fill the memory. */
const MOST_AHEAD = 2 * TARGET_AHEAD;

/** One entry of the traffic at work: its arrivals, and what is drawn for each of them. */
export class Source {
  private readonly target: number;
  private readonly process: ArrivalProcess;
  private readonly draws: RequestDraws;
  private readonly start: number;
  private readonly end: number;
  private readonly carriesDurations: boolean;

  constructor(traffic: TrafficSettings, f: FunctionSettings, streams: RandomStreams) {
    this.target = traffic.target;
    this.start = traffic.start;
    this.end = traffic.end;
    this.process = traffic.arrivals.open(streams.open(`${traffic.name}/arrivals`));
    this.draws = new RequestDraws(traffic, f, streams);
    this.carriesDurations = traffic.arrivals.carriesDurations;
  }

  /** The next arrival not given yet, in time of the run; Infinity when there is none. */
  get next(): number {
    const next = this.start + this.process.next;
    return next < this.end ? next : Number.POSITIVE_INFINITY;
  }

  /** Appends the arrivals before `until`; returns the time of the next one. */
  fill(until: number, requests: DrawnRequests, place: number, batch: ArrivalBatch): number {
    batch.count = 0;
    this.process.fill(Math.min(until, this.end) - this.start, batch);
    const from = requests.count;
    const to = from + batch.count;
    requests.reserve(to);
    const { times, functions, durations, sources } = requests;
    for (let i = 0; i < batch.count; i++) times[from + i] = batch.times[i]! + this.start;
    for (let i = from; i < to; i++) {
      functions[i] = this.target;
      sources[i] = place;
    }
    if (this.carriesDurations) durations.set(batch.durations.subarray(0, batch.count), from);
    this.draws.fill(requests, from, to);
    requests.count = to;
    return this.next;
  }
}

/** A length of time for about `target` arrivals; never more than fourfold, so that a sudden rush stays small. */
export function adapted(length: number, count: number, target: number): number {
  const factor = Math.max(0.25, Math.min(4, target / Math.max(1, count)));
  return Math.max(1, Math.min(MOST_WINDOW, length * factor));
}

/**
 * The arrivals of a stretch of simulated time, of all sources, in order: of time, then of the source's place in
 * `traffic`. Filled a few thousand at a time, so that the loop reads plain columns and calls no process.
 *
 * With thousands of sources most have no arrival in a window, or one, and each would be fetched from memory for it. So
 * the rare ones are drawn for many windows at once, and their arrivals wait, in order, until their window comes.
 */
export class ArrivalWindow {
  readonly requests = new DrawnRequests(TARGET);
  /** The end of the stretch: everything before it has been given. */
  until = 0;

  private readonly sources: Source[];
  /** When each source has its next arrival: read for every window, so in a column. */
  private readonly nexts: Float64Array;
  private readonly horizon: number;
  private readonly batch = new ArrivalBatch();
  private length: number;

  /** The sources drawn window by window, and those drawn ahead. */
  private readonly usual: Int32Array;
  private readonly rare: Int32Array;
  /** What is drawn ahead, up to which time, and how much of it has been given. */
  private readonly ahead: DrawnRequests;
  private aheadUntil: number;
  private given = 0;
  private aheadLength: number;
  /** The rare sources from here on are left out, this time: there was a rush. */
  private left = 0;

  constructor(scenario: Scenario, streams: RandomStreams) {
    const { horizon } = scenario;
    this.horizon = horizon;
    const open = scenario.traffic.filter((t) => t.entry < 0 && t.arrivals.clients === undefined);
    this.sources = open.map((t) => new Source(t, scenario.functions[t.target]!, streams));
    this.nexts = Float64Array.from(this.sources, (source) => source.next);
    const each = Float64Array.from(open, (t) => t.arrivals.expected(t.end - t.start));
    const expected = Math.max(
      1,
      each.reduce((sum, n) => sum + n, 0),
    );
    const isRare = (i: number) => (each[i]! / expected) * TARGET < RARE;
    const places = Int32Array.from(open.keys());
    this.usual = places.filter((i) => !isRare(i));
    this.rare = places.filter(isRare);
    this.ahead = new DrawnRequests(this.rare.length > 0 ? ROOM_AHEAD : 0, false);
    this.length = Math.max(1, Math.min(MOST_WINDOW, (horizon * FIRST_WINDOW) / expected));
    this.aheadLength = this.length;
    this.aheadUntil = this.rare.length > 0 ? 0 : horizon;
  }

  /** Moves on to the next stretch; false when the horizon is reached. */
  advance(): boolean {
    if (this.until >= this.horizon) return false;
    if (this.until >= this.aheadUntil) this.drawAhead();
    const { requests, nexts, usual, rare } = this;
    const whole = Math.min(this.horizon, this.until + Math.ceil(this.length));
    const until = Math.min(whole, this.aheadUntil);
    this.until = until;
    requests.clear();
    let parts = this.giveAhead(until);
    for (let k = 0; k < usual.length; k++) {
      if (nexts[usual[k]!]! < until) parts += this.fill(usual[k]!, until, requests);
    }
    for (let k = this.left; k < rare.length; k++) {
      if (nexts[rare[k]!]! < until) parts += this.fill(rare[k]!, until, requests);
    }
    if (parts > 1) requests.sort();
    if (until === whole) this.length = adapted(this.length, requests.count, TARGET);
    return true;
  }

  private fill(place: number, until: number, requests: DrawnRequests): number {
    this.nexts[place] = this.sources[place]!.fill(until, requests, place, this.batch);
    return 1;
  }

  /** Draws the rare sources' arrivals of the next stretch of many windows. */
  private drawAhead(): void {
    const { ahead, nexts, rare } = this;
    const until = Math.min(this.horizon, this.aheadUntil + Math.ceil(this.aheadLength));
    ahead.clear();
    let k = 0;
    for (; k < rare.length && ahead.count < MOST_AHEAD; k++) {
      if (nexts[rare[k]!]! < until) this.fill(rare[k]!, until, ahead);
    }
    ahead.sort();
    this.left = k;
    this.given = 0;
    this.aheadUntil = until;
    this.aheadLength = adapted(this.aheadLength, ahead.count, TARGET_AHEAD);
  }

  /** Gives those drawn ahead that come before `until`; returns 1 if there were any. */
  private giveAhead(until: number): number {
    const { ahead, given } = this;
    const { times, count } = ahead;
    let to = given;
    while (to < count && times[to]! < until) to++;
    this.requests.append(ahead, given, to);
    this.given = to;
    return to > given ? 1 : 0;
  }
}
