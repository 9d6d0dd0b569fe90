import type { LifeObserver } from "../lambda/environments.ts";
import { COLD, PROVISIONED, THROTTLE_REASONS, THROTTLED, WARM } from "../lambda/placement.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { MILLISECOND, SECOND } from "../units.ts";
import { Digest } from "./digest.ts";
import { Gauges } from "./gauge.ts";
import { Histogram } from "./histogram.ts";
import { IntervalHistogram } from "./interval-histogram.ts";
import { Occupancy } from "./occupancy.ts";
import { SUCCEEDED, TIMED_OUT } from "./outcome.ts";
import { Recorder } from "./recorder.ts";
import type { AccountResult, Counters, FunctionResult, Histograms, Level, RunResult } from "./result.ts";
import { Timeline } from "./timeline.ts";

/**
 * The engine's only outlet: told what happens, keeps counts, histograms and timelines of fixed size. What a request
 * comes to is known when it is placed (there is no queue before an environment), so it is booked then, under the time it
 * arrived; only concurrency also needs the completions.
 */
export class Observer implements LifeObserver {
  private readonly scenario: Scenario;
  private readonly functions: number;
  private readonly start: number;
  private readonly end: number;
  private readonly billInit: 0 | 1;
  private readonly hasProvisioned: Uint8Array;

  // Counters by function.
  private readonly requests: Float64Array;
  private readonly succeeded: Float64Array;
  private readonly failed: Float64Array;
  private readonly timeouts: Float64Array;
  private readonly unfinished: Float64Array;
  private readonly warm: Float64Array;
  private readonly cold: Float64Array;
  private readonly provisioned: Float64Array;
  private readonly throttled: Float64Array[];
  private readonly billedMs: Float64Array;
  private readonly provisionedBilledMs: Float64Array;
  private readonly latencySum: Float64Array;
  private readonly coldWaitSum: Float64Array;
  /** Busy time by invocation up to the horizon, from the very start: must equal the gauges' area. */
  private readonly booked: Float64Array;

  /** Executions in progress: each function, then the account, then provisioned and on-demand ones apart. */
  private readonly running: Gauges;
  private readonly runningProvisioned: Gauges;
  private readonly runningOnDemand: Gauges;
  /** How long the account ran how much at once. */
  private readonly occupancy = new Occupancy();

  // Environments by function.
  private readonly lifeInWindow: Float64Array;
  private readonly endedLife: Float64Array;
  private readonly ended: Float64Array;
  private readonly mostEnvironments: Float64Array;

  private readonly recorders: Recorder[];
  private readonly detailed: boolean[];
  private readonly timelines: (Timeline | undefined)[];
  private readonly accountTimeline: Timeline;
  private readonly accountInterval = new IntervalHistogram();
  private readonly scrap = new Histogram();
  private row = 0;
  private rowStart: number;
  private readonly rowBase: Float64Array[];
  private readonly areaBase: Float64Array;

  constructor(scenario: Scenario) {
    const n = scenario.functions.length;
    const zeros = () => new Float64Array(n);
    this.scenario = scenario;
    this.functions = n;
    this.start = scenario.warmup;
    this.end = scenario.horizon;
    this.billInit = scenario.pricing.billInit ? 1 : 0;
    this.hasProvisioned = Uint8Array.from(scenario.functions, (f) => (f.provisionedConcurrency > 0 ? 1 : 0));
    this.requests = zeros();
    this.succeeded = zeros();
    this.failed = zeros();
    this.timeouts = zeros();
    this.unfinished = zeros();
    this.warm = zeros();
    this.cold = zeros();
    this.provisioned = zeros();
    this.throttled = THROTTLE_REASONS.map(zeros);
    this.billedMs = zeros();
    this.provisionedBilledMs = zeros();
    this.latencySum = zeros();
    this.coldWaitSum = zeros();
    this.booked = zeros();
    this.running = new Gauges(n + 1);
    this.runningProvisioned = new Gauges(n);
    this.runningOnDemand = new Gauges(n);
    this.lifeInWindow = zeros();
    this.endedLife = zeros();
    this.ended = zeros();
    this.mostEnvironments = Float64Array.from(scenario.functions, (f) => f.provisionedConcurrency);
    this.detailed = scenario.functions.map((f) => scenario.measure.detailed(f.name));
    const shared = new Recorder();
    this.recorders = this.detailed.map((detailed) => (detailed ? new Recorder() : shared));
    const timeline = () => new Timeline(this.start, scenario.measure.interval, this.end);
    this.timelines = this.detailed.map((detailed) => (detailed ? timeline() : undefined));
    this.accountTimeline = timeline();
    this.rowStart = this.start;
    this.rowBase = Array.from({ length: n + 1 }, () => new Float64Array(5 + THROTTLE_REASONS.length));
    this.areaBase = new Float64Array(n + 1);
  }

  /** A request arrives. */
  requested(fn: number): void {
    this.requests[fn]!++;
  }

  /** It is refused; `placement` says why. */
  refused(fn: number, placement: number): void {
    this.throttled[placement - THROTTLED]![fn]!++;
  }

  /**
   * It is accepted: it waits `wait` (placement, download and init; 0 when warm), of which `init` is init, and then
   * its handler runs for `duration`. Times in microseconds.
   */
  accepted(
    fn: number,
    at: number,
    placement: number,
    wait: number,
    init: number,
    duration: number,
    outcome: number,
  ): void {
    const { running, functions, end } = this;
    const recorder = this.recorders[fn]!;
    const busy = wait + duration;
    const done = at + busy;

    running.up(fn, at);
    this.occupancy.up(running.value[functions]!, at);
    running.up(functions, at);
    if (this.hasProvisioned[fn] === 1)
      (placement === PROVISIONED ? this.runningProvisioned : this.runningOnDemand).up(fn, at);

    const billed = Math.ceil((this.billInit * init + duration) / MILLISECOND);
    recorder.billedMs.record(billed);
    if (placement === WARM) {
      this.warm[fn]!++;
      this.billedMs[fn]! += billed;
    } else if (placement === COLD) {
      this.cold[fn]!++;
      this.billedMs[fn]! += billed;
      recorder.init.record(init);
      // Nothing idle was alive, so whatever lives is busy or provisioned.
      const live =
        this.hasProvisioned[fn] === 1
          ? this.runningOnDemand.value[fn]! + this.scenario.functions[fn]!.provisionedConcurrency
          : running.value[fn]!;
      if (live > this.mostEnvironments[fn]!) this.mostEnvironments[fn] = live;
    } else {
      this.provisioned[fn]!++;
      this.provisionedBilledMs[fn]! += billed;
    }

    if (done > end) {
      this.unfinished[fn]!++;
      this.booked[fn]! += end - at;
      return;
    }
    this.booked[fn]! += busy;
    this.latencySum[fn]! += busy;
    recorder.interval.record(busy);
    if (outcome === SUCCEEDED) this.succeeded[fn]!++;
    else this.failed[fn]!++;
    if (outcome === TIMED_OUT) this.timeouts[fn]!++;
    if (placement === COLD) {
      this.coldWaitSum[fn]! += wait;
      recorder.coldLatency.record(busy);
      recorder.coldDuration.record(duration);
    }
  }

  /** An invocation of `fn` ends. */
  finished(fn: number, at: number, provisioned: boolean): void {
    const { running, functions } = this;
    running.down(fn, at);
    this.occupancy.down(running.value[functions]!, at);
    running.down(functions, at);
    if (this.hasProvisioned[fn] === 1)
      (provisioned ? this.runningProvisioned : this.runningOnDemand).down(fn, at);
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
    for (const counter of [
      this.requests,
      this.succeeded,
      this.failed,
      this.timeouts,
      this.unfinished,
      this.warm,
      this.cold,
      this.provisioned,
      ...this.throttled,
      this.billedMs,
      this.provisionedBilledMs,
      this.latencySum,
      this.coldWaitSum,
    ]) {
      counter.fill(0);
    }
    for (const gauges of [this.running, this.runningProvisioned, this.runningOnDemand])
      gauges.measureFrom(at);
    this.occupancy.startAt(this.running.value[this.functions]!, at);
    for (const recorder of new Set(this.recorders)) recorder.clear();
    for (let fn = 0; fn < this.functions; fn++) this.mostEnvironments[fn] = alive(fn);
  }

  /** When the present interval ends. */
  get intervalEnd(): number {
    return Math.min(this.end, this.rowStart + this.scenario.measure.interval);
  }

  /** An interval ends at `at`: its row is written. */
  endInterval(at: number): void {
    const flushed = new Set<Recorder>();
    for (let fn = 0; fn < this.functions; fn++) {
      const recorder = this.recorders[fn]!;
      const timeline = this.timelines[fn];
      if (timeline) {
        const { p50, p99 } = recorder.interval.flush(recorder.latency, this.accountInterval);
        this.writeRow(timeline, fn, at, p50, p99, (column) => column[fn]!);
      } else if (!flushed.has(recorder)) {
        recorder.interval.flush(recorder.latency, this.accountInterval);
        flushed.add(recorder);
      }
    }
    const { p50, p99 } = this.accountInterval.flush(this.scrap);
    const total = (column: Float64Array) => column.reduce((sum, n) => sum + n, 0);
    this.writeRow(this.accountTimeline, this.functions, at, p50, p99, total);
    this.row++;
    this.rowStart = at;
  }

  private writeRow(
    timeline: Timeline,
    i: number,
    at: number,
    p50: number,
    p99: number,
    read: (column: Float64Array) => number,
  ): void {
    const { row } = this;
    const reasons = this.throttled.map(read);
    const now = [
      read(this.requests),
      read(this.warm) + read(this.cold) + read(this.provisioned),
      reasons.reduce((sum, n) => sum + n, 0),
      read(this.failed),
      read(this.cold),
      ...reasons,
    ];
    const base = this.rowBase[i]!;
    const columns = timeline.columns();
    now.forEach((value, c) => {
      columns[c]![row] = value - base[c]!;
      base[c] = value;
    });
    const area = this.running.area(i, at);
    timeline.concurrencyMean[row] = (area - this.areaBase[i]!) / (at - this.rowStart);
    timeline.concurrencyMax[row] = this.running.endInterval(i);
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
      concurrency: this.level(this.running, this.functions),
      concurrencyTimes: this.occupancy.until(this.running.value[this.functions]!, this.end),
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
    const counters = this.counters(fn);
    const answered = counters.succeeded + counters.failed;
    const span = this.end - this.start;
    const concurrency = this.level(this.running, fn);
    const mean = this.lifeInWindow[fn]! / span;
    const split = this.hasProvisioned[fn] === 1;
    return {
      counters,
      concurrency,
      onDemandConcurrency: split ? this.level(this.runningOnDemand, fn) : concurrency,
      provisionedConcurrency: this.level(this.runningProvisioned, fn),
      environments: {
        created: counters.coldStarts + settings.provisionedConcurrency,
        mean,
        idleMean: Math.max(0, mean - concurrency.mean),
        max: this.mostEnvironments[fn]!,
        meanLifeS: this.endedLife[fn]! / this.ended[fn]! / SECOND,
      },
      latencyMean: this.latencySum[fn]! / answered,
      durationMean: (this.latencySum[fn]! - this.coldWaitSum[fn]!) / answered,
      histograms: this.detailed[fn] ? this.recorders[fn]!.histograms() : undefined,
      timeline: this.timelines[fn],
    };
  }

  private counters(fn: number): Counters {
    const throttledAttempts = this.throttled.map((reason) => reason[fn]!);
    const throttled = throttledAttempts.reduce((sum, n) => sum + n, 0);
    const onDemand = this.warm[fn]! + this.cold[fn]!;
    return {
      requests: this.requests[fn]!,
      succeeded: this.succeeded[fn]!,
      failed: this.failed[fn]!,
      throttled,
      dropped: 0,
      unfinished: this.unfinished[fn]!,
      attempts: this.requests[fn]!,
      invocations: onDemand + this.provisioned[fn]!,
      coldStarts: this.cold[fn]!,
      warmStarts: this.warm[fn]! + this.provisioned[fn]!,
      provisionedInvocations: this.provisioned[fn]!,
      spillover: this.hasProvisioned[fn] === 1 ? onDemand : 0,
      timeouts: this.timeouts[fn]!,
      deadLettered: 0,
      throttledAttempts,
      billedMs: this.billedMs[fn]!,
      provisionedBilledMs: this.provisionedBilledMs[fn]!,
    };
  }

  private level(gauges: Gauges, i: number): Level {
    const span = this.end - this.start;
    const mean = gauges.area(i, this.end) / span;
    const variance = Math.max(0, gauges.squareArea(i, this.end) / span - mean * mean);
    return { mean, variance, max: gauges.peakOf(i) };
  }

  private accountHistograms(): Histograms {
    const all = [...new Set(this.recorders)].map((recorder) => recorder.histograms());
    if (all.length === 1) return all[0]!;
    const sum: Histograms = {
      latency: new Histogram(),
      coldLatency: new Histogram(),
      warmLatency: new Histogram(),
      duration: new Histogram(),
      init: new Histogram(),
      billedMs: new Histogram(),
    };
    for (const part of all)
      for (const key of Object.keys(sum) as (keyof Histograms)[]) sum[key].add(part[key]);
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
        this.booked[fn]!,
        this.running.wholeArea(fn, this.end),
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
        else digest.addAll(value);
      }
      digest.addAll([
        this.running.area(fn, this.end),
        this.lifeInWindow[fn]!,
        environments.max,
        this.latencySum[fn]!,
      ]);
    });
    digest.add(this.running.squareArea(this.functions, this.end));
    for (const histogram of Object.values(account.histograms) as Histogram[]) {
      for (const { low, count } of histogram.buckets()) digest.addAll([low, count]);
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
