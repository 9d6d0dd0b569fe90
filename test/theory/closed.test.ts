import { describe, expect, test } from "vitest";
import { exponential, lab, near, one, poisson, run, SEEDS, throttleShare } from "../support/lab.ts";

/**
 * Engset: `clients` that each think for a mean of 1/λ and are served 1/μ by `places`; a refused client thinks again.
 * Time congestion is the share of time all places are taken; a client finds them taken as if it were not there.
 */
function engset(clients: number, places: number, ratio: number) {
  const weights = Array.from({ length: Math.min(clients, places) + 1 }, () => 1);
  for (let n = 1; n < weights.length; n++) weights[n] = (weights[n - 1]! * ratio * (clients - n + 1)) / n;
  const total = weights.reduce((a, b) => a + b);
  const busy = weights.reduce((sum, w, n) => sum + (n * w) / total, 0);
  return { full: weights[places]! / total, busy };
}

describe("closed clients", () => {
  test.each([
    ["exponential", exponential("2s"), exponential("1s")],
    ["constant", "2s", exponential("1s")],
    ["exponential, thinking lognormal", exponential("2s"), { type: "lognormal", mean: "1s", cv: 1 }],
  ])(
    "20 clients on 8 places, %s service: Engset's refusals and use, whatever the laws",
    (_, duration, thinkTime) => {
      const scenario = one(
        { duration, reservedConcurrency: 8 },
        { type: "closed", clients: 20, thinkTime },
        { horizon: "20000s", warmup: "100s", account: { concurrency: 1000 } },
      );
      const expected = engset(20, 8, 2);
      const seen = engset(19, 8, 2).full;
      for (const seed of SEEDS) {
        const { f } = run(scenario, seed);
        // About 100,000 requests, several to an independent look.
        expect(near(throttleShare(f), seen, 0.012)).toBe(true);
        expect(near(f.concurrency.mean, expected.busy, 0.06)).toBe(true);
      }
    },
  );

  test("never refused, each is in a call for S of every S + Z", () => {
    for (const seed of SEEDS) {
      const { f } = run(
        one(
          { duration: exponential("300ms") },
          { type: "closed", clients: 50, thinkTime: exponential("700ms") },
          { horizon: "5000s", warmup: "100s" },
        ),
        seed,
      );
      expect(near(f.concurrency.mean, 15, 0.1)).toBe(true);
      expect(near(f.counters.requests / 4900, 50, 0.35)).toBe(true);
      expect(near(f.concurrency.variance, 50 * 0.3 * 0.7, 0.5)).toBe(true);
    }
  });

  test("who do not think and find everything taken do not stop the clock", () => {
    const { f } = run(
      one(
        { duration: "1s", reservedConcurrency: 1 },
        { type: "closed", clients: 2, thinkTime: "0s" },
        { horizon: "10s", account: { concurrency: 1000 } },
      ),
    );
    expect(f.concurrency.mean).toBeCloseTo(1, 6);
    // The other one is refused once a millisecond.
    expect(near(f.counters.throttled, 10_000, 20)).toBe(true);
  });

  test("share a function with open traffic and leave its draws as they are", () => {
    const open = { to: "f", name: "open", arrivals: poisson("20/s") };
    const closed = {
      to: "f",
      name: "closed",
      arrivals: { type: "closed", clients: 5, thinkTime: exponential("1s") },
    };
    const settings = {
      horizon: "100s",
      functions: { f: { duration: exponential("100ms") }, g: { duration: "0s" } },
    };
    const alone = run(lab({ ...settings, traffic: [open, { ...closed, to: "g" }] })).result.functions[0]!;
    const both = run(lab({ ...settings, traffic: [open, closed] })).result.functions[0]!;
    expect(both.counters.requests).toBeGreaterThan(alone.counters.requests + 300);
    const arrivals = (f: typeof alone) => f.timeline!.arrivals;
    for (let row = 0; row < arrivals(alone).length; row++) {
      expect(arrivals(both)[row]).toBeGreaterThanOrEqual(arrivals(alone)[row]!);
    }
  });

  test("stop when their entry ends", () => {
    const scenario = lab({
      horizon: "100s",
      functions: { f: { duration: "10ms" } },
      traffic: [
        { to: "f", start: "10s", end: "20s", arrivals: { type: "closed", clients: 3, thinkTime: "90ms" } },
      ],
    });
    const { timeline, counters } = run(scenario).f;
    const rows = [...timeline!.arrivals].map((n, row) => [row, n]).filter(([, n]) => n! > 0);
    expect(rows.at(0)![0]).toBe(10);
    expect(rows.at(-1)![0]).toBe(19);
    expect(counters.requests).toBe(300);
  });
});
