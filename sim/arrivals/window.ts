import { MOST_WINDOW } from "../calendar.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import type { RandomStreams } from "../random.ts";
import { Requests } from "../requests.ts";
import type { Scenario, TrafficSettings } from "../scenario/scenario.ts";
import { ArrivalBatch, type ArrivalProcess } from "./contract.ts";
import { RequestDraws } from "./draws.ts";

/** About how many arrivals a window should hold: enough to share the cost of filling it, few enough for the cache. */
const TARGET = 4096;
const FIRST_WINDOW = 64;

/** One entry of the traffic at work: its arrivals, and what is drawn for each of them. */
export class Source {
  /** The next arrival not given yet, in time of the run. */
  next: number;
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
    this.next = this.peek();
  }

  private peek(): number {
    const next = this.start + this.process.next;
    return next < this.end ? next : Number.POSITIVE_INFINITY;
  }

  /** Appends the arrivals before `until`; returns the time of the next one. */
  fill(until: number, requests: Requests, batch: ArrivalBatch): number {
    batch.count = 0;
    this.process.fill(Math.min(until, this.end) - this.start, batch);
    const from = requests.count;
    const to = from + batch.count;
    requests.reserve(to);
    const { times, functions, durations } = requests;
    for (let i = 0; i < batch.count; i++) times[from + i] = batch.times[i]! + this.start;
    for (let i = from; i < to; i++) functions[i] = this.target;
    if (this.carriesDurations) durations.set(batch.durations.subarray(0, batch.count), from);
    this.draws.fill(requests, from, to);
    requests.count = to;
    return this.peek();
  }
}

/**
 * The arrivals of a stretch of simulated time, of all sources, in order: of time, then of the source's place in
 * `traffic`. Filled a few thousand at a time, so that the loop reads plain columns and calls no process.
 */
export class ArrivalWindow {
  readonly requests = new Requests(TARGET);
  /** The end of the stretch: everything before it has been given. */
  until = 0;

  private readonly sources: Source[];
  /** When each source has its next arrival: read for every window, so in a column. */
  private readonly nexts: Float64Array;
  private readonly horizon: number;
  private readonly batch = new ArrivalBatch();
  private length: number;
  private order = new Int32Array(0);
  private spare = new Requests(0);

  constructor(scenario: Scenario, streams: RandomStreams) {
    this.horizon = scenario.horizon;
    const open = scenario.traffic.filter((t) => t.entry < 0 && t.arrivals.clients === undefined);
    this.sources = open.map((t) => new Source(t, scenario.functions[t.target]!, streams));
    this.nexts = Float64Array.from(this.sources, (source) => source.next);
    const expected = open.reduce((sum, t) => sum + t.arrivals.expected(t.end - t.start), 0);
    this.length = Math.max(
      1,
      Math.min(MOST_WINDOW, (scenario.horizon * FIRST_WINDOW) / Math.max(1, expected)),
    );
  }

  /** Moves on to the next stretch; false when the horizon is reached. */
  advance(): boolean {
    if (this.until >= this.horizon) return false;
    const { requests, nexts, sources } = this;
    const until = Math.min(this.horizon, this.until + Math.ceil(this.length));
    this.until = until;
    requests.clear();
    let filled = 0;
    for (let i = 0; i < nexts.length; i++) {
      if (nexts[i]! >= until) continue;
      nexts[i] = sources[i]!.fill(until, requests, this.batch);
      filled++;
    }
    if (filled > 1) this.sort();
    // Longer or shorter next time, by the count; never more than fourfold, so that a sudden rush stays small.
    const factor = Math.max(0.25, Math.min(4, TARGET / Math.max(1, requests.count)));
    this.length = Math.max(1, Math.min(MOST_WINDOW, this.length * factor));
    return true;
  }

  /**
   * Sorts the columns by time. The sources were appended one after another, so a stable sort keeps their order within
   * an instant: arrivals are dealt into as many equal stretches of time as there are arrivals, then put straight by
   * insertion, which moves almost nothing.
   */
  private sort(): void {
    const { requests } = this;
    const { count, times } = requests;
    if (this.order.length < times.length) {
      this.order = new Int32Array(times.length);
      this.spare = new Requests(times.length);
    }
    const { order, spare } = this;
    const sorted = spare.times;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (let i = 0; i < count; i++) {
      const t = times[i]!;
      if (t < first) first = t;
      if (t > last) last = t;
    }
    const scale = (count - 1) / Math.max(1, last - first);
    const starts = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) starts[Math.floor((times[i]! - first) * scale) + 1]!++;
    for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
    for (let i = 0; i < count; i++) {
      const place = starts[Math.floor((times[i]! - first) * scale)]!++;
      sorted[place] = times[i]!;
      order[place] = i;
    }
    for (let i = 1; i < count; i++) {
      const t = sorted[i]!;
      const o = order[i]!;
      let j = i - 1;
      for (; j >= 0 && sorted[j]! > t; j--) {
        sorted[j + 1] = sorted[j]!;
        order[j + 1] = order[j]!;
      }
      sorted[j + 1] = t;
      order[j + 1] = o;
    }
    for (let i = 0; i < count; i++) {
      const from = order[i]!;
      spare.functions[i] = requests.functions[from]!;
      spare.durations[i] = requests.durations[from]!;
      spare.outcomes[i] = requests.outcomes[from]!;
    }
    requests.swapDrawn(spare);
  }
}
