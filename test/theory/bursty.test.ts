import { describe, expect, test } from "vitest";
import { burstyLoss, mmpp, openLoss, type Phase, REQUESTS } from "../support/chains.ts";
import { exponential, near, one, run, SEEDS, sum, throttleShare } from "../support/lab.ts";
import { erlangB, erlangBError, SIGMAS } from "../support/theory.ts";

const HORIZON = 200_000;
const busy = ([, n]: readonly number[]) => n!;

const scenario = (phases: readonly Phase[], reserved: number, service: number, seconds: number) =>
  one({ reservedConcurrency: reserved, duration: exponential(`${service}s`) }, mmpp(phases), {
    horizon: `${seconds + 1000}s`,
    warmup: "1000s",
  });

/** What requests see, how much is busy, and for how long all places are taken. */
function figures(
  phases: readonly Phase[],
  reserved: number,
  service: number,
  seed: string,
  seconds = HORIZON,
) {
  const { f, result } = run(scenario(phases, reserved, service, seconds), seed);
  const times = result.account.concurrencyTimes;
  return { throttled: throttleShare(f), busy: f.concurrency.mean, full: (times[reserved] ?? 0) / sum(times) };
}

describe("bursty requests on reserved concurrency: MMPP/M/N/N as a Markov chain", () => {
  test.each([
    [
      "calm and busy",
      [
        { rate: 2, stay: 30 },
        { rate: 12, stay: 10 },
      ],
      8,
      1,
    ],
    [
      "silent and busy",
      [
        { rate: 0, stay: 20 },
        { rate: 9, stay: 5 },
      ],
      6,
      0.7,
    ],
    [
      "bursts shorter than a call",
      [
        { rate: 1, stay: 4 },
        { rate: 40, stay: 0.2 },
      ],
      5,
      2,
    ],
    [
      "three phases",
      [
        { rate: 1, stay: 50 },
        { rate: 6, stay: 20 },
        { rate: 25, stay: 3 },
      ],
      12,
      1.3,
    ],
  ] as const)(
    "%s: throttled share, mean concurrency and time with all taken",
    (_, phases, reserved, service) => {
      const chain = burstyLoss(phases, reserved, service);
      const all = (state: readonly number[]) => (busy(state) === reserved ? 1 : 0);
      const share = chain.share("refused", REQUESTS);
      for (const seed of SEEDS) {
        const found = figures(phases, reserved, service, seed);
        const tolerance = SIGMAS * chain.shareError("refused", REQUESTS, HORIZON);
        expect(tolerance).toBeLessThan(0.12 * share);
        expect(near(found.throttled, share, tolerance)).toBe(true);
        expect(near(found.busy, chain.mean(busy), SIGMAS * chain.meanError(busy, HORIZON))).toBe(true);
        expect(near(found.full, chain.mean(all), SIGMAS * chain.meanError(all, HORIZON))).toBe(true);
      }
      // Requests come when it is full more often than time says, and more of them are lost than Erlang's formula has.
      const time = phases.reduce((n, { stay }) => n + stay, 0);
      const load = (service * phases.reduce((n, { rate, stay }) => n + rate * stay, 0)) / time;
      expect(share).toBeGreaterThan(1.3 * chain.mean(all));
      expect(share).toBeGreaterThan(1.3 * erlangB(reserved, load));
    },
  );

  test("the tolerances are no wider than the runs differ", () => {
    const phases = [
      { rate: 2, stay: 30 },
      { rate: 12, stay: 10 },
    ];
    const chain = burstyLoss(phases, 8, 1);
    const seconds = 40_000;
    const error = {
      throttled: chain.shareError("refused", REQUESTS, seconds),
      busy: chain.meanError(busy, seconds),
    };
    const runs = Array.from({ length: 20 }, (_, i) => figures(phases, 8, 1, `bursty-${i}`, seconds));
    const spread = (off: (run: (typeof runs)[number]) => number) =>
      Math.sqrt(runs.reduce((total, one) => total + off(one) ** 2, 0) / runs.length);
    // χ² of 20 degrees: outside these about once in 3,000 each.
    for (const found of [
      spread((r) => (r.throttled - chain.share("refused", REQUESTS)) / error.throttled),
      spread((r) => (r.busy - chain.mean(busy)) / error.busy),
    ]) {
      expect(found).toBeGreaterThan(0.5);
      expect(found).toBeLessThan(1.57);
    }
  });
});

describe("the chains", () => {
  test.each([
    [8, 5],
    [3, 2.2],
    [20, 30],
  ])("of %d places at a load of %d give Erlang's formula and its standard error", (places, load) => {
    const open = openLoss(load / 0.4, places, 0.4);
    expect(open.share("refused", REQUESTS)).toBeCloseTo(erlangB(places, load), 12);
    const seconds = 1e6 / (load / 0.4);
    expect(open.shareError("refused", REQUESTS, seconds)).toBeCloseTo(erlangBError(places, load, 1e6), 12);
    const steady = burstyLoss(
      [
        { rate: load, stay: 3 },
        { rate: load, stay: 7 },
      ],
      places,
      1,
    );
    expect(steady.share("refused", REQUESTS)).toBeCloseTo(erlangB(places, load), 12);
  });

  test("of phases that hardly ever change are Erlang's systems in turns", () => {
    const chain = burstyLoss(
      [
        { rate: 2, stay: 3e7 },
        { rate: 6, stay: 1e7 },
      ],
      5,
      1,
    );
    const lost = (3 * 2 * erlangB(5, 2) + 6 * erlangB(5, 6)) / (3 * 2 + 6);
    expect(chain.share("refused", REQUESTS)).toBeCloseTo(lost, 5);
  });
});
