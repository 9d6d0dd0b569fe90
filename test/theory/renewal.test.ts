import { describe, expect, test } from "vitest";
import { unitExponential } from "../../sim/distributions/exponential.ts";
import { gamma } from "../../sim/distributions/gamma.ts";
import { TableSampler } from "../../sim/distributions/table.ts";
import { RandomStreams } from "../../sim/random.ts";
import { noFiles } from "../../sim/scenario/files.ts";
import {
  arrivalsCsv,
  coldShare,
  evenly,
  exponential,
  near,
  one,
  poisson,
  run,
  SEEDS,
} from "../support/lab.ts";
import { erlangAbove, SIGMAS, shareError } from "../support/theory.ts";

/** Gaps in seconds from a law of the engine's own, played as recorded traffic. */
function recorded(n: number, gap: () => number): string {
  let t = 0;
  return arrivalsCsv(
    Array.from({ length: n }, () => {
      t += gap();
      return { t };
    }),
  );
}

describe("a rarely called function is cold when the gap outlasts keep-alive", () => {
  const kept = (keepAlive: string, duration: unknown = "1ms") => ({ keepAlive, duration }) as const;

  test("Poisson, a mean gap of 900 s and a keep-alive of 600 s: 51.3417 % cold", () => {
    const scenario = one(kept("600s"), poisson("4/h"), { horizon: `${900 * 200_000}s` });
    for (const seed of SEEDS) expect(near(coldShare(run(scenario, seed).f), 0.513417, 0.0043)).toBe(true);
  });

  test("gamma gaps of shape 4 and mean 500 s: 29.4229 % cold", () => {
    const law = gamma.build({ type: "gamma", mean: 500e6, cv: 0.5 }, noFiles);
    for (const seed of SEEDS) {
      const gaps = law.sampler(new RandomStreams(seed).open("gaps"));
      const csv = recorded(200_000, () => gaps.next() / 1e6);
      const scenario = one(
        kept("600s"),
        { type: "trace", file: "gaps.csv" },
        { horizon: "40000d" },
        () => csv,
      );
      const { f } = run(scenario, seed);
      expect(f.counters.requests).toBe(200_000);
      expect(near(coldShare(f), 0.294229, 0.0049)).toBe(true);
    }
  });

  test("keep-alive starts at the end of the call: busy 60 s, then idle 900 s on average", () => {
    const n = 100_000;
    const share = Math.exp(-600 / 900);
    for (const seed of SEEDS) {
      const idle = new TableSampler(new RandomStreams(seed).open("gaps"), unitExponential(), 900);
      const csv = recorded(n, () => 60 + idle.next());
      const scenario = one(
        kept("600s", "60s"),
        { type: "trace", file: "gaps.csv" },
        { horizon: "4000d" },
        () => csv,
      );
      const { f } = run(scenario, seed);
      expect(f.counters.requests).toBe(n);
      expect(near(coldShare(f), share, SIGMAS * shareError(share, n))).toBe(true);
      expect(f.environments.max).toBe(1);
    }
  });

  test.each([
    ["1/h", "640s", 0.8371],
    ["1/h", "600s", 0.8465],
    ["1/h", "900s", 0.7788],
    ["6/h", "600s", 0.3679],
    ["12/h", "600s", 0.1353],
  ])("%s kept for %s: a share of %d is cold", (rate, keepAlive, share) => {
    const n = 200_000;
    const horizon = `${(n / Number.parseFloat(rate)) * 3600}s`;
    const scenario = one(kept(keepAlive, "1us"), poisson(rate), { horizon });
    for (const seed of SEEDS) {
      // The shares are rounded to four digits.
      const tolerance = SIGMAS * shareError(share, n) + 0.00005;
      expect(near(coldShare(run(scenario, seed).f), share, tolerance)).toBe(true);
    }
  });

  test("0.001853 a second of 1.9 s kept for 640 s: 30.44 % cold (31.9 % in AWS's logs)", () => {
    const n = 20_000;
    const scenario = one(kept("640s", "1.9s"), poisson("0.001853/s"), { horizon: `${n / 0.001853}s` });
    for (const seed of SEEDS) {
      const tolerance = SIGMAS * shareError(0.3044, n);
      expect(near(coldShare(run(scenario, seed).f), 0.3044, tolerance)).toBe(true);
    }
  });

  test.each([
    [1, 700, 250],
    [2, 300, 420],
    [9, 1000, 1100],
  ])("gamma gaps of shape %d and mean %d s, kept for %d s: Q(k, kT/m)", (shape, mean, T) => {
    const n = 100_000;
    const share = erlangAbove(shape, mean, T);
    const gap = { type: "gamma", mean: `${mean}s`, cv: 1 / Math.sqrt(shape) };
    const scenario = one(kept(`${T}s`, "1us"), { type: "renewal", gap }, { horizon: `${n * mean}s` });
    for (const seed of SEEDS)
      expect(near(coldShare(run(scenario, seed).f), share, SIGMAS * shareError(share, n))).toBe(true);
  });

  test.each([
    [30, 200, 100],
    [500, 400, 900],
  ])("busy for %d s, then idle for %d s on average, kept for %d s: e^(−T/θ)", (service, idle, T) => {
    // One client that waits for its answer: its thinking is the idle time.
    const n = 100_000;
    const share = Math.exp(-T / idle);
    const scenario = one(
      kept(`${T}s`, `${service}s`),
      { type: "closed", clients: 1, thinkTime: exponential(`${idle}s`) },
      { horizon: `${n * (service + idle)}s` },
    );
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(coldShare(f), share, SIGMAS * shareError(share, n))).toBe(true);
      expect(f.environments.max).toBe(1);
    }
  });

  test("regular gaps longer than keep-alive are always cold", () => {
    const { f } = run(one(kept("15m", "100ms"), evenly("1/h"), { horizon: "30d" }));
    expect(f.counters.requests).toBe(720);
    expect(coldShare(f)).toBe(1);
  });

  test.each(["mru", "lru", "random", "newest"] as const)(
    "idle for exactly the keep-alive is still warm, a microsecond more is cold, %s",
    (reuse) => {
      const visits = (gap: string) => {
        const arrivals = { type: "trace", timestamps: ["0s", gap], durations: ["1s", "1s"] };
        return run(one({ keepAlive: "10m", reuse }, arrivals, { horizon: "1h" })).f.counters.coldStarts;
      };
      expect(visits("601s")).toBe(1);
      expect(visits("601.000001s")).toBe(2);
    },
  );
});
