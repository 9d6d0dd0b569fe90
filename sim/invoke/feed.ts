import { ArrivalBatch } from "../arrivals/contract.ts";
import { DrawnRequests } from "../arrivals/drawn.ts";
import { adapted, Source } from "../arrivals/window.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import type { RandomStreams } from "../random.ts";
import type { TrafficSettings } from "../scenario/scenario.ts";
import { SECOND } from "../units.ts";

/** About how many arrivals are drawn at once. */
const TARGET = 512;

/** The arrivals of one entry that has an invocation model, drawn some hundreds at a time and given one by one. */
export class Feed {
  /** The row of the arrival that is next. */
  row = 0;
  readonly requests = new DrawnRequests(TARGET);
  private readonly source: Source;
  private readonly batch = new ArrivalBatch();
  private length = SECOND;

  constructor(traffic: TrafficSettings, f: FunctionSettings, streams: RandomStreams) {
    this.source = new Source(traffic, f, streams);
    this.refill();
  }

  /** When the next arrival is; Infinity when there is none. */
  get next(): number {
    return this.row < this.requests.count ? this.requests.times[this.row]! : Number.POSITIVE_INFINITY;
  }

  /** On to the arrival after this one. */
  advance(): void {
    if (++this.row === this.requests.count) this.refill();
  }

  private refill(): void {
    const { source, requests, batch } = this;
    requests.clear();
    this.row = 0;
    const { next } = source;
    if (next === Number.POSITIVE_INFINITY) return;
    source.fill(next + this.length, requests, 0, batch);
    this.length = Math.ceil(adapted(this.length, requests.count, TARGET));
  }
}
