import { describe, expect, test } from "vitest";
import { openAndClosed, overflow, REQUESTS } from "../support/chains.ts";
import {
  exponential,
  lab,
  meanOf,
  near,
  of,
  one,
  poisson,
  run,
  SEEDS,
  spilloverShare,
  throttleShare,
} from "../support/lab.ts";
import {
  closedWeight,
  erlangB,
  momentsOf,
  openWeight,
  overflowVariance,
  productForm,
  SIGMAS,
} from "../support/theory.ts";

/** An account whose whole quota is shared by these functions. */
const shared = (places: number, seconds: number, rest: Parameters<typeof lab>[0] | object) =>
  lab({
    horizon: `${seconds + 200}s`,
    warmup: "200s",
    account: { concurrency: places, minimumUnreserved: 0 },
    ...rest,
  } as Parameters<typeof lab>[0]);

describe("functions that share the unreserved pool have a product form", () => {
  test.each([
    ["exponential", (mean: number) => exponential(`${mean}s`)],
    ["constant", (mean: number) => `${mean}s`],
    ["lognormal", (mean: number) => ({ type: "lognormal", mean: `${mean}s`, cv: 1.2 })],
  ])("three loads on 12 places, %s durations: losses, and mean and variance of each", (_, duration) => {
    const streams = { a: [3, 1], b: [0.5, 4], c: [20, 0.25] } as const;
    const scenario = shared(12, 8000, {
      functions: Object.fromEntries(
        Object.entries(streams).map(([name, [, service]]) => [name, { duration: duration(service) }]),
      ),
      traffic: Object.entries(streams).map(([to, [rate]]) => ({ to, arrivals: poisson(`${rate}/s`) })),
    });
    const loads = Object.values(streams).map(([rate, service]) => rate * service);
    const { laws, full } = productForm(loads.map(openWeight), 12);
    expect(full).toBeCloseTo(erlangB(12, 10), 12);
    const runs = Array.from({ length: 30 }, (_, i) => run(scenario, `pool-${i}`).result);
    Object.keys(streams).forEach((name, i) => {
      const each = runs.map((result) => of(result, scenario, name));
      const check = (values: number[], expected: number, most: number) => {
        const { mean, tolerance } = meanOf(values);
        expect(near(mean, expected, tolerance)).toBe(true);
        expect(tolerance).toBeLessThan(most * expected);
      };
      check(each.map(throttleShare), full, 0.06);
      const { mean, variance } = momentsOf(laws[i]!);
      expect(mean).toBeCloseTo(loads[i]! * (1 - full), 10);
      check(
        each.map((f) => f.concurrency.mean),
        mean,
        0.03,
      );
      check(
        each.map((f) => f.concurrency.variance),
        variance,
        0.06,
      );
    });
  });

  test.each([
    [{ rate: 4, service: 1 }, { clients: 10, think: 2, service: 1.5 }, 9],
    [{ rate: 1.2, service: 3 }, { clients: 3, think: 0.5, service: 1 }, 5],
    [{ rate: 30, service: 0.2 }, { clients: 40, think: 5, service: 0.6 }, 8],
  ])("an open stream %j and closed clients %j on %d places", (open, closed, places) => {
    const seconds = 40_000;
    const scenario = shared(places, seconds, {
      functions: {
        open: { duration: exponential(`${open.service}s`) },
        closed: { duration: exponential(`${closed.service}s`) },
      },
      traffic: [
        { to: "open", arrivals: poisson(`${open.rate}/s`) },
        {
          to: "closed",
          arrivals: { type: "closed", clients: closed.clients, thinkTime: exponential(`${closed.think}s`) },
        },
      ],
    });
    const form = (clients: number) =>
      productForm(
        [openWeight(open.rate * open.service), closedWeight(clients, closed.service / closed.think)],
        places,
      );
    const { laws, full } = form(closed.clients);
    // A client meets the others, not itself.
    const met = form(closed.clients - 1).full;
    expect(met).toBeLessThan(0.99 * full);
    const chain = openAndClosed(open, closed, places);
    const kinds = (who: "open" | "closed") => REQUESTS.map((what) => `${who} ${what}` as const);
    expect(chain.share("open refused", kinds("open"))).toBeCloseTo(full, 11);
    expect(chain.share("closed refused", kinds("closed"))).toBeCloseTo(met, 11);
    // A refused client goes on after 1 ms.
    const pause = 0.001 / closed.think;
    for (const seed of SEEDS) {
      const { result } = run(scenario, seed);
      (["open", "closed"] as const).forEach((who, i) => {
        const f = of(result, scenario, who);
        const expected = who === "open" ? full : met;
        const error = chain.shareError(`${who} refused`, kinds(who), seconds);
        expect(near(throttleShare(f), expected, SIGMAS * error + pause * expected)).toBe(true);
        const { mean } = momentsOf(laws[i]!);
        const busy = (state: readonly number[]) => state[i]!;
        expect(near(f.concurrency.mean, mean, SIGMAS * chain.meanError(busy, seconds) + pause * mean)).toBe(
          true,
        );
      });
    }
  });
});

describe("what spills over from provisioned concurrency to unlimited on demand", () => {
  const provisioned = (places: number, duration: unknown, rate: number, seconds: number) =>
    one({ provisionedConcurrency: places, duration: duration as never }, poisson(`${rate}/s`), {
      horizon: `${seconds + 200}s`,
      warmup: "200s",
    });

  test.each([
    [3, 2, 1.2],
    [10, 8, 1.5],
    [1, 0.5, 1],
    [12, 30, 0.3],
    [6, 14, 0.8],
  ])(
    "%d provisioned, %d requests a second of %d s: share, and mean and variance of both",
    (places, rate, service) => {
      const seconds = 60_000;
      const load = rate * service;
      const lost = erlangB(places, load);
      const chain = overflow(rate, places, service);
      const first = ([n]: readonly number[]) => n!;
      const others = ([, n]: readonly number[]) => n!;
      // Riordan's formula, by the chain.
      expect(chain.mean(others)).toBeCloseTo(load * lost, 7);
      expect(chain.variance(others)).toBeCloseTo(overflowVariance(load, places, lost), 6);
      expect(chain.variance(others)).toBeGreaterThan(1.05 * chain.mean(others));
      const scenario = provisioned(places, exponential(`${service}s`), rate, seconds);
      for (const seed of SEEDS) {
        const { f } = run(scenario, seed);
        const share = chain.shareError("other", ["first", "other"], seconds);
        expect(near(spilloverShare(f), lost, SIGMAS * share)).toBe(true);
        for (const [level, of] of [
          [f.provisionedConcurrency, first],
          [f.onDemandConcurrency, others],
        ] as const) {
          expect(near(level.mean, chain.mean(of), SIGMAS * chain.meanError(of, seconds))).toBe(true);
          expect(near(level.variance, chain.variance(of), SIGMAS * chain.varianceError(of, seconds))).toBe(
            true,
          );
        }
      }
    },
  );

  test.each([
    ["constant", "1500ms"],
    ["lognormal", { type: "lognormal", mean: "1500ms", cv: 2 }],
  ])("the means hold for %s durations too: 10 provisioned at a load of 12", (_, duration) => {
    const lost = erlangB(10, 12);
    const scenario = provisioned(10, duration, 8, 5000);
    const runs = Array.from({ length: 30 }, (_, i) => run(scenario, `spill-${i}`).f);
    const check = (value: (f: (typeof runs)[number]) => number, expected: number) => {
      const { mean, tolerance } = meanOf(runs.map(value));
      expect(near(mean, expected, tolerance)).toBe(true);
      expect(tolerance).toBeLessThan(0.05 * expected);
    };
    check(spilloverShare, lost);
    check((f) => f.provisionedConcurrency.mean, 12 * (1 - lost));
    check((f) => f.onDemandConcurrency.mean, 12 * lost);
  });
});
