import { describe, expect, test } from "vitest";
import { exponential, near, one, poisson, run, SEEDS } from "../support/lab.ts";
import { SIGMAS } from "../support/theory.ts";

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
