import { Histograms } from "./histograms.ts";
import { IntervalHistogram, type IntervalQuantiles } from "./interval-histogram.ts";
import { Stretch } from "./stretch.ts";

const NO_QUANTILES: IntervalQuantiles = { count: 0, p50: Number.NaN, p99: Number.NaN };

/** Lent to every recorder, one after another, so that they stay in the cache: empty whenever nobody has them. */
const stretch = new Stretch();
const lent = new IntervalHistogram();

/**
 * Histograms that a detailed function has to itself; the functions without detail share one set. Latency and billed
 * duration come in stretches, as pairs (see recent.ts).
 */
export class Recorder extends Histograms {
  /** Of the interval that ended last. */
  quantiles: IntervalQuantiles = NO_QUANTILES;
  /** Latency of the interval that is going on, once it has had more values than one stretch. */
  private interval: IntervalHistogram | undefined;
  /** The same of all recorders together, where there are several. */
  private readonly account: IntervalHistogram | undefined;

  constructor(account?: IntervalHistogram) {
    super();
    this.account = account;
  }

  /** Takes in the pairs from `from` up to `to`. */
  take(values: Float64Array, from: number, to: number): void {
    this.interval ??= new IntervalHistogram();
    this.into(this.interval, values, from, to);
  }

  /** The interval ends with these pairs. */
  endInterval(values: Float64Array, from: number, to: number): void {
    const interval = this.interval ?? lent;
    this.into(interval, values, from, to);
    this.quantiles = interval.flush();
  }

  private into(interval: IntervalHistogram, values: Float64Array, from: number, to: number): void {
    stretch.read(values, from, to, 2);
    interval.recordEach(stretch);
    this.account?.recordEach(stretch);
    this.latency.recordEach(stretch);
    this.billedMs.recordEach(stretch.read(values, from + 1, to, 2));
  }

  /** One latency alone, of a request that an invocation model has answered. */
  answered(latency: number): void {
    this.interval ??= new IntervalHistogram();
    this.interval.record(latency);
    this.account?.record(latency);
    this.latency.record(latency);
    this.modelled.latency.record(latency);
  }
}
