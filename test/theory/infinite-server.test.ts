import { describe, expect, test } from "vitest";
import { addTimes, levelQuantile } from "../../sim/measure/occupancy.ts";
import { exponential, meanOf, near, one, poisson, run, SEEDS, sum } from "../support/lab.ts";
import { simpson } from "../support/laws.ts";
import { poissonAbove, poissonQuantile, SIGMAS } from "../support/theory.ts";

/** Standard errors of the time averages of M/G/∞ over `span` services; exponential service is the worst case. */
const meanError = (load: number, span: number) => Math.sqrt((2 * load) / span);
const varianceError = (load: number, span: number) => Math.sqrt((2 * load * load + 2 * load) / span);

describe("without limits, concurrency is Poisson", () => {
  test.each([
    ["exponential", exponential("250ms")],
    ["constant", "250ms"],
    ["lognormal", { type: "lognormal", mean: "250ms", cv: 1 }],
  ])("20 requests a second of 250 ms: mean and variance 5, %s durations", (_, duration) => {
    const scenario = one({ duration }, poisson("20/s"), { horizon: "50100s", warmup: "100s" });
    const span = 50_000 / 0.25;
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(f.concurrency.mean, 5, SIGMAS * meanError(5, span))).toBe(true);
      expect(near(f.concurrency.variance, 5, SIGMAS * varianceError(5, span))).toBe(true);
      expect(f.counters.throttled).toBe(0);
    }
  });

  test.each([50, 100, 200])("an offered load of %d: mean and variance are the load", (load) => {
    const requests = 500_000;
    const span = requests / load;
    const scenario = one({ duration: exponential("1s") }, poisson(`${load}/s`), {
      horizon: `${span + 30}s`,
      warmup: "30s",
    });
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(f.concurrency.mean, load, SIGMAS * meanError(load, span))).toBe(true);
      expect(near(f.concurrency.variance, load, SIGMAS * varianceError(load, span))).toBe(true);
    }
  });

  // The chain of M/M/∞ forgets at the service rate, so a time share p is known to 2 p (1 − p) / span at worst.
  const shareOfTimeError = (p: number, span: number) => Math.sqrt((2 * p * (1 - p)) / span);
  const above = (times: Float64Array, level: number) => sum(times, level + 1) / sum(times);

  test("20 requests a second of 250 ms: p50 5, p90 8, p95 9, p99 11, p99.9 13, and 1.36953 % of the time above 10", () => {
    const scenario = one({ duration: exponential("250ms") }, poisson("20/s"), {
      horizon: "50100s",
      warmup: "100s",
    });
    for (const seed of SEEDS) {
      const { concurrencyTimes } = run(scenario, seed).result.account;
      expect(sum(concurrencyTimes)).toBeCloseTo(50_000e6, 0);
      expect([0.5, 0.9, 0.95, 0.99, 0.999].map((p) => levelQuantile(concurrencyTimes, p))).toEqual([
        5, 8, 9, 11, 13,
      ]);
      const error = SIGMAS * shareOfTimeError(0.0136953, 50_000 / 0.25);
      expect(near(above(concurrencyTimes, 10), 0.0136953, error)).toBe(true);
    }
  });

  test("an offered load of 100 is above 120 for 2.2669 % of the time; 124 is the least that 1 % goes beyond", () => {
    const scenario = one({ duration: exponential("1s") }, poisson("100/s"), {
      horizon: "20030s",
      warmup: "30s",
    });
    const shares = SEEDS.map((seed) => run(scenario, seed).result.account.concurrencyTimes);
    for (const times of shares)
      expect(near(above(times, 120), 0.022669, SIGMAS * shareOfTimeError(0.022669, 20_000))).toBe(true);
    const pooled = shares.reduce(addTimes);
    expect(above(pooled, 124)).toBeLessThan(0.01);
    expect(above(pooled, 123)).toBeGreaterThan(0.01);
  });

  test.each([
    [0.8, "constant", "400ms", 0.4],
    [2.3, "exponential", exponential("2s"), 2],
    [13, "gamma", { type: "gamma", mean: "700ms", cv: 1.5 }, 0.7],
    [41, "lognormal", { type: "lognormal", mean: "3s", cv: 2 }, 3],
  ])(
    "an offered load of %d of %s durations: the whole law over time is Poisson's",
    (load, _, duration, mean) => {
      const span = 15_000;
      const scenario = one({ duration: duration as never }, poisson(`${load / mean}/s`), {
        horizon: `${(span + 100) * mean}s`,
        warmup: `${100 * mean}s`,
      });
      const runs = Array.from({ length: 30 }, (_, i) => run(scenario, `infinite-${i}`));
      const check = (values: number[], expected: number, most: number) => {
        const found = meanOf(values);
        expect(near(found.mean, expected, found.tolerance)).toBe(true);
        expect(found.tolerance).toBeLessThan(most);
      };
      check(
        runs.map(({ f }) => f.concurrency.mean),
        load,
        0.03 * load,
      );
      check(
        runs.map(({ f }) => f.concurrency.variance),
        load,
        0.08 * load,
      );
      for (const p of [0.1, 0.5, 0.9, 0.99]) {
        const level = poissonQuantile(load, p);
        check(
          runs.map(({ result }) => above(result.account.concurrencyTimes, level)),
          poissonAbove(load, level),
          0.03,
        );
      }
    },
  );

  test.each([
    ["constant", "1500ms", (t: number) => Math.min(t, 1.5)],
    ["uniform", { type: "uniform", min: "0s", max: "4s" }, (t: number) => (t < 4 ? t - t ** 2 / 8 : 2)],
    [
      "gamma of shape 2",
      { type: "gamma", mean: "3s", cv: Math.SQRT1_2 },
      (t: number) => 3 - Math.exp(-t / 1.5) * (t + 3),
    ],
  ])("from empty, %s durations: λ ∫ P(S > u) du", (_, duration, survived) => {
    const rate = 8000;
    const scenario = one({ duration: duration as never }, poisson(`${rate}/s`), {
      horizon: "6s",
      measure: { interval: "1s" },
    });
    const mean = (row: number) => rate * simpson(survived, row, row + 1, 1000);
    for (const seed of SEEDS) {
      const { concurrencyMean } = run(scenario, seed).f.timeline!;
      for (let row = 0; row < 6; row++)
        expect(near(concurrencyMean[row]!, mean(row), SIGMAS * Math.sqrt(mean(row)))).toBe(true);
    }
  });

  test("a rate that goes up and down is followed by exponential durations: ∫ λ(t−u) e^(−u/s) du", () => {
    // Up to 6,000/s in 5 s, down to 1,000/s in another 5 s, and on; durations of 1.7 s.
    const service = 1.7;
    const rateAt = (t: number) => (t < 0 ? 0 : t < 5 ? 1200 * t : t < 10 ? 6000 - 1000 * (t - 5) : 1000);
    const stages = [
      { duration: "5s", target: "6000/s" },
      { duration: "5s", target: "1000/s" },
      { duration: "4s", target: "1000/s" },
    ];
    const scenario = one(
      { duration: exponential(`${service}s`) },
      { type: "stages", stages },
      {
        horizon: "14s",
        measure: { interval: "1s" },
      },
    );
    const at = (t: number) => simpson((u) => rateAt(t - u) * Math.exp(-u / service), 0, t, 2000);
    for (const seed of SEEDS) {
      const { concurrencyMean } = run(scenario, seed).f.timeline!;
      for (let row = 0; row < 14; row++) {
        const mean = simpson(at, row, row + 1, 20);
        expect(near(concurrencyMean[row]!, mean, SIGMAS * Math.sqrt(mean))).toBe(true);
      }
    }
  });

  test("from empty it grows as the integral of the durations' survival", () => {
    const load = 40_000;
    const row = (k: number) => load * (1 - Math.exp(-k) * (1 - Math.exp(-1)));
    const scenario = one({ duration: exponential("1s") }, poisson(`${load}/s`), {
      horizon: "6s",
      measure: { interval: "1s" },
    });
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      for (let k = 0; k < 6; k++) {
        expect(near(f.timeline!.concurrencyMean[k]!, row(k), SIGMAS * Math.sqrt(row(k)))).toBe(true);
      }
    }
  });

  test("a rate that rises in a straight line is followed with the durations' delay", () => {
    // 0 to 20,000/s in 10 s; constant durations of 2 s: N(t) = ∫ of the rate over the last 2 s = 4,000 (t − 1).
    const arrivals = { type: "stages", stages: [{ duration: "10s", target: "20000/s" }] };
    const scenario = one({ duration: "2s" }, arrivals, { horizon: "10s", measure: { interval: "1s" } });
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      for (let k = 2; k < 10; k++) {
        const expected = 4000 * (k - 0.5);
        expect(near(f.timeline!.concurrencyMean[k]!, expected, SIGMAS * Math.sqrt(expected))).toBe(true);
      }
    }
  });
});
