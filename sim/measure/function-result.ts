import { AT, type FunctionColumns } from "./function-columns.ts";
import type { Histograms } from "./histograms.ts";
import type { ProvisionedResult } from "./provisioned.ts";
import type { Counters, EnvironmentStats, FunctionFigures, Level } from "./result.ts";
import type { Timeline } from "./timeline.ts";

/** A function's counters, each read off the columns when it is asked for. */
class CountersRow implements Counters {
  private readonly columns: FunctionColumns;
  private readonly fn: number;

  constructor(columns: FunctionColumns, fn: number) {
    this.columns = columns;
    this.fn = fn;
  }

  get requests(): number {
    return this.columns.count(AT.requests, this.fn);
  }

  get succeeded(): number {
    return this.columns.count(AT.succeeded, this.fn);
  }

  get failed(): number {
    return this.columns.count(AT.failed, this.fn);
  }

  get throttled(): number {
    return this.columns.count(AT.throttled, this.fn);
  }

  get dropped(): number {
    return this.columns.count(AT.dropped, this.fn);
  }

  get unfinished(): number {
    return this.columns.count(AT.unfinished, this.fn);
  }

  get attempts(): number {
    return this.columns.count(AT.attempts, this.fn);
  }

  get invocations(): number {
    return this.columns.count(AT.invocations, this.fn);
  }

  get coldStarts(): number {
    return this.columns.count(AT.coldStarts, this.fn);
  }

  get warmStarts(): number {
    return this.columns.count(AT.warmStarts, this.fn);
  }

  get provisionedInvocations(): number {
    return this.columns.count(AT.provisionedInvocations, this.fn);
  }

  get spillover(): number {
    return this.columns.count(AT.spillover, this.fn);
  }

  get proactiveInits(): number {
    return this.columns.count(AT.proactiveInits, this.fn);
  }

  get suppressedInits(): number {
    return this.columns.count(AT.suppressedInits, this.fn);
  }

  get initTimeouts(): number {
    return this.columns.count(AT.initTimeouts, this.fn);
  }

  get errors(): number {
    return this.columns.count(AT.errors, this.fn);
  }

  get timeouts(): number {
    return this.columns.count(AT.timeouts, this.fn);
  }

  get resets(): number {
    return this.columns.count(AT.resets, this.fn);
  }

  get deadLettered(): number {
    return this.columns.count(AT.deadLettered, this.fn);
  }

  get billedMs(): number {
    return this.columns.count(AT.billedMs, this.fn);
  }

  get provisionedBilledMs(): number {
    return this.columns.count(AT.provisionedBilledMs, this.fn);
  }

  get throttledAttempts(): number[] {
    return this.columns.refused(this.fn);
  }

  get coldStartTimes(): Counters["coldStartTimes"] {
    return this.columns.coldStartTimes(this.fn);
  }

  /** As plain fields, for JSON. */
  toJSON(): Counters {
    const names = [...Object.keys(AT), "throttledAttempts", "coldStartTimes"] as (keyof Counters)[];
    return Object.fromEntries(names.map((name) => [name, this[name]])) as unknown as Counters;
  }
}

/** What was measured of one function, read off the columns when it is asked for. */
export class FunctionRow implements FunctionFigures {
  readonly columns: FunctionColumns;
  readonly fn: number;

  constructor(columns: FunctionColumns, fn: number) {
    this.columns = columns;
    this.fn = fn;
  }

  get counters(): Counters {
    return new CountersRow(this.columns, this.fn);
  }

  get concurrency(): Level {
    return this.columns.level("concurrency", this.fn);
  }

  get onDemandConcurrency(): Level {
    return this.columns.level("onDemandConcurrency", this.fn);
  }

  get provisionedConcurrency(): Level {
    return this.columns.level("provisionedConcurrency", this.fn);
  }

  get environments(): EnvironmentStats {
    return this.columns.environments(this.fn);
  }

  get latencyMean(): number {
    return this.columns.latencyMean(this.fn);
  }

  get durationMean(): number {
    return this.columns.durationMean(this.fn);
  }

  /** As plain fields, for JSON; what large there is besides (histograms, timelines) is left out. */
  toJSON(): FunctionFigures {
    const { counters, concurrency, onDemandConcurrency, provisionedConcurrency, environments } = this;
    const { latencyMean, durationMean } = this;
    return {
      counters,
      concurrency,
      onDemandConcurrency,
      provisionedConcurrency,
      environments,
      latencyMean,
      durationMean,
    };
  }
}

/** What only some functions have. */
interface More {
  readonly provisioned?: ProvisionedResult | undefined;
  readonly histograms?: Histograms | undefined;
  readonly timeline?: Timeline | undefined;
}

const NO_MORE: More = {};

/** All that was measured of one function in one run. */
export class FunctionResult extends FunctionRow {
  private readonly more: More;

  constructor(columns: FunctionColumns, fn: number, more: More = NO_MORE) {
    super(columns, fn);
    this.more = more;
  }

  /** Of a function with provisioned concurrency. */
  get provisioned(): ProvisionedResult | undefined {
    return this.more.provisioned;
  }

  /** Only in detail (see measure.detail). */
  get histograms(): Histograms | undefined {
    return this.more.histograms;
  }

  get timeline(): Timeline | undefined {
    return this.more.timeline;
  }
}
