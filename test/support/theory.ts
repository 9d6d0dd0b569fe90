/** Closed forms, written down independently of the simulator. */

/** Tolerances are this many standard errors. */
export const SIGMAS = 4.5;

/** Erlang's loss formula: the share of requests that find all N places taken at offered load a. */
export function erlangB(places: number, load: number): number {
  let b = 1;
  for (let k = 1; k <= places; k++) b = (load * b) / (k + load * b);
  return b;
}

/**
 * Standard error of the share lost among n requests of the M/M/N/N loss system. Lost − B·arrivals is a martingale
 * plus g(state), with g from the chain's Poisson equation, which for a birth–death chain is a running sum.
 */
export function erlangBError(places: number, load: number, n: number): number {
  const b = erlangB(places, load);
  // From the top down, where nothing overflows.
  const pi = new Float64Array(places + 1);
  pi[places] = b;
  for (let k = places; k > 0; k--) pi[k - 1] = (pi[k]! * k) / load;
  let below = 0;
  let up = 0;
  let perService = 0;
  for (let k = 0; k <= places; k++) {
    const p = pi[k]!;
    const lost = k === places ? 1 : 0;
    // Going down from k undoes the step g(k) − g(k−1) made on the way up.
    perService += p * k * up ** 2;
    below += p * load * (lost - b);
    up = lost || p === 0 ? 0 : -below / (load * p);
    perService += p * load * (lost - b + up) ** 2;
  }
  return Math.sqrt(perService / load / n);
}

/** Standard error of a share p of n independent requests. */
export const shareError = (p: number, n: number): number => Math.sqrt((p * (1 - p)) / n);

/** P(an M/M/∞ process stays below `level` for a time T) by where it starts, by uniformisation. */
function staysBelow(level: number, rate: number, service: number, T: number): Float64Array {
  const mu = 1 / service;
  const clock = rate + level * mu;
  const survived = new Float64Array(level);
  let soFar = new Float64Array(level).fill(1);
  // Poisson weights in logs, since their mean clock·T may be thousands.
  let logWeight = -clock * T;
  const last = Math.ceil(clock * T + 12 * Math.sqrt(clock * T) + 40);
  for (let jumps = 0; jumps <= last; jumps++) {
    const weight = Math.exp(logWeight);
    const next = new Float64Array(level);
    for (let n = 0; n < level; n++) {
      survived[n]! += weight * soFar[n]!;
      const up = n + 1 < level ? rate * soFar[n + 1]! : 0;
      const down = n > 0 ? n * mu * soFar[n - 1]! : 0;
      next[n] = (up + down + (clock - rate - n * mu) * soFar[n]!) / clock;
    }
    soFar = next;
    logWeight += Math.log((clock * T) / (jumps + 1));
  }
  return survived;
}

/**
 * The pool under LIFO at Poisson arrivals and exponential service, unlimited, kept for T: M(t) is the most executions
 * of the last T, and a request is cold when it makes a new most.
 */
export function warmPool(rate: number, service: number, T: number) {
  const law = poissonWeights(rate * service);
  let cold = 0;
  let warm = 0;
  for (let k = 1; k < law.length; k++) {
    const stays = staysBelow(k, rate, service, T);
    cold += law[k - 1]! * stays[k - 1]!;
    warm += 1 - stays.reduce((below, p, n) => below + law[n]! * p, 0);
  }
  return { coldShare: cold, warm, idle: warm - rate * service, meanLife: warm / (rate * cold) };
}

/**
 * The most executions there have been since an empty start, over `span`: on average over that time, and at its end. A
 * new most is a rare event, so the time to the first k executions is taken as exponential, with its exact mean.
 */
export function mostSoFar(rate: number, service: number, span: number) {
  const law = poissonWeights(rate * service);
  let below = 0;
  let toReach = 0;
  let mean = 0;
  let end = 0;
  for (let k = 1; k < law.length; k++) {
    below += law[k - 1]!;
    toReach += below / (rate * law[k - 1]!);
    const x = span / toReach;
    mean += x < 1e-4 ? x / 2 : 1 + Math.expm1(-x) / x;
    end -= Math.expm1(-x);
  }
  return { mean, end };
}

/** Poisson weights of a mean, from 0 up to where nothing is left. */
export function poissonWeights(mean: number): number[] {
  const weights: number[] = [];
  const last = Math.ceil(mean + 12 * Math.sqrt(mean) + 20);
  let log = -mean;
  for (let n = 0; n <= last; n++) {
    weights.push(Math.exp(log));
    log += Math.log(mean / (n + 1));
  }
  return weights;
}

/** P(a Poisson number is above `level`). */
export function poissonAbove(mean: number, level: number): number {
  return poissonWeights(mean).reduce((sum, w, n) => (n > level ? sum + w : sum), 0);
}

/** The least number that a Poisson number does not exceed with probability p. */
export function poissonQuantile(mean: number, p: number): number {
  let below = 0;
  return poissonWeights(mean).findIndex((w) => (below += w) >= p);
}

/** P(a gamma variable of whole-number shape and this mean is above x): Q(k, kx/m), a sum for a whole k. */
export function erlangAbove(shape: number, mean: number, x: number): number {
  const y = (shape * x) / mean;
  let term = Math.exp(-y);
  let sum = 0;
  for (let i = 0; i < shape; i++) {
    sum += term;
    term *= y / (i + 1);
  }
  return sum;
}

/**
 * Engset: clients that think 1/λ and are served 1/μ on so many places, ratio λ/μ; a refused client thinks again. A
 * client finds the places taken as if it were not there itself.
 */
export function engset(clients: number, places: number, ratio: number) {
  const stationary = (population: number) => {
    const weights = [1];
    for (let n = 1; n <= Math.min(population, places); n++) {
      weights.push((weights[n - 1]! * ratio * (population - n + 1)) / n);
    }
    const total = weights.reduce((a, b) => a + b);
    return weights.map((w) => w / total);
  };
  return {
    refused: stationary(clients - 1)[places] ?? 0,
    busy: stationary(clients).reduce((sum, p, n) => sum + n * p, 0),
  };
}

/** Riordan's variance of the traffic that overflows N places at an offered load a, exponential service. */
export function overflowVariance(load: number, places: number, lost: number): number {
  const overflow = load * lost;
  return overflow * (1 - overflow + load / (places + 1 + overflow - load));
}

/**
 * A step from nothing to `rate` requests a second of mean `service` against `burst` environments and `refill` more a
 * second, as a fluid. The first `burst` are taken after τ; from then on busy = burst + refill·t and the rest is lost.
 */
export function fluidSpike(rate: number, service: number, burst: number, refill: number) {
  const filled = -service * Math.log(1 - burst / (rate * service));
  const ends = ((rate - refill) * service - burst) / refill;
  const busy = (t: number) => burst + refill * t;
  const lost = (t: number) => (rate - refill - burst / service) * t - ((refill / service) * t * t) / 2;
  return { busy, ends, throttledBy: (t: number) => lost(Math.min(t, ends)) - lost(filled) };
}

/** Mean of ⌈X⌉ for an exponential X. */
export const ceiledExponential = (mean: number): number => 1 / (1 - Math.exp(-1 / mean));

/**
 * Sources that share so many places and are refused when all are taken: the product form. A source has a weight for
 * each number n of its requests in service: aⁿ/n! of a Poisson stream of load a, C(K, n)·ρⁿ of K closed clients. Gives
 * the law of each source's n, and how often all places are taken.
 */
export function productForm(sources: readonly ((n: number) => number)[], places: number) {
  const convolved = (a: readonly number[], b: readonly number[]) =>
    a.map((_, n) => a.slice(0, n + 1).reduce((sum, w, i) => sum + w * b[n - i]!, 0));
  const nobody = Array.from({ length: places + 1 }, (_, n) => (n === 0 ? 1 : 0));
  const weights = sources.map((weight) => nobody.map((_, n) => weight(n)));
  const all = weights.reduce(convolved, nobody);
  const total = all.reduce((a, b) => a + b);
  const laws = weights.map((own, i) => {
    const others = weights.filter((_, j) => j !== i).reduce(convolved, nobody);
    return own.map((w, n) => (w * others.slice(0, places - n + 1).reduce((a, b) => a + b)) / total);
  });
  return { laws, full: all[places]! / total };
}

/** Weights of a Poisson stream of this load. */
export const openWeight =
  (load: number) =>
  (n: number): number =>
    poissonWeights(load)[n] ?? 0;

/** Weights of closed clients whose service takes `ratio` times as long as their thinking. */
export const closedWeight =
  (clients: number, ratio: number) =>
  (n: number): number => {
    let weight = 1;
    for (let i = 1; i <= n; i++) weight *= ((clients - i + 1) / i) * ratio;
    return weight;
  };

/** Mean and variance of a law on 0, 1, 2 … */
export function momentsOf(law: readonly number[]): { mean: number; variance: number } {
  const mean = law.reduce((sum, p, n) => sum + n * p, 0);
  return { mean, variance: law.reduce((sum, p, n) => sum + (n - mean) ** 2 * p, 0) };
}
