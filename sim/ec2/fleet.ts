import { ArrivalWindow } from "../arrivals/window.ts";
import { Calendar } from "../calendar.ts";
import { nearest } from "../math/functions.ts";
import { Histogram } from "../measure/histogram.ts";
import { IntervalHistogram } from "../measure/interval-histogram.ts";
import { RandomStreams } from "../random.ts";
import { SUCCEEDED } from "../requests.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { MINUTE } from "../units.ts";
import { Servers } from "./servers.ts";
import type { FleetSettings } from "./settings.ts";
import { TargetTracking } from "./target-tracking.ts";
import { FleetTimeline } from "./timeline.ts";

// Boundaries on the calendar, in the order in which those of one instant are taken.
const INTERVAL = 0;
const WARMUP = 1;
const RUN = 2;
const POINT = 3;
/** From here on: a server is ready. */
const READY = 4;

/** What a fleet came to in one replication. Only what arrived after the warm-up counts. */
export interface FleetResult {
  readonly seed: string;
  /** Measured time (microseconds). */
  readonly span: number;
  readonly requests: number;
  readonly succeeded: number;
  readonly failed: number;
  /** All slots were busy and the queue, if there is one, was full. */
  readonly refused: number;
  /** Waiting or running when the run ended. */
  readonly unfinished: number;
  /** From arrival to answer, and from arrival to a free slot, of answered requests (microseconds). */
  readonly latency: Histogram;
  readonly wait: Histogram;
  readonly servers: { readonly mean: number; readonly max: number };
  readonly busy: { readonly mean: number; readonly max: number };
  /** Busy slots over slots in service. */
  readonly utilisation: number;
  readonly queueMax: number;
  /** Server time that is paid for (microseconds). */
  readonly paidTime: number;
  readonly timeline: FleetTimeline;
}

/**
 * One replication of a scenario's requests on a fleet of servers instead of Lambda: the same arrivals and handler times,
 * from the same streams. A load balancer gives each request to the server with the fewest; what finds no free slot waits
 * in one line, first come first served. Requests come straight to the servers: gateways, queues and streams in front of
 * functions are left out, and so are retries, emissions and calls.
 */
export class Fleet {
  now = 0;
  private readonly scenario: Scenario;
  private readonly settings: FleetSettings;
  private readonly seed: string;
  private readonly calendar = new Calendar();
  private readonly arrivals: ArrivalWindow;
  private readonly servers: Servers;
  private readonly tracking: TargetTracking;
  private readonly latency = new Histogram();
  private readonly waits = new Histogram();
  private readonly interval = new IntervalHistogram();
  private readonly timeline: FleetTimeline;
  /** Who waits, from `head` on: arrival, handler time, outcome. */
  private waiting: { at: number; duration: number; outcome: number }[] = [];
  private head = 0;
  /** Requests that arrived before it do not count. */
  private readonly start: number;
  private areas = { busy: 0, inService: 0 };
  private requests = 0;
  private succeeded = 0;
  private failed = 0;
  private refused = 0;
  private queueMax = 0;
  private queueIntervalMax = 0;
  private refusedInterval = 0;
  private requestsInterval = 0;
  private intervalAreas = { busy: 0, inService: 0 };

  constructor(scenario: Scenario, settings: FleetSettings, seed: string = scenario.seed) {
    this.scenario = scenario;
    this.settings = settings;
    this.seed = seed;
    this.start = scenario.warmup;
    // Every entry's requests come as they arrive, whatever model leads them to Lambda.
    const direct = { ...scenario, traffic: scenario.traffic.map((entry) => ({ ...entry, entry: -1 })) };
    this.arrivals = new ArrivalWindow(direct, new RandomStreams(seed));
    this.servers = new Servers(settings.slots);
    this.tracking = new TargetTracking(settings);
    for (let i = 0; i < settings.initial; i++) this.servers.ready(this.servers.launch(0), 0);
    const { horizon, warmup, measure } = scenario;
    this.timeline = new FleetTimeline(warmup, measure.interval, horizon);
    if (warmup > 0) this.calendar.addBoundary(warmup, WARMUP);
    this.calendar.addBoundary(Math.min(horizon, warmup + measure.interval), INTERVAL);
    if (settings.minimum < settings.maximum) this.calendar.addBoundary(MINUTE, POINT);
    this.calendar.addBoundary(horizon, RUN);
  }

  /** Plays the next stretch, some thousands of arrivals; false when the run is over. */
  step(): boolean {
    const { arrivals, calendar } = this;
    if (!arrivals.advance()) return false;
    const { times, durations, outcomes, count } = arrivals.requests;
    for (let i = 0; i < count; i++) {
      calendar.playTo(times[i]!);
      if (calendar.due()) this.playDue();
      this.arrive(times[i]!, nearest(durations[i]! * this.settings.durationFactor), outcomes[i]!);
    }
    calendar.playTo(arrivals.until);
    this.playDue();
    this.now = arrivals.until;
    calendar.settle(this.now);
    return true;
  }

  private playDue(): void {
    const { calendar } = this;
    while (calendar.due()) {
      const entry = calendar.take();
      const at = calendar.timeOf(entry);
      const low = calendar.lowOf(entry);
      if (Calendar.isCompletion(low)) this.complete(low, at);
      else this.boundary(Calendar.boundaryOf(low), at);
    }
  }

  private arrive(at: number, duration: number, outcome: number): void {
    if (at >= this.start) {
      this.requests++;
      this.requestsInterval++;
    }
    if (this.servers.free > 0) {
      this.begin(at, at, duration, outcome);
    } else if (this.queued < this.settings.maximumQueue) {
      this.waiting.push({ at, duration, outcome });
      if (this.queued > this.queueIntervalMax) this.queueIntervalMax = this.queued;
    } else if (at >= this.start) {
      this.refused++;
      this.refusedInterval++;
    }
  }

  private get queued(): number {
    return this.waiting.length - this.head;
  }

  /** A request that arrived at `arrived` gets a slot now. What becomes of it is known at once. */
  private begin(arrived: number, at: number, duration: number, outcome: number): void {
    const end = at + duration;
    this.calendar.addCompletion(end, this.servers.take(at));
    if (arrived < this.start || end > this.scenario.horizon) return;
    if (outcome === SUCCEEDED) this.succeeded++;
    else this.failed++;
    this.latency.record(end - arrived);
    this.waits.record(at - arrived);
    this.interval.record(end - arrived);
  }

  private complete(server: number, at: number): void {
    if (this.servers.release(server, at) && this.queued > 0) this.next(at);
  }

  /** The one who has waited longest gets the free slot. */
  private next(at: number): void {
    const { at: arrived, duration, outcome } = this.waiting[this.head++]!;
    if (this.head > 1024 && 2 * this.head > this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    this.begin(arrived, at, duration, outcome);
  }

  private boundary(id: number, at: number): void {
    const { calendar, scenario, servers } = this;
    if (id >= READY) {
      servers.ready(id - READY, at);
      while (servers.free > 0 && this.queued > 0) this.next(at);
    } else if (id === POINT) {
      this.point(at);
      if (at + MINUTE < scenario.horizon) calendar.addBoundary(at + MINUTE, POINT);
    } else if (id === INTERVAL) {
      this.endInterval(at);
      if (at < scenario.horizon)
        calendar.addBoundary(Math.min(scenario.horizon, at + scenario.measure.interval), INTERVAL);
    } else if (id === WARMUP) {
      servers.measureFrom(at);
      this.interval.flush();
      this.requestsInterval = 0;
      this.refusedInterval = 0;
      this.queueIntervalMax = this.queued;
      this.queueMax = this.queued;
      this.intervalAreas = servers.areas(at);
    }
  }

  /** A minute is over: auto scaling looks at its mean utilisation. */
  private point(at: number): void {
    const { servers, settings, calendar } = this;
    const areas = servers.areas(at);
    const capacity = settings.slots * (areas.inService - this.areas.inService);
    const utilisation = (areas.busy - this.areas.busy) / capacity;
    this.areas = areas;
    const there = servers.inService + servers.booting;
    const wanted = this.tracking.decide(utilisation, servers.inService, servers.booting);
    for (let i = there; i < wanted; i++) calendar.addBoundary(at + settings.boot, READY + servers.launch(at));
    for (let i = wanted; i < there && servers.inService > 1; i++) servers.drain(at);
  }

  private endInterval(at: number): void {
    const { servers, timeline, interval } = this;
    const areas = servers.areas(at);
    const { p50, p99 } = interval.flush();
    this.queueMax = Math.max(this.queueMax, this.queueIntervalMax);
    timeline.add({
      requests: this.requestsInterval,
      refused: this.refusedInterval,
      serverTime: areas.inService - this.intervalAreas.inService,
      busyTime: areas.busy - this.intervalAreas.busy,
      queueMax: this.queueIntervalMax,
      p50,
      p99,
    });
    this.intervalAreas = areas;
    this.requestsInterval = 0;
    this.refusedInterval = 0;
    this.queueIntervalMax = this.queued;
  }

  /** What was measured; call it once, when `step` has returned false. */
  result(): FleetResult {
    const { horizon } = this.scenario;
    const { requests, succeeded, failed, refused, start } = this;
    const { servers, inService, busy } = this.servers.levels(start, horizon);
    return {
      seed: this.seed,
      span: horizon - start,
      requests,
      succeeded,
      failed,
      refused,
      unfinished: requests - succeeded - failed - refused,
      latency: this.latency,
      wait: this.waits,
      servers,
      busy,
      utilisation: busy.mean / (inService.mean * this.settings.slots),
      queueMax: this.queueMax,
      paidTime: this.servers.paidTime(horizon),
      timeline: this.timeline,
    };
  }
}

/** Plays a scenario's requests against a fleet, once. */
export function simulateFleet(scenario: Scenario, settings: FleetSettings, seed?: string): FleetResult {
  const fleet = new Fleet(scenario, settings, seed);
  while (fleet.step());
  return fleet.result();
}
