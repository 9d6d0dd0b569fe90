import { evenly, exponential, one, poisson, run, SEEDS, sum, waves } from "../../test/support/lab.ts";
import { fluidSpike } from "../../test/support/theory.ts";
import { type Case, exactly, farthest, type Row } from "../case.ts";

const PER_MINUTE = 500;
const burst = (size: number) => ({ type: "burst", burst: size, perMinute: PER_MINUTE }) as const;
const GUIDE = "AWS Lambda Operator Guide, on-demand scaling";

/** 5,000 calls that stay, then one more every millisecond: whatever may be created is created at once. */
const insistent = {
  type: "times",
  at: [{ t: "0s", count: 5000 }, ...Array.from({ length: 120_000 }, (_, i) => `${i + 1}ms`)],
};

function ramp(scaling: unknown, interval: string, quota = 5000, horizon = "2m"): Float64Array {
  const account = { concurrency: quota, scaling: scaling as never };
  const { f } = run(one({ duration: "15m" }, insistent, { horizon, account, measure: { interval } }));
  return f.timeline!.coldStarts;
}

const RULES = [
  ["today's rule", "aws", 1000, 100],
  ["burst 3,000", burst(3000), 3000, PER_MINUTE / 60],
  ["burst 1,000", burst(1000), 1000, PER_MINUTE / 60],
  ["burst 500", burst(500), 500, PER_MINUTE / 60],
  ["burst 100", burst(100), 100, PER_MINUTE / 60],
] as const;

/** Throttles of 10,000 requests that come in waves a minute apart, against a quota of 10,000. */
function throttled(scaling: unknown, waveSizes: readonly number[]): number {
  const arrivals = waves(...waveSizes.map((n, minute): [string, number] => [`${minute}m`, n]));
  const account = { concurrency: 10_000, scaling: scaling as never };
  const { f } = run(one({ duration: "10s", keepAlive: "10m" }, arrivals, { horizon: "10m", account }));
  return f.counters.throttled;
}

const WAVES = [
  ["10,000", [10_000], 7000, 9000],
  ["5,000 + 5,000", [5000, 5000], 3500, 7000],
  ["3,333 + 3,333 + 3,334", [3333, 3333, 3334], 333, 4000],
  ["4 × 2,500", [2500, 2500, 2500, 2500], 0, 2000],
] as const;

/** How fast new environments may come. */
export const scalingRate: Case[] = [
  {
    id: "spike-fluid",
    group: "theory",
    subject: "scaling rate",
    title: "From nothing to 1,000/s of 1 s against 100 environments and 500 more a minute",
    source: "token bucket as a fluid: busy = B + r t",
    unit: "",
    run: () => {
      const fluid = fluidSpike(1000, 1, 100, PER_MINUTE / 60);
      const scenario = one({ duration: exponential("1s") }, poisson("1000/s"), {
        horizon: "5m",
        account: { concurrency: "unlimited", scaling: burst(100) },
        measure: { interval: "1s" },
      });
      const timelines = SEEDS.map((seed) => run(scenario, seed).f.timeline!);
      const row = (
        what: string,
        expected: number,
        of: (t: (typeof timelines)[number]) => number,
        tolerance: number,
      ): Row => ({
        what,
        expected,
        got: farthest(expected, timelines.map(of)),
        tolerance,
        from: "stated",
      });
      const busy = (t: number) => (timeline: (typeof timelines)[number]) =>
        (timeline.concurrencyMean[t - 1]! + timeline.concurrencyMean[t]!) / 2;
      return [
        row("busy at 30 s", fluid.busy(30), busy(30), 7),
        row("busy at 60 s", fluid.busy(60), busy(60), 11),
        row("throttled by 30 s", fluid.throttledBy(30), (t) => sum(t.throttles, 0, 30), 1100),
        row("throttled by 60 s", fluid.throttledBy(60), (t) => sum(t.throttles, 0, 60), 1560),
        row("throttled in all", fluid.throttledBy(300), (t) => sum(t.throttles), 2080),
      ];
    },
  },
  {
    id: "operator-guide-waves",
    group: "aws",
    subject: "scaling rate",
    title: "10,000 requests in waves a minute apart under the old rule (3,000, then 500 a minute): throttled",
    source: GUIDE,
    unit: "calls",
    run: () => WAVES.map(([what, sizes, old]) => exactly(what, old, throttled(burst(3000), sizes))),
  },
  {
    id: "A8",
    group: "aws",
    subject: "scaling rate",
    title: "The same waves under today's rule (1,000 in 10 s for each function): throttled",
    source: "AWS Lambda developer guide, scaling behaviour",
    unit: "calls",
    run: () => WAVES.map(([what, sizes, , now]) => exactly(what, now, throttled("aws", sizes))),
  },
  {
    id: "A7",
    group: "aws",
    subject: "scaling rate",
    title: "5,000 long calls at once under today's rule",
    source: "AWS Lambda developer guide, scaling behaviour",
    unit: "calls",
    run: () => {
      const account = { concurrency: 10_000, scaling: "aws" };
      const { counters } = run(
        one({ duration: "15m" }, waves(["0s", 5000]), { horizon: "1m", account: account as never }),
      ).f;
      return [exactly("served", 1000, counters.coldStarts), exactly("throttled", 4000, counters.throttled)];
    },
  },
  {
    id: "A9",
    group: "aws",
    subject: "scaling rate",
    title:
      "Environments made before 10, 20, 40, 60 and 108 s for 5,000 insistent calls, whichever is farthest off (the one of that very instant is not counted)",
    source: "min(5,000, B + r t); AWS Lambda developer guide 2023 and now",
    unit: "environments",
    run: () =>
      RULES.map(([what, scaling, size, refill]): Row => {
        const quota = what === "burst 100" ? 1000 : 5000;
        const cold = ramp(scaling, "1s", quota);
        const at = [10, 20, 40, 60, 108].map((t) => ({
          expected: Math.min(quota, size + refill * t),
          got: sum(cold, 0, t),
        }));
        const worst = at.reduce((a, b) =>
          Math.abs(b.got - b.expected) > Math.abs(a.got - a.expected) ? b : a,
        );
        return { what, ...worst, tolerance: 1, from: "stated" };
      }),
  },
  {
    id: "A9-overtakes",
    group: "aws",
    subject: "scaling rate",
    title: "When today's rule overtakes the old one of the large Regions",
    source: "2,000 / (100 − 500/60)",
    unit: "s",
    run: () => {
      const now = ramp("aws", "10ms", 5000, "30s");
      const then = ramp(burst(3000), "10ms", 5000, "30s");
      let lead = 0;
      const row = now.findIndex((n, i) => (lead += n - then[i]!) > 0);
      return {
        what: "overtakes after",
        expected: 2000 / (100 - PER_MINUTE / 60),
        got: row / 100,
        tolerance: 0.02,
        from: "stated",
      };
    },
  },
  {
    id: "A10",
    group: "aws",
    subject: "scaling rate",
    title: "Spike to 1,000 evenly spaced requests a second of 1 s, quota 1,000: throttled",
    source: "∫ (λ − B − r t) dt, fluid",
    unit: "calls",
    run: () =>
      RULES.map(([what, scaling, size, refill]): Row => {
        const { throttles } = run(
          one({ duration: "1s" }, evenly("1000/s"), {
            horizon: "3m",
            account: { concurrency: 1000, scaling: scaling as never },
            measure: { interval: "1s" },
          }),
        ).f.timeline!;
        const missing = Math.max(0, 1000 - size);
        const ends = missing / refill;
        const expected = missing * ends - (refill * ends * ends) / 2;
        return { what, expected, got: sum(throttles), tolerance: 0.015 * expected, from: "stated" };
      }),
  },
  {
    id: "A12",
    group: "aws",
    subject: "scaling rate",
    title: "Cold starts of 0.5 s inflate the peak: 1,000/s of 1 s from nothing, quota 1,000",
    source: "Little's law, λ (S + CI) against the quota",
    unit: "calls",
    run: () => {
      const { f } = run(
        one({ duration: "1s", initDuration: "500ms" }, evenly("1000/s"), {
          horizon: "60s",
          account: { concurrency: 1000, scaling: "aws", requestRate: "aws" },
          measure: { interval: "500ms" },
        }),
      );
      const { throttles } = f.timeline!;
      return [
        {
          what: "throttled from 1.0 to 1.5 s",
          expected: 500,
          got: throttles[2]!,
          tolerance: 1,
          from: "stated",
        },
        exactly("throttled at other times", 0, sum(throttles) - throttles[2]!),
        exactly("cold starts", 1000, f.counters.coldStarts, "cold starts"),
      ];
    },
  },
];
