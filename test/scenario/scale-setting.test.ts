import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildDistribution, distribution } from "../../sim/distributions/setting.ts";
import { noFiles } from "../../sim/scenario/files.ts";
import { scaledNumber, scaledShare, scaledTime } from "../../sim/scenario/scale-setting.ts";
import { parseQuantity, writtenDuration } from "../../sim/units.ts";

const law = (written: unknown) => buildDistribution(distribution().parse(written) as never, noFiles);

describe("a written time", () => {
  it.each([
    ["180ms", 1.2, "216ms"],
    [" 1.5 s", 0.8, "1.2s"],
    ["10m", 1.1, "11m"],
    [
      { p50: "180ms", p99: "1.2s", at: "1769 MB", cpuBound: "70%" },
      1.2,
      { p50: "216ms", p99: "1.44s", at: "1769 MB", cpuBound: "70%" },
    ],
    [{ type: "lognormal", mean: "200ms", cv: 1 }, 0.5, { type: "lognormal", mean: "100ms", cv: 1 }],
    [
      { io: "100ms", cpu: { type: "gamma", mean: "40ms", cv: 2 } },
      2,
      { io: "200ms", cpu: { type: "gamma", mean: "80ms", cv: 2 } },
    ],
    [
      { type: "two-clocks", environmentIdle: "20m", functionIdle: "10m" },
      0.5,
      { type: "two-clocks", environmentIdle: "10m", functionIdle: "5m" },
    ],
  ])("%j times %d is %j", (written, factor, scaled) => {
    expect(scaledTime(written, factor)).toEqual(scaled);
  });

  it.each(["none", "forever", "0s", 3, { type: "empirical", file: "x.csv" }, { type: "none" }])(
    "%j has nothing to scale",
    (written) => {
      expect(scaledTime(written, 1.2)).toBeUndefined();
    },
  );

  it("of any law is the law of values so many times as long", () => {
    for (const written of [
      { type: "exponential", mean: "1s", max: "10s" },
      { p50: "180ms", p99: "1.2s" },
      { type: "gamma", mean: "2s", cv: 0.5 },
      { type: "weibull", mean: "2s", shape: 1.5 },
      { type: "uniform", min: "1s", max: "3s" },
      { type: "empirical", values: ["1s", "2s", "5s"] },
      { type: "empirical", quantiles: { 0: "80ms", 0.5: "120ms", 1: "2s" } },
      { type: "empirical", interpolation: "log", quantiles: { 0.01: "80ms", 0.5: "120ms", 0.99: "2s" } },
      {
        type: "mixture",
        of: [
          { weight: 9, p50: "180ms", p99: "1.2s" },
          { weight: 1, type: "constant", value: "5s" },
        ],
      },
    ]) {
      const scaled = law(scaledTime(written, 1.25)).mean;
      expect(scaled / law(written).mean, JSON.stringify(written)).toBeCloseTo(1.25, 6);
    }
  });
});

describe("a written share or number", () => {
  it("is scaled, up to all of it", () => {
    expect(scaledShare("2%", 1.2)).toBe("2.4%");
    expect(scaledShare("90%", 1.2)).toBe("100%");
    expect(scaledShare("100%", 1.2)).toBeUndefined();
    expect(scaledShare("100%", 0.8)).toBe("80%");
    expect(scaledShare("0%", 1.2)).toBeUndefined();
    expect(scaledNumber(500, 1.2)).toBe(600);
    expect(scaledNumber(1, 1.2)).toBeUndefined();
    expect(scaledNumber(2.5, 1.2)).toBe(3);
  });
});

describe("a duration as a scenario writes it", () => {
  it("is read back exactly", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 0, max: 10 ** 12 }),
          fc.integer({ min: 0, max: 10 ** 6 }).map((n) => n * 1e6),
        ),
        (us) => {
          expect(parseQuantity("duration", writtenDuration(us))).toEqual({ ok: true, value: us });
        },
      ),
    );
  });
});
