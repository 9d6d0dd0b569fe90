import { z } from "zod";
import type { Distribution, Sampler } from "../distributions/contract.ts";
import { buildDistribution, distribution } from "../distributions/setting.ts";
import { THROTTLED as REFUSED } from "../lambda/placement.ts";
import { TokenBucket } from "../lambda/token-bucket.ts";
import { nearest } from "../math/functions.ts";
import { drawUniform } from "../random.ts";
import { FAILED, SUCCEEDED, TIMED_OUT } from "../requests.ts";
import { count, duration, durationBetween } from "../scenario/fields.ts";
import { DAY, MILLISECOND, MINUTE, nameOf, printDuration, SECOND } from "../units.ts";
import { FIRST_BACKOFF, nextBackoff } from "./batch-backoff.ts";
import {
  BatchFailures,
  errorsSetting,
  type FailurePlan,
  failingSetting,
  failurePlan,
  listedTwice,
  placeSetting,
  poisonSetting,
} from "./batch-failures.ts";
import {
  type InvokeContext,
  type InvokeModel,
  type InvokePlan,
  type Port,
  SettingError,
} from "./contract.ts";
import { KafkaPollers, type PollerLimits } from "./kafka-pollers.ts";
import { Line } from "./messages.ts";
import { type Keys, keysSetting, PartitionKeys } from "./partition-keys.ts";
import type { ServiceFacts } from "./service.ts";

/** The most shards or partitions that a stream can have here. */
export const MOST_SHARDS = 10_000;
const MOST_RECORDS = 10_000;

/** The greatest age of a record (Lambda API, CreateEventSourceMapping). */
const ages = () => durationBetween(MINUTE, 7 * DAY, "Lambda takes 60s to 7d");

/** What every event source mapping of a stream can say. */
export const batchSettings = {
  batchSize: count(1, MOST_RECORDS)
    .optional()
    .meta({ description: "The most records that an invocation takes. 100 unless written." }),
  maximumBatchingWindow: durationBetween(0, 5 * MINUTE, "Lambda takes 0s to 300s")
    .optional()
    .meta({ description: "How long a batch that is not full waits for more records." }),
  maximumRetryAttempts: count(-1, 10_000).optional().meta({
    description: "Retries of a batch after function errors; -1, unless written: until its records expire.",
  }),
  maximumRecordAge: z
    .union([z.literal(-1), ages()], {
      error: (issue) => {
        const parsed = ages().safeParse(issue.input);
        return typeof issue.input === "string" && !parsed.success
          ? parsed.error.issues[0]!.message
          : `expected a duration from "60s" to "7d" or -1, got ${nameOf(issue.input)}`;
      },
    })
    .optional()
    .meta({ description: "An older record is discarded; -1, unless written: until it expires." }),
  bisectBatchOnFunctionError: z.boolean().optional().meta({
    description: "A batch that fails is split in two, which uses up no retry. false unless written.",
  }),
  reportBatchItemFailures: z.boolean().optional().meta({
    description:
      "The function says which records fail; what comes before the first of them is done. false unless written.",
  }),
  onFailure: z.enum(["drop", "destination"]).optional().meta({
    description: `What becomes of the metadata of records that are discarded. "drop" unless written.`,
  }),
  keys: keysSetting().optional().meta({
    description: `Partition keys; "unique", unless written: each record its own; "even": dealt in turn.`,
  }),
  recordDuration: distribution()
    .optional()
    .meta({ description: "Handler time that each record of a batch adds. None unless written." }),
  recordErrors: errorsSetting("record"),
  poison: poisonSetting("record"),
  failing: failingSetting("record", { record: placeSetting("record") }),
};

/** What a stream of shards can say beside. */
export const shardSettings = {
  shards: count(1, MOST_SHARDS).optional().meta({ description: "1 unless written." }),
  parallelizationFactor: count(1, 10)
    .optional()
    .meta({ description: "Batches that a shard may have in hand at once. 1 unless written." }),
  pollInterval: duration().optional().meta({
    description: `How often an idle shard is read; "0s": at once, as with enhanced fan-out.`,
  }),
  ...batchSettings,
};

type BatchGiven = z.output<z.ZodObject<typeof batchSettings>>;
type ShardGiven = z.output<z.ZodObject<typeof shardSettings>>;

/** What sets one kind of stream apart from others; times in microseconds. */
interface StreamKind {
  readonly type: string;
  /** What its parts are called. */
  readonly part: "shard" | "partition";
  readonly parts: number;
  /** Into how many slices by key each part is cut, each with batches of its own. */
  readonly parallelization: number;
  readonly pollInterval: number;
  readonly window: number;
  readonly retention: number;
  readonly writeLimit?: number;
  readonly pollers?: PollerLimits;
  readonly service: ServiceFacts;
}

interface StreamSettings extends StreamKind {
  readonly slices: number;
  readonly batchSize: number;
  /** After a function error; Infinity: until the records expire. */
  readonly retries: number;
  /** Older records are discarded; Infinity: none. */
  readonly age: number;
  readonly bisect: boolean;
  readonly report: boolean;
  /** Discarded records' metadata go to a destination. */
  readonly kept: boolean;
  readonly keys: Keys;
  readonly recordDuration: Distribution | undefined;
  readonly failures: FailurePlan;
  /** The function's, which a batch's handler time may run into. */
  readonly timeout: number;
}

/** The plan of a stream of shards: Kinesis, DynamoDB. */
export function shardPlan(
  kind: Pick<StreamKind, "type" | "pollInterval" | "retention" | "writeLimit"> & {
    /** The service behind it, by its shards and how often they are read. */
    readonly serviceOf: (shards: number, pollInterval: number) => ServiceFacts;
  },
  given: ShardGiven,
  context: InvokeContext,
): InvokePlan {
  const { shards = 1, parallelizationFactor = 1, pollInterval = kind.pollInterval } = given;
  const { serviceOf, ...rest } = kind;
  return streamPlan(
    {
      ...rest,
      service: serviceOf(shards, pollInterval),
      part: "shard",
      parts: shards,
      parallelization: parallelizationFactor,
      pollInterval,
      window: 0,
    },
    given,
    context,
  );
}

/** The plan of any stream. Throws SettingError for settings that make no sense together. */
export function streamPlan(kind: StreamKind, given: BatchGiven, { target, read }: InvokeContext): InvokePlan {
  const { maximumRetryAttempts: retries = -1, maximumRecordAge: age = -1, failing = [] } = given;
  const twice = listedTwice(failing.map(({ record }) => record));
  if (twice !== undefined) throw new SettingError("failing", `lists record ${twice} twice`);
  const settings: StreamSettings = {
    ...kind,
    slices: kind.parts * kind.parallelization,
    window: given.maximumBatchingWindow ?? kind.window,
    batchSize: given.batchSize ?? 100,
    retries: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    age: age === -1 ? Number.POSITIVE_INFINITY : age,
    bisect: given.bisectBatchOnFunctionError ?? false,
    report: given.reportBatchItemFailures ?? false,
    kept: given.onFailure === "destination",
    keys: given.keys ?? "unique",
    recordDuration: given.recordDuration && buildDistribution(given.recordDuration, read),
    failures: failurePlan(
      given.recordErrors,
      given.poison,
      failing.map(({ record, times }) => ({ place: record, times })),
    ),
    timeout: target.timeout,
  };
  return {
    type: kind.type,
    text: textOf(settings),
    direct: false,
    queues: true,
    source: "stream",
    service: kind.service,
    open: (port) => new StreamModel(port, settings),
  };
}

function textOf(s: StreamSettings): string {
  const parts = `${s.parts} ${s.part}${s.parts === 1 ? "" : "s"}`;
  const retries = s.retries === 1 ? "1 retry" : `${s.retries} retries`;
  return [
    s.type,
    s.parallelization > 1 ? `${parts} × ${s.parallelization}` : parts,
    `batches of up to ${s.batchSize}`,
    ...(s.window > 0 ? [`window ${printDuration(s.window)}`] : []),
    s.retries === Number.POSITIVE_INFINITY ? "retries until records expire" : retries,
    ...(s.age < Number.POSITIVE_INFINITY ? [`records up to ${printDuration(s.age)} old`] : []),
    ...(s.bisect ? ["failed batches are split"] : []),
    ...(s.report ? ["failures are reported"] : []),
    ...(s.kept ? ["discarded ones to the on-failure destination"] : []),
  ].join(", ");
}

/**
 * A batch that failed is sent again at once, 1 ms later where it took no time, so that the clock goes on (AWS documents
 * that it is retried, not when: assumed).
 */
const NO_TIME = MILLISECOND;

// What a timer is about: the slice's number, times so many, and one of these.
const TIMERS = 4;
const POLL = 0;
const WINDOW = 1;
const GO_ON = 2;
/** The lag is looked at; of no slice. */
const EVALUATION = -1;

/** A part of the records that keeps its order: one batch at a time. */
class Slice {
  readonly index: number;
  /** Records that are in no batch yet. */
  readonly line: Line;
  /** The batch in hand, oldest record first. What is before `from` is done. */
  readonly batch: number[] = [];
  from = 0;
  /** The ends of the pieces it has been split into, the next one's last. Empty: no batch is in hand. */
  readonly ends: number[] = [];
  /** Failures of the next piece that have used up a retry. */
  failures = 0;
  /** Of the piece that runs: where its first failing record stands. */
  checkpoint = 0;
  sentAt = Number.NaN;
  running = false;
  /** A poll is due. */
  polling = false;
  /** When the open batching window ends; NaN: none is open. */
  windowEnd = Number.NaN;
  backoff = FIRST_BACKOFF;
  /** It waits for a poller. */
  queued = false;

  constructor(index: number, line: Line) {
    this.index = index;
    this.line = line;
  }

  get end(): number {
    return this.ends[this.ends.length - 1]!;
  }
}

/**
 * Records of a stream, in order by partition key (Lambda developer guide, Kinesis and DynamoDB): each shard is polled, what
 * is read is handed over in batches, one at a time for each slice of each shard, and a batch that fails holds up its slice
 * until it succeeds, is given up, or its records expire.
 *
 * An idle shard is polled at a phase of its own; where more has come by the end of a batch, it is read at once (assumed).
 * A batching window begins when the first record of a batch is read, and nothing is read while a batch of the slice runs.
 */
class StreamModel implements InvokeModel {
  private readonly port: Port;
  private readonly settings: StreamSettings;
  private readonly keys: PartitionKeys;
  private readonly failures: BatchFailures;
  private readonly recordTime: Sampler | undefined;
  private readonly pollers: KafkaPollers | undefined;
  /** By number, once they have had a record; and those in the order in which they first had one. */
  private readonly slices: (Slice | undefined)[];
  private readonly used: Slice[] = [];
  /** By shard: when it is polled first, and what may be written to it. */
  private readonly phases: Float64Array;
  private readonly writes: (TokenBucket | undefined)[];

  constructor(port: Port, settings: StreamSettings) {
    this.port = port;
    this.settings = settings;
    this.keys = new PartitionKeys(port, settings.keys, settings.slices);
    this.failures = new BatchFailures(port, settings.failures, "recordErrors");
    this.recordTime = settings.recordDuration && port.sampler(settings.recordDuration, "recordDuration");
    this.slices = new Array<Slice | undefined>(settings.slices);
    this.writes = new Array<TokenBucket | undefined>(settings.writeLimit === undefined ? 0 : settings.parts);
    this.phases = new Float64Array(settings.parts);
    if (settings.pollInterval > 0) {
      const lot = port.stream("polls");
      for (let i = 0; i < settings.parts; i++)
        this.phases[i] = Math.floor(drawUniform(lot) * settings.pollInterval);
    }
    this.pollers = settings.pollers && new KafkaPollers(port, settings.pollers);
    if (this.pollers) port.wake(MINUTE, EVALUATION);
  }

  arrive(m: number): void {
    const { port, settings } = this;
    const index = this.keys.slice(m);
    this.failures.arrive(m);
    const shard = Math.floor(index / settings.parallelization);
    if (settings.writeLimit !== undefined && !this.written(shard, settings.writeLimit)) {
      port.drop(m, "refused", false);
      return;
    }
    const slice = this.slices[index] ?? this.open(index);
    port.waits(m);
    slice.line.push(m);
    if (slice.polling || slice.running || slice.ends.length > 0 || slice.queued) return;
    if (settings.pollInterval === 0 && slice.windowEnd > port.now && slice.line.length < settings.batchSize)
      return;
    slice.polling = true;
    port.wake(this.nextPoll(shard), index * TIMERS + POLL);
  }

  private open(index: number): Slice {
    const slice = new Slice(index, new Line(this.port.messages));
    this.slices[index] = slice;
    this.used.push(slice);
    return slice;
  }

  private written(shard: number, limit: number): boolean {
    const bucket = (this.writes[shard] ??= new TokenBucket(limit, limit, SECOND));
    if (!bucket.has(this.port.now)) return false;
    bucket.take();
    return true;
  }

  private nextPoll(shard: number): number {
    const { now } = this.port;
    const { pollInterval } = this.settings;
    if (pollInterval === 0) return now;
    const first = this.phases[shard]!;
    return first + Math.max(0, Math.ceil((now - first) / pollInterval)) * pollInterval;
  }

  due(what: number): void {
    if (what === EVALUATION) {
      this.evaluate();
      return;
    }
    const kind = what % TIMERS;
    const slice = this.slices[(what - kind) / TIMERS]!;
    if (kind === GO_ON) {
      this.work(slice);
      return;
    }
    if (kind === POLL) slice.polling = false;
    else if (slice.windowEnd !== this.port.now) return;
    if (!slice.running && slice.ends.length === 0 && !slice.queued) this.work(slice);
  }

  /** Goes on with the batch in hand, or the next one. */
  private work(slice: Slice): void {
    for (;;) {
      if (slice.ends.length === 0 && !this.gather(slice)) return;
      this.discardOld(slice);
      if (slice.ends.length > 0) {
        this.send(slice);
        return;
      }
    }
  }

  /** Reads what has come, and takes a batch in hand; false when there is none yet. */
  private gather(slice: Slice): boolean {
    const { port, settings } = this;
    const { line, batch } = slice;
    const size = Math.min(line.length, settings.batchSize);
    if (size === 0) return false;
    if (size < settings.batchSize && settings.window > 0 && !(port.now >= slice.windowEnd)) {
      if (Number.isNaN(slice.windowEnd)) {
        slice.windowEnd = port.now + settings.window;
        port.wake(slice.windowEnd, slice.index * TIMERS + WINDOW);
      }
      return false;
    }
    if (!this.polled(slice)) return false;
    slice.windowEnd = Number.NaN;
    batch.length = 0;
    for (let i = 0; i < size; i++) batch.push(line.shift());
    slice.from = 0;
    slice.failures = 0;
    slice.ends.push(size);
    return true;
  }

  /** Records that are too old leave the front of the batch in hand. */
  private discardOld(slice: Slice): void {
    const { port, settings } = this;
    const { batch } = slice;
    const oldest = Math.min(settings.age, settings.retention);
    while (slice.ends.length > 0) {
      while (slice.from < slice.end) {
        const m = batch[slice.from]!;
        const age = port.now - port.messages.at[m]!;
        if (age < oldest) return;
        slice.from++;
        // What has expired is no longer in the stream: nothing can be said about it.
        if (age >= settings.retention) port.drop(m, "expired", false);
        else port.drop(m, "age", settings.kept);
      }
      this.pieceDone(slice);
    }
  }

  /** Hands over the next piece of the batch in hand. */
  private send(slice: Slice): void {
    const { port, settings } = this;
    const { batch, from, end } = slice;
    const first = this.failures.first(batch, from, end);
    let { duration, outcome } = port.draw();
    if (this.recordTime) {
      let total = duration;
      for (let i = from; i < end; i++) total += nearest(this.recordTime.next());
      if (total > settings.timeout) outcome = TIMED_OUT;
      duration = Math.min(total, settings.timeout);
    }
    if (first < end && outcome === SUCCEEDED && !settings.report) outcome = FAILED;
    if (port.invoke(slice.index, duration, outcome) >= REFUSED) {
      port.measures.retried("throttle");
      this.pollers?.throttled();
      this.pause(slice, slice.backoff);
      slice.backoff = nextBackoff(slice.backoff);
      return;
    }
    slice.running = true;
    slice.checkpoint = first;
    slice.sentAt = port.now;
    slice.backoff = FIRST_BACKOFF;
    port.measures.batch(end - from);
    port.measures.iterated(port.now - port.messages.at[batch[end - 1]!]!);
    for (let i = from; i < end; i++) {
      port.messages.attempts[batch[i]!]!++;
      this.failures.delivered(batch[i]!);
      port.started(batch[i]!);
    }
    // Pieces that have been handed over before wait for their turn.
    for (let i = end; i < batch.length; i++) port.waits(batch[i]!);
  }

  /** The batch in hand waits, and is sent again after `wait`. */
  private pause(slice: Slice, wait: number): void {
    const { port } = this;
    for (let i = slice.from; i < slice.batch.length; i++) port.waits(slice.batch[i]!);
    port.wake(port.now + wait, slice.index * TIMERS + GO_ON);
  }

  ended(index: number, outcome: number): void {
    const { port, settings } = this;
    const slice = this.slices[index]!;
    const { batch, end } = slice;
    slice.running = false;
    let split = false;
    if (outcome === SUCCEEDED) {
      const { checkpoint } = slice;
      // With both settings the batch is split at the checkpoint, where there is something before it.
      split = settings.bisect && checkpoint > slice.from;
      for (; slice.from < checkpoint; slice.from++) port.settle(batch[slice.from]!, SUCCEEDED);
      if (checkpoint === end) {
        this.pieceDone(slice);
        this.work(slice);
        return;
      }
    }
    if (settings.bisect && !split && end - slice.from > 1) {
      split = true;
      slice.ends.push(slice.from + Math.ceil((end - slice.from) / 2));
    }
    this.failed(slice, outcome === TIMED_OUT ? "timeout" : "error", split);
  }

  /** The piece has failed, or what is left of it; `split`: it is smaller than it was, which uses up no retry. */
  private failed(slice: Slice, cause: "timeout" | "error", split: boolean): void {
    const { port, settings } = this;
    if (split) slice.failures = 0;
    else if (++slice.failures > settings.retries) {
      for (const { end } = slice; slice.from < end; slice.from++)
        port.drop(slice.batch[slice.from]!, cause, settings.kept);
      this.pieceDone(slice);
      this.work(slice);
      return;
    }
    port.measures.retried(cause);
    if (slice.sentAt === port.now) this.pause(slice, NO_TIME);
    else this.work(slice);
  }

  /** The next piece is done with. */
  private pieceDone(slice: Slice): void {
    slice.from = slice.ends.pop()!;
    slice.failures = 0;
    if (slice.ends.length > 0 || !this.pollers) return;
    this.pollers.release();
    this.callWaiting();
  }

  /** There is a poller for its next batch, where pollers are limited; if not, it waits for one. */
  private polled(slice: Slice): boolean {
    if (!this.pollers) return true;
    // Waiting, it goes on when a poller has been found.
    slice.queued = !slice.queued && !this.pollers.take(slice.index);
    return !slice.queued;
  }

  /** Partitions that wait for a poller go on, as far as there are any. */
  private callWaiting(): void {
    const { port, pollers } = this;
    for (let next = pollers!.next(); next >= 0; next = pollers!.next())
      port.wake(port.now, next * TIMERS + GO_ON);
  }

  private evaluate(): void {
    this.pollers!.evaluate(this.port.now);
    this.callWaiting();
    this.port.wake(this.port.now + MINUTE, EVALUATION);
  }

  measureUse(at: number): void {
    this.pollers?.spend(at, this.port.measures.use);
  }

  oldest(): number {
    const { at } = this.port.messages;
    let oldest = Number.NaN;
    for (const slice of this.used) {
      const next = slice.running ? slice.end : slice.from;
      const inHand = slice.ends.length > 0 && next < slice.batch.length;
      const m = inHand ? slice.batch[next]! : slice.line.head;
      if (m >= 0 && !(at[m]! >= oldest)) oldest = at[m]!;
    }
    return oldest;
  }
}
