import { describe, expect, test } from "vitest";
import { closedLoss, REQUESTS } from "../support/chains.ts";
import { exponential, lab, meanOf, near, one, poisson, run, SEEDS, throttleShare } from "../support/lab.ts";
import { engset, SIGMAS } from "../support/theory.ts";

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
        { horizon: "6000s", warmup: "100s", account: { concurrency: 1000 } },
      );
      const { refused, busy } = engset(20, 8, 2);
      // The runs show how far the shares of other laws spread.
      const runs = Array.from({ length: 30 }, (_, i) => run(scenario, `engset-${i}`).f);
      const share = meanOf(runs.map(throttleShare));
      expect(near(share.mean, refused, share.tolerance)).toBe(true);
      expect(share.tolerance).toBeLessThan(0.01 * refused);
      const use = meanOf(runs.map((f) => f.concurrency.mean));
      expect(near(use.mean, busy, use.tolerance)).toBe(true);
      expect(use.tolerance).toBeLessThan(0.002 * busy);
    },
  );

  test.each([
    { clients: 12, think: 3, service: 0.5, places: 3 },
    { clients: 6, think: 1, service: 0.4, places: 5 },
    { clients: 60, think: 7, service: 2, places: 10 },
    { clients: 4, think: 0.2, service: 0.3, places: 4 },
  ])(
    "$clients that think $think s and are served $service s by $places: refusals and use",
    ({ clients, think, service, places }) => {
      const seconds = 40_000;
      const chain = closedLoss(clients, think, places, service);
      const { refused, busy } = engset(clients, places, service / think);
      const inService = ([n]: readonly number[]) => n!;
      // Two ways to the same answer; how often it is full (to time) is another.
      expect(chain.share("refused", REQUESTS)).toBeCloseTo(refused, 12);
      expect(chain.mean(inService)).toBeCloseTo(busy, 11);
      const scenario = one(
        { duration: exponential(`${service}s`), reservedConcurrency: places },
        { type: "closed", clients, thinkTime: exponential(`${think}s`) },
        { horizon: `${seconds + 100}s`, warmup: "100s", account: { concurrency: 1000 } },
      );
      for (const seed of SEEDS) {
        const { f } = run(scenario, seed);
        const shareTolerance = SIGMAS * chain.shareError("refused", REQUESTS, seconds);
        // A refused client goes on after 1 ms: this lessens the rate of calls by a share of 1 ms / think time at most.
        const pause = (0.001 / think) * refused;
        expect(near(throttleShare(f), refused, shareTolerance + pause)).toBe(true);
        expect(
          near(f.concurrency.mean, busy, SIGMAS * chain.meanError(inService, seconds) + pause * busy),
        ).toBe(true);
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
