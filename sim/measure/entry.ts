import { Gauges } from "./gauge.ts";
import { Histogram } from "./histogram.ts";
import { IntervalColumns } from "./interval-columns.ts";
import type { Level } from "./result.ts";
import { ServiceUse } from "./service-use.ts";

/** Why an attempt is made again. */
export const RETRY_CAUSES = ["throttle", "error", "timeout"] as const;
export type RetryCause = (typeof RETRY_CAUSES)[number];

/**
 * Why a request is given up: no attempts left after an error, too old, refused for good, stopped as a loop, or no longer in
 * the stream that kept it.
 */
export const DROP_CAUSES = ["throttle", "error", "timeout", "age", "refused", "loop", "expired"] as const;
export type DropCause = (typeof DROP_CAUSES)[number];

/** What a client of a gateway or function URL is told: HTTP status codes. */
export const STATUSES = [200, 429, 500, 502, 503, 504] as const;
export type Status = (typeof STATUSES)[number];

/** What happened to an entry's requests, as counts. Requests count that arrived after the warm-up; the rest, what happened after it. */
export interface EntryCounts {
  /** What arrived; each ends in exactly one of the next five. */
  requests: number;
  succeeded: number;
  /** The caller's last answer was a function error, or the caller gave up. */
  failed: number;
  /** The caller's last answer was a refusal. */
  throttled: number;
  /** No caller waits: its queue gave it up. */
  dropped: number;
  /** Still waiting or running when the run ended. */
  unfinished: number;
  /** Thereof of the dropped: kept in a dead-letter queue or on-failure destination. */
  deadLettered: number;
  /** Times a message was handed to the function, more than once where it came back. */
  receives: number;
  /** Invocations that took several messages at once, or might have. */
  batches: number;
  /** Delivered once more although all went well. */
  duplicates: number;
  retriesByCause: Record<RetryCause, number>;
  dropsByCause: Record<DropCause, number>;
  deadLettersByCause: Record<DropCause, number>;
  statuses: Record<Status, number>;
  /** Dead-lettered messages that were moved back to their queue; they are not among the dropped. */
  redriven: number;
}

function byKey<K extends string | number>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

/** Nothing has happened yet. */
export function noCounts(): EntryCounts {
  return {
    requests: 0,
    succeeded: 0,
    failed: 0,
    throttled: 0,
    dropped: 0,
    unfinished: 0,
    deadLettered: 0,
    receives: 0,
    batches: 0,
    duplicates: 0,
    retriesByCause: byKey(RETRY_CAUSES),
    dropsByCause: byKey(DROP_CAUSES),
    deadLettersByCause: byKey(DROP_CAUSES),
    statuses: byKey(STATUSES),
    redriven: 0,
  };
}

/** Attempts that were made again, whatever the cause. */
export function retriesOf({ retriesByCause }: Pick<EntryCounts, "retriesByCause">): number {
  return RETRY_CAUSES.reduce((sum, cause) => sum + retriesByCause[cause], 0);
}

/** The laws of an entry that are kept, by name; times in microseconds. */
export const ENTRY_LAWS = [
  "age",
  "queueWait",
  "latency",
  "endToEnd",
  "batchSize",
  "attempts",
  "iteratorAge",
] as const;
export type EntryLaw = (typeof ENTRY_LAWS)[number];

/** Those that count something; the others are times. */
export const COUNT_LAWS: readonly EntryLaw[] = ["batchSize", "attempts"];

/** The laws of one entry, recorded as it runs. */
export class EntryLaws implements Readonly<Record<EntryLaw, Histogram>> {
  /** Age of a message each time it is handed to the function, and of those still waiting at the end. */
  readonly age = new Histogram();
  /** From arrival to the start of the attempt that answered it. */
  readonly queueWait = new Histogram();
  /** From arrival to the answer. */
  readonly latency = new Histogram();
  /** From a request's arrival to the end of all that came of it, through every function of its chain. */
  readonly endToEnd = new Histogram();
  /** Messages an invocation took. */
  readonly batchSize = new Histogram();
  /** Attempts (receives, where it is a queue's message) of a request that is settled. */
  readonly attempts = new Histogram();
  /** Streams: age of a batch's last record each time the batch is sent (CloudWatch's IteratorAge). */
  readonly iteratorAge = new Histogram();

  add(other: EntryLaws): void {
    for (const law of ENTRY_LAWS) this[law].add(other[law]);
  }
}

/** An entry's run, interval by interval; the same intervals as the functions' timelines. */
export class EntryTimeline extends IntervalColumns {
  readonly requests: Float64Array;
  readonly receives: Float64Array;
  readonly succeeded: Float64Array;
  readonly retries: Float64Array;
  readonly dropped: Float64Array;
  /** Messages that wait: average and most. */
  readonly depthMean: Float64Array;
  readonly depthMax: Float64Array;
  /** Age of the message that has waited longest, when the interval ends (microseconds); NaN when none waits. */
  readonly oldestAge: Float64Array;

  constructor(start: number, interval: number, end: number) {
    super(start, interval, end);
    const column = () => new Float64Array(this.rows);
    this.requests = column();
    this.receives = column();
    this.succeeded = column();
    this.retries = column();
    this.dropped = column();
    this.depthMean = column();
    this.depthMax = column();
    this.oldestAge = column().fill(Number.NaN);
  }

  override columns(): Float64Array[] {
    const { requests, receives, succeeded, retries, dropped, depthMean, depthMax, oldestAge } = this;
    return [requests, receives, succeeded, retries, dropped, depthMean, depthMax, oldestAge];
  }
}

/** What one entry with an invocation model came to. */
export interface EntryResult {
  readonly counts: EntryCounts;
  readonly laws: EntryLaws;
  readonly use: ServiceUse;
  readonly depth: Level;
  /** Only in detail, with so few entries that it takes no memory to speak of. */
  readonly timeline: EntryTimeline | undefined;
}

/** What is measured of one entry: told by its model and by the port. Of fixed size, whatever the number of requests. */
export class EntryMeasures {
  counts = noCounts();
  laws = new EntryLaws();
  use = new ServiceUse();
  private readonly timeline: EntryTimeline | undefined;
  /** Requests that arrived before it do not count. */
  private readonly start: number;
  private readonly end: number;
  private readonly waiting = new Gauges(1);
  private row = 0;
  private rowStart: number;
  private readonly base = new Float64Array(5);
  private areaBase = 0;

  constructor(start: number, interval: number, end: number, detailed: boolean) {
    this.start = start;
    this.end = end;
    this.rowStart = start;
    this.timeline = detailed ? new EntryTimeline(start, interval, end) : undefined;
  }

  /** How many messages wait now. */
  get depth(): number {
    return this.waiting.value(0);
  }

  /** A message waits from now on. */
  waits(at: number): void {
    this.waiting.step(0, 1, at);
  }

  /** A message waits no more. */
  leaves(at: number): void {
    this.waiting.step(0, -1, at);
  }

  /** An attempt will be made again, because of this. */
  retried(cause: RetryCause): void {
    this.counts.retriesByCause[cause]++;
  }

  /** An invocation took `size` messages. */
  batch(size: number): void {
    this.counts.batches++;
    this.laws.batchSize.record(size);
  }

  /** A batch of a stream is sent, `age` after its last record arrived. */
  iterated(age: number): void {
    this.laws.iteratorAge.record(age);
  }

  /** A message is handed to the function, `age` after it arrived. */
  received(age: number): void {
    this.counts.receives++;
    this.laws.age.record(age);
  }

  /** A message comes back from its dead-letter queue. */
  redriven(): void {
    this.counts.redriven++;
  }

  duplicated(): void {
    this.counts.duplicates++;
  }

  /** The client is told this. */
  status(code: Status): void {
    this.counts.statuses[code]++;
  }

  arrived(at: number): void {
    if (at >= this.start) this.counts.requests++;
  }

  /** Its request, which arrived at `arrivedAt`, is answered at `at`; `started`: when the last attempt began. */
  answered(
    outcome: "succeeded" | "failed" | "throttled",
    arrivedAt: number,
    started: number,
    at: number,
    attempts: number,
  ): void {
    if (arrivedAt < this.start) return;
    this.counts[outcome]++;
    this.laws.attempts.record(attempts);
    if (outcome === "throttled") return;
    this.laws.latency.record(at - arrivedAt);
    if (started >= arrivedAt) this.laws.queueWait.record(started - arrivedAt);
  }

  dropped(cause: DropCause, deadLettered: boolean, arrivedAt: number, attempts: number): void {
    if (arrivedAt < this.start) return;
    this.counts.dropped++;
    this.counts.dropsByCause[cause]++;
    this.laws.attempts.record(attempts);
    if (!deadLettered) return;
    this.counts.deadLettered++;
    this.counts.deadLettersByCause[cause]++;
  }

  /** All that came of a request that arrived at `arrivedAt` is done. */
  chainEnded(arrivedAt: number, at: number): void {
    if (arrivedAt >= this.start) this.laws.endToEnd.record(at - arrivedAt);
  }

  /** The run is over and this message has not been settled; `waiting` for an attempt, and not running. */
  unfinished(arrivedAt: number, waiting: boolean): void {
    if (arrivedAt < this.start) return;
    this.counts.unfinished++;
    if (waiting) this.laws.age.record(this.end - arrivedAt);
  }

  /** Warm-up ends: what came before does not count. */
  measureFrom(at: number): void {
    this.counts = noCounts();
    this.laws = new EntryLaws();
    this.use = new ServiceUse();
    this.waiting.measureFrom(at);
  }

  /** An interval ends at `at`; `oldest`: when the message that has waited longest arrived, or NaN. */
  endInterval(at: number, oldest: number): void {
    const { timeline, row, counts, base } = this;
    if (!timeline) return;
    const { requests, receives, succeeded, dropped } = counts;
    const totals = [requests, receives, succeeded, retriesOf(counts), dropped];
    const columns = timeline.columns();
    totals.forEach((total, c) => {
      columns[c]![row] = total - base[c]!;
      base[c] = total;
    });
    const area = this.waiting.area(0, at);
    timeline.depthMean[row] = (area - this.areaBase) / (at - this.rowStart);
    timeline.depthMax[row] = this.waiting.endInterval(0);
    timeline.oldestAge[row] = at - oldest;
    this.areaBase = area;
    this.row++;
    this.rowStart = at;
  }

  result(): EntryResult {
    const { waiting, end, start } = this;
    const span = end - start;
    const mean = waiting.area(0, end) / span;
    const variance = Math.max(0, waiting.squareArea(0, end) / span - mean * mean);
    return {
      counts: this.counts,
      laws: this.laws,
      use: this.use,
      depth: { mean, variance, max: waiting.peakOf(0) },
      timeline: this.timeline,
    };
  }
}
