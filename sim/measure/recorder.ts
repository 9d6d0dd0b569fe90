import { Histograms } from "./histograms.ts";
import { IntervalHistogram, type IntervalQuantiles } from "./interval-histogram.ts";

const NO_QUANTILES: IntervalQuantiles = { count: 0, p50: Number.NaN, p99: Number.NaN };

/** Histograms that a detailed function has to itself; the functions without detail share one set. */
export class Recorder extends Histograms {
  /** Latency of the interval that is going on; `latency` has that of the intervals before. */
  readonly interval = new IntervalHistogram();
  /** Of the interval that ended last. */
  quantiles: IntervalQuantiles = NO_QUANTILES;

  override clear(): void {
    this.interval.flush(this.latency);
    super.clear();
  }
}
