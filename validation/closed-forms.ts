/** Closed forms that only the validation needs; the others are in test/support/theory.ts. */

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
