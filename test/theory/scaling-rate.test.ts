import { describe, expect, test } from "vitest";
import { evenly, exponential, lab, near, one, poisson, run, SEEDS, sum, waves } from "../support/lab.ts";
import { fluidSpike, SIGMAS } from "../support/theory.ts";

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

describe("a spike against other bursts and refills, as a fluid", () => {
  test.each([
    { rate: 1500, service: 0.8, size: 200, perMinute: 900 },
    { rate: 600, service: 2, size: 150, perMinute: 1200 },
    { rate: 3000, service: 0.5, size: 400, perMinute: 1500 },
  ])("$rate/s of $service s against $size environments and $perMinute more a minute", (given) => {
    const { rate, service, size, perMinute } = given;
    const fluid = fluidSpike(rate, service, size, perMinute / 60);
    const last = Math.ceil(fluid.ends);
    const scenario = one({ duration: exponential(`${service}s`) }, poisson(`${rate}/s`), {
      horizon: `${2 * last}s`,
      account: { concurrency: "unlimited", scaling: { type: "burst", burst: size, perMinute } },
      measure: { interval: "1s" },
    });
    // Arrivals and, of those that run, completions are Poisson: the sum of both may be so far off; and a few idle
    // environments are always there, the more so the nearer the end.
    const spread = (t: number) => SIGMAS * Math.sqrt((rate + fluid.busy(t) / service) * t);
    for (const seed of SEEDS) {
      const { concurrencyMean, throttles } = run(scenario, seed).f.timeline!;
      for (const t of [Math.round(last / 4), Math.round(last / 2)]) {
        const busy = (concurrencyMean[t - 1]! + concurrencyMean[t]!) / 2;
        expect(near(busy, fluid.busy(t), 0.02 * fluid.busy(t))).toBe(true);
        expect(near(sum(throttles, 0, t), fluid.throttledBy(t), spread(t))).toBe(true);
      }
      // Just before the end something is still lost; with five √demand environments beyond the demand next to nothing.
      const demand = rate * service;
      const late = Math.ceil(fluid.ends + (5 * Math.sqrt(demand) * 60) / perMinute);
      expect(sum(throttles, late)).toBeLessThan(0.001 * rate * (2 * last - late));
      expect(sum(throttles, Math.round(0.9 * last), last)).toBeGreaterThan(0);
    }
  });

  test.each([
    [40, 300, 600],
    [1000, 700, 60],
    [15, 50, 120],
  ])(
    "%d long calls a second, %d environments and %d more a minute: min(demand, limit, B + r t)",
    (rate, size, perMinute) => {
      const limit = 850;
      const scenario = one({ duration: "15m" }, evenly(`${rate}/s`), {
        horizon: "2m",
        account: {
          concurrency: limit,
          minimumUnreserved: 0,
          scaling: { type: "burst", burst: size, perMinute },
        },
        measure: { interval: "1s" },
      });
      const { coldStarts } = run(scenario).f.timeline!;
      for (const t of [5, 20, 50, 110]) {
        const expected = Math.min(rate * t, limit, size + (perMinute / 60) * t);
        expect(near(sum(coldStarts, 0, t), expected, 1)).toBe(true);
      }
    },
  );
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
