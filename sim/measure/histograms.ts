import { Histogram } from "./histogram.ts";

/** The laws of times that are kept, by name. */
export const TIMES = ["latency", "coldLatency", "warmLatency", "duration", "init", "billedMs"] as const;
export type Times = (typeof TIMES)[number];

/** The laws of times of answered requests in microseconds, and of billed duration of all invocations in milliseconds. */
export class Histograms implements Readonly<Record<Times, Histogram>> {
  readonly latency = new Histogram();
  readonly coldLatency = new Histogram();
  readonly coldDuration = new Histogram();
  readonly init = new Histogram();
  readonly billedMs = new Histogram();

  /** Of warm starts: what is not cold. */
  get warmLatency(): Histogram {
    return this.latency.minus(this.coldLatency);
  }

  /** Of the handler: a warm start's latency is its duration, so that is not recorded twice. */
  get duration(): Histogram {
    const duration = this.warmLatency;
    duration.add(this.coldDuration);
    return duration;
  }

  add(other: Histograms): void {
    this.latency.add(other.latency);
    this.coldLatency.add(other.coldLatency);
    this.coldDuration.add(other.coldDuration);
    this.init.add(other.init);
    this.billedMs.add(other.billedMs);
  }
}
