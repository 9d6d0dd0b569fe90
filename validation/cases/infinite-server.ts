import { addTimes, levelQuantile } from "../../sim/measure/occupancy.ts";
import { exponential, one, poisson, run, SEEDS, sum } from "../../test/support/lab.ts";
import { poissonAbove, poissonQuantile, SIGMAS } from "../../test/support/theory.ts";
import { type Case, exactly, farthest, type Row } from "../case.ts";
import { bySeed } from "../runs.ts";

/** Standard errors of time averages of M/G/∞ over so many services; exponential service is the worst case. */
const meanError = (load: number, span: number) => Math.sqrt((2 * load) / span);
const varianceError = (load: number, span: number) => Math.sqrt((2 * load * load + 2 * load) / span);
const shareOfTimeError = (p: number, span: number) => Math.sqrt((2 * p * (1 - p)) / span);

const SOURCE = "M/G/∞: concurrency is Poisson";

/** Mean and variance over `span` services. */
function moments(name: string, duration: unknown, load: number, perSecond: number, span: number): Row[] {
  const seconds = (span * load) / perSecond;
  const scenario = one({ duration: duration as never }, poisson(`${perSecond}/s`), {
    horizon: `${seconds + 100}s`,
    warmup: "100s",
  });
  const runs = bySeed(scenario);
  return [
    {
      what: `mean, ${name}`,
      expected: load,
      got: farthest(
        load,
        runs.map((f) => f.concurrency.mean),
      ),
      tolerance: SIGMAS * meanError(load, span),
      from: "chance",
    },
    {
      what: `variance, ${name}`,
      expected: load,
      got: farthest(
        load,
        runs.map((f) => f.concurrency.variance),
      ),
      tolerance: SIGMAS * varianceError(load, span),
      from: "chance",
    },
  ];
}

/** Without limits every request finds an environment: the infinite-server queue. */
export const infiniteServer: Case[] = [
  {
    id: "infinite-moments",
    group: "theory",
    subject: "infinite-server",
    title: "20 requests a second of 250 ms: mean and variance of concurrency",
    source: SOURCE,
    unit: "",
    run: () => [
      ...moments("exponential", exponential("250ms"), 5, 20, 200_000),
      ...moments("constant", "250ms", 5, 20, 200_000),
      ...moments("lognormal", { type: "lognormal", mean: "250ms", cv: 1 }, 5, 20, 200_000),
    ],
  },
  {
    id: "infinite-quantiles",
    group: "theory",
    subject: "infinite-server",
    title: "20 requests a second of 250 ms: quantiles of concurrency over time",
    source: SOURCE,
    unit: "",
    run: () => {
      const scenario = one({ duration: exponential("250ms") }, poisson("20/s"), {
        horizon: "50100s",
        warmup: "100s",
      });
      const runs = SEEDS.map((seed) => run(scenario, seed).result.account.concurrencyTimes);
      const above = poissonAbove(5, 10);
      return [
        ...[0.5, 0.9, 0.95, 0.99, 0.999].map((p) => {
          const expected = poissonQuantile(5, p);
          return exactly(
            `p${100 * p}`,
            expected,
            farthest(
              expected,
              runs.map((times) => levelQuantile(times, p)),
            ),
          );
        }),
        {
          what: "time above 10",
          expected: above,
          got: farthest(
            above,
            runs.map((times) => sum(times, 11) / sum(times)),
          ),
          tolerance: SIGMAS * shareOfTimeError(above, 200_000),
          from: "chance",
          unit: "%",
        },
      ];
    },
  },
  {
    id: "A2",
    group: "theory",
    subject: "infinite-server",
    title: "Offered loads of 50, 100 and 200",
    source: SOURCE,
    unit: "",
    run: (): Row[] => {
      const scenario = one({ duration: exponential("1s") }, poisson("100/s"), {
        horizon: "20030s",
        warmup: "30s",
      });
      const times = SEEDS.map((seed) => run(scenario, seed).result.account.concurrencyTimes);
      const above = poissonAbove(100, 120);
      return [
        ...[50, 100, 200].flatMap((load) =>
          moments(`load ${load}`, exponential("1s"), load, load, 500_000 / load),
        ),
        {
          what: "time above 120 at load 100",
          expected: above,
          got: farthest(
            above,
            times.map((t) => sum(t, 121) / sum(t)),
          ),
          tolerance: SIGMAS * shareOfTimeError(above, 20_000),
          from: "chance",
          unit: "%",
        },
        exactly(
          "least level that 1 % of the time is not above, load 100, all seeds",
          poissonQuantile(100, 0.99),
          levelQuantile(times.reduce(addTimes), 0.99),
        ),
      ];
    },
  },
  {
    id: "infinite-from-empty",
    group: "theory",
    subject: "infinite-server",
    title: "From empty at 40,000 requests a second of 1 s: mean concurrency in each second",
    source: "M/G/∞: λ ∫ P(S > u) du",
    unit: "",
    run: () => {
      const load = 40_000;
      const scenario = one({ duration: exponential("1s") }, poisson(`${load}/s`), {
        horizon: "6s",
        measure: { interval: "1s" },
      });
      const runs = bySeed(scenario);
      return [0, 1, 5].map((k): Row => {
        const expected = load * (1 - Math.exp(-k) * (1 - Math.exp(-1)));
        return {
          what: `second ${k + 1}`,
          expected,
          got: farthest(
            expected,
            runs.map((f) => f.timeline!.concurrencyMean[k]!),
          ),
          tolerance: SIGMAS * Math.sqrt(expected),
          from: "chance",
        };
      });
    },
  },
  {
    id: "infinite-rising-rate",
    group: "theory",
    subject: "infinite-server",
    title:
      "A rate that rises to 20,000/s in 10 s, constant durations of 2 s: mean concurrency in the 10th second",
    source: "M/G/∞: ∫ λ(t−u) P(S > u) du",
    unit: "",
    run: () => {
      const arrivals = { type: "stages", stages: [{ duration: "10s", target: "20000/s" }] };
      const scenario = one({ duration: "2s" }, arrivals, { horizon: "10s", measure: { interval: "1s" } });
      // The integral of 2,000 u over the last two seconds, averaged over the tenth.
      const expected = 2000 * 2 * (9.5 - 1);
      return {
        what: "second 10",
        expected,
        got: farthest(
          expected,
          bySeed(scenario).map((f) => f.timeline!.concurrencyMean[9]!),
        ),
        tolerance: SIGMAS * Math.sqrt(expected),
        from: "chance",
      };
    },
  },
];
