/** Values of all recorders together: enough that emptying one pays, few enough to stay in the second-level cache. */
const ROOM = 2 ** 15;
const LEAST = 32;
const MOST = 1024;

/**
 * The last few pairs of latency and billed duration of each recorder, written down one after another. They go into its
 * histograms many at a time: a histogram is spread over memory, and with many of them each would be out of the cache
 * whenever a single value came.
 */
export class Recent {
  /** Pairs a recorder has room for. */
  readonly size: number;
  /** Recorder r has from 2 · r · size on: latency (microseconds), billed duration (milliseconds), and again. */
  readonly values: Float64Array;
  /** How many pairs of each recorder are waiting. */
  readonly counts: Int32Array;

  constructor(recorders: number) {
    this.size = Math.min(MOST, Math.max(LEAST, Math.floor(ROOM / recorders)));
    this.values = new Float64Array(2 * this.size * recorders);
    this.counts = new Int32Array(recorders);
  }

  /** Writes down a pair of recorder `r`; true when its room is used up. */
  add(r: number, latency: number, billed: number): boolean {
    const { values, counts, size } = this;
    const count = counts[r]!;
    const i = 2 * (r * size + count);
    values[i] = latency;
    values[i + 1] = billed;
    counts[r] = count + 1;
    return count + 1 === size;
  }
}
