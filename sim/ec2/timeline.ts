import { IntervalColumns } from "../measure/interval-columns.ts";

/** What is told of one interval. */
export interface FleetInterval {
  readonly requests: number;
  readonly refused: number;
  /** Server-microseconds in service and slot-microseconds busy. */
  readonly serverTime: number;
  readonly busyTime: number;
  readonly queueMax: number;
  /** Of requests that began in the interval; NaN where none did. Microseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** A fleet's run, interval by interval; the same intervals as those of the functions. */
export class FleetTimeline extends IntervalColumns {
  readonly requests: Float64Array;
  readonly refused: Float64Array;
  /** Servers in service and busy slots, on average. */
  readonly servers: Float64Array;
  readonly busy: Float64Array;
  readonly queueMax: Float64Array;
  readonly latencyP50: Float64Array;
  readonly latencyP99: Float64Array;
  private readonly end: number;
  private row = 0;

  constructor(start: number, interval: number, end: number) {
    super(start, interval, end);
    this.end = end;
    const column = () => new Float64Array(this.rows);
    this.requests = column();
    this.refused = column();
    this.servers = column();
    this.busy = column();
    this.queueMax = column();
    this.latencyP50 = column().fill(Number.NaN);
    this.latencyP99 = column().fill(Number.NaN);
  }

  /** Adds the next row. */
  add({ requests, refused, serverTime, busyTime, queueMax, p50, p99 }: FleetInterval): void {
    const row = this.row++;
    const from = this.start + row * this.interval;
    const length = Math.min(this.end, from + this.interval) - from;
    this.requests[row] = requests;
    this.refused[row] = refused;
    this.servers[row] = serverTime / length;
    this.busy[row] = busyTime / length;
    this.queueMax[row] = queueMax;
    this.latencyP50[row] = p50;
    this.latencyP99[row] = p99;
  }

  /** All columns, in a fixed order: for means over replications. */
  override columns(): Float64Array[] {
    const { requests, refused, servers, busy, queueMax, latencyP50, latencyP99 } = this;
    return [requests, refused, servers, busy, queueMax, latencyP50, latencyP99];
  }
}
