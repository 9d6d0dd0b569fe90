import { MOST_WINDOW } from "../calendar.ts";
import type { Sampler } from "../distributions/contract.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import { FAILED, SUCCEEDED, TIMED_OUT } from "../measure/outcome.ts";
import type { RandomStreams, Stream } from "../random.ts";
import type { Scenario, TrafficSettings } from "../scenario/scenario.ts";
import { ArrivalBatch, type ArrivalProcess } from "./contract.ts";

/** About how many arrivals a window should hold: enough to share the cost of filling it, few enough for the cache. */
const TARGET = 4096;
const FIRST_WINDOW = 64;

/** The columns that a sort writes into, kept for the next one. */
interface Spare {
  functions: Int32Array<ArrayBuffer>;
  durations: Float64Array<ArrayBuffer>;
  outcomes: Uint8Array<ArrayBuffer>;
}

/**
 * One entry of the traffic at work: it draws each request's arrival, service time and failure, in request order, each
 * from a stream of its own, whatever will become of the request.
 */
class Source {
  readonly target: number;
  private readonly process: ArrivalProcess;
  private readonly start: number;
  private readonly end: number;
  private readonly services: Sampler | undefined;
  private readonly failures: Stream;
  private readonly errors: number;
  private readonly timeout: number;

  constructor(traffic: TrafficSettings, f: FunctionSettings, streams: RandomStreams) {
    this.target = traffic.target;
    this.start = traffic.start;
    this.end = traffic.end;
    this.process = traffic.arrivals.open(streams.open(`${traffic.name}/arrivals`));
    this.services = traffic.arrivals.carriesDurations
      ? undefined
      : f.duration!.sampler(streams.open(`${traffic.name}/duration`));
    this.failures = streams.open(`${traffic.name}/errors`);
    this.errors = f.errors;
    this.timeout = f.timeout;
  }

  /** The next arrival not given yet, in time of the run. */
  get next(): number {
    const next = this.start + this.process.next;
    return next < this.end ? next : Number.POSITIVE_INFINITY;
  }

  /** Appends the arrivals before `until`. */
  fill(until: number, window: ArrivalWindow, batch: ArrivalBatch): void {
    batch.count = 0;
    this.process.fill(Math.min(until, this.end) - this.start, batch);
    const from = window.count;
    const to = from + batch.count;
    window.reserve(to);
    const { times, functions, durations, outcomes } = window;
    for (let i = 0; i < batch.count; i++) times[from + i] = batch.times[i]! + this.start;
    functions.fill(this.target, from, to);
    if (this.services) this.services.fill(durations, from, to);
    else durations.set(batch.durations.subarray(0, batch.count), from);
    const { timeout, errors, failures } = this;
    for (let i = from; i < to; i++) {
      const duration = Math.round(durations[i]!);
      durations[i] = duration > timeout ? timeout : duration;
      outcomes[i] = duration > timeout ? TIMED_OUT : SUCCEEDED;
    }
    if (errors > 0) {
      for (let i = from; i < to; i++) {
        if (failures.uniform() < errors && outcomes[i] === SUCCEEDED) outcomes[i] = FAILED;
      }
    }
    window.count = to;
  }
}

/**
 * The arrivals of a stretch of simulated time, of all sources, in order: of time, then of the source's place in
 * `traffic`. Filled a few thousand at a time, so that the loop reads plain columns and calls no process.
 */
export class ArrivalWindow {
  times = new Float64Array(TARGET);
  functions = new Int32Array(TARGET);
  /** Handler time in microseconds, cut at the timeout. */
  durations = new Float64Array(TARGET);
  outcomes = new Uint8Array(TARGET);
  count = 0;
  /** The end of the stretch: everything before it has been given. */
  until = 0;

  private readonly sources: Source[];
  private readonly horizon: number;
  private readonly batch = new ArrivalBatch();
  private length: number;
  private sorted = new Float64Array(0);
  private order = new Int32Array(0);
  private spare: Spare;

  constructor(scenario: Scenario, streams: RandomStreams) {
    this.horizon = scenario.horizon;
    this.sources = scenario.traffic.map((t) => new Source(t, scenario.functions[t.target]!, streams));
    const expected = scenario.traffic.reduce((sum, t) => sum + t.arrivals.expected(t.end - t.start), 0);
    this.length = Math.max(
      1,
      Math.min(MOST_WINDOW, (scenario.horizon * FIRST_WINDOW) / Math.max(1, expected)),
    );
    this.spare = {
      functions: new Int32Array(0),
      durations: new Float64Array(0),
      outcomes: new Uint8Array(0),
    };
  }

  /** Moves on to the next stretch; false when the horizon is reached. */
  advance(): boolean {
    if (this.until >= this.horizon) return false;
    this.until = Math.min(this.horizon, this.until + Math.ceil(this.length));
    this.count = 0;
    let filled = 0;
    for (let i = 0; i < this.sources.length; i++) {
      const source = this.sources[i]!;
      if (source.next >= this.until) continue;
      source.fill(this.until, this, this.batch);
      filled++;
    }
    if (filled > 1) this.sort();
    // Longer or shorter next time, by the count; never more than fourfold, so that a sudden rush stays small.
    const factor = Math.max(0.25, Math.min(4, TARGET / Math.max(1, this.count)));
    this.length = Math.max(1, Math.min(MOST_WINDOW, this.length * factor));
    return true;
  }

  /** Makes room for `size` arrivals. */
  reserve(size: number): void {
    if (size <= this.times.length) return;
    const length = Math.max(size, 2 * this.times.length);
    const times = new Float64Array(length);
    times.set(this.times.subarray(0, this.count));
    const functions = new Int32Array(length);
    functions.set(this.functions.subarray(0, this.count));
    const durations = new Float64Array(length);
    durations.set(this.durations.subarray(0, this.count));
    const outcomes = new Uint8Array(length);
    outcomes.set(this.outcomes.subarray(0, this.count));
    Object.assign(this, { times, functions, durations, outcomes });
  }

  /**
   * Sorts the columns by time. The sources were appended one after another, so a stable sort keeps their order within
   * an instant: arrivals are dealt into as many equal stretches of time as there are arrivals, then put straight by
   * insertion, which moves almost nothing.
   */
  private sort(): void {
    const { count, times } = this;
    if (this.sorted.length < this.times.length) {
      this.sorted = new Float64Array(this.times.length);
      this.order = new Int32Array(this.times.length);
      this.spare = {
        functions: new Int32Array(this.times.length),
        durations: new Float64Array(this.times.length),
        outcomes: new Uint8Array(this.times.length),
      };
    }
    const { sorted, order, spare } = this;
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
      spare.functions[i] = this.functions[from]!;
      spare.durations[i] = this.durations[from]!;
      spare.outcomes[i] = this.outcomes[from]!;
    }
    const old = { times, functions: this.functions, durations: this.durations, outcomes: this.outcomes };
    this.times = sorted;
    this.functions = spare.functions;
    this.durations = spare.durations;
    this.outcomes = spare.outcomes;
    this.sorted = old.times;
    this.spare = { functions: old.functions, durations: old.durations, outcomes: old.outcomes };
  }
}
