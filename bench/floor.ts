import FastPriorityQueue from "fastpriorityqueue";
import seedrandom from "seedrandom";
import { unitExponential } from "../sim/distributions/exponential.ts";
import { QuantileTable } from "../sim/distributions/table.ts";
import { exp, log, normalQuantileOf, sqrt } from "../sim/math/functions.ts";
import { SECOND } from "../sim/units.ts";
import type { Workload } from "./workloads.ts";

// The least that any simulator with these two libraries must do for a workload: draw every source's arrivals
// (Poisson) and service times (lognormal, mean 200 ms, cv 1), put the arrivals in order of time, and keep a queue of
// the completions. No Lambda and no measures; of limits only one number, so that the queue holds no more than lsim's.
// It stays as it is from version to version, so that ratios of different versions can be compared: what makes lsim faster than
// a plain loop would be (its rounding, its buckets before the heap) is not in it.
// Windows dealt into order are cheaper than a second queue for the arrivals: by a third for W2, by half for W3.

const SLOTS = 2 ** 21;
/** Arrivals a window: from 2,048 to 32,768 hardly makes a difference. */
const WINDOW = 4096;
/** A window of Poisson arrivals never holds nearly so many. */
const ROOM = 4 * WINDOW;

const sigma = sqrt(log(2));
const median = 200_000 / sqrt(2);
const gaps = unitExponential().line;
const services = new QuantileTable((p, q) => exp(sigma * normalQuantileOf(p, q))).line;

/** What was done: counted so that nothing is optimised away, and so that it can be compared. */
export interface FloorRun {
  readonly requests: number;
  readonly turnedAway: number;
  readonly most: number;
}

/**
 * Plays about `requests` requests of the workload. Streams: "own", two for each source, as any simulator needs whose
 * sources keep their draws when another one changes; "shared", two for all of them, as the very least.
 */
export function floor(
  { rates, floorLimit }: Workload,
  requests: number,
  seed: string,
  streams: "own" | "shared",
): FloorRun {
  const perSecond = rates.reduce((a, b) => a + b, 0);
  const horizon = Math.round((requests / perSecond) * SECOND);
  const length = Math.round((WINDOW / perSecond) * SECOND);
  const calls = new Calls(rates, seed, streams === "own");
  const queue = new Completions(floorLimit);
  let done = 0;
  // In windows, so that the loops are compiled as functions and not only by on-stack replacement.
  for (let now = 0; now < horizon; ) {
    now = Math.min(horizon, now + length);
    calls.fill(now);
    if (rates.length > 1) calls.sort();
    queue.play(calls);
    done += calls.count;
  }
  return { requests: done, turnedAway: queue.turnedAway, most: queue.most };
}

/** The arrivals of a window and their service times, in microseconds. */
class Calls {
  times = new Float64Array(ROOM);
  services = new Float64Array(ROOM);
  /** Their order: place to row. */
  readonly order = new Int32Array(ROOM).map((_, i) => i);
  count = 0;
  private readonly places = new Int32Array(ROOM + 1);
  private readonly next: Float64Array;
  private readonly meanGap: Float64Array;
  private readonly gapDraws: (() => number)[];
  private readonly serviceDraws: (() => number)[];

  constructor(rates: readonly number[], seed: string, own: boolean) {
    const open = (purpose: string) => {
      const shared = seedrandom.alea(`${seed}/${purpose}`).int32;
      return rates.map((_, i) => (own ? seedrandom.alea(`${seed}/${i}/${purpose}`).int32 : shared));
    };
    this.meanGap = Float64Array.from(rates, (rate) => SECOND / rate);
    this.gapDraws = open("gaps");
    this.serviceDraws = open("services");
    this.next = this.meanGap.map((mean, i) => Math.round(mean * look(gaps, this.gapDraws[i]!())));
  }

  /** Every source's arrivals before `until`, source by source. */
  fill(until: number): void {
    const { times, services: work, next, meanGap } = this;
    let n = 0;
    for (let i = 0; i < next.length; i++) {
      let at = next[i]!;
      if (at >= until) continue;
      const gapDraw = this.gapDraws[i]!;
      const serviceDraw = this.serviceDraws[i]!;
      const mean = meanGap[i]!;
      while (at < until) {
        times[n] = at;
        work[n] = Math.round(median * look(services, serviceDraw()));
        n++;
        at += Math.round(mean * look(gaps, gapDraw()));
      }
      next[i] = at;
    }
    this.count = n;
  }

  /** Puts them in order of time: dealt into as many stretches of time as there are arrivals, then straightened. */
  sort(): void {
    const { times, order, places, count } = this;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (let i = 0; i < count; i++) {
      const t = times[i]!;
      if (t < first) first = t;
      if (t > last) last = t;
    }
    const scale = (count - 1) / Math.max(1, last - first);
    places.fill(0, 0, count + 1);
    for (let i = 0; i < count; i++) places[Math.floor((times[i]! - first) * scale) + 1]!++;
    for (let i = 0; i < count; i++) places[i + 1]! += places[i]!;
    for (let i = 0; i < count; i++) order[places[Math.floor((times[i]! - first) * scale)]!++] = i;
    for (let i = 1; i < count; i++) {
      const row = order[i]!;
      const t = times[row]!;
      let j = i - 1;
      for (; j >= 0 && times[order[j]!]! > t; j--) order[j + 1] = order[j]!;
      order[j + 1] = row;
    }
  }
}

/** The queue of completions. */
class Completions {
  most = 0;
  turnedAway = 0;
  private readonly limit: number;
  // Plain numbers in the default order, as in the simulator: every queue in a process shares its inline caches.
  private readonly queue = new FastPriorityQueue<number>();

  constructor(limit: number) {
    this.limit = limit;
    this.queue.add(Number.MAX_VALUE);
  }

  play({ times, services: work, order, count }: Calls): void {
    const { queue, limit } = this;
    let { most, turnedAway } = this;
    for (let i = 0; i < count; i++) {
      const row = order[i]!;
      const at = times[row]!;
      const key = at * SLOTS;
      while ((queue.peek() as number) < key) queue.poll();
      if (queue.size > limit) {
        turnedAway++;
        continue;
      }
      queue.add((at + work[row]!) * SLOTS + i);
      if (queue.size > most) most = queue.size;
    }
    this.most = most;
    this.turnedAway = turnedAway;
  }
}

/** The look-up of sim/distributions/table.ts. */
function look(line: Float64Array, bits: number): number {
  const m = bits & 0x7fffffff;
  const zeros = Math.clz32(m);
  const i = 2 * ((bits >>> 31) * 33 * 64 + zeros * 64 + ((m << (zeros + 1)) >>> 26));
  return line[i]! + line[i + 1]! * m;
}
