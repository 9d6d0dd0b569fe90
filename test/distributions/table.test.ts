import { describe, expect, it } from "vitest";
import { quickExp } from "../../sim/math/quick-exp.ts";
import type { Stream } from "../../sim/random.ts";
import { drawsOf, lawOf } from "../support/laws.ts";

const LAWS = [
  { type: "exponential", mean: "1s" },
  { type: "lognormal", mean: "1s", cv: 0.1 },
  { type: "lognormal", mean: "1s", cv: 1 },
  { type: "lognormal", mean: "1s", cv: 5 },
  { type: "gamma", mean: "1s", cv: 0.2 },
  { type: "gamma", mean: "1s", cv: 2 },
  { type: "weibull", mean: "1s", shape: 0.5 },
  { type: "weibull", mean: "1s", shape: 1 },
  { type: "weibull", mean: "1s", shape: 5 },
];

const never: Stream = () => Number.NaN;
/** A stream that gives these 32 bits. */
const giving =
  (bits: number): Stream =>
  () =>
    (bits >>> 0) * 2 ** -32;

describe("draws from tables", () => {
  it.each(LAWS)("$type %j have the mean of the law within 1e-5 (gamma: 2.5e-5)", (setting) => {
    const sampler = lawOf(setting).sampler(never);
    // Every cell of the table, eight points in each.
    let sum = 0;
    const points = 64 * 8;
    for (let octave = 0; octave < 32; octave++) {
      const width = 2 ** -(octave + 2) / points;
      for (let i = 0; i < points; i++) {
        const tail = 2 ** -(octave + 2) + (i + 0.5) * width;
        sum += width * (sampler.at!(tail, 1 - tail) + sampler.at!(1 - tail, tail));
      }
    }
    expect(Math.abs(sum / 1e6 - 1)).toBeLessThan(setting.type === "gamma" ? 2.5e-5 : 1e-5);
  });

  it.each(LAWS)("$type %j: a draw is the table's value at its place", (setting) => {
    const law = lawOf(setting);
    for (const bits of [0, 1, 5, 63, 64, 100, 12_345, 2 ** 30, 2 ** 31 - 1]) {
      for (const side of [0, 1]) {
        const drawn = law.sampler(giving(bits | (side << 31))).next();
        const tail = (bits + 0.5) / 2 ** 32;
        const looked =
          side === 0 ? law.sampler(never).at!(tail, 1 - tail) : law.sampler(never).at!(1 - tail, tail);
        expect(drawn / looked).toBeCloseTo(1, 9);
        const exact = side === 0 ? law.quantile!(tail, 1 - tail) : law.quantile!(1 - tail, tail);
        expect(Math.abs(drawn / exact - 1)).toBeLessThan(2e-3);
      }
    }
  });

  it("are the same whatever else has been drawn from", () => {
    const settings = [
      { type: "gamma", mean: "1s", cv: 0.7 },
      { p50: "180ms", p99: "1.2s" },
    ];
    const before = settings.map((setting) => [...drawsOf(lawOf(setting), 200)]);
    // More shapes than are remembered.
    for (let i = 0; i < 260; i++) drawsOf(lawOf({ type: "gamma", mean: "1s", cv: 1 + i / 1000 }), 1);
    expect(settings.map((setting) => [...drawsOf(lawOf(setting), 200)])).toEqual(before);
  });

  it("of 20,000 functions with laws of their own take no memory to speak of", () => {
    drawsOf(lawOf({ p50: "1s", p99: "2s" }), 1);
    drawsOf(lawOf({ type: "weibull", mean: "1s", shape: 2 }), 1);
    const before = process.memoryUsage().arrayBuffers;
    const samplers = Array.from({ length: 5000 }, (_, i) =>
      [
        { p50: "100ms", p99: `${200 + i}ms`, min: `${i % 90}ms` },
        { type: "weibull", mean: "1s", shape: 0.5 + i / 1000, max: "2s" },
        { type: "uniform", min: "0s", max: `${1 + i}ms` },
        { type: "empirical", quantiles: { "0": "0s", "0.5": `${i}ms`, "1": "10s" } },
      ].map((setting) => lawOf(setting).sampler(never)),
    );
    expect(samplers.length).toBe(5000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6);
  });
});

describe("the quick exponential function", () => {
  it("is within 1e-14 of the exact one for what laws ask of it, and within 1e-12 to the ends of its range", () => {
    for (let x = -30; x <= 30; x += 0.00713) {
      expect(Math.abs(quickExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    }
    expect(quickExp(0)).toBe(1);
    for (const x of [-700, 700]) expect(quickExp(x) / Math.exp(x)).toBeCloseTo(1, 12);
  });

  it("is never asked for more, not by the widest laws a scenario can write", () => {
    const widest = [
      { p50: "0.000001s", p99: "2000000h" },
      { type: "lognormal", mean: "1s", cv: 100 },
      { type: "weibull", mean: "1s", shape: 0.2 },
      { type: "empirical", quantiles: { "0.4": "0.000001s", "0.6": "2000000h" }, interpolation: "log" },
    ];
    for (const setting of widest) {
      for (const bits of [0, 2 ** 31 - 1, 1 << 31, -1]) {
        const drawn = lawOf(setting).sampler(giving(bits)).next();
        expect(Number.isFinite(drawn) && drawn > 0).toBe(true);
      }
    }
  });
});
