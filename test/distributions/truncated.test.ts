import { describe, expect, it } from "vitest";
import { drawsOf, lawOf } from "../support/laws.ts";

const mixture = (of: object[], more: object = {}) => ({ type: "mixture", of, ...more });
const lognormal = { p50: "180ms", p99: "1.2s" };

describe("a law with min and max", () => {
  it.each([
    [{ ...lognormal, min: "100ms", max: "300ms" }, 100_000, 300_000],
    [{ ...lognormal, max: "60ms" }, 0, 60_000],
    [{ ...lognormal, min: "1.8s" }, 1_800_000, Number.POSITIVE_INFINITY],
    [{ type: "gamma", mean: "1s", cv: 0.1, min: "1.2s" }, 1_200_000, Number.POSITIVE_INFINITY],
    [{ type: "weibull", mean: "1s", shape: 0.7, min: "990ms", max: "1010ms" }, 990_000, 1_010_000],
    [
      mixture(
        [
          { weight: 1, ...lognormal },
          { weight: 3, type: "exponential", mean: "1s" },
        ],
        { min: "2s" },
      ),
      2e6,
      1e12,
    ],
  ])("%j never draws outside", (setting, low, high) => {
    for (const seed of ["1", "2", "3"]) {
      const draws = drawsOf(lawOf(setting), 20_000, seed);
      expect(draws.every((x) => x >= low && x <= high)).toBe(true);
      expect(new Set(draws).size).toBeGreaterThan(19_000);
    }
  });

  it("takes one draw a value, so that the bounds move each value a little instead of all that follow", () => {
    const wide = drawsOf(lawOf({ ...lognormal, max: "10s" }), 1000);
    const free = drawsOf(lawOf(lognormal), 1000);
    for (let i = 0; i < 1000; i++) expect(Math.abs(wide[i]! / free[i]! - 1)).toBeLessThan(1e-3);
  });

  it("is the law itself where the bounds leave all of it", () => {
    expect([...drawsOf(lawOf({ type: "empirical", values: ["1s", "2s"], max: "2s" }), 50)]).toEqual([
      ...drawsOf(lawOf({ type: "empirical", values: ["1s", "2s"] }), 50),
    ]);
  });

  it("is a constant when one value is left", () => {
    expect(lawOf({ type: "empirical", values: ["1s", "2s", "3s"], min: "1.5s", max: "2.5s" })).toMatchObject({
      constant: true,
      mean: 2e6,
    });
  });

  it("keeps an atom that stands on the bound", () => {
    const law = lawOf(
      mixture(
        [
          { weight: 1, type: "constant", value: "1s" },
          { weight: 1, ...lognormal },
        ],
        { min: "1s" },
      ),
    );
    const draws = drawsOf(law, 20_000);
    const share = draws.filter((x) => x === 1e6).length / 20_000;
    // P(lognormal > 1 s) = 0.01771.
    expect(Math.abs(share - 1 / 1.01771)).toBeLessThan(4.5 * Math.sqrt((0.983 * 0.017) / 20_000));
  });

  it("says so in its text", () => {
    expect(lawOf({ ...lognormal, min: "10ms", max: "5s" }).text).toBe(
      "lognormal, p50 180 ms, p99 1.2 s, 10 ms to 5 s",
    );
    expect(lawOf({ ...lognormal, min: "10ms" }).text).toBe(
      "lognormal, p50 180 ms, p99 1.2 s, at least 10 ms",
    );
    expect(lawOf({ ...lognormal, max: "5s" }).text).toBe("lognormal, p50 180 ms, p99 1.2 s, at most 5 s");
  });

  it.each([
    [{ ...lognormal, min: "5s", max: "1s" }, "max (1 s) is below min (5 s)"],
    [
      { type: "empirical", values: ["1s", "2s"], min: "3s" },
      "nothing of 2 recorded values, 1 s to 2 s is at least 3 s",
    ],
    [{ ...lognormal, min: "1s", max: "1s" }, "nothing of lognormal, p50 180 ms, p99 1.2 s is 1 s to 1 s"],
    [
      { type: "exponential", mean: "1s", min: "10s" },
      "only 0.00454 % of exponential, mean 1 s is at least 10 s; describe that part by a law of its own",
    ],
    [
      mixture([{ weight: 1, type: "constant", value: "1s" }], { min: "2s" }),
      "nothing of 1 s is at least 2 s",
    ],
  ])("%j: %s", (setting, message) => {
    expect(() => lawOf(setting)).toThrow(message);
  });

  it("is not offered where it would say nothing", () => {
    expect(() => lawOf({ type: "constant", value: "1s", min: "1s" })).toThrow("unknown setting");
  });
});

describe("a mixture", () => {
  it("of one component is that component", () => {
    expect(lawOf(mixture([{ weight: 3, type: "constant", value: "1s" }]))).toMatchObject({
      constant: true,
      mean: 1e6,
    });
  });

  it("draws its components in proportion to their weights", () => {
    const law = lawOf(
      mixture([1, 2, 7].map((weight) => ({ weight, type: "constant", value: `${weight}ms` }))),
    );
    const draws = drawsOf(law, 100_000);
    for (const weight of [1, 2, 7]) {
      const share = draws.filter((x) => x === weight * 1000).length / 100_000;
      const p = weight / 10;
      expect(Math.abs(share - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / 100_000));
    }
  });

  it("says what it is made of", () => {
    const law = lawOf(
      mixture([
        { weight: 9, type: "constant", value: "10ms" },
        { weight: 1, ...lognormal },
      ]),
    );
    expect(law.text).toBe("mixture of 90 % 10 ms; 10 % lognormal, p50 180 ms, p99 1.2 s");
  });

  it.each([
    [mixture([]), "is empty"],
    [mixture([{ type: "constant", value: "1s" }]), "expected a number, got nothing"],
    [mixture([{ weight: 0, type: "constant", value: "1s" }]), "must be more than 0"],
    [mixture([{ weight: -1, type: "constant", value: "1s" }]), "must be more than 0"],
    [mixture([{ weight: 1, type: "normal" }]), '\\"normal\\" is no type of a component'],
    [
      mixture([
        { weight: 1, ...lognormal },
        { weight: 1, p50: "2s", p99: "1s" },
      ]),
      "of.1: p99 (1 s) is below p50 (2 s)",
    ],
  ])("%j: %s", (setting, message) => {
    expect(() => lawOf(setting)).toThrow(message);
  });
});
