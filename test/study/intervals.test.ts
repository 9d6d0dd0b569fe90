import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { replicate } from "../../study/replicate.ts";
import { estimate } from "../../study/statistics.ts";
import { judge } from "../../study/thresholds.ts";

describe("an estimate over replications", () => {
  it("is the mean with Student's 95 % half-width", () => {
    // t(0.975, 4) = 2.776445; s² = 2.5.
    const { mean, ci95 } = estimate([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(ci95).toBeCloseTo(2.7764451 * Math.sqrt(2.5 / 5), 6);
    expect(estimate([7])).toEqual({ mean: 7, ci95: Number.NaN });
    expect(estimate([Number.NaN, 2, 2])).toEqual({ mean: 2, ci95: 0 });
  });

  it("has no width, and the value itself as mean, where all agree but for rounding", () => {
    // Ten times 0.1 is 0.9999999999999999 in doubles.
    expect(estimate(new Array(10).fill(0.1))).toEqual({ mean: 0.1, ci95: 0 });
    expect(estimate([0.3, 0.1 + 0.2, 0.3])).toEqual({ mean: 0.3, ci95: 0 });
    expect(estimate([-7, -7 * (1 + 4e-16), -7]).ci95).toBe(0);
    expect(estimate([0.3, 0.3 * (1 + 1e-9)]).ci95).toBeGreaterThan(0);
    expect(estimate([0, 1e-9]).ci95).toBeGreaterThan(0);
  });
});

describe("thresholds", () => {
  const study = replicate(
    parseScenario({
      lsim: 1,
      name: "t",
      horizon: "100s",
      replications: 4,
      account: { concurrency: 110, scaling: "unlimited" },
      functions: {
        f: {
          reservedConcurrency: 10,
          timeout: "1m",
          memorySize: "1024 MB",
          initDuration: "0s",
          errors: "10%",
          duration: { type: "exponential", mean: "1s" },
        },
      },
      traffic: [{ to: "f", arrivals: { type: "poisson", rate: "10/s" } }],
      thresholds: {
        f: {
          latency: ["p(99) < 8s", "p(50) >= 1s", "max < 100s", "mean < 2s"],
          throttles: ["rate < 30%", "rate < 1%", "count > 0"],
          errors: ["rate < 15%"],
          concurrency: ["max <= 10", "mean < 5"],
        },
        total: { cost: ["perRun < $1", "perMonth < $1", "perMillion > $10"], coldStarts: ["rate < 100%"] },
      },
    }),
  );
  const verdicts = Object.fromEntries(
    judge(study).map((j) => [`${j.of} ${j.measure} ${j.expression}`, j.ok]),
  );

  it("are judged by measure, aggregate and comparison, as k6 does", () => {
    expect(verdicts).toEqual({
      "f latency p(99) < 8s": true,
      "f latency p(50) >= 1s": false,
      "f latency max < 100s": true,
      "f latency mean < 2s": true,
      "f throttles rate < 30%": true,
      "f throttles rate < 1%": false,
      "f throttles count > 0": true,
      "f errors rate < 15%": true,
      "f concurrency max <= 10": true,
      "f concurrency mean < 5": false,
      "total cost perRun < $1": true,
      "total cost perMonth < $1": false,
      "total cost perMillion > $10": true,
      "total coldStarts rate < 100%": true,
    });
  });

  it("say when the interval straddles the limit", () => {
    const rate = judge(study).find((j) => j.expression === "rate < 1%")!;
    expect(rate.straddles).toBe(false);
    const close = { ...rate, limit: rate.value + rate.ci95 / 2 };
    const again = judge({ ...study, scenario: { ...study.scenario, thresholds: [close] } });
    expect(again[0]).toMatchObject({ ok: true, straddles: true });
  });
});
