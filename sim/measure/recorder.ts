import { Histograms } from "./histograms.ts";
import { IntervalHistogram, type IntervalQuantiles } from "./interval-histogram.ts";

const NO_QUANTILES: IntervalQuantiles = { count: 0, p50: Number.NaN, p99: Number.NaN };

/**
 * Histograms that a detailed function has to itself; the functions without detail share one set. Latency and billed
 * duration come in stretches, as pairs (see recent.ts).
 */
export class Recorder extends Histograms {
  /** Of the interval that ended last. */
  quantiles: IntervalQuantiles = NO_QUANTILES;
  /** Latency of the interval that is going on, once it has had more values than one stretch. */
  private interval: IntervalHistogram | undefined;

  /** Takes in the pairs from `from` up to `to`. */
  take(values: Float64Array, from: number, to: number): void {
    this.interval ??= new IntervalHistogram();
    this.into(this.interval, values, from, to);
  }

  /**
   * The interval ends with these pairs: its latencies join those of the run, and those of `account` if given. `empty`
   * is lent to every recorder that had few values, one after another, so that it stays in the cache.
   */
  endInterval(
    values: Float64Array,
    from: number,
    to: number,
    empty: IntervalHistogram,
    account?: IntervalHistogram,
  ): void {
    const interval = this.interval ?? empty;
    this.into(interval, values, from, to);
    this.quantiles = interval.flush(this.latency, account);
  }

  private into(interval: IntervalHistogram, values: Float64Array, from: number, to: number): void {
    interval.recordEach(values, from, to, 2);
    this.billedMs.recordEach(values, from + 1, to, 2);
  }

  /** One latency alone, of a request that an invocation model has answered. */
  answered(latency: number): void {
    this.interval ??= new IntervalHistogram();
    this.interval.record(latency);
    this.modelled.latency.record(latency);
  }
}
