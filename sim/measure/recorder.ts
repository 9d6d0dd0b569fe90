import { Histogram } from "./histogram.ts";
import { IntervalHistogram, type IntervalQuantiles } from "./interval-histogram.ts";
import type { Histograms } from "./result.ts";

const NO_QUANTILES: IntervalQuantiles = { count: 0, p50: Number.NaN, p99: Number.NaN };

/** Histograms that a detailed function has to itself; the functions without detail share one set. */
export class Recorder {
  readonly interval = new IntervalHistogram();
  /** Of the interval that ended last. */
  quantiles: IntervalQuantiles = NO_QUANTILES;
  readonly latency = new Histogram();
  readonly coldLatency = new Histogram();
  readonly coldDuration = new Histogram();
  readonly init = new Histogram();
  readonly billedMs = new Histogram();

  clear(): void {
    this.interval.flush(this.latency);
    for (const h of [this.latency, this.coldLatency, this.coldDuration, this.init, this.billedMs]) h.clear();
  }

  /** A warm start's latency is its duration, so what is not recorded twice is worked out here. */
  histograms(): Histograms {
    const { latency, coldLatency, coldDuration, init, billedMs } = this;
    const warmLatency = latency.minus(coldLatency);
    const duration = new Histogram();
    duration.add(warmLatency);
    duration.add(coldDuration);
    return { latency, coldLatency, warmLatency, duration, init, billedMs };
  }
}
