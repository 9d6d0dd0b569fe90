import type { LifeObserver } from "../lambda/environments.ts";
import type { Requests } from "../requests.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { SECOND } from "../units.ts";
import { Digest } from "./digest.ts";
import { Gauges } from "./gauge.ts";
import { Histogram } from "./histogram.ts";
import { Histograms, TIMES } from "./histograms.ts";
import { IntervalHistogram, type IntervalQuantiles } from "./interval-histogram.ts";
import { type ColdStartPhases, Ledger, ROW_COUNTS } from "./ledger.ts";
import { Occupancy } from "./occupancy.ts";
import { Recorder } from "./recorder.ts";
import type { AccountResult, FunctionResult, Level, RunResult } from "./result.ts";
import { ON_PROVISIONED, type Steps, UP } from "./steps.ts";
import { Timeline } from "./timeline.ts";

const NONE: Level = { mean: 0, variance: 0, max: 0 };

/**
 * The engine's only outlet: told what happens, keeps counts, histograms and timelines of fixed size. Requests are
 * booked in stretches, when they have been placed; concurrency is followed step by step.
 */
export class Observer implements LifeObserver {
  private readonly scenario: Scenario;
  private readonly functions: number;
  private readonly start: number;
  private readonly end: number;
  /** Where a function with provisioned concurrency stands in the gauges that split it; −1 for the others. */
  private readonly split: Int32Array;
  private readonly splits: number;

  private readonly ledger: Ledger;

  /** Executions in progress: of each function, then its provisioned and on-demand ones apart, and of the account. */
  private readonly running: Gauges;
  private readonly runningProvisioned: Gauges;
  private readonly runningOnDemand: Gauges;
  private readonly account = new Occupancy();
  /** There is one function: what the account runs is what it runs, and is followed once. */
  private readonly alone: boolean;

  // Environments by function.
  private readonly lifeInWindow: Float64Array;
  private readonly endedLife: Float64Array;
  private readonly ended: Float64Array;
  private readonly mostEnvironments: Float64Array;

  private readonly recorders: Recorder[];
  /** Which of them a function has. */
  private readonly recorderOf: Int32Array;
  private readonly detailed: boolean[];
  private readonly timelines: (Timeline | undefined)[];
  private readonly accountTimeline: Timeline;
  private readonly accountInterval = new IntervalHistogram();
  private readonly scrap = new Histogram();
  private row = 0;
  private rowStart: number;
  /** Counts and area at the start of the present interval: of each detailed function, then of the account. */
  private readonly rowBase: (Float64Array | undefined)[];
  private readonly areaBase: Float64Array;
  /** The functions that have a timeline. */
  private readonly followed: Int32Array;
  /** Room for one function's counts. */
  private readonly counts = new Float64Array(ROW_COUNTS);

  constructor(scenario: Scenario) {
    const n = scenario.functions.length;
    const zeros = () => new Float64Array(n);
    this.scenario = scenario;
    this.functions = n;
    this.start = scenario.warmup;
    this.end = scenario.horizon;
    let splits = 0;
    this.split = Int32Array.from(scenario.functions, (f) => (f.provisionedConcurrency > 0 ? splits++ : -1));
    this.splits = splits;
    this.alone = n === 1;
    this.running = new Gauges(n);
    this.runningProvisioned = new Gauges(splits);
    this.runningOnDemand = new Gauges(splits);
    this.lifeInWindow = zeros();
    this.endedLife = zeros();
    this.ended = zeros();
    this.mostEnvironments = Float64Array.from(scenario.functions, (f) => f.provisionedConcurrency);
    this.detailed = scenario.functions.map((f) => scenario.measure.detailed(f.name));
    const shared = this.detailed.includes(false) ? 1 : 0;
    let own = shared;
    this.recorderOf = Int32Array.from(this.detailed, (detailed) => (detailed ? own++ : 0));
    this.recorders = Array.from({ length: own }, () => new Recorder());
    this.ledger = new Ledger(this.recorders, this.recorderOf, scenario.pricing.billInit, this.end);
    const timeline = () => new Timeline(this.start, scenario.measure.interval, this.end);
    this.timelines = this.detailed.map((detailed) => (detailed ? timeline() : undefined));
    this.accountTimeline = timeline();
    this.rowStart = this.start;
    this.rowBase = [...this.detailed, true].map((kept) => (kept ? new Float64Array(ROW_COUNTS) : undefined));
    this.areaBase = new Float64Array(n + 1);
    this.followed = Int32Array.from([...this.detailed.keys()].filter((fn) => this.detailed[fn]));
  }

  /** Rows `from` to `to` are placed: books what they come to. */
  book(requests: Requests, from: number, to: number): void {
    this.ledger.book(requests, from, to);
  }

  /** Executions have begun and ended: follows them and leaves the list empty. */
  follow(steps: Steps): void {
    this.account.follow(steps);
    if (!this.alone) this.running.follow(steps);
    if (this.splits > 0) this.followSplit(steps);
    steps.count = 0;
  }

  /** Executions of functions with provisioned concurrency, there and on demand, are followed apart as well. */
  private followSplit({ times, codes, count }: Steps): void {
    const { split, runningProvisioned, runningOnDemand } = this;
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      const own = split[code >>> 2]!;
      if (own < 0) continue;
      const gauges = code & ON_PROVISIONED ? runningProvisioned : runningOnDemand;
      gauges.step(own, code & UP ? 1 : -1, times[i]!);
    }
  }

  /** A new environment has begun its first invocation; the function now has `alive` environments. */
  created(fn: number, alive: number): void {
    if (alive > this.mostEnvironments[fn]!) this.mostEnvironments[fn] = alive;
  }

  coldStart(fn: number, inits: ColdStartPhases): void {
    this.ledger.coldStart(fn, inits);
  }

  proactiveInit(fn: number): void {
    this.ledger.proactiveInit(fn);
  }

  suppressedInit(fn: number): void {
    this.ledger.suppressedInit(fn);
  }

  environmentLived(fn: number, birth: number, death: number, ended: boolean): void {
    const overlap = Math.min(death, this.end) - Math.max(birth, this.start);
    if (overlap > 0) this.lifeInWindow[fn]! += overlap;
    if (ended && death >= this.start) {
      this.ended[fn]!++;
      this.endedLife[fn]! += death - birth;
    }
    this.timelines[fn]?.addLife(birth, death, this.end);
    this.accountTimeline.addLife(birth, death, this.end);
  }

  /** Warm-up ends: what came before does not count. `alive` gives a function's environments that exist now. */
  beginMeasuring(at: number, alive: (fn: number) => number): void {
    this.ledger.clear();
    for (const gauges of [this.running, this.runningProvisioned, this.runningOnDemand])
      gauges.measureFrom(at);
    this.account.measureFrom(at);
    for (let fn = 0; fn < this.functions; fn++) this.mostEnvironments[fn] = alive(fn);
  }

  /** When the present interval ends. */
  get intervalEnd(): number {
    return Math.min(this.end, this.rowStart + this.scenario.measure.interval);
  }

  /** An interval ends at `at`: its row is written. */
  endInterval(at: number): void {
    const { functions, ledger, timelines, running, account, alone, counts } = this;
    const several = this.recorders.length > 1;
    ledger.endInterval(several ? this.accountInterval : undefined);
    const area = account.area(at);
    const peak = account.endInterval();
    for (const fn of this.followed) {
      const ownArea = alone ? area : running.area(fn, at);
      const ownPeak = alone ? peak : running.endInterval(fn);
      ledger.rowCounts(fn, counts);
      this.writeRow(timelines[fn]!, fn, at, this.recorderFor(fn).quantiles, counts, ownArea, ownPeak);
    }
    const quantiles = several ? this.accountInterval.flush(this.scrap) : this.recorders[0]!.quantiles;
    this.writeRow(this.accountTimeline, functions, at, quantiles, ledger.totals, area, peak);
    this.row++;
    this.rowStart = at;
  }

  private recorderFor(fn: number): Recorder {
    return this.recorders[this.recorderOf[fn]!]!;
  }

  private writeRow(
    timeline: Timeline,
    i: number,
    at: number,
    { p50, p99 }: IntervalQuantiles,
    counts: Float64Array,
    area: number,
    peak: number,
  ): void {
    const { row } = this;
    const base = this.rowBase[i]!;
    for (let c = 0; c < ROW_COUNTS; c++) {
      timeline.counts[c]![row] = counts[c]! - base[c]!;
      base[c] = counts[c]!;
    }
    timeline.concurrencyMean[row] = (area - this.areaBase[i]!) / (at - this.rowStart);
    timeline.concurrencyMax[row] = peak;
    timeline.latencyP50[row] = p50;
    timeline.latencyP99[row] = p99;
    this.areaBase[i] = area;
  }

  /** The run is over. Checks the books and returns all that was measured. */
  result(seed: string, unreservedMax: number, claimed: number): RunResult {
    const functions = this.scenario.functions.map((_, fn) => this.functionResult(fn));
    for (const timeline of [...this.timelines, this.accountTimeline]) timeline?.finish();
    const histograms = this.accountHistograms();
    const account: AccountResult = {
      concurrency: this.account.over(this.end - this.start, this.end),
      concurrencyTimes: this.account.until(this.end),
      unreservedMax,
      claimedMax: claimed + unreservedMax,
      histograms,
      timeline: this.accountTimeline,
    };
    this.checkBooks(functions, histograms);
    return { seed, digest: this.digest(functions, account), span: this.end - this.start, functions, account };
  }

  private functionResult(fn: number): FunctionResult {
    const settings = this.scenario.functions[fn]!;
    const split = this.split[fn]!;
    const counters = this.ledger.counters(fn, split >= 0);
    const { latency, waiting } = this.ledger.answeredTimes(fn);
    const answered = counters.succeeded + counters.failed;
    const span = this.end - this.start;
    const concurrency = this.alone ? this.account.over(span, this.end) : this.level(this.running, fn);
    const mean = this.lifeInWindow[fn]! / span;
    return {
      counters,
      concurrency,
      onDemandConcurrency: split >= 0 ? this.level(this.runningOnDemand, split) : concurrency,
      provisionedConcurrency: split >= 0 ? this.level(this.runningProvisioned, split) : NONE,
      environments: {
        created: counters.coldStarts + counters.proactiveInits + settings.provisionedConcurrency,
        mean,
        idleMean: Math.max(0, mean - concurrency.mean),
        max: this.mostEnvironments[fn]!,
        meanLifeS: this.endedLife[fn]! / this.ended[fn]! / SECOND,
      },
      latencyMean: latency / answered,
      durationMean: (latency - waiting) / answered,
      histograms: this.detailed[fn] ? this.recorderFor(fn) : undefined,
      timeline: this.timelines[fn],
    };
  }

  private level(gauges: Gauges, i: number): Level {
    const span = this.end - this.start;
    const mean = gauges.area(i, this.end) / span;
    const variance = Math.max(0, gauges.squareArea(i, this.end) / span - mean * mean);
    return { mean, variance, max: gauges.peakOf(i) };
  }

  private accountHistograms(): Histograms {
    if (this.recorders.length === 1) return this.recorders[0]!;
    const sum = new Histograms();
    for (const recorder of this.recorders) sum.add(recorder);
    return sum;
  }

  /** Rule: nothing gets lost. A miss is a fault of the simulator and stops it. */
  private checkBooks(functions: readonly FunctionResult[], account: Histograms): void {
    let billed = 0;
    functions.forEach(({ counters: c }, fn) => {
      const name = this.scenario.functions[fn]!.name;
      const outcomes = c.succeeded + c.failed + c.throttled + c.dropped + c.unfinished;
      balance(`${name}: requests = outcomes`, c.requests, outcomes);
      balance(`${name}: invocations = outcomes`, c.invocations, c.succeeded + c.failed + c.unfinished);
      balance(
        `${name}: busy time by invocation = by environment`,
        this.ledger.busy(fn),
        this.alone ? this.account.wholeArea(this.end) : this.running.wholeArea(fn, this.end),
      );
      billed += c.billedMs + c.provisionedBilledMs;
    });
    balance("billed time by counter = by invocation", billed, account.billedMs.sum);
  }

  private digest(functions: readonly FunctionResult[], account: AccountResult): string {
    const digest = new Digest();
    functions.forEach(({ counters, environments }, fn) => {
      for (const value of Object.values(counters)) {
        if (typeof value === "number") digest.add(value);
        else digest.addAll(Object.values(value));
      }
      digest.addAll([
        this.alone ? this.account.area(this.end) : this.running.area(fn, this.end),
        this.lifeInWindow[fn]!,
        environments.max,
        this.ledger.answeredTimes(fn).latency,
      ]);
    });
    digest.add(this.account.squareArea(this.end));
    for (const name of TIMES) {
      for (const { low, count } of account.histograms[name].buckets()) digest.addAll([low, count]);
    }
    return digest.text();
  }
}

function balance(what: string, left: number, right: number): void {
  // Sums of whole numbers are exact up to 2^53; beyond that the last digits may differ.
  const tolerance = Math.max(Math.abs(left), Math.abs(right)) > 2 ** 53 ? Math.abs(left) * 1e-9 : 0;
  if (Math.abs(left - right) > tolerance)
    throw new Error(`the books do not balance: ${what}: ${left} ≠ ${right}`);
}
