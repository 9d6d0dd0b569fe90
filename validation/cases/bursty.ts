import { burstyLoss, mmpp, REQUESTS } from "../../test/support/chains.ts";
import { exponential, one, poisson, run, SEEDS, sum, throttleShare } from "../../test/support/lab.ts";
import { erlangB, SIGMAS } from "../../test/support/theory.ts";
import { type Case, farthest, type Row } from "../case.ts";
import { mean } from "../runs.ts";

/** 2 requests a second for 30 s, then 12 for 10 s, on average: 4.5 a second, each of 1 s. */
const PHASES = [
  { rate: 2, stay: 30 },
  { rate: 12, stay: 10 },
];
export const LOAD = 4.5;
const SECONDS = 100_000;
const RESERVED = [6, 8, 12, 16] as const;

const chainOf = (reserved: number) => burstyLoss(PHASES, reserved, 1);

function runsOf(reserved: number, arrivals: unknown) {
  const scenario = one({ reservedConcurrency: reserved, duration: exponential("1s") }, arrivals, {
    horizon: `${SECONDS + 500}s`,
    warmup: "500s",
  });
  return SEEDS.map((seed) => run(scenario, seed));
}

export interface Compared {
  readonly reserved: number;
  /** Throttled shares, of the theory and simulated. */
  readonly bursty: readonly [exact: number, simulated: number];
  readonly steady: readonly [exact: number, simulated: number];
}

/** What is throttled of bursty and of Poisson requests at the same average rate. */
export function compareBursty(reserved: readonly number[]): Compared[] {
  const simulated = (r: number, arrivals: unknown) =>
    mean(runsOf(r, arrivals).map(({ f }) => throttleShare(f)));
  return reserved.map((r) => ({
    reserved: r,
    bursty: [throttledBursty(r), simulated(r, mmpp(PHASES))],
    steady: [erlangB(r, LOAD), simulated(r, poisson(`${LOAD}/s`))],
  }));
}

export const throttledBursty = (reserved: number): number => chainOf(reserved).share("refused", REQUESTS);

/** Requests that come in bursts, on a reservation. */
export const bursty: Case[] = [
  {
    id: "bursty-loss",
    group: "theory",
    subject: "bursty requests",
    title: "2/s for 30 s and 12/s for 10 s in turns (4.5/s on average, 1 s each), by reserved concurrency",
    source: "MMPP/M/N/N, solved as a Markov chain",
    unit: "%",
    run: () =>
      RESERVED.flatMap((reserved): Row[] => {
        const runs = runsOf(reserved, mmpp(PHASES));
        const chain = chainOf(reserved);
        const busy = ([, n]: readonly number[]) => n!;
        const full = ([, n]: readonly number[]) => (n === reserved ? 1 : 0);
        const row = (what: string, expected: number, error: number, values: number[]): Row => ({
          what: `${what}, ${reserved} reserved`,
          expected,
          got: farthest(expected, values),
          tolerance: SIGMAS * error,
          from: "chance",
        });
        return [
          row(
            "throttled",
            chain.share("refused", REQUESTS),
            chain.shareError("refused", REQUESTS, SECONDS),
            runs.map(({ f }) => throttleShare(f)),
          ),
          row(
            "time with all taken",
            chain.mean(full),
            chain.meanError(full, SECONDS),
            runs.map(({ result: { account } }) => {
              const times = account.concurrencyTimes;
              return (times[reserved] ?? 0) / sum(times);
            }),
          ),
          {
            ...row(
              "mean concurrency",
              chain.mean(busy),
              chain.meanError(busy, SECONDS),
              runs.map(({ f }) => f.concurrency.mean),
            ),
            unit: "",
          },
        ];
      }),
  },
];
