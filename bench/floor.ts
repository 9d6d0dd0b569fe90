import FastPriorityQueue from "fastpriorityqueue";
import seedrandom from "seedrandom";
import { unitExponential } from "../sim/distributions/exponential.ts";
import { QuantileTable } from "../sim/distributions/table.ts";
import { exp, log, normalQuantileOf, sqrt } from "../sim/math/functions.ts";

const SLOTS = 2 ** 21;
const CHUNK = 4096;

const sigma = sqrt(log(2));
const median = 200_000 / sqrt(2);
const gaps = unitExponential().line;
const services = new QuantileTable((p, q) => exp(sigma * normalQuantileOf(p, q))).line;

/**
 * The least that any simulator with these two libraries must do for workload W1: draw every arrival (Poisson,
 * 1,000 a second) and every service time (lognormal, mean 200 ms, cv 1), and keep a queue of the completions.
 * No Lambda, no limits, no measures. Returns the most requests in progress, so that nothing is optimised away.
 */
export function floor(arrivals: number, seed: string): number {
  const gapDraws = seedrandom.alea(`${seed}/gaps`).int32;
  const serviceDraws = seedrandom.alea(`${seed}/services`).int32;
  // Plain numbers in the default order, as in the simulator: every queue in a process shares its inline caches.
  const queue = new FastPriorityQueue<number>();
  queue.add(Number.MAX_VALUE);
  let now = 0;
  let most = 0;
  // In chunks, so that the loop is compiled as a function and not only by on-stack replacement.
  for (let done = 0; done < arrivals; done += CHUNK) {
    now = chunk(Math.min(CHUNK, arrivals - done), now, queue, gapDraws, serviceDraws);
    most = Math.max(most, queue.size - 1);
  }
  return most;
}

function chunk(
  count: number,
  now: number,
  queue: FastPriorityQueue<number>,
  gapDraws: () => number,
  serviceDraws: () => number,
): number {
  for (let i = 0; i < count; i++) {
    now += Math.round(1000 * look(gaps, gapDraws()));
    const key = now * SLOTS;
    while ((queue.peek() as number) < key) queue.poll();
    queue.add((now + Math.round(median * look(services, serviceDraws()))) * SLOTS + i);
  }
  return now;
}

/** The look-up of sim/distributions/table.ts. */
function look(line: Float64Array, bits: number): number {
  const m = bits & 0x7fffffff;
  const zeros = Math.clz32(m);
  const i = 2 * ((bits >>> 31) * 33 * 64 + zeros * 64 + ((m << (zeros + 1)) >>> 26));
  return line[i]! + line[i + 1]! * m;
}
