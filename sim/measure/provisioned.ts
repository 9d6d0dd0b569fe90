import type { Digest } from "./digest.ts";
import { IntervalColumns } from "./interval-columns.ts";

/** A number that is set now and then, and its exact average over time. */
class Setting {
  level: number;
  most: number;
  private last = 0;
  private sum = 0;

  constructor(level: number) {
    this.level = level;
    this.most = level;
  }

  set(level: number, at: number): void {
    this.sum = this.area(at);
    this.last = at;
    this.level = level;
    if (level > this.most) this.most = level;
  }

  /** ∫N dt from the start of measuring to `at`, in environment-microseconds. */
  area(at: number): number {
    return this.sum + this.level * (at - this.last);
  }

  measureFrom(at: number): void {
    this.sum = 0;
    this.last = at;
    this.most = this.level;
  }
}

/** A stretch of time in which some provisioned concurrency was asked for: from enabling it to disabling it. */
export interface EnabledStretch {
  /** Microseconds. */
  readonly length: number;
  /** What was asked for, over time: environment-microseconds. */
  readonly area: number;
  /** What was asked for at its end. */
  readonly last: number;
}

/** What became of a function's provisioned concurrency, in the measured time. */
export interface ProvisionedResult {
  /** Asked for, and what served. */
  readonly requested: { readonly mean: number; readonly max: number };
  readonly allocated: { readonly mean: number; readonly max: number };
  /** What of the allocated was in use, as shares: over all the time, and the most at any time. NaN when there was none. */
  readonly utilization: { readonly mean: number; readonly max: number };
  /** For the bill. */
  readonly enabled: readonly EnabledStretch[];
  /** Environments that were made in the run, and the time of their inits as it is billed. */
  readonly inits: number;
  readonly initMs: number;
  readonly timeline: ProvisionedTimeline | undefined;
}

/** A function's provisioned concurrency, or that of all of them, interval by interval; as a timeline's rows. */
export class ProvisionedTimeline extends IntervalColumns {
  /** On average. */
  readonly requested: Float64Array;
  readonly allocated: Float64Array;
  readonly used: Float64Array;
  /** The most in use at once. */
  readonly usedMax: Float64Array;
  /** Invocations that spilled over. */
  readonly spillover: Float64Array;
  private row = 0;

  constructor(start: number, interval: number, end: number) {
    super(start, interval, end);
    const column = () => new Float64Array(this.rows);
    this.requested = column();
    this.allocated = column();
    this.used = column();
    this.usedMax = column();
    this.spillover = column();
  }

  override columns(): Float64Array[] {
    return [this.requested, this.allocated, this.used, this.usedMax, this.spillover];
  }

  /** The next row, in the order of the columns. */
  add(row: Float64Array): void {
    const at = this.row++;
    this.requested[at] = row[0]!;
    this.allocated[at] = row[1]!;
    this.used[at] = row[2]!;
    this.usedMax[at] = row[3]!;
    this.spillover[at] = row[4]!;
  }
}

/** How many columns there are. */
export const PROVISIONED_COLUMNS = 5;

/** The books of one function's provisioned concurrency. Times in microseconds. */
export class ProvisionedBooks {
  /** It changes in the run, by a policy. */
  readonly moves: boolean;
  readonly requested: Setting;
  readonly allocated: Setting;
  private readonly enabled: EnabledStretch[] = [];
  /** Where the present stretch began: when, and at which area; undefined while nothing is asked for. */
  private open: { at: number; area: number } | undefined;
  /** The most in use while so much has been allocated, and the highest share that ever was. */
  private peak = 0;
  private share = 0;
  private inits = 0;
  private initMs = 0;
  private readonly start: number;
  private readonly end: number;
  /** On-demand invocations while nothing was allocated are plain ones: those before, and the count when it began. */
  private plain = 0;
  private plainFrom: number | undefined;
  readonly timeline: ProvisionedTimeline | undefined;
  /** Areas and spillover at the start of the present interval. */
  private readonly base = new Float64Array(PROVISIONED_COLUMNS);
  private readonly row = new Float64Array(PROVISIONED_COLUMNS);

  constructor(
    initial: number,
    moves: boolean,
    start: number,
    end: number,
    timeline: ProvisionedTimeline | undefined,
  ) {
    this.moves = moves;
    this.requested = new Setting(initial);
    this.allocated = new Setting(initial);
    this.open = initial > 0 ? { at: 0, area: 0 } : undefined;
    this.plainFrom = initial > 0 ? undefined : 0;
    this.start = start;
    this.end = end;
    this.timeline = timeline;
  }

  /** One of its executions has begun, and so many are in progress. */
  busy(inUse: number): void {
    if (inUse > this.peak) this.peak = inUse;
  }

  request(capacity: number, at: number): void {
    if (capacity === 0) this.close(at);
    this.requested.set(capacity, at);
    if (capacity > 0) this.open ??= { at, area: this.requested.area(at) };
  }

  private close(at: number): void {
    if (!this.open) return;
    const { level: last } = this.requested;
    const length = at - this.open.at;
    if (length > 0) this.enabled.push({ length, area: this.requested.area(at) - this.open.area, last });
    this.open = undefined;
  }

  /** So much serves from `at` on; `inUse` of them run, and `onDemand` invocations have been on demand until now. */
  allocate(capacity: number, at: number, inUse: number, onDemand: number): void {
    this.endPeak();
    this.peak = inUse;
    if (this.plainFrom !== undefined) this.plain += onDemand - this.plainFrom;
    this.plainFrom = capacity > 0 ? undefined : onDemand;
    this.allocated.set(capacity, at);
  }

  private endPeak(): void {
    const { level } = this.allocated;
    // What was given up may still run.
    if (level > 0) this.share = Math.max(this.share, Math.min(1, this.peak / level));
  }

  init(at: number, ms: number): void {
    if (at < this.start || at >= this.end) return;
    this.inits++;
    this.initMs += ms;
  }

  /** Of `onDemand` invocations those that spilled over: provisioned concurrency was there and did not take them. */
  spilled(onDemand: number): number {
    return onDemand - this.plain - (this.plainFrom === undefined ? 0 : onDemand - this.plainFrom);
  }

  /**
   * An interval ends that began at `from`: how much has been in use until now (environment-microseconds), at most within
   * it, and how many invocations have been on demand. Its row is added to `sum`, the account's.
   */
  endInterval(
    from: number,
    at: number,
    usedArea: number,
    usedMax: number,
    onDemand: number,
    sum: Float64Array,
  ): void {
    const { base, row } = this;
    const length = at - from;
    row[0] = this.requested.area(at);
    row[1] = this.allocated.area(at);
    row[2] = usedArea;
    row[3] = usedMax;
    row[4] = this.spilled(onDemand);
    for (let c = 0; c < PROVISIONED_COLUMNS; c++) {
      if (c === 3) continue;
      const now = row[c]!;
      row[c] = (now - base[c]!) / (c < 3 ? length : 1);
      base[c] = now;
    }
    this.timeline?.add(row);
    for (let c = 0; c < PROVISIONED_COLUMNS; c++) sum[c]! += row[c]!;
  }

  /** What came before `at` does not count; `inUse` run now. All counts begin anew. */
  measureFrom(at: number, inUse: number): void {
    this.requested.measureFrom(at);
    this.allocated.measureFrom(at);
    this.enabled.length = 0;
    if (this.open) this.open = { at, area: 0 };
    this.peak = inUse;
    this.share = 0;
    this.plain = 0;
    if (this.plainFrom !== undefined) this.plainFrom = 0;
    this.base.fill(0);
  }

  /** The run is over: `usedArea` has been in use. */
  result(usedArea: number): ProvisionedResult {
    const { start, end, requested, allocated, enabled } = this;
    this.close(end);
    this.endPeak();
    const span = end - start;
    const served = allocated.area(end);
    return {
      requested: { mean: requested.area(end) / span, max: requested.most },
      allocated: { mean: served / span, max: allocated.most },
      utilization: { mean: usedArea / served, max: served > 0 ? this.share : Number.NaN },
      enabled,
      inits: this.inits,
      initMs: this.initMs,
      timeline: this.timeline,
    };
  }

  digest(digest: Digest): void {
    digest.addAll([this.requested.area(this.end), this.allocated.area(this.end), this.inits, this.initMs]);
  }
}
