import { type Environments, LIVES_ON, type LifeObserver } from "../lambda/environments.ts";
import type { ProvisioningObserver } from "../lambda/provisioned/contract.ts";
import { provisionedAtStart } from "../lambda/settings.ts";
import { FAILED, type Requests, TIMED_OUT } from "../requests.ts";
import { entriesTo } from "../scenario/lookup.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { MILLISECOND, SECOND } from "../units.ts";
import { type AttemptCounts, Attempts } from "./attempts.ts";
import { Digest } from "./digest.ts";
import { ENTRY_LAWS, type EntryResult } from "./entry.ts";
import { FunctionColumns } from "./function-columns.ts";
import { FunctionResult } from "./function-result.ts";
import { Gauges } from "./gauge.ts";
import { Histograms, TIMES } from "./histograms.ts";
import { IntervalHistogram } from "./interval-histogram.ts";
import { type ColdStartPhases, Ledger, ROW_COUNTS } from "./ledger.ts";
import { Occupancy } from "./occupancy.ts";
import { PROVISIONED_COLUMNS, ProvisionedBooks, ProvisionedTimeline } from "./provisioned.ts";
import { Recorder } from "./recorder.ts";
import type { AccountResult, Counters, Level, RunResult } from "./result.ts";
import { ON_PROVISIONED, type Steps, UP } from "./steps.ts";
import { TimelineWriter } from "./timeline-writer.ts";

const NONE: Level = { mean: 0, variance: 0, max: 0 };

/**
 * The engine's only outlet: told what happens, keeps counts, histograms and timelines of fixed size. Requests are
 * booked in stretches, when they have been placed; concurrency is followed step by step.
 */
export class Observer implements LifeObserver, ProvisioningObserver {
  private readonly scenario: Scenario;
  /** Told of every environment, where somebody records them. */
  private readonly records: LifeObserver | undefined;
  private readonly functions: number;
  private readonly start: number;
  private readonly end: number;
  /** Where a function with provisioned concurrency stands in the gauges that split it; −1 for the others. */
  private readonly split: Int32Array;
  private readonly splits: number;
  /** The books of those, in the same order; and of all of them together, where there are any. */
  private readonly provisioned: ProvisionedBooks[] = [];
  private readonly provisionedTimeline: ProvisionedTimeline | undefined;
  private readonly provisionedRow = new Float64Array(PROVISIONED_COLUMNS);

  /** The books of requests that the loop places at once, and of the attempts of invocation models. */
  private readonly ledger: Ledger;
  readonly attempts: Attempts;
  private readonly modelled: boolean;

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
  /** Of the functions in detail, and of the account. */
  private readonly timelines = new Map<number, TimelineWriter>();
  private readonly accountTimeline: TimelineWriter;
  private readonly accountInterval = new IntervalHistogram();
  private rowStart: number;
  /** Room for one function's counts. */
  private readonly counts = new Float64Array(ROW_COUNTS);

  constructor(scenario: Scenario, records?: LifeObserver) {
    const n = scenario.functions.length;
    const zeros = () => new Float64Array(n);
    this.scenario = scenario;
    this.records = records;
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
    this.mostEnvironments = Float64Array.from(scenario.functions, provisionedAtStart);
    const timeline = () => new TimelineWriter(this.start, scenario.measure.interval, this.end);
    scenario.functions.forEach((f, fn) => {
      if (scenario.measure.detailed(f.name)) this.timelines.set(fn, timeline());
    });
    this.accountTimeline = timeline();
    // Those without detail have one recorder together.
    let own = this.timelines.size < n ? 1 : 0;
    this.recorderOf = Int32Array.from(scenario.functions, (_, fn) => (this.timelines.has(fn) ? own++ : 0));
    this.recorders = Array.from(
      { length: own },
      () => new Recorder(own > 1 ? this.accountInterval : undefined),
    );
    this.ledger = new Ledger(this.recorders, this.recorderOf, scenario.pricing.billInit, this.end);
    this.modelled = scenario.entries.length > 0;
    const recorders = this.modelled ? scenario.functions.map((_, fn) => this.recorderFor(fn)) : [];
    this.attempts = new Attempts(recorders, scenario.pricing.billInit, this.start, this.end);
    const provisioned = () => new ProvisionedTimeline(this.start, scenario.measure.interval, this.end);
    scenario.functions.forEach((f, fn) => {
      if (f.provisionedConcurrency === 0) return;
      const own = this.timelines.has(fn) ? provisioned() : undefined;
      const moves = f.provisioning !== undefined;
      this.provisioned.push(new ProvisionedBooks(provisionedAtStart(f), moves, this.start, this.end, own));
    });
    this.provisionedTimeline = splits > 0 ? provisioned() : undefined;
    this.rowStart = this.start;
  }

  /** Rows `from` to `to` are placed: books what they come to. */
  book(requests: Requests, from: number, to: number): void {
    this.ledger.book(requests, from, to);
  }

  /** A request for function `fn` has arrived at an invocation model. */
  requested(fn: number): void {
    this.attempts.arrived(fn);
  }

  /** Its model has answered a request of function `fn` that arrived at `arrivedAt`, `latency` after that. */
  answered(fn: number, arrivedAt: number, latency: number, cold: boolean): void {
    if (arrivedAt < this.start) return;
    const recorder = this.recorderFor(fn);
    recorder.answered(latency);
    if (!cold) return;
    recorder.coldLatency.record(latency);
    recorder.modelled.coldLatency.record(latency);
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
      if (gauges === runningProvisioned) this.provisioned[own]!.busy(gauges.value(own));
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

  environmentLived(environments: Environments, slot: number, death: number, why: number): void {
    this.records?.environmentLived(environments, slot, death, why);
    const fn = environments.fn[slot]!;
    const birth = environments.birth[slot]!;
    const overlap = Math.min(death, this.end) - Math.max(birth, this.start);
    if (overlap > 0) this.lifeInWindow[fn]! += overlap;
    if (why !== LIVES_ON && death >= this.start) {
      this.ended[fn]!++;
      this.endedLife[fn]! += death - birth;
    }
    this.timelines.get(fn)?.timeline.addLife(birth, death, this.end);
    this.accountTimeline.timeline.addLife(birth, death, this.end);
  }

  provisionedRequested(fn: number, capacity: number, at: number): void {
    this.provisioned[this.split[fn]!]!.request(capacity, at);
  }

  provisionedAllocated(fn: number, capacity: number, at: number, environments: number): void {
    this.created(fn, environments);
    const own = this.split[fn]!;
    const inUse = this.runningProvisioned.value(own);
    this.provisioned[own]!.allocate(capacity, at, inUse, this.onDemandInvocations(fn));
  }

  provisionedInit(fn: number, at: number, init: number): void {
    this.provisioned[this.split[fn]!]!.init(at, Math.ceil(init / MILLISECOND));
  }

  /** Since measuring began, of what is booked. */
  private onDemandInvocations(fn: number): number {
    return this.ledger.onDemand(fn) + (this.modelled ? this.attempts.onDemand(fn) : 0);
  }

  /** Warm-up ends: what came before does not count. `alive` gives a function's environments that exist now. */
  beginMeasuring(at: number, alive: (fn: number) => number): void {
    this.ledger.clear();
    this.accountInterval.flush();
    this.attempts.clear();
    for (const gauges of [this.running, this.runningProvisioned, this.runningOnDemand])
      gauges.measureFrom(at);
    this.account.measureFrom(at);
    this.provisioned.forEach((books, own) => {
      books.measureFrom(at, this.runningProvisioned.value(own));
    });
    for (let fn = 0; fn < this.functions; fn++) this.mostEnvironments[fn] = alive(fn);
  }

  /** When the present interval ends. */
  get intervalEnd(): number {
    return Math.min(this.end, this.rowStart + this.scenario.measure.interval);
  }

  /** An interval ends at `at`: its row is written. */
  endInterval(at: number): void {
    const { ledger, running, account, alone, counts } = this;
    const several = this.recorders.length > 1;
    ledger.endInterval();
    const area = account.area(at);
    const peak = account.endInterval();
    for (const [fn, timeline] of this.timelines) {
      const ownArea = alone ? area : running.area(fn, at);
      const ownPeak = alone ? peak : running.endInterval(fn);
      ledger.rowCounts(fn, counts);
      if (this.modelled) this.attempts.addRow(fn, counts);
      timeline.endInterval(at, counts, ownArea, ownPeak, this.recorderFor(fn).quantiles);
    }
    const quantiles = several ? this.accountInterval.flush() : this.recorders[0]!.quantiles;
    counts.set(ledger.totals);
    if (this.modelled) this.attempts.addTotals(counts);
    this.accountTimeline.endInterval(at, counts, area, peak, quantiles);
    if (this.splits > 0) this.endProvisioned(at);
    this.rowStart = at;
  }

  private endProvisioned(at: number): void {
    const { runningProvisioned, provisioned, provisionedRow: sum, split } = this;
    sum.fill(0);
    for (let fn = 0; fn < split.length; fn++) {
      const own = split[fn]!;
      if (own < 0) continue;
      const area = runningProvisioned.area(own, at);
      const most = runningProvisioned.endInterval(own);
      const onDemand = this.onDemandInvocations(fn);
      provisioned[own]!.endInterval(this.rowStart, at, area, most, onDemand, sum);
    }
    this.provisionedTimeline!.add(sum);
  }

  private recorderFor(fn: number): Recorder {
    return this.recorders[this.recorderOf[fn]!]!;
  }

  /** The run is over. Checks the books and returns all that was measured. */
  result(
    seed: string,
    peaks: { readonly unreserved: number; readonly claimed: number },
    entries: readonly EntryResult[] = [],
  ): RunResult {
    const columns = new FunctionColumns(this.functions, this.splits > 0);
    const functions = this.scenario.functions.map((_, fn) =>
      this.functionResult(
        columns,
        fn,
        entriesTo(this.scenario, fn).map((e) => entries[e]!),
      ),
    );
    for (const { timeline } of [...this.timelines.values(), this.accountTimeline]) timeline.finish();
    const histograms = this.accountHistograms();
    const account: AccountResult = {
      concurrency: this.account.over(this.end - this.start, this.end),
      concurrencyTimes: this.account.until(this.end),
      unreservedMax: peaks.unreserved,
      claimedMax: peaks.claimed,
      provisioned: this.provisionedTimeline,
      histograms,
      timeline: this.accountTimeline.timeline,
    };
    this.checkBooks(functions, histograms, entries);
    const digest = this.digest(functions, account, entries);
    return { seed, digest, span: this.end - this.start, functions, account, entries };
  }

  /** `own`: what came to the function through invocation models. */
  private functionResult(columns: FunctionColumns, fn: number, own: readonly EntryResult[]): FunctionResult {
    const settings = this.scenario.functions[fn]!;
    const split = this.split[fn]!;
    const counters = this.ledger.counters(fn, split >= 0);
    const times = this.ledger.answeredTimes(fn);
    let latency = times.latency;
    let duration = times.latency - times.waiting;
    let ended = counters.succeeded + counters.failed;
    let answered = ended;
    if (this.modelled) {
      const attempts = this.attempts.counts(fn);
      addModelled(counters, attempts, own, split >= 0);
      duration += attempts.duration;
      ended += sumOf(attempts.ended);
      latency += own.reduce((sum, { laws }) => sum + laws.latency.sum, 0);
      answered = counters.succeeded + counters.failed;
    }
    const books = this.provisioned[split];
    if (books) counters.spillover = books.spilled(this.onDemandInvocations(fn));
    const provisioned = books?.result(this.runningProvisioned.area(split, this.end));
    const span = this.end - this.start;
    const concurrency = this.alone ? this.account.over(span, this.end) : this.level(this.running, fn);
    const mean = this.lifeInWindow[fn]! / span;
    columns.add(fn, {
      counters,
      concurrency,
      onDemandConcurrency: split >= 0 ? this.level(this.runningOnDemand, split) : concurrency,
      provisionedConcurrency: split >= 0 ? this.level(this.runningProvisioned, split) : NONE,
      environments: {
        created:
          counters.coldStarts +
          counters.proactiveInits +
          provisionedAtStart(settings) +
          (provisioned?.inits ?? 0),
        mean,
        idleMean: Math.max(0, mean - concurrency.mean),
        max: this.mostEnvironments[fn]!,
        meanLifeS: this.endedLife[fn]! / this.ended[fn]! / SECOND,
      },
      latencyMean: latency / answered,
      durationMean: duration / ended,
    });
    const timeline = this.timelines.get(fn)?.timeline;
    const histograms = timeline && this.recorderFor(fn);
    return new FunctionResult(
      columns,
      fn,
      provisioned || timeline ? { provisioned, histograms, timeline } : undefined,
    );
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
  private checkBooks(
    functions: readonly FunctionResult[],
    account: Histograms,
    entries: readonly EntryResult[],
  ): void {
    let billed = 0;
    functions.forEach(({ counters: c }, fn) => {
      const name = this.scenario.functions[fn]!.name;
      const outcomes = c.succeeded + c.failed + c.throttled + c.dropped + c.unfinished;
      balance(`${name}: requests = outcomes`, c.requests, outcomes);
      balance(
        `${name}: attempts = invocations + refusals`,
        c.attempts,
        c.invocations + sumOf(c.throttledAttempts),
      );
      if (!this.modelled)
        balance(`${name}: invocations = outcomes`, c.invocations, c.succeeded + c.failed + c.unfinished);
      balance(
        `${name}: busy time by invocation = by environment`,
        this.ledger.busy(fn) + (this.modelled ? this.attempts.busy(fn) : 0),
        this.alone ? this.account.wholeArea(this.end) : this.running.wholeArea(fn, this.end),
      );
      billed += c.billedMs + c.provisionedBilledMs;
    });
    entries.forEach(({ counts: c }, e) => {
      const outcomes = c.succeeded + c.failed + c.throttled + c.dropped + c.unfinished;
      balance(`${this.scenario.entries[e]!.name}: messages in = messages out`, c.requests, outcomes);
    });
    balance("billed time by counter = by invocation", billed, account.billedMs.sum);
  }

  private digest(
    functions: readonly FunctionResult[],
    account: AccountResult,
    entries: readonly EntryResult[],
  ): string {
    const digest = new Digest();
    const addBucket = (low: number, count: number) => {
      digest.add(low);
      digest.add(count);
    };
    functions.forEach(({ counters, environments }, fn) => {
      digest.addAll(countsOf(counters));
      digest.addAll([
        this.alone ? this.account.area(this.end) : this.running.area(fn, this.end),
        this.lifeInWindow[fn]!,
        environments.max,
        this.ledger.answeredTimes(fn).latency,
      ]);
      const books = this.provisioned[this.split[fn]!];
      if (books?.moves) books.digest(digest);
    });
    digest.add(this.account.squareArea(this.end));
    for (const name of TIMES) {
      account.histograms[name].each(addBucket);
    }
    for (const { counts, laws, depth } of entries) {
      for (const value of Object.values(counts)) {
        if (typeof value === "number") digest.add(value);
        else digest.addAll(Object.values(value));
      }
      digest.addAll([depth.mean, depth.max]);
      for (const law of ENTRY_LAWS) laws[law].each(addBucket);
    }
    return digest.text();
  }
}

/** A function's counts as the digest takes them; `errors` follow from the others. */
function countsOf(c: Counters): number[] {
  return [
    c.requests,
    c.succeeded,
    c.failed,
    c.throttled,
    c.dropped,
    c.unfinished,
    c.attempts,
    c.invocations,
    c.coldStarts,
    c.warmStarts,
    c.provisionedInvocations,
    c.spillover,
    c.proactiveInits,
    c.suppressedInits,
    c.initTimeouts,
    c.timeouts,
    c.resets,
    c.deadLettered,
    ...c.throttledAttempts,
    c.billedMs,
    c.provisionedBilledMs,
    ...Object.values(c.coldStartTimes),
  ];
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, n) => sum + n, 0);

/** Adds what came through invocation models to a function's counts of requests that the loop placed at once. */
function addModelled(
  counters: Counters,
  { placed, ended, unfinished, refused, billedMs, provisionedBilledMs }: AttemptCounts,
  entries: readonly EntryResult[],
  hasProvisioned: boolean,
): void {
  for (const { counts } of entries) {
    counters.requests += counts.requests;
    counters.succeeded += counts.succeeded;
    counters.failed += counts.failed;
    counters.throttled += counts.throttled;
    counters.dropped += counts.dropped;
    counters.deadLettered += counts.deadLettered;
    counters.unfinished += counts.unfinished;
  }
  const [provisioned, warm, cold] = placed;
  counters.invocations += provisioned + warm + cold;
  counters.attempts += provisioned + warm + cold + sumOf(refused);
  counters.coldStarts += cold;
  counters.warmStarts += warm + provisioned;
  counters.provisionedInvocations += provisioned;
  if (hasProvisioned) counters.spillover += warm + cold;
  counters.errors += sumOf(ended.slice(FAILED));
  counters.timeouts += ended[TIMED_OUT]!;
  counters.resets += sumOf(ended.slice(TIMED_OUT));
  counters.throttledAttempts = counters.throttledAttempts.map((n, reason) => n + refused[reason]!);
  counters.billedMs += billedMs;
  counters.provisionedBilledMs += provisionedBilledMs;
  balance("attempts of models = outcomes", provisioned + warm + cold, sumOf(ended) + unfinished);
}

function balance(what: string, left: number, right: number): void {
  // Sums of whole numbers are exact up to 2^53; beyond that the last digits may differ.
  const tolerance = Math.max(Math.abs(left), Math.abs(right)) > 2 ** 53 ? Math.abs(left) * 1e-9 : 0;
  if (Math.abs(left - right) > tolerance)
    throw new Error(`the books do not balance: ${what}: ${left} ≠ ${right}`);
}
