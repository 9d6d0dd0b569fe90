import { overflow } from "../../test/support/chains.ts";
import {
  exponential,
  lab,
  meanOf,
  of,
  one,
  poisson,
  run,
  SEEDS,
  spilloverShare,
  sum,
  throttleShare,
} from "../../test/support/lab.ts";
import { erlangB, erlangBError, overflowVariance, SIGMAS } from "../../test/support/theory.ts";
import { type Case, exactly, farthest, type Row } from "../case.ts";
import { bySeed, seedsUpTo } from "../runs.ts";

const ERLANG = "Erlang's loss formula";
const LAWS = [
  ["exponential", exponential("1s")],
  ["constant", "1s"],
  ["lognormal (cv 1.5)", { type: "lognormal", mean: "1s", cv: 1.5 }],
] as const;

/** Reserved concurrency, a shared pool and provisioned concurrency are loss systems. */
export const loss: Case[] = [
  {
    id: "loss-insensitive",
    group: "theory",
    subject: "loss",
    title: "8 reserved at an offered load of 5, whatever the law of durations",
    source: ERLANG,
    unit: "%",
    run: () =>
      LAWS.flatMap(([law, duration]) => {
        const scenario = one({ reservedConcurrency: 8, duration }, poisson("5/s"), {
          horizon: "201000s",
          warmup: "1000s",
        });
        const runs = bySeed(scenario);
        const share = erlangB(8, 5);
        const busy = 5 * (1 - share);
        return [
          {
            what: `throttled, ${law}`,
            expected: share,
            got: farthest(share, runs.map(throttleShare)),
            tolerance: SIGMAS * erlangBError(8, 5, 1e6),
            from: "chance",
          },
          {
            what: `mean concurrency, ${law}`,
            expected: busy,
            got: farthest(
              busy,
              runs.map((f) => f.concurrency.mean),
            ),
            tolerance: 0.023,
            from: "stated",
            unit: "",
          },
        ] satisfies Row[];
      }),
  },
  {
    id: "loss-idle",
    group: "theory",
    subject: "loss",
    title: "8 reserved at an offered load of 5: time with nothing running",
    source: ERLANG,
    unit: "%",
    run: () => {
      const scenario = one({ reservedConcurrency: 8, duration: exponential("1s") }, poisson("5/s"), {
        horizon: "201000s",
        warmup: "1000s",
      });
      let weight = 1;
      let total = 1;
      for (let n = 1; n <= 8; n++) total += weight *= 5 / n;
      const expected = 1 / total;
      const shares = SEEDS.map((seed) => {
        const times = run(scenario, seed).result.account.concurrencyTimes;
        return times[0]! / sum(times);
      });
      return {
        what: "share of time idle",
        expected,
        got: farthest(expected, shares),
        tolerance: SIGMAS * Math.sqrt((2 * expected) / 200_000),
        from: "chance",
      };
    },
  },
  {
    id: "A1",
    group: "theory",
    subject: "loss",
    title: "Throttled share by reserved concurrency c and offered load a",
    source: ERLANG,
    unit: "%",
    run: () =>
      (
        [
          [10, 5],
          [5, 3],
          [10, 10],
          [100, 80],
          [200, 180],
          [1000, 950],
          [1000, 1000],
        ] as const
      ).map(([reserved, load]): Row => {
        const requests = reserved < 1000 ? 300_000 : 800_000;
        const scenario = one(
          { reservedConcurrency: reserved, duration: exponential("1s") },
          poisson(`${load}/s`),
          { horizon: `${40 + requests / load}s`, warmup: "40s" },
        );
        const expected = erlangB(reserved, load);
        return {
          what: `c ${reserved}, a ${load}`,
          expected,
          got: farthest(expected, bySeed(scenario).map(throttleShare)),
          tolerance: SIGMAS * erlangBError(reserved, load, requests),
          from: "chance",
        };
      }),
  },
  {
    id: "loss-shared-pool",
    group: "theory",
    subject: "loss",
    title: "Two functions share 20 at loads of 10 and 5, beside one with 8 reserved at a load of 5",
    source: ERLANG,
    unit: "%",
    run: () => {
      const scenario = lab({
        horizon: "80100s",
        warmup: "100s",
        account: { concurrency: 28, minimumUnreserved: 0 },
        functions: {
          short: { duration: exponential("1s") },
          long: { duration: exponential("2s") },
          own: { duration: exponential("1s"), reservedConcurrency: 8 },
        },
        traffic: [
          { to: "short", arrivals: poisson("10/s") },
          { to: "long", arrivals: poisson("2.5/s") },
          { to: "own", arrivals: poisson("5/s") },
        ],
      });
      const runs = SEEDS.map((seed) => run(scenario, seed).result);
      const shared = erlangB(20, 15);
      const own = erlangB(8, 5);
      const row = (name: string, expected: number, tolerance: number, from: Row["from"]): Row => ({
        what: `throttled, ${name}`,
        expected,
        got: farthest(
          expected,
          runs.map((result) => throttleShare(of(result, scenario, name))),
        ),
        tolerance,
        from,
      });
      return [
        row("short", shared, 0.0027, "stated"),
        row("long", shared, 0.0027, "stated"),
        row("own", own, SIGMAS * erlangBError(8, 5, 400_000), "chance"),
      ];
    },
  },
  {
    id: "provisioned-spillover",
    group: "theory",
    subject: "provisioned",
    title: "5 provisioned at a load of 4, unlimited on demand",
    source: "Erlang's loss formula; Riordan's variance of overflow",
    unit: "%",
    run: () => {
      const scenario = one({ provisionedConcurrency: 5, duration: exponential("1s") }, poisson("4/s"), {
        horizon: "20100s",
        warmup: "100s",
      });
      const runs = bySeed(scenario, seedsUpTo(30));
      const b = erlangB(5, 4);
      const row = (what: string, expected: number, values: number[], unit: Row["unit"] = "%"): Row => {
        const { mean, tolerance } = meanOf(values);
        return { what, expected, got: mean, tolerance, from: "runs", unit };
      };
      return [
        row("spillover", b, runs.map(spilloverShare)),
        row(
          "utilisation",
          (4 * (1 - b)) / 5,
          runs.map((f) => f.provisionedConcurrency.mean / 5),
        ),
        row(
          "mean on demand",
          4 * b,
          runs.map((f) => f.onDemandConcurrency.mean),
          "",
        ),
        row(
          "variance on demand",
          overflowVariance(4, 5, b),
          runs.map((f) => f.onDemandConcurrency.variance),
          "",
        ),
      ];
    },
  },
  {
    id: "overflow",
    group: "theory",
    subject: "provisioned",
    title: "What spills over at other loads: mean and variance on demand",
    source: "Riordan's formulas; tolerance by the Markov chain",
    unit: "",
    run: () =>
      (
        [
          [3, 2.4],
          [10, 12],
          [6, 11.2],
        ] as const
      ).flatMap(([places, load]): Row[] => {
        const seconds = 60_000;
        const scenario = one(
          { provisionedConcurrency: places, duration: exponential("1s") },
          poisson(`${load}/s`),
          { horizon: `${seconds + 100}s`, warmup: "100s" },
        );
        const levels = bySeed(scenario).map((f) => f.onDemandConcurrency);
        const lost = erlangB(places, load);
        const chain = overflow(load, places, 1);
        const others = ([, n]: readonly number[]) => n!;
        const row = (what: string, expected: number, error: number, values: number[]): Row => ({
          what: `${what}, ${places} provisioned at a load of ${load}`,
          expected,
          got: farthest(expected, values),
          tolerance: SIGMAS * error,
          from: "chance",
        });
        return [
          row(
            "mean",
            load * lost,
            chain.meanError(others, seconds),
            levels.map((level) => level.mean),
          ),
          row(
            "variance",
            overflowVariance(load, places, lost),
            chain.varianceError(others, seconds),
            levels.map((level) => level.variance),
          ),
        ];
      }),
  },
  {
    id: "A17",
    group: "theory",
    subject: "provisioned",
    title: "100 provisioned at a load of 80: what spills over, and only that is cold",
    source: ERLANG,
    unit: "%",
    run: () => {
      const scenario = one(
        { provisionedConcurrency: 100, duration: exponential("1s"), keepAlive: "none" },
        poisson("80/s"),
        { horizon: "12550s", warmup: "50s" },
      );
      const runs = bySeed(scenario);
      const expected = erlangB(100, 80);
      return [
        {
          what: "spillover",
          expected,
          got: farthest(expected, runs.map(spilloverShare)),
          tolerance: SIGMAS * erlangBError(100, 80, 1e6),
          from: "chance",
        },
        exactly(
          "cold starts less spillover",
          0,
          farthest(
            0,
            runs.map((f) => f.counters.coldStarts - f.counters.spillover),
          ),
          "calls",
        ),
      ];
    },
  },
];
