import { coldShare, exponential, meanOf, one, poisson } from "../../test/support/lab.ts";
import { mostSoFar, SIGMAS, shareError, warmPool } from "../../test/support/theory.ts";
import { type Case, farthest, type Row } from "../case.ts";
import { bySeed, seedsUpTo } from "../runs.ts";

const FIRST_PASSAGE = "first passages of M/M/∞: warm = most executions of the last T";

/** Which idle environment is taken, and for how long it is kept, decides how many stay warm. */
export const warmPools: Case[] = [
  {
    id: "warm-pool",
    group: "theory",
    subject: "warm pool",
    title: "0.5 requests a second of 2 s, kept 300 s, last finished first",
    source: FIRST_PASSAGE,
    unit: "",
    run: () => {
      const theory = warmPool(0.5, 2, 300);
      const scenario = one({ keepAlive: "300s", duration: exponential("2s") }, poisson("0.5/s"), {
        horizon: "2010000s",
        warmup: "10000s",
      });
      const runs = bySeed(scenario);
      const row = (what: string, expected: number, values: number[], tolerance: number): Row => ({
        what,
        expected,
        got: farthest(expected, values),
        tolerance,
        from: "stated",
      });
      return [
        { ...row("cold share", theory.coldShare, runs.map(coldShare), 0.00021), unit: "%" },
        row(
          "warm",
          theory.warm,
          runs.map((f) => f.environments.mean),
          0.041,
        ),
        row(
          "idle",
          theory.idle,
          runs.map((f) => f.environments.idleMean),
          0.038,
        ),
        {
          ...row(
            "life of an environment",
            theory.meanLife,
            runs.map((f) => f.environments.meanLifeS),
            120,
          ),
          unit: "s",
        },
      ];
    },
  },
  {
    id: "warm-pool-kept",
    group: "theory",
    subject: "warm pool",
    title: "The same, kept for other times: cold share",
    source: FIRST_PASSAGE,
    unit: "%",
    run: () =>
      [10, 60, 900].map((T): Row => {
        const n = 300_000;
        const scenario = one({ keepAlive: `${T}s`, duration: exponential("2s") }, poisson("0.5/s"), {
          horizon: `${2 * n + 5000}s`,
          warmup: "5000s",
        });
        const expected = warmPool(0.5, 2, T).coldShare;
        return {
          what: `kept ${T} s`,
          expected,
          got: farthest(expected, bySeed(scenario).map(coldShare)),
          tolerance: SIGMAS * shareError(expected, n),
          from: "chance",
        };
      }),
  },
  {
    id: "warm-pool-reuse",
    group: "theory",
    subject: "warm pool",
    title: "Kept 60 s, by which idle environment is used",
    source: "separate simulation, stated to three digits",
    unit: "%",
    run: () => {
      const rows = (reuse: "mru" | "random", share: number, warm: number): Row[] => {
        const scenario = one({ keepAlive: "60s", reuse, duration: exponential("2s") }, poisson("0.5/s"), {
          horizon: "1001000s",
          warmup: "1000s",
        });
        const runs = bySeed(scenario);
        return [
          {
            what: `cold share, ${reuse}`,
            expected: share,
            got: farthest(share, runs.map(coldShare)),
            tolerance: 0.00005 + SIGMAS * shareError(share, 500_000),
            from: "digits",
          },
          {
            what: `warm, ${reuse}`,
            expected: warm,
            got: farthest(
              warm,
              runs.map((f) => f.environments.mean),
            ),
            tolerance: 0.005 + 0.041 * Math.SQRT2,
            from: "digits",
            unit: "",
          },
        ];
      };
      // A cold start is felt for weeks: runs differ, and it is their mean that counts.
      const lru = one({ keepAlive: "60s", reuse: "lru", duration: exponential("2s") }, poisson("0.5/s"), {
        horizon: "1000000s",
        warmup: "500000s",
      });
      const { mean, tolerance } = meanOf(bySeed(lru, seedsUpTo(20)).map((f) => f.environments.mean));
      return [
        ...rows("mru", 0.0242, 4.11),
        ...rows("random", 0.002, 5.6),
        { what: "warm, lru", expected: 8.99, got: mean, tolerance, from: "runs", unit: "" },
      ];
    },
  },
  {
    id: "A33",
    group: "theory",
    subject: "warm pool",
    title: "0.9 requests a second of 1.991 s (2.244 s cold), kept 600 s",
    source: "separate simulation and SimFaaS (CLOSER 2021)",
    unit: "",
    run: () => {
      const settings = { keepAlive: "600s", duration: exponential("1.991s"), initDuration: "253ms" } as const;
      const pool = (reuse: "mru" | "newest" | "lru", horizon: string, warmup = "0s") =>
        one({ ...settings, reuse }, poisson("0.9/s"), { horizon, warmup, measure: { interval: "1d" } });
      const stated = (what: string, expected: number, values: number[], tolerance: number): Row => ({
        what,
        expected,
        got: farthest(expected, values),
        tolerance,
        from: "stated",
      });
      const mru = bySeed(pool("mru", "1005000s", "5000s"));
      const newest = bySeed(pool("newest", "1005000s", "5000s"));
      const lru = bySeed(pool("lru", "1000000s"), seedsUpTo(20));
      const live = meanOf(lru.map((f) => f.environments.mean));
      const created = meanOf(lru.map((f) => f.environments.created));
      const most = mostSoFar(0.9, 1.991, 1e6);
      return [
        { ...stated("cold share, mru", 0.00133, mru.map(coldShare), 0.00015), unit: "%" },
        stated(
          "live, mru",
          7.7,
          mru.map((f) => f.environments.mean),
          0.15,
        ),
        stated(
          "running, mru",
          1.79,
          mru.map((f) => f.concurrency.mean),
          0.02,
        ),
        { ...stated("cold share, newest first", 0.0014, newest.map(coldShare), 0.0002), unit: "%" },
        stated(
          "live, newest first",
          7.66,
          newest.map((f) => f.environments.mean),
          0.15,
        ),
        { what: "live, lru", expected: most.mean, got: live.mean, tolerance: live.tolerance, from: "runs" },
        {
          what: "created, lru",
          expected: most.end,
          got: created.mean,
          tolerance: created.tolerance,
          from: "runs",
        },
      ];
    },
  },
  {
    id: "A4-busy",
    group: "theory",
    subject: "warm pool",
    title: "100 requests a second of 200 ms for 6 h, kept 640 s and at most 2 h",
    source: "separate simulation",
    unit: "",
    run: () => {
      const scenario = one(
        { duration: exponential("200ms"), keepAlive: "640s", maximumLifetime: "2h" },
        poisson("100/s"),
        { horizon: "6h" },
      );
      const runs = bySeed(scenario);
      const row = (what: string, expected: number, values: number[], tolerance: number): Row => ({
        what,
        expected,
        got: farthest(expected, values),
        tolerance,
        from: "stated",
      });
      return [
        row(
          "running",
          20,
          runs.map((f) => f.concurrency.mean),
          0.1,
        ),
        row(
          "live",
          41,
          runs.map((f) => f.environments.mean),
          1.5,
        ),
        { ...row("cold share (4 to 11 in 100,000)", 0.000075, runs.map(coldShare), 0.000035), unit: "%" },
      ];
    },
  },
  {
    id: "deploy-new-pool",
    group: "theory",
    subject: "deploys",
    title:
      "A deploy under 0.9 requests a second of 2 s, kept forever: environments made in the 100,000 s after it",
    source: "the new pool begins empty: mean of the most of M/M/∞ from empty",
    unit: "environments",
    run: () => {
      const scenario = one({ duration: exponential("2s") }, poisson("0.9/s"), {
        horizon: "110000s",
        warmup: "10000s",
        deploys: [{ at: "10000s" }],
      });
      const { mean, tolerance } = meanOf(bySeed(scenario, seedsUpTo(40)).map((f) => f.counters.coldStarts));
      const expected = mostSoFar(0.9, 2, 100_000).end;
      return { what: "made after the deploy", expected, got: mean, tolerance, from: "runs" };
    },
  },
];
