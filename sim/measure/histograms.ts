import { Histogram } from "./histogram.ts";

/** The laws of times that are kept, by name. */
export const TIMES = ["latency", "coldLatency", "warmLatency", "duration", "init", "billedMs"] as const;
export type Times = (typeof TIMES)[number];

/** Of requests that came through an invocation model: they may wait and be tried again, so latency is not duration. */
interface Modelled {
  readonly latency: Histogram;
  readonly coldLatency: Histogram;
  readonly duration: Histogram;
}

/** The laws of times of answered requests in microseconds, and of billed duration of all invocations in milliseconds. */
export class Histograms implements Readonly<Record<Times, Histogram>> {
  readonly latency = new Histogram();
  readonly coldLatency = new Histogram();
  readonly coldDuration = new Histogram();
  readonly init = new Histogram();
  readonly billedMs = new Histogram();
  private ofModels: Modelled | undefined;

  /** The part of invocation models in these, and the duration of their invocations. */
  get modelled(): Modelled {
    return (this.ofModels ??= {
      latency: new Histogram(),
      coldLatency: new Histogram(),
      duration: new Histogram(),
    });
  }

  /** Of warm starts: what is not cold. */
  get warmLatency(): Histogram {
    return this.latency.minus(this.coldLatency);
  }

  /** Of the handler: where no model is between, a warm start's latency is its duration, so that is not recorded twice. */
  get duration(): Histogram {
    const { ofModels } = this;
    const warm = ofModels
      ? this.latency.minus(ofModels.latency).minus(this.coldLatency.minus(ofModels.coldLatency))
      : this.warmLatency;
    warm.add(this.coldDuration);
    if (ofModels) warm.add(ofModels.duration);
    return warm;
  }

  add(other: Histograms): void {
    this.latency.add(other.latency);
    this.coldLatency.add(other.coldLatency);
    this.coldDuration.add(other.coldDuration);
    this.init.add(other.init);
    this.billedMs.add(other.billedMs);
    if (!other.ofModels) return;
    this.modelled.latency.add(other.ofModels.latency);
    this.modelled.coldLatency.add(other.ofModels.coldLatency);
    this.modelled.duration.add(other.ofModels.duration);
  }

  clear(): void {
    for (const h of [this.latency, this.coldLatency, this.coldDuration, this.init, this.billedMs]) h.clear();
    this.ofModels = undefined;
  }
}
