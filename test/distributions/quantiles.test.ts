import { describe, expect, it } from "vitest";
import { logQuantiles } from "../../sim/distributions/log-quantiles.ts";
import { quantileDistribution } from "../../sim/distributions/points.ts";
import { integrateQuantile } from "../../sim/math/integrate.ts";
import { drawsOf, lawOf } from "../support/laws.ts";

/** 820 recorded cold starts, say (ms as microseconds). */
const POINTS: [number, number][] = [
  [0.5 / 820, 62_100],
  [0.5, 86_600],
  [0.9, 104_000],
  [0.99, 139_700],
  [1 - 0.5 / 820, 812_000],
];

describe("a law through quantiles on the logarithmic scale", () => {
  const law = logQuantiles(POINTS);

  it("goes through its points, and no further than the outermost", () => {
    for (const [p, value] of POINTS) expect(law.quantile!(p, 1 - p) / value).toBeCloseTo(1, 12);
    expect(law.quantile!(1e-9, 1 - 1e-9)).toBeCloseTo(62_100, 6);
    expect(law.quantile!(1 - 1e-9, 1e-9)).toBeCloseTo(812_000, 6);
  });

  it.each(["1", "2", "3"])("draws so, seed %s", (seed) => {
    const n = 1_000_000;
    const draws = drawsOf(law, n, seed);
    expect(draws.every((x) => x >= law.minimum && x <= 812_000 * (1 + 1e-12))).toBe(true);
    for (const [p, value] of POINTS.slice(1, 4)) {
      const below = draws.reduce((count, x) => count + (x <= value ? 1 : 0), 0) / n;
      expect(Math.abs(below - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / n) + 1e-5);
    }
    const mean = draws.reduce((a, b) => a + b) / n;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    expect(Math.abs(mean - law.mean)).toBeLessThan(4.5 * Math.sqrt(variance / n) + 1e-5 * mean);
  });

  it("has the mean that its quantiles integrate to", () => {
    let whole = 0;
    let from = { p: 0, q: 1 };
    for (const to of [...POINTS.map(([p]) => ({ p, q: 1 - p })), { p: 1, q: 0 }]) {
      whole += integrateQuantile(law.quantile!, from, to);
      from = to;
    }
    expect(whole / law.mean).toBeCloseTo(1, 9);
  });

  it("is the lognormal when there are two points of it", () => {
    const z = 2.3263478740408408;
    const pair = logQuantiles([
      [1e-8, 180_000 * (180 / 1200) ** (5.612001244174789 / z)],
      [1 - 1e-8, 180_000 * (1200 / 180) ** (5.612001244174789 / z)],
    ]);
    const lognormal = lawOf({ p50: "180ms", p99: "1.2s" });
    expect(pair.mean / lognormal.mean).toBeCloseTo(1, 5);
    const [a, b] = [drawsOf(pair, 1000), drawsOf(lognormal, 1000)];
    for (let i = 0; i < 1000; i++) expect(a[i]! / b[i]!).toBeCloseTo(1, 8);
  });

  it("may have equal values, and is a constant when all are", () => {
    expect(
      logQuantiles([
        [0.1, 5000],
        [0.5, 5000],
        [0.9, 9000],
      ]).mean,
    ).toBeGreaterThan(5000);
    expect(
      logQuantiles([
        [0.1, 5000],
        [0.9, 5000],
      ]),
    ).toMatchObject({ constant: true, mean: 5000 });
  });

  it.each([
    [{ "0": "1s", "0.5": "2s", "1": "3s" }, "shares above 0 and below 1"],
    [{ "0.1": "0s", "0.5": "2s" }, "quantile 0.1 is 0"],
    [{ "0.1": "3s", "0.5": "2s" }, "quantile 0.5 (2 s) is below quantile 0.1 (3 s)"],
    [{ "0.5": "2s" }, "at least two shares"],
    [{ "0.5": "2s", "0.50": "3s" }, "quantile 0.5 is given twice"],
  ])("%j: %s", (quantiles, message) => {
    expect(() => lawOf({ type: "empirical", quantiles, interpolation: "log" })).toThrow(message);
  });
});

describe("a law straight between quantiles", () => {
  it("may rest on a value and jump from one to the next", () => {
    const law = quantileDistribution([
      [0, 1000],
      [0.25, 1000],
      [0.25000001, 8000],
      [1, 9000],
    ]);
    const draws = drawsOf(law, 100_000);
    const atOnce = draws.filter((x) => x === 1000).length / 100_000;
    expect(Math.abs(atOnce - 0.25)).toBeLessThan(4.5 * Math.sqrt(0.1875 / 100_000));
    expect(draws.every((x) => x === 1000 || x >= 8000 * (1 - 1e-6))).toBe(true);
  });

  it.each([
    [{ quantiles: { "0.5": "1s" } }, "must name 0 (the least value) and 1 (the greatest)"],
    [{ values: ["1s"], interpolation: "log" }, `"interpolation" says how to read "quantiles"`],
    [{}, 'give one of "values", "quantiles" and "file"'],
  ])("%j: %s", (settings, message) => {
    expect(() => lawOf({ type: "empirical", ...settings })).toThrow(message);
  });
});
