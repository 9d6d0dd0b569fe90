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

function poissonLaw(mean: number, upTo: number): number[] {
  const law = [Math.exp(-mean)];
  for (let n = 1; n <= upTo; n++) law.push((law[n - 1]! * mean) / n);
  return law;
}

/** P(an M/M/∞ process that starts at `from` stays below `level` for a time T), by uniformisation. */
function staysBelow(level: number, from: number, rate: number, service: number, T: number): number {
  if (from >= level) return 0;
  const mu = 1 / service;
  const clock = rate + level * mu;
  let state = new Float64Array(level);
  state[from] = 1;
  // Poisson weights in logs, since their mean clock·T may be thousands.
  let logWeight = -clock * T;
  let survived = 0;
  const last = Math.ceil(clock * T + 12 * Math.sqrt(clock * T) + 40);
  for (let jumps = 0; jumps <= last; jumps++) {
    survived += Math.exp(logWeight) * state.reduce((a, b) => a + b, 0);
    const next = new Float64Array(level);
    for (let n = 0; n < level; n++) {
      const mass = state[n]!;
      if (n + 1 < level) next[n + 1]! += (mass * rate) / clock;
      if (n > 0) next[n - 1]! += (mass * n * mu) / clock;
      next[n]! += mass * (1 - (rate + n * mu) / clock);
    }
    state = next;
    logWeight += Math.log((clock * T) / (jumps + 1));
  }
  return survived;
}

/**
 * The pool under LIFO at Poisson arrivals and exponential service, unlimited, kept for T: M(t) is the most executions
 * of the last T, and a request is cold when it makes a new most.
 */
export function warmPool(rate: number, service: number, T: number, levels = 16) {
  const law = poissonLaw(rate * service, levels);
  let cold = 0;
  let warm = 0;
  for (let k = 1; k <= levels; k++) {
    cold += law[k - 1]! * staysBelow(k, k - 1, rate, service, T);
    let below = 0;
    for (let n = 0; n < k; n++) below += law[n]! * staysBelow(k, n, rate, service, T);
    warm += 1 - below;
  }
  return { coldShare: cold, warm, idle: warm - rate * service, meanLife: warm / (rate * cold) };
}

/**
 * The most executions there have been since an empty start, over `span`: on average over that time, and at its end. A
 * new most is a rare event, so the time to the first k executions is taken as exponential, with its exact mean.
 */
export function mostSoFar(rate: number, service: number, span: number, levels = 30) {
  const law = poissonLaw(rate * service, levels);
  let below = 0;
  let toReach = 0;
  let mean = 0;
  let end = 0;
  for (let k = 1; k <= levels; k++) {
    below += law[k - 1]!;
    toReach += below / (rate * law[k - 1]!);
    const x = span / toReach;
    mean += x < 1e-4 ? x / 2 : 1 + Math.expm1(-x) / x;
    end -= Math.expm1(-x);
  }
  return { mean, end };
}
