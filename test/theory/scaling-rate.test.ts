import { describe, expect, test } from "vitest";
import { evenly, exponential, lab, near, one, poisson, run, SEEDS, sum, waves } from "../support/lab.ts";

const burst = (burst: number, step?: "minute" | "continuous") => ({
  type: "burst",
  burst,
  perMinute: 500,
  ...(step && { step }),
});

describe("a spike from nothing to 1,000 requests a second against 100 environments and 500 more a minute", () => {
  const spike = (duration: unknown, arrivals: unknown) =>
    one({ duration }, arrivals, {
      horizon: "5m",
      account: { concurrency: "unlimited", scaling: burst(100) },
      measure: { interval: "1s" },
    });

  test("Poisson, exponential durations of 1 s: what is busy and what is throttled, and when it ends", () => {
    const scenario = spike(exponential("1s"), poisson("1000/s"));
    for (const seed of [...SEEDS, "4", "5"]) {
      const { concurrencyMean, throttles } = run(scenario, seed).f.timeline!;
      const busyAt = (second: number) => (concurrencyMean[second - 1]! + concurrencyMean[second]!) / 2;
      expect(near(busyAt(30), 350, 7)).toBe(true);
      expect(near(busyAt(60), 600, 11)).toBe(true);
      expect(near(sum(throttles, 0, 30), 22_905, 1100)).toBe(true);
      expect(near(sum(throttles, 0, 60), 38_405, 1560)).toBe(true);
      expect(near(sum(throttles), 47_609, 2080)).toBe(true);
      // From then on more than 1,100 environments stand against a demand of 1,000, give or take 32.
      expect(sum(throttles, 120)).toBeLessThan(0.001 * 180_000);
    }
  });

  test("evenly spaced, constant durations of 1 s: 48,600 are throttled before 108 s, then none", () => {
    const { throttles } = run(spike("1s", evenly("1000/s"))).f.timeline!;
    expect(near(sum(throttles, 0, 108), 48_600, 0.015 * 48_600)).toBe(true);
    expect(sum(throttles, 109)).toBe(0);
  });
});

describe("AWS's operator guide: 10,000 requests, a burst of 3,000, 500 more a minute", () => {
  const served = (scaling: unknown, counts: number[]) => {
    const arrivals = waves(...counts.map((n, minute): [string, number] => [`${minute}m`, n]));
    const { f } = run(
      one({ duration: "10s", keepAlive: "10m" }, arrivals, {
        horizon: "10m",
        account: { concurrency: 10_000, scaling: scaling as never },
        measure: { interval: "1m" },
      }),
    );
    const minutes = counts.map((_, i) => [f.timeline!.invocations[i], f.timeline!.throttles[i]]);
    expect(f.counters.throttled).toBe(sum(minutes.map(([, throttled]) => throttled!)));
    return minutes;
  };

  describe.each(["minute", "continuous"] as const)("refilled by the %s", (step) => {
    test("all at once", () => {
      expect(served(burst(3000, step), [10_000])).toEqual([[3000, 7000]]);
    });
    test("in two minutes", () => {
      expect(served(burst(3000, step), [5000, 5000])).toEqual([
        [3000, 2000],
        [3500, 1500],
      ]);
    });
    test("in three minutes", () => {
      expect(served(burst(3000, step), [3333, 3333, 3334])).toEqual([
        [3000, 333],
        [3333, 0],
        [3334, 0],
      ]);
    });
    test("in four minutes", () => {
      expect(served(burst(3000, step), [2500, 2500, 2500, 2500])).toEqual(Array(4).fill([2500, 0]));
    });
  });

  test("today's rule throttles more of each, since a wave finds 1,000 new environments only", () => {
    expect(served("aws", [10_000])).toEqual([[1000, 9000]]);
    expect(served("aws", [5000, 5000])).toEqual([
      [1000, 4000],
      [2000, 3000],
    ]);
    expect(served("aws", [3333, 3333, 3334])).toEqual([
      [1000, 2333],
      [2000, 1333],
      [3000, 334],
    ]);
    expect(served("aws", [2500, 2500, 2500, 2500])).toEqual([
      [1000, 1500],
      [2000, 500],
      [2500, 0],
      [2500, 0],
    ]);
  });
});

describe("simultaneous calls against a limit", () => {
  test.each([
    [800, 300],
    [300, 300],
    [5000, 1],
    [10, 1000],
  ])("%d calls against %d: the limit is served", (calls, limit) => {
    const arrivals = waves(["1s", calls]);
    const account = { concurrency: limit, minimumUnreserved: 0 };
    const { f } = run(one({ duration: "1s" }, arrivals, { horizon: "10s", account }));
    expect(f.counters.invocations).toBe(Math.min(calls, limit));
    expect(f.counters.throttled).toBe(Math.max(0, calls - limit));
    const reserved = run(one({ duration: "1s", reservedConcurrency: limit }, arrivals, { horizon: "10s" }));
    expect(reserved.f.counters.throttled).toBe(Math.max(0, calls - limit));
  });

  test("800 against 300: 500 are throttled", () => {
    const account = { concurrency: 300 };
    const { f } = run(one({ duration: "1s" }, waves(["0s", 800]), { horizon: "10s", account }));
    expect(f.counters.throttled).toBe(500);
  });
});

test("today's rule is by function: two functions ramp side by side, under the old one they share", () => {
  const ramp = (scaling: unknown) => {
    const settings = { duration: "15m" };
    const scenario = lab({
      horizon: "11s",
      account: { concurrency: "unlimited", scaling: scaling as never },
      functions: { a: settings, b: settings },
      traffic: ["a", "b"].map((to) => ({ to, arrivals: waves(["0s", 5000], ["10s", 5000]) })),
    });
    return run(scenario).result.functions.map((f) => f.counters.coldStarts);
  };
  expect(ramp("aws")).toEqual([2000, 2000]);
  expect(ramp(burst(3000))).toEqual([3083, 0]);
});
