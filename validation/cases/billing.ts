import { billFor } from "../../sim/pricing/bill.ts";
import { addUsage, MB_MS_PER_GB_SECOND, type Usage } from "../../sim/pricing/items.ts";
import { standingUsage, usageOf } from "../../sim/pricing/meter.ts";
import { moneyText } from "../../sim/pricing/money.ts";
import { PRICE_TABLES } from "../../sim/pricing/rates.ts";
import { runUsage } from "../../sim/pricing/run-usage.ts";
import { HOUR } from "../../sim/units.ts";
import { evenly, exponential, one, poisson, run, waves } from "../../test/support/lab.ts";
import { ceiledExponential } from "../../test/support/theory.ts";
import { type Case, exactly, farthest, type Row } from "../case.ts";
import { bySeed } from "../runs.ts";

const prices = PRICE_TABLES.find(({ region }) => region === "us-east-1")!;
const EXAMPLES = "AWS Lambda pricing page, examples";
const SEED = "seed document's examples, checked against the price list";
type Architecture = "x86_64" | "arm64";

const dollars = (usage: Usage, freeTier: boolean, only?: (item: string) => boolean): number => {
  const { lines, total } = billFor(usage, prices, freeTier);
  const picked = only
    ? lines.filter(({ item }) => only(item)).reduce((sum, { cost }) => sum + cost, 0n)
    : total;
  return Number(moneyText(picked));
};

/** What a run's counters come to, so many times over. */
function used(scenario: ReturnType<typeof one>, times = 1): Usage {
  return addUsage([runUsage(scenario, run(scenario).result).run.all()], times);
}

/** 100 warm calls a second for 1,000 s, so many times over: 100,000 calls each. */
function manyCalls(
  millions: number,
  ms: number,
  memory: number,
  architecture: Architecture = "x86_64",
): Usage {
  const scenario = one({ duration: `${ms}ms`, memorySize: `${memory} MB`, architecture }, evenly("100/s"), {
    horizon: "1000s",
  });
  return used(scenario, (millions * 1e6) / 100_000);
}

/** Ten environments of 1 GB for a month of 730 h, provisioned or on demand, idle or always busy. */
function month(provisioned: boolean, busy: boolean): Usage {
  const everySlot = waves(
    ...Array.from({ length: (730 * 3600) / 900 }, (_, i): [string, number] => [`${i * 900}s`, 10]),
  );
  return used(
    one(
      { duration: "900s", memorySize: "1024 MB", ...(provisioned && { provisionedConcurrency: 10 }) },
      busy ? everySlot : evenly("0/s"),
      { horizon: "730h" },
    ),
  );
}

const notRequests = (item: string) => !item.includes("requests");

/** Billed milliseconds and the bill, to the last digit. */
export const billing: Case[] = [
  {
    id: "A25",
    group: "aws",
    subject: "billing",
    title: "Billed duration of one cold call, init + duration",
    source: "REPORT lines of the AWS Lambda developer guide and AWS Compute Blog 2025-04-29",
    unit: "ms",
    run: () =>
      (
        [
          ["80.00ms", "133.61ms", true, 214],
          ["84.00ms", "3016.78ms", true, 3101],
          ["89.14ms", "41.27ms", true, 131],
          ["0ms", "12.02ms", true, 13],
          ["91.60ms", "38.90ms", false, 39],
          ["0ms", "1.000ms", true, 1],
          ["0ms", "0.01ms", true, 1],
        ] as const
      ).map(([init, duration, billInit, billed]) => {
        const scenario = one({ initDuration: init, duration }, waves(["0s", 1]), {
          horizon: "1m",
          pricing: { billInit },
        });
        const what = `${init} + ${duration}${billInit ? "" : ", init free"}`;
        return exactly(what, billed, run(scenario).f.counters.billedMs);
      }),
  },
  {
    id: "billed-exponential",
    group: "theory",
    subject: "billing",
    title: "Mean billed duration of exponential times of mean 10 ms",
    source: "1 / (1 − e^(−1/10))",
    unit: "ms",
    run: () => {
      const scenario = one({ duration: exponential("10ms") }, poisson("1000/s"), { horizon: "1000s" });
      const expected = ceiledExponential(10);
      const means = bySeed(scenario).map(({ counters: c }) => c.billedMs / c.invocations);
      return { what: "mean", expected, got: farthest(expected, means), tolerance: 0.044, from: "stated" };
    },
  },
  {
    id: "A13",
    group: "aws",
    subject: "billing",
    title: "10 million calls of 500 ms at 1 GB, free tier taken off",
    source: SEED,
    unit: "$",
    run: () => [
      exactly("x86", 78.46682, dollars(manyCalls(10, 500, 1024), true)),
      exactly("Arm", 63.13364, dollars(manyCalls(10, 500, 1024, "arm64"), true)),
    ],
  },
  {
    id: "A14",
    group: "aws",
    subject: "billing",
    title: "100 million calls of 100 ms at 1 GB on x86",
    source: SEED,
    unit: "$",
    run: () => {
      const usage = manyCalls(100, 100, 1024);
      return [
        exactly("with the free tier", 179.80032, dollars(usage, true)),
        exactly(
          "without its compute part",
          186.467,
          Number(
            (dollars(usage, true) - dollars(usage, true, (i) => i.startsWith("free tier: duration"))).toFixed(
              9,
            ),
          ),
        ),
      ];
    },
  },
  {
    id: "A15",
    group: "aws",
    subject: "billing",
    title: "20 billion GB-seconds on x86 through three tiers, from counters",
    source: "AWS price list",
    unit: "$",
    run: () => {
      const usage = { "duration.x86_64": 20e9 * MB_MS_PER_GB_SECOND };
      return exactly("total", 301_667.2, dollars(usage, false));
    },
  },
  {
    id: "A18",
    group: "aws",
    subject: "billing",
    title: "10 × 1 GB for 730 h, provisioned and on demand, requests left out",
    source: "AWS price list",
    unit: "$",
    run: () => {
      const cost = (provisioned: boolean, busy: boolean) =>
        dollars(month(provisioned, busy), false, notRequests);
      const [fee, full, onDemand] = [cost(true, false), cost(true, true), cost(false, true)];
      return [
        exactly("provisioned, idle", 109.500876, fee),
        exactly("provisioned, always busy", 365.000292, full),
        exactly("on demand, always busy", 438.000876, onDemand),
        exactly("break-even utilisation", 0.6, Number((fee / (onDemand - (full - fee))).toFixed(9)), "%"),
      ];
    },
  },
  {
    id: "A28",
    group: "aws",
    subject: "billing",
    title: "10 million calls of which 1 % are cold with 250 ms of init at 1 GB: what billing init adds",
    source: "AWS Compute Blog 2025-04-29",
    unit: "$",
    run: () => {
      // A thousand at once, cold, then the same environments 99 times more.
      const at = waves(...Array.from({ length: 100 }, (_, i): [string, number] => [`${i}s`, 1000]));
      const bill = (billInit: boolean) =>
        dollars(
          used(
            one({ duration: "500ms", initDuration: "250ms", memorySize: "1024 MB" }, at, {
              horizon: "200s",
              pricing: { billInit },
            }),
            100,
          ),
          true,
        );
      return exactly("more", 0.4166675, Number((bill(true) - bill(false)).toFixed(9)));
    },
  },
  {
    id: "pricing-examples",
    group: "aws",
    subject: "billing",
    title: "AWS's own pricing examples",
    source: EXAMPLES,
    unit: "$",
    run: (): Row[] => {
      const mixed = {
        architecture: "x86_64",
        memorySize: 1536,
        provisionedConcurrency: 100,
      } as const;
      const counters = { invocations: 3e6, billedMs: 2.5e6 * 120, provisionedBilledMs: 500_000 * 100 };
      const cents = (what: string, expected: number, got: number): Row => ({
        what,
        expected,
        got,
        tolerance: 0.005,
        from: "digits",
      });
      return [
        cents("3 million of 120 ms at 1,536 MB", 2.73, dollars(manyCalls(3, 120, 1536), true)),
        cents(
          "7.44 million of 2 s at 1 GB, free tier ignored",
          249.49,
          dollars(manyCalls(7.44, 2000, 1024), false),
        ),
        cents(
          "100 provisioned at 1,536 MB for 8 h, 3 million calls (from counters)",
          19.96,
          dollars(addUsage([usageOf(mixed, counters), standingUsage(mixed, 8 * HOUR)]), true),
        ),
      ];
    },
  },
];
