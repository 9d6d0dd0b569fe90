import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { type Note, notesOf } from "../../study/notes.ts";
import { replicate } from "../../study/replicate.ts";
import { resultFile } from "../../study/result-file.ts";
import { mser5, startUp } from "../../study/warm-up.ts";

const study = (top: object, duration: unknown = { type: "exponential", mean: "60s" }) =>
  replicate(
    parseScenario({
      lsim: 1,
      name: "w",
      horizon: "20m",
      replications: 10,
      functions: { f: { timeout: "15m", initDuration: "0s", duration } },
      traffic: [{ to: "f", arrivals: { type: "poisson", rate: "2/s" } }],
      ...top,
    }),
  );

const words = (notes: readonly Note[]) => notes.map(({ about, text }) => `${about}: ${text}`);

describe("MSER-5", () => {
  it("leaves out the batches whose mean is off", () => {
    const level = (i: number) => 10 + (i % 2 === 0 ? 1 : -1);
    const series = Array.from({ length: 200 }, (_, i) => (i < 30 ? 0 : level(i)));
    expect(mser5(series)).toBe(30);
    expect(mser5(Array.from({ length: 200 }, (_, i) => level(i)))).toBe(0);
  });

  it("minimises the squared standard error of what is left, as one computes it directly", () => {
    let seed = 1;
    const noise = () => ((seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5) * 2;
    const series = Array.from({ length: 300 }, (_, i) => 10 - 8 * Math.exp(-i / 20) + noise());
    const means = Array.from(
      { length: 60 },
      (_, b) => series.slice(5 * b, 5 * b + 5).reduce((s, v) => s + v, 0) / 5,
    );
    const errors = Array.from({ length: 31 }, (_, cut) => {
      const left = means.slice(cut);
      const mean = left.reduce((s, v) => s + v, 0) / left.length;
      return left.reduce((s, v) => s + (v - mean) ** 2, 0) / left.length ** 2;
    });
    expect(mser5(series)).toBe(5 * errors.indexOf(Math.min(...errors)));
  });

  it("does not know of a series that has not settled by its middle", () => {
    expect(mser5(Array.from({ length: 200 }, (_, i) => i))).toBeUndefined();
  });
});

describe("a start-up that is in the figures", () => {
  it("is told of, with the bias that theory gives", () => {
    // From empty, mean concurrency is a (1 − e^(−t/s)): over T it lacks s (1 − e^(−T/s)) / T of a, 5 % of it.
    for (const seed of [1, 2, 3, 4]) {
      const found = startUp(study({ seed }))!;
      expect(found, `seed ${seed}`).toBeDefined();
      if (found.of !== "concurrency") continue;
      expect(found.bias).toBeGreaterThan(0.035);
      expect(found.bias).toBeLessThan(0.07);
      // Three to eight time constants.
      expect(found.warmup / 60e6).toBeGreaterThan(1.5);
      expect(found.warmup / 60e6).toBeLessThan(8);
    }
    expect(words(notesOf(study({ seed: 2 }))).join()).toMatch(
      /settles? only at about .* set "warmup": "\d+[sm]"/,
    );
  });

  it("is none after a warm-up that is long enough, whatever the seed", () => {
    const told = Array.from({ length: 20 }, (_, seed) =>
      startUp(study({ seed, warmup: "8m", horizon: "30m" })),
    );
    expect(told.filter(Boolean)).toEqual([]);
  });

  it("is not looked for where traffic changes by design", () => {
    const traffic = (arrivals: unknown, more = {}) => [{ to: "f", arrivals, ...more }];
    const stages = { type: "stages", start: "2/s", stages: [{ duration: "20m", target: "2/s" }] };
    expect(startUp(study({ seed: 1, traffic: traffic(stages) }))).toBeUndefined();
    const poisson = { type: "poisson", rate: "2/s" };
    expect(startUp(study({ seed: 1, traffic: traffic(poisson, { start: "5m" }) }))).toBeUndefined();
    expect(startUp(study({ seed: 1, deploys: [{ at: "10m" }] }))).toBeUndefined();
  });
});

describe("a run that is too short for its percentiles", () => {
  it("says how many values a judged percentile needs, once", () => {
    const short = study(
      {
        horizon: "2m",
        thresholds: { f: { latency: ["p(99.9) < 9s", "p(99.9) < 8s", "p(90) < 2s", "mean < 1s"] } },
      },
      "100ms",
    );
    const about = words(notesOf(short)).filter((note) => note.includes("judged by"));
    expect(about).toHaveLength(1);
    expect(about[0]).toMatch(
      /^f latency p\(99\.9\): judged by 2,\d{3} values, and needs at least 10,000: a run 4/,
    );
    expect(resultFile(short, "t").notes).toEqual(words(notesOf(short)));
    const long = study({ horizon: "12m", thresholds: { f: { latency: ["p(99.9) < 9s"] } } }, "100ms");
    expect(words(notesOf(long)).filter((note) => note.includes("judged by"))).toEqual([]);
  });
});
