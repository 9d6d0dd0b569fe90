import { ScenarioError } from "../../sim/scenario/problem.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { type Experiment, evenly, lab, of, one, run, waves } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";

const GUIDE = "AWS Lambda developer guide, concurrency";

type Limits = { reservedConcurrency?: number; provisionedConcurrency?: number };

/** So many calls of 10 s to each function at one instant, in an account with a quota of 1,000. */
function rush(functions: Record<string, Limits>, counts: Record<string, number>) {
  const experiment: Experiment = {
    horizon: "30s",
    account: { concurrency: 1000 },
    functions: Object.fromEntries(Object.entries(functions).map(([n, f]) => [n, { duration: "10s", ...f }])),
    traffic: Object.entries(counts).map(([to, n]) => ({ to, arrivals: waves(["1s", n]) })),
  };
  const scenario = lab(experiment);
  const { result } = run(scenario);
  return {
    account: result.account,
    served: (name: string) => of(result, scenario, name).counters.invocations,
    counters: (name: string) => of(result, scenario, name).counters,
  };
}

/** The most of a setting that a scenario may have in an account of this size. */
function mostAllowed(setting: keyof Limits, concurrency: number): number {
  const allowed = (n: number) => {
    try {
      const account = { concurrency } as ScenarioFile["account"];
      one({ duration: "1s", [setting]: n }, evenly("1/s"), { horizon: "1m", ...(account && { account }) });
      return true;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      return false;
    }
  };
  let low = 0;
  let high = concurrency + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (allowed(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Quotas, reservations, provisioned concurrency, requests a second. */
export const concurrency: Case[] = [
  {
    id: "reserved-400-400",
    group: "aws",
    subject: "concurrency",
    title: "Quota 1,000, 400 reserved for blue and for orange; 450 calls to orange, 150 to green and to grey",
    source: GUIDE,
    unit: "calls",
    run: () => {
      const functions = {
        blue: { reservedConcurrency: 400 },
        orange: { reservedConcurrency: 400 },
        green: {},
        grey: {},
      };
      const { served, counters } = rush(functions, { orange: 450, green: 150, grey: 150, blue: 10 });
      return [
        exactly("orange served", 400, served("orange")),
        exactly("orange throttled", 50, counters("orange").throttled),
        exactly("green and grey served", 200, served("green") + served("grey")),
      ];
    },
  },
  {
    id: "provisioned-400",
    group: "aws",
    subject: "concurrency",
    title: "400 provisioned for orange: it bursts into what everyone shares",
    source: GUIDE,
    unit: "calls",
    run: () => {
      const alone = rush({ orange: { provisionedConcurrency: 400 } }, { orange: 1100 });
      const both = rush({ orange: { provisionedConcurrency: 400 }, blue: {} }, { blue: 500, orange: 700 });
      return [
        exactly("served alone", 1000, alone.served("orange")),
        exactly("cold alone", 600, alone.counters("orange").coldStarts),
        exactly("served together with 500 of blue", 500, both.served("orange")),
      ];
    },
  },
  {
    id: "provisioned-200-of-400",
    group: "aws",
    subject: "concurrency",
    title: "200 provisioned of 400 reserved for orange: 450 calls to it, 700 to blue",
    source: GUIDE,
    unit: "calls",
    run: () => {
      const functions = { orange: { reservedConcurrency: 400, provisionedConcurrency: 200 }, blue: {} };
      const { counters, served } = rush(functions, { orange: 450, blue: 700 });
      return [
        exactly("cold", 200, counters("orange").coldStarts),
        exactly("throttled", 50, counters("orange").throttled),
        exactly("blue served", 600, served("blue")),
      ];
    },
  },
  {
    id: "claimed",
    group: "aws",
    subject: "concurrency",
    title: "ClaimedAccountConcurrency with 600 reserved and 200 provisioned",
    source: "AWS Lambda developer guide, monitoring concurrency",
    unit: "",
    run: () => {
      const functions = {
        orange: { reservedConcurrency: 600 },
        green: { provisionedConcurrency: 200 },
        blue: {},
      };
      const claimed = (counts: Record<string, number>) => rush(functions, counts).account.claimedMax;
      return [
        exactly("nothing else in use", 800, claimed({ orange: 10, green: 200 })),
        exactly("100 unreserved in use", 900, claimed({ orange: 10, blue: 100 })),
        exactly("50 spilled, 50 unreserved", 900, claimed({ orange: 600, green: 250, blue: 50 })),
      ];
    },
  },
  {
    id: "A6",
    group: "aws",
    subject: "concurrency",
    title: "The most that can be reserved or provisioned",
    source: GUIDE,
    unit: "",
    run: () => [
      exactly("reserved of 1,000", 900, mostAllowed("reservedConcurrency", 1000)),
      exactly("reserved of 2,000", 1900, mostAllowed("reservedConcurrency", 2000)),
      exactly("reserved of 10", 0, mostAllowed("reservedConcurrency", 10)),
      exactly("provisioned of 1,000", 900, mostAllowed("provisionedConcurrency", 1000)),
      exactly(
        "left by 200 reserved of 1,000",
        800,
        rush({ f: { reservedConcurrency: 200 }, g: {} }, { g: 1000 }).served("g"),
      ),
    ],
  },
  {
    id: "A11",
    group: "aws",
    subject: "concurrency",
    title: "Ten requests a second for each unit of concurrency (a second)",
    source: GUIDE,
    unit: "calls",
    run: () => {
      const flood = (quota: number) =>
        run(
          one({ duration: "50ms" }, evenly("20000/s"), {
            horizon: "7s",
            warmup: "2s",
            account: { concurrency: quota, requestRate: "aws" },
          }),
        ).f;
      const provisioned = run(
        one({ duration: "10ms", provisionedConcurrency: 10 }, evenly("150/s"), {
          horizon: "25s",
          warmup: "5s",
          account: { concurrency: 1000, requestRate: "aws" },
        }),
      ).f;
      const row = (what: string, expected: number, got: number): Row => ({
        what,
        expected,
        got,
        tolerance: 1,
        from: "stated",
      });
      return [
        row("throttled of 20,000, quota 1,000", 10_000, flood(1000).counters.throttled / 5),
        { ...row("concurrency then", 500, flood(1000).concurrency.mean), tolerance: 0.1, unit: "" },
        row("throttled of 20,000, quota 2,000", 0, flood(2000).counters.throttled / 5),
        row("spilled of 150 by 10 provisioned", 50, provisioned.counters.spillover / 20),
      ];
    },
  },
  {
    id: "limit-waves",
    group: "aws",
    subject: "concurrency",
    title: "Simultaneous calls against a limit: throttled",
    source: "k − min(k, L)",
    unit: "calls",
    run: () =>
      (
        [
          [800, 300],
          [5000, 1],
          [10, 1000],
        ] as const
      ).map(([calls, limit]) => {
        const { f } = run(
          one({ duration: "1s", reservedConcurrency: limit }, waves(["1s", calls]), { horizon: "10s" }),
        );
        return exactly(`${calls} against ${limit}`, calls - Math.min(calls, limit), f.counters.throttled);
      }),
  },
  {
    id: "provisioned-minute-calls",
    group: "aws",
    subject: "concurrency",
    title: "One call of 2 min a minute on 10 provisioned",
    source: "AWS Lambda developer guide, monitoring concurrency",
    unit: "",
    run: () => {
      const { f } = run(
        one({ duration: "2m", provisionedConcurrency: 10 }, evenly("1/m"), {
          horizon: "30m",
          measure: { interval: "1m" },
        }),
      );
      return [
        exactly("ProvisionedConcurrencyInvocations in minute 5", 1, f.timeline!.invocations[4]!),
        exactly("ProvisionedConcurrentExecutions in minute 1", 1, f.timeline!.concurrencyMax[0]!),
        exactly("ProvisionedConcurrentExecutions in minute 5", 2, f.timeline!.concurrencyMax[4]!),
      ];
    },
  },
];
