import type { ScenarioFile } from "../sim/scenario/schema.ts";

/** What lsim is measured with: the scenario, for any number of requests, and what floor.ts must know of it. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  /** Requests a second of each traffic entry. */
  readonly rates: readonly number[];
  /** The floor turns away what finds so many in progress: where lsim refuses, about as many as lsim does. */
  readonly floorLimit: number;
  /** Millions of requests a second that it should reach on a quiet core. */
  readonly gate: number;
  /** Requests of a round: enough that what happens once a run, such as opening 20,000 functions, weighs little: it is shown apart. */
  readonly round: number;
  /** Requests of the short and of the long run whose memory is compared. */
  readonly memoryRuns: readonly [short: number, long: number];
  scenario(requests: number): ScenarioFile;
}

/** `total` shared out as 1, 2^−s, 3^−s, …, then dealt all over the list: busy functions seldom stand side by side. */
function zipf(count: number, s: number, total: number, stride: number): number[] {
  const weights = Array.from({ length: count }, (_, k) => (k + 1) ** -s);
  const sum = weights.reduce((a, b) => a + b, 0);
  const rates = new Array<number>(count);
  weights.forEach((weight, k) => {
    rates[(k * stride) % count] = (total * weight) / sum;
  });
  return rates;
}

const nameOf = (i: number) => `f${i}`;

/** One function for each rate, all alike but for their reservations: lognormal 200 ms, cold 400 ms, kept 10 minutes. */
function scenario(
  name: string,
  rates: readonly number[],
  requests: number,
  concurrency: number,
  detail: "auto" | "all",
  reserved: ReadonlyMap<number, number> = new Map(),
): ScenarioFile {
  const shared = {
    timeout: "15m",
    initDuration: { type: "constant", value: "400ms" },
    duration: { type: "lognormal", mean: "200ms", cv: 1 },
    keepAlive: { type: "fixed", value: "10m" },
  } as const;
  const total = rates.reduce((a, b) => a + b, 0);
  return {
    lsim: 1,
    name,
    seed: 1,
    horizon: `${Math.round(requests / total)}s`,
    account: { concurrency },
    functions: Object.fromEntries(
      rates.map((_, i) => {
        const reservedConcurrency = reserved.get(i);
        return [nameOf(i), reservedConcurrency === undefined ? shared : { ...shared, reservedConcurrency }];
      }),
    ),
    traffic: rates.map((rate, i) => ({
      to: nameOf(i),
      arrivals: { type: "poisson", rate: `${rate.toFixed(9)}/s` },
    })),
    measure: { detail },
  };
}

const w1Rates = [1000];

const w2Rates = zipf(100, 1, 5000, 37);
/** Ten functions hold 20 each, whatever they need, so that some refuse, some waste, and the other ninety are short. */
const w2Reserved = new Map(Array.from({ length: 10 }, (_, i) => [10 * i + 5, 20]));

// Azure's trace of 2019 (Shahrad et al., ATC 2020): four functions in five are called less than once a minute. So are these.
const w3Rates = zipf(20_000, 1.3, 2000, 7919);

export const WORKLOADS: readonly Workload[] = [
  {
    name: "W1",
    about: "1 function, Poisson 1,000/s",
    rates: w1Rates,
    floorLimit: Number.POSITIVE_INFINITY,
    gate: 4.0,
    round: 10_000_000,
    memoryRuns: [1_000_000, 20_000_000],
    scenario: (requests) => scenario("w1", w1Rates, requests, 1000, "all"),
  },
  {
    name: "W2",
    about: "100 functions, Zipf rates, 5,000/s in all, sharing a concurrency of 1,000; ten reserved",
    rates: w2Rates,
    floorLimit: 870,
    gate: 4.0,
    round: 10_000_000,
    memoryRuns: [1_000_000, 20_000_000],
    scenario: (requests) => scenario("w2", w2Rates, requests, 1000, "all", w2Reserved),
  },
  {
    name: "W3",
    about:
      "20,000 functions, 4 in 5 called less than once a minute, 2,000/s in all; percentiles of the account",
    rates: w3Rates,
    floorLimit: Number.POSITIVE_INFINITY,
    gate: 2.8,
    round: 10_000_000,
    memoryRuns: [1_000_000, 5_000_000],
    scenario: (requests) => scenario("w3", w3Rates, requests, 5000, "auto"),
  },
];
