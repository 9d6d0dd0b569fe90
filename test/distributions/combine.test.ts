import { describe, expect, it } from "vitest";
import { scaled, shifted, sumOf } from "../../sim/distributions/combine.ts";
import { constantDistribution } from "../../sim/distributions/constant.ts";
import { RandomStreams } from "../../sim/random.ts";
import { drawsOf, lawOf } from "../support/laws.ts";

const exponential = lawOf({ type: "exponential", mean: "100ms" });
const uniform = lawOf({ type: "uniform", min: "20ms", max: "60ms" });
const zero = constantDistribution(0);

describe("a sum of laws", () => {
  it("draws its parts one after another from one stream", () => {
    const sum = sumOf([exponential, constantDistribution(5000), uniform]);
    expect(sum).toMatchObject({ mean: 145_000, minimum: 25_000, constant: false });
    const stream = new RandomStreams("1").open("x");
    const parts = [exponential.sampler(stream), uniform.sampler(stream)];
    const draws = drawsOf(sum, 1000);
    for (let i = 0; i < 1000; i++) expect(draws[i]).toBe(5000 + parts[0]!.next() + parts[1]!.next());
  });

  it.each(["1", "2", "3"])("has independent parts, seed %s", (seed) => {
    const n = 400_000;
    const draws = drawsOf(sumOf([exponential, exponential, uniform]), n, seed);
    const mean = draws.reduce((a, b) => a + b) / n;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    const expected = 2e10 + 40_000 ** 2 / 12;
    expect(Math.abs(mean - 240_000)).toBeLessThan(4.5 * Math.sqrt(expected / n) + 2.4);
    // The fourth moment of such a sum is below 9 variances squared.
    expect(Math.abs(variance / expected - 1)).toBeLessThan(4.5 * Math.sqrt(8 / n));
  });

  it("leaves out zeros, and is a constant when all its parts are", () => {
    expect(sumOf([zero, exponential, zero])).toBe(exponential);
    expect(sumOf([constantDistribution(3), constantDistribution(4), zero])).toMatchObject({
      constant: true,
      mean: 7,
    });
    expect(sumOf([])).toMatchObject({ constant: true, mean: 0 });
    expect(sumOf([zero, exponential, uniform]).text).toBe(
      "exponential, mean 100 ms + uniform, 20 ms to 60 ms",
    );
  });
});

describe("a law that is scaled or shifted", () => {
  it("keeps its draws", () => {
    const draws = drawsOf(exponential, 100);
    const twice = drawsOf(scaled(exponential, 2), 100);
    const later = drawsOf(shifted(exponential, 7), 100);
    for (let i = 0; i < 100; i++) {
      expect(twice[i]).toBe(2 * draws[i]!);
      expect(later[i]).toBe(draws[i]! + 7);
    }
    expect(scaled(uniform, 0.5)).toMatchObject({ mean: 20_000, minimum: 10_000 });
    expect(shifted(uniform, 1000)).toMatchObject({ mean: 41_000, minimum: 21_000 });
    expect(scaled(constantDistribution(8), 0.5)).toMatchObject({ constant: true, mean: 4 });
    expect(scaled(exponential, 1)).toBe(exponential);
    expect(() => scaled(exponential, 0)).toThrow("positive factor");
  });
});
