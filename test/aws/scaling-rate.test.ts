import { describe, expect, test } from "vitest";
import { evenly, near, one, run, sum, waves } from "../support/lab.ts";

const burst = (burst: number) => ({ type: "burst", burst, perMinute: 500 }) as const;

/** 5,000 calls that stay, then one more every millisecond: whatever may be created is created at once. */
const insistent = {
  type: "times",
  at: [{ t: "0s", count: 5000 }, ...Array.from({ length: 120_000 }, (_, i) => `${i + 1}ms`)],
};

describe("how fast environments come for 5,000 long calls", () => {
  const ramp = (scaling: unknown, interval: string, quota = 5000, horizon = "2m") =>
    run(
      one({ duration: "15m" }, insistent, {
        horizon,
        account: { concurrency: quota, scaling: scaling as never },
        measure: { interval },
      }),
    ).f.timeline!;
  /** Environments at each of these seconds, those of that very instant not yet there. */
  const at = (scaling: unknown, seconds: number[], quota?: number) => {
    const { coldStarts } = ramp(scaling, "1s", quota);
    return seconds.map((s) => sum(coldStarts, 0, s));
  };
  const within = (values: number[], expected: number[]) => {
    values.forEach((value, i) => {
      expect(near(value, expected[i]!, 1)).toBe(true);
    });
  };

  test("of 5,000 at once today's rule serves 1,000 and throttles 4,000", () => {
    const { f } = run(
      one({ duration: "15m" }, waves(["0s", 5000]), {
        horizon: "1m",
        account: { concurrency: 10_000, scaling: "aws" },
      }),
    );
    expect([f.counters.coldStarts, f.counters.throttled]).toEqual([1000, 4000]);
    expect(f.counters.throttledAttempts[4]).toBe(4000);
  });

  test("today's rule, tried again at once: 2,000 after 10 s, 5,000 after 40 s", () => {
    within(at("aws", [10, 20, 40, 60]), [2000, 3000, 5000, 5000]);
  });

  test("the old rule with each Region's burst", () => {
    within(at(burst(3000), [10, 20, 40, 60, 108]), [3083, 3167, 3333, 3500, 3900]);
    within(at(burst(1000), [10, 20, 40, 60, 108]), [1083, 1167, 1333, 1500, 1900]);
    within(at(burst(500), [10, 20, 40, 60, 108]), [583, 667, 833, 1000, 1400]);
  });

  test("100, then 500 a minute: 600 after a minute, the quota of 1,000 after 108 s", () => {
    within(at(burst(100), [10, 20, 40, 60, 107, 108, 120], 1000), [183, 267, 433, 600, 991, 1000, 1000]);
  });

  test("today's rule overtakes the old one of the large Regions after 21.82 s", () => {
    const now = ramp("aws", "10ms", 5000, "30s").coldStarts;
    const then = ramp(burst(3000), "10ms", 5000, "30s").coldStarts;
    let lead = 0;
    const row = now.findIndex((n, i) => (lead += n - then[i]!) > 0);
    expect(near(row / 100, 21.82, 0.02)).toBe(true);
  });
});

describe("a spike to 1,000 evenly spaced requests a second of 1 s, from nothing", () => {
  const spike = (scaling: unknown) =>
    run(
      one({ duration: "1s" }, evenly("1000/s"), {
        horizon: "3m",
        account: { concurrency: 1000, scaling: scaling as never },
        measure: { interval: "1s" },
      }),
    ).f.timeline!.throttles;

  test("100, then 500 a minute: 48,600 are throttled before 108 s", () => {
    expect(near(sum(spike(burst(100)), 0, 108), 48_600, 0.015 * 48_600)).toBe(true);
  });
  test("the old rule with a burst of 500: 15,000 before 60 s", () => {
    expect(near(sum(spike(burst(500)), 0, 60), 15_000, 0.015 * 15_000)).toBe(true);
  });
  test("the old rule from a burst of 1,000 on, and today's: none", () => {
    expect(sum(spike(burst(1000)))).toBe(0);
    expect(sum(spike(burst(3000)))).toBe(0);
    expect(sum(spike("aws"))).toBe(0);
  });
});

test("cold starts of 0.5 s inflate the peak: exactly 500 calls between 1.0 and 1.5 s are throttled", () => {
  const { f } = run(
    one({ duration: "1s", initDuration: "500ms" }, evenly("1000/s"), {
      horizon: "60s",
      account: { concurrency: 1000, scaling: "aws", requestRate: "aws" },
      measure: { interval: "500ms" },
    }),
  );
  const { throttles, coldStarts } = f.timeline!;
  expect(near(throttles[2]!, 500, 1)).toBe(true);
  expect(sum(throttles)).toBe(throttles[2]);
  expect(f.counters.throttledAttempts[1]).toBe(f.counters.throttled);
  expect(sum(coldStarts)).toBe(1000);
  expect(sum(coldStarts, 0, 2)).toBe(1000);
});

test.each([
  [400, "2s", "300ms", 900],
  [250, "3s", "1s", 800],
  [100, "500ms", "4s", 300],
])(
  "%d a second of %s with cold starts of %s against a quota of %d: throttled is what the peak is above it",
  (rate, duration, initDuration, quota) => {
    const { f } = run(
      one({ duration, initDuration }, evenly(`${rate}/s`), {
        horizon: "60s",
        account: { concurrency: quota, scaling: "aws" },
        measure: { interval: "1s" },
      }),
    );
    // Little's law: until the first call ends there are λ (S + init) calls, afterwards λ S.
    const seconds = (text: string) => Number.parseFloat(text) / (text.endsWith("ms") ? 1000 : 1);
    const peak = rate * (seconds(duration) + seconds(initDuration));
    const { throttles, coldStarts } = f.timeline!;
    expect(near(sum(throttles), Math.max(0, peak - quota), 1)).toBe(true);
    expect(sum(coldStarts)).toBe(Math.min(quota, peak));
    expect(f.concurrency.max).toBe(Math.min(quota, peak));
  },
);
