import { describe, expect, test } from "vitest";
import type { FunctionResult } from "../../sim/measure/function-result.ts";
import { openLoss, REQUESTS } from "../support/chains.ts";
import {
  coldShare,
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
  sum,
  throttleShare,
} from "../support/lab.ts";
import { erlangB, erlangBError, SIGMAS } from "../support/theory.ts";

describe("reserved concurrency is Erlang's loss system", () => {
  // 5 requests a second for 200,000 s are 1e6.
  const settings = { horizon: "201000s", warmup: "1000s" };

  test.each([
    ["exponential", exponential("1s")],
    ["constant", "1s"],
  ])("8 reserved at an offered load of 5: 7.00479 %% throttled, durations %s", (_, duration) => {
    const scenario = one({ reservedConcurrency: 8, duration }, poisson("5/s"), settings);
    for (const seed of SEEDS) {
      const { f, result } = run(scenario, seed);
      expect(near(throttleShare(f), 0.0700479, 0.0021)).toBe(true);
      expect(near(f.concurrency.mean, 4.64976, 0.023)).toBe(true);
      expect(f.concurrency.max).toBe(8);
      const times = result.account.concurrencyTimes;
      // Idle for 0.72303 % of the time; the busy periods between are short, so a time share is known to 2 p (1 − p) / span.
      expect(near(times[0]! / sum(times), 0.0072303, SIGMAS * Math.sqrt((2 * 0.0072303) / 200_000))).toBe(
        true,
      );
    }
  });

  test("with lognormal durations too", () => {
    const duration = { type: "lognormal", mean: "1s", cv: 1.5 };
    const scenario = one({ reservedConcurrency: 8, duration }, poisson("5/s"), settings);
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(throttleShare(f), 0.0700479, 0.0021)).toBe(true);
      expect(near(f.concurrency.mean, 4.64976, 0.023)).toBe(true);
    }
  });

  test.each([
    [10, 5, 0.01838457],
    [5, 3, 0.11005435],
    [10, 10, 0.21458234],
    [100, 80, 0.00399203],
    [200, 180, 0.010325],
    [1000, 950, 0.00364929],
    [1000, 1000, 0.02481192],
  ])("%d reserved at an offered load of %d throttle a share of %d", (reserved, load, share) => {
    expect(erlangB(reserved, load)).toBeCloseTo(share, 8);
    const requests = reserved < 1000 ? 300_000 : 800_000;
    const horizon = `${40 + requests / load}s`;
    const scenario = one(
      { reservedConcurrency: reserved, duration: exponential("1s") },
      poisson(`${load}/s`),
      { horizon, warmup: "40s" },
    );
    const tolerance = SIGMAS * erlangBError(reserved, load, requests);
    for (const seed of SEEDS) expect(near(throttleShare(run(scenario, seed).f), share, tolerance)).toBe(true);
  });

  test.each([
    [3, 1.1, 2],
    [17, 12.5, 0.4],
    [40, 47, 5],
  ])(
    "%d reserved at an offered load of %d, %d s each: throttled share, mean and time idle",
    (reserved, load, service) => {
      const seconds = 40_000 * service;
      const scenario = one(
        { reservedConcurrency: reserved, duration: exponential(`${service}s`) },
        poisson(`${load / service}/s`),
        { horizon: `${seconds + 40 * service}s`, warmup: `${40 * service}s` },
      );
      const chain = openLoss(load / service, reserved, service);
      const busy = ([n]: readonly number[]) => n!;
      const idle = ([n]: readonly number[]) => (n === 0 ? 1 : 0);
      for (const seed of SEEDS) {
        const { f, result } = run(scenario, seed);
        const share = erlangB(reserved, load);
        const error = chain.shareError("refused", REQUESTS, seconds);
        expect(near(throttleShare(f), share, SIGMAS * error)).toBe(true);
        expect(near(f.concurrency.mean, load * (1 - share), SIGMAS * chain.meanError(busy, seconds))).toBe(
          true,
        );
        const times = result.account.concurrencyTimes;
        expect(near(times[0]! / sum(times), chain.mean(idle), SIGMAS * chain.meanError(idle, seconds))).toBe(
          true,
        );
      }
    },
  );

  test.each([
    ["constant", "3s"],
    ["lognormal", { type: "lognormal", mean: "3s", cv: 3 }],
    ["gamma", { type: "gamma", mean: "3s", cv: 0.5 }],
    [
      "two sorts",
      {
        type: "mixture",
        of: [
          { weight: 9, type: "constant", value: "1s" },
          { weight: 1, type: "constant", value: "21s" },
        ],
      },
    ],
  ])("13 reserved at an offered load of 15: only the mean of the durations counts, %s", (_, duration) => {
    const scenario = one({ reservedConcurrency: 13, duration: duration as never }, poisson("5/s"), {
      horizon: "10200s",
      warmup: "200s",
    });
    const runs = Array.from({ length: 30 }, (_, i) => run(scenario, `loss-${i}`).f);
    const lost = erlangB(13, 15);
    const share = meanOf(runs.map(throttleShare));
    expect(near(share.mean, lost, share.tolerance)).toBe(true);
    expect(share.tolerance).toBeLessThan(0.04 * lost);
    const busy = meanOf(runs.map((f) => f.concurrency.mean));
    expect(near(busy.mean, 15 * (1 - lost), busy.tolerance)).toBe(true);
    expect(busy.tolerance).toBeLessThan(0.01 * 15);
  });

  test("the throttles name the reservation as their reason", () => {
    const { f } = run(one({ reservedConcurrency: 8, duration: "1s" }, poisson("20/s"), { horizon: "100s" }));
    expect(f.counters.throttledAttempts[0]).toBe(f.counters.throttled);
    expect(f.counters.throttled).toBeGreaterThan(0);
  });
});

describe("functions without a reservation share one pool", () => {
  const shared = {
    short: { duration: exponential("1s") },
    long: { duration: exponential("2s") },
  };
  const traffic = [
    { to: "short", arrivals: poisson("10/s") },
    { to: "long", arrivals: poisson("2.5/s") },
  ];
  // 12.5 requests a second for 80,000 s are 1e6.
  const settings = { horizon: "80100s", warmup: "100s" };

  test("20 shared at loads of 10 and 5: both lose 4.55932 %", () => {
    const scenario = lab({
      ...settings,
      account: { concurrency: 20, minimumUnreserved: 0 },
      functions: shared,
      traffic,
    });
    for (const seed of SEEDS) {
      const { result } = run(scenario, seed);
      expect(near(throttleShare(of(result, scenario, "short")), 0.0455932, 0.0027)).toBe(true);
      // A fifth of the requests; those of both functions meet the same congestion.
      expect(near(throttleShare(of(result, scenario, "long")), 0.0455932, 0.0027)).toBe(true);
      expect(result.account.unreservedMax).toBe(20);
    }
  });

  test("a reserved function next to it is independent of it, and it of the reservation", () => {
    const scenario = lab({
      ...settings,
      account: { concurrency: 28, minimumUnreserved: 0 },
      functions: { ...shared, own: { duration: exponential("1s"), reservedConcurrency: 8 } },
      traffic: [...traffic, { to: "own", arrivals: poisson("5/s") }],
    });
    const alone = lab({
      ...settings,
      account: { concurrency: 20, minimumUnreserved: 0 },
      functions: shared,
      traffic,
    });
    for (const seed of SEEDS) {
      const { result } = run(scenario, seed);
      const own = of(result, scenario, "own");
      expect(near(throttleShare(own), 0.0700479, SIGMAS * erlangBError(8, 5, own.counters.requests))).toBe(
        true,
      );
      const undisturbed = run(alone, seed).result;
      for (const name of ["short", "long"]) {
        const counts = ({ counters }: FunctionResult) => JSON.parse(JSON.stringify(counters)) as unknown;
        expect(counts(of(result, scenario, name))).toMatchObject({ requests: expect.any(Number) });
        expect(counts(of(result, scenario, name))).toEqual(counts(of(undisturbed, alone, name)));
      }
    }
  });
});

describe("provisioned concurrency with unlimited spillover", () => {
  test("5 provisioned at a load of 4: spillover, utilisation, on-demand mean and variance", () => {
    const scenario = one({ provisionedConcurrency: 5, duration: exponential("1s") }, poisson("4/s"), {
      horizon: "50100s",
      warmup: "100s",
    });
    // Ten runs of 200,000 requests: where no tolerance is stated the runs show it themselves.
    const runs = Array.from({ length: 10 }, (_, i) => run(scenario, `spill-${i}`).f);
    for (const f of runs) expect(near(spilloverShare(f), 0.199067, 0.0029 * Math.sqrt(5))).toBe(true);
    const overall = (value: (f: (typeof runs)[number]) => number, expected: number) => {
      const { mean, tolerance } = meanOf(runs.map(value));
      expect(near(mean, expected, tolerance)).toBe(true);
      expect(tolerance).toBeLessThan(0.03 * expected);
    };
    overall(spilloverShare, 0.199067);
    overall((f) => f.provisionedConcurrency.mean / 5, 0.640747);
    overall((f) => f.onDemandConcurrency.mean, 0.796267);
    overall((f) => f.onDemandConcurrency.variance, 1.30127);
  });

  test.each([
    ["constant", "1s"],
    ["lognormal", { type: "lognormal", mean: "1s", cv: 2 }],
  ])("the spillover does not depend on the law of durations: %s", (_, duration) => {
    const scenario = one({ provisionedConcurrency: 5, duration }, poisson("4/s"), {
      horizon: "250100s",
      warmup: "100s",
    });
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(spilloverShare(f), 0.199067, 0.0029)).toBe(true);
    }
  });

  test("100 provisioned at a load of 80: 0.399203 % spill, and only what spills can be cold", () => {
    const requests = 1_000_000;
    const scenario = one(
      { provisionedConcurrency: 100, duration: exponential("1s"), keepAlive: "none" },
      poisson("80/s"),
      { horizon: `${requests / 80 + 50}s`, warmup: "50s" },
    );
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(spilloverShare(f), 0.00399203, SIGMAS * erlangBError(100, 80, requests))).toBe(true);
      expect(f.counters.coldStarts).toBe(f.counters.spillover);
      expect(coldShare(f)).toBe(spilloverShare(f));
    }
  });
});
