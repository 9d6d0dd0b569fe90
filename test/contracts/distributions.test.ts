import { describe, expect, it } from "vitest";
import { DISTRIBUTIONS } from "../../sim/distributions/registry.ts";
import { RandomStreams } from "../../sim/random.ts";
import { drawsOf, lawOf, partOfDensity } from "../support/laws.ts";

const Z99 = 2.3263478740408408;
const SIGMA = Math.log(1200 / 180) / Z99;
const lognormalDensity = (x: number) =>
  Math.exp(-((Math.log(x / 180_000) / SIGMA) ** 2) / 2) / (x * SIGMA * Math.sqrt(2 * Math.PI));
const erlang4Density = (x: number) => ((x / 125_000) ** 3 * Math.exp(-x / 125_000)) / (6 * 125_000);
/** Γ(1 + 1/2) = √π / 2. */
const WEIBULL_SCALE = 100_000 / (Math.sqrt(Math.PI) / 2);
const weibullDensity = (x: number) => ((2 * x) / WEIBULL_SCALE ** 2) * Math.exp(-((x / WEIBULL_SCALE) ** 2));

const lognormalPart = partOfDensity(lognormalDensity, 100_000, 900_000);
const erlangPart = partOfDensity(erlang4Density, 200_000, 600_000);
const weibullPart = partOfDensity(weibullDensity, 50_000, 80_000);
/** Two points and a stretch between, as moments of a mixture. */
const mixed = (parts: readonly [weight: number, mean: number, cv: number][]) => {
  const mean = parts.reduce((sum, [w, m]) => sum + w * m, 0);
  const square = parts.reduce((sum, [w, m, cv]) => sum + w * m * m * (1 + cv * cv), 0);
  return { mean, cv: Math.sqrt(square - mean * mean) / mean };
};

/** Settings of each kind, as a scenario writes them, with what theory says (microseconds). A new kind adds a line. */
const CASES: {
  type: string;
  settings: object;
  mean: number;
  cv: number;
  minimum?: number;
  quantiles?: Record<number, number>;
}[] = [
  { type: "constant", settings: { value: "30ms" }, mean: 30_000, cv: 0, quantiles: { 0.5: 30_000 } },
  {
    type: "exponential",
    settings: { mean: "20ms" },
    mean: 20_000,
    cv: 1,
    quantiles: { 0.5: 13_862.94, 0.99: 92_103.4 },
  },
  {
    // Without memory: what is left above 30 ms is 30 ms and the law again.
    type: "exponential",
    settings: { mean: "20ms", min: "30ms" },
    mean: 50_000,
    cv: 0.4,
    minimum: 30_000,
    quantiles: { 0.5: 43_862.94 },
  },
  {
    type: "exponential",
    settings: { mean: "20ms", max: "20ms" },
    mean: (20_000 * (1 - 2 / Math.E)) / (1 - 1 / Math.E),
    cv: partOfDensity((x) => Math.exp(-x / 20_000) / 20_000, 0, 20_000).cv,
    quantiles: { 0.5: -20_000 * Math.log(1 - 0.5 * (1 - 1 / Math.E)) },
  },
  {
    type: "lognormal",
    settings: { mean: "200ms", cv: 1 },
    mean: 200_000,
    cv: 1,
    quantiles: { 0.5: 141_421.4 },
  },
  {
    type: "lognormal",
    settings: { p50: "180ms", p99: "1.2s" },
    mean: 180_000 * Math.exp(SIGMA ** 2 / 2),
    cv: Math.sqrt(Math.exp(SIGMA ** 2) - 1),
    quantiles: { 0.5: 180_000, 0.99: 1_200_000 },
  },
  {
    type: "lognormal",
    settings: { p50: "180ms", p99: "1.2s", min: "100ms", max: "900ms" },
    mean: lognormalPart.mean,
    cv: lognormalPart.cv,
    minimum: 100_000,
    quantiles: { 0.3: partQuantile(lognormalDensity, 100_000, 900_000, 0.3) },
  },
  {
    type: "gamma",
    settings: { mean: "500ms", cv: 0.5 },
    mean: 500_000,
    cv: 0.5,
    quantiles: { 0.5: 459_007.6 },
  },
  { type: "gamma", settings: { mean: "100ms", cv: 2 }, mean: 100_000, cv: 2 },
  {
    type: "gamma",
    settings: { mean: "500ms", cv: 0.5, min: "200ms", max: "600ms" },
    mean: erlangPart.mean,
    cv: erlangPart.cv,
    minimum: 200_000,
    quantiles: { 0.7: partQuantile(erlang4Density, 200_000, 600_000, 0.7) },
  },
  {
    type: "weibull",
    settings: { mean: "100ms", shape: 2 },
    mean: 100_000,
    cv: Math.sqrt(4 / Math.PI - 1),
    quantiles: { 0.5: WEIBULL_SCALE * Math.sqrt(Math.LN2), 0.99: WEIBULL_SCALE * Math.sqrt(Math.log(100)) },
  },
  {
    // Γ(3) = 2 and Γ(5) = 24.
    type: "weibull",
    settings: { mean: "100ms", shape: 0.5 },
    mean: 100_000,
    cv: Math.sqrt(24 / 4 - 1),
    quantiles: { 0.5: 50_000 * Math.LN2 ** 2, 0.9: 50_000 * Math.log(10) ** 2 },
  },
  {
    type: "weibull",
    settings: { mean: "100ms", shape: 2, min: "50ms", max: "80ms" },
    mean: weibullPart.mean,
    cv: weibullPart.cv,
    minimum: 50_000,
  },
  {
    type: "uniform",
    settings: { min: "600s", max: "900s" },
    mean: 750e6,
    cv: 300 / Math.sqrt(12) / 750,
    minimum: 600e6,
    quantiles: { 0.1: 630e6 },
  },
  {
    type: "empirical",
    settings: { values: ["10ms", "20ms", "60ms"] },
    mean: 30_000,
    cv: Math.sqrt(1400 / 3) / 30,
    minimum: 10_000,
  },
  {
    type: "empirical",
    settings: { values: ["10ms", "20ms", "60ms", "61ms"], min: "20ms", max: "60ms" },
    mean: 40_000,
    cv: 0.5,
    minimum: 20_000,
  },
  {
    type: "empirical",
    settings: { quantiles: { "0": "0s", "0.5": "1s", "1": "3s" } },
    mean: 1.25e6,
    cv: Math.sqrt((1 / 3 + (1 + 3 + 9) / 3) / 2 - 1.25 ** 2) / 1.25,
    quantiles: { 0.25: 0.5e6, 0.75: 2e6 },
  },
  {
    // What is left is 0.5 s to 1 s with weight ¼, and 1 s to 2 s with ¼.
    type: "empirical",
    settings: { quantiles: { "0": "0s", "0.5": "1s", "1": "3s" }, min: "500ms", max: "2s" },
    ...mixed([
      [0.5, 0.75e6, 0.5 / Math.sqrt(12) / 0.75],
      [0.5, 1.5e6, 1 / Math.sqrt(12) / 1.5],
    ]),
    minimum: 500_000,
    quantiles: { 0.5: 1e6, 0.75: 1.5e6 },
  },
  {
    // A lognormal of sigma 0.5, cut off at plus and minus three of it.
    type: "empirical",
    settings: {
      interpolation: "log",
      quantiles: {
        "0.0013498980316300945": `${100 * Math.exp(-1.5)}ms`,
        "0.5": "100ms",
        "0.9986501019683699": `${100 * Math.exp(1.5)}ms`,
      },
    },
    ...clampedLognormal(100_000, 0.5, 3),
    minimum: 100_000 * Math.exp(-1.5),
    quantiles: { 0.5: 100_000, 0.9: 100_000 * Math.exp(0.5 * 1.2815515655446004) },
  },
  {
    type: "mixture",
    settings: {
      of: [
        { weight: 9, type: "constant", value: "10ms" },
        { weight: 1, type: "exponential", mean: "200ms" },
      ],
    },
    ...mixed([
      [0.9, 10_000, 0],
      [0.1, 200_000, 1],
    ]),
    // Below the constant there is only the exponential: 0.1 · (1 − e^(−x/200 ms)).
    quantiles: { 0.004: -200_000 * Math.log(0.96), 0.95: 200_000 * Math.LN2 },
  },
  {
    // Half of what is there is left of the second, so it has half its weight: 2/3 and 1/3.
    type: "mixture",
    settings: {
      of: [
        { weight: 1, type: "constant", value: "20ms" },
        { weight: 1, type: "uniform", min: "0s", max: "40ms" },
        { weight: 5, type: "constant", value: "41ms" },
      ],
      min: "20ms",
      max: "40ms",
    },
    ...mixed([
      [2 / 3, 20_000, 0],
      [1 / 3, 30_000, 20 / Math.sqrt(12) / 30],
    ]),
    minimum: 20_000,
    quantiles: { 0.9: 34_000 },
  },
  {
    type: "mixture",
    settings: {
      of: [
        { weight: 0.5, p50: "180ms", p99: "1.2s", min: "100ms", max: "900ms" },
        {
          weight: 0.5,
          type: "mixture",
          of: [
            { weight: 2, type: "gamma", mean: "500ms", cv: 0.5 },
            { weight: 2, type: "empirical", values: ["10ms", "30ms"] },
          ],
        },
      ],
    },
    ...mixed([
      [0.5, lognormalPart.mean, lognormalPart.cv],
      [0.25, 500_000, 0.5],
      [0.25, 20_000, 0.5],
    ]),
  },
];

/** The value with the share p of the part from a to b below it, by bisection on Simpson's rule. */
function partQuantile(density: (x: number) => number, a: number, b: number, p: number): number {
  const { share } = partOfDensity(density, a, b);
  let low = a;
  let high = b;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (partOfDensity(density, a, middle).share < p * share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A lognormal whose logarithm is clamped at ± `limit` standard deviations. */
function clampedLognormal(median: number, sigma: number, limit: number): { mean: number; cv: number } {
  const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const moment = (k: number) => {
    const value = (z: number) => (median * Math.exp(sigma * z)) ** k;
    const inside = partOfDensity(density, -limit, limit).share;
    let sum = ((1 - inside) / 2) * (value(-limit) + value(limit));
    const n = 20_000;
    const h = (2 * limit) / n;
    for (let i = 0; i < n; i++) {
      const z = -limit + (i + 0.5) * h;
      sum += h * density(z) * value(z);
    }
    return sum;
  };
  const mean = moment(1);
  return { mean, cv: Math.sqrt(moment(2) - mean * mean) / mean };
}

const DRAWS = 400_000;

describe("every kind of distribution", () => {
  it("has a case here", () => {
    expect(new Set(CASES.map((c) => c.type))).toEqual(new Set(DISTRIBUTIONS.map((kind) => kind.type)));
  });

  it.each(CASES)(
    "$type $settings draws by its law, the same in batches as one by one",
    ({ type, settings, mean, cv, minimum, quantiles }) => {
      const law = lawOf({ type, ...settings });
      expect(Math.abs(law.mean / mean - 1)).toBeLessThan(1e-6);
      // A scenario counts whole microseconds.
      if (minimum !== undefined) expect(Math.abs(law.minimum - minimum)).toBeLessThan(0.5);
      for (const seed of ["1", "2", "3"]) {
        const draws = drawsOf(law, DRAWS, seed);
        const single = law.sampler(new RandomStreams(seed).open("x"));
        for (let i = 0; i < 100; i++) expect(single.next()).toBe(draws[i]);
        const average = draws.reduce((a, b) => a + b) / DRAWS;
        // 4.5 standard errors, and the table's own error of at most 1e-5.
        expect(Math.abs(average / mean - 1)).toBeLessThan((4.5 * cv) / Math.sqrt(DRAWS) + 1e-5);
        expect(draws.every((x) => x >= law.minimum * (1 - 1e-12))).toBe(true);
        for (const [p, value] of Object.entries(quantiles ?? {})) {
          const below = draws.reduce((n, x) => n + (x <= value * (1 + 1e-9) ? 1 : 0), 0) / DRAWS;
          // A constant is all at its one value; any other law has the share p below its quantile.
          const share = cv === 0 ? 1 : Number(p);
          const tolerance = 4.5 * Math.sqrt((Number(p) * (1 - Number(p))) / DRAWS) + 1e-6;
          expect(Math.abs(below - share), `p${p} of ${type}, seed ${seed}: ${below}`).toBeLessThan(tolerance);
        }
      }
    },
  );
});
