import { describe, expect, test } from "vitest";
import { exponential, lab, meanOf, near, poisson, run, SEEDS } from "../support/lab.ts";
import { erlangB, SIGMAS, shareError } from "../support/theory.ts";

const S = 1e6;

function queue(
  invoke: object,
  arrivals: unknown,
  duration: unknown,
  times: { horizon: string; warmup?: string },
  seed: string,
) {
  const scenario = lab({
    ...times,
    functions: { f: { duration } },
    traffic: [{ to: "f", invoke: { type: "sqs", ...invoke }, arrivals }],
  } as Parameters<typeof lab>[0]);
  return run(scenario, seed).result.entries[0]!;
}

/** The share of a histogram's values above 0. */
const waited = (buckets: Iterable<{ low: number; count: number }>, count: number) =>
  [...buckets].reduce((sum, b) => sum + (b.low > 0 ? b.count : 0), 0) / count;

describe("a queue with maximum concurrency c and batches of one is M/G/c", () => {
  // The stated tolerances are for 1e6 messages; a quarter of them here.
  const messages = 250_000;
  const wider = Math.sqrt(1e6 / messages);
  const times = { warmup: "1000s", horizon: `${1000 + messages / 8}s` };

  test.each([
    ["exponential", exponential("1s"), 0.40918, 0.012, 0.20459, 0.017],
    ["constant", "1s", 0.384717, 0.0086, 0.109828, 0.0064],
  ])("c = 10, 8 a second, %s service of 1 s", (law, duration, pWait, pError, mean, meanError) => {
    for (const seed of SEEDS) {
      const { laws } = queue({ batchSize: 1, maximumConcurrency: 10 }, poisson("8/s"), duration, times, seed);
      const { queueWait } = laws;
      expect(near(waited(queueWait.buckets(), queueWait.count), pWait, pError * wider)).toBe(true);
      expect(near(queueWait.mean / S, mean, meanError * wider)).toBe(true);
      if (law === "exponential")
        expect(near(queueWait.quantile(0.95) / S, 1.05107, 0.082 * wider)).toBe(true);
    }
  });

  test("Erlang's C at other values: c = 3, 5 a second, 400 ms", () => {
    const [c, load, s] = [3, 2, 0.4];
    const b = erlangB(c, load);
    const wait = (c * b) / (c - load * (1 - b));
    const runs = SEEDS.map((seed) => {
      const invoke = { batchSize: 1, maximumConcurrency: c };
      const { laws } = queue(
        invoke,
        poisson("5/s"),
        exponential("400ms"),
        { warmup: "100s", horizon: "12h" },
        seed,
      );
      const { queueWait } = laws;
      return { share: waited(queueWait.buckets(), queueWait.count), mean: queueWait.mean / S };
    });
    for (const { share, mean } of runs) {
      // About 216,000 messages each, in busy periods of some tens.
      expect(near(share, wait, 0.02)).toBe(true);
      expect(near(mean, (wait * s) / (c - load), 0.02)).toBe(true);
    }
    expect(near(meanOf(runs.map((r) => r.share)).mean, wait, 0.012)).toBe(true);
  });

  test("a backlog of 3,000 is gone after 100 s, and its last message waits 60 s", () => {
    const drained = (arrivals: unknown, duration: unknown, seed: string) => {
      const scenario = lab({
        horizon: "150s",
        measure: { interval: "100ms" },
        functions: { f: { duration }, sender: { duration: "0s", emits: [{ into: "q" }] } },
        traffic: [
          {
            name: "q",
            to: "f",
            invoke: { type: "sqs", batchSize: 1, maximumConcurrency: 25, initialConcurrency: 25 },
            arrivals: { type: "times", at: [{ t: "0s", count: 3000 }] },
          },
          { to: "sender", arrivals },
        ],
      } as Parameters<typeof lab>[0]);
      const { laws, timeline } = run(scenario, seed).result.entries[0]!;
      return {
        after: timeline!.depthMean.indexOf(0) / 10,
        longest: laws.age.max / S,
      };
    };
    const even = drained({ type: "constant", rate: "20/s" }, "500ms", "1");
    // 25 start at once; the first 25 of the last second's arrivals do, too.
    expect(near(even.after, 100, 1)).toBe(true);
    expect(near(even.longest, 60, 0.5)).toBe(true);
    const runs = Array.from({ length: 20 }, (_, i) =>
      drained(poisson("20/s"), exponential("500ms"), String(i + 1)),
    );
    const mean = (of: (r: (typeof runs)[number]) => number) => runs.reduce((a, r) => a + of(r), 0) / 20;
    expect(
      near(
        mean((r) => r.after),
        100,
        (SIGMAS * 2.8) / Math.sqrt(20),
      ),
    ).toBe(true);
    // 3,000 services of 0.5 s by 25: 60 s ± 1.1 s.
    const spread = (0.5 * Math.sqrt(3000)) / 25;
    expect(
      near(
        mean((r) => r.longest),
        60,
        0.5 + (SIGMAS * spread) / Math.sqrt(20),
      ),
    ).toBe(true);
  });
});

describe("a batch opens with a message and closes at B messages or W after it", () => {
  const batches = (B: number, W: number, rate: number, wanted: number, seed: string) => {
    const times = { horizon: `${Math.round((wanted * 5) / rate)}s` };
    const invoke = { batchSize: B, maximumBatchingWindow: `${W}s`, maximumConcurrency: 1000 };
    const { laws, counts } = queue(invoke, poisson(`${rate}/s`), "1ms", times, seed);
    const share = new Map([...laws.batchSize.buckets()].map((b) => [b.low, b.count / counts.batches]));
    return { n: counts.batches, share, size: laws.batchSize.mean, wait: laws.queueWait.mean / S };
  };

  test("4 a second, W = 1 s, B = 5", () => {
    for (const seed of SEEDS) {
      const { n, share, size, wait } = batches(5, 1, 4, 100_000, seed);
      const wider = Math.sqrt(200_000 / n);
      expect(near(size, 4.21853, 0.0094 * wider)).toBe(true);
      expect(near(share.get(5)!, 0.56653, 0.0049 * wider)).toBe(true);
      expect(near(wait, 0.435598, 0.0019 * wider)).toBe(true);
      for (const [k, p] of [
        [1, 0.0183156],
        [2, 0.0732626],
        [4, 0.195367],
      ] as const)
        expect(near(share.get(k)!, p, SIGMAS * shareError(p, n))).toBe(true);
    }
  });

  test("7 a second, W = 2 s, B = 20: Poisson sizes below B", () => {
    const poissonAt = (k: number, mean: number) => {
      let p = Math.exp(-mean);
      for (let i = 1; i <= k; i++) p *= mean / i;
      return p;
    };
    const { n, share } = batches(20, 2, 7, 60_000, "1");
    let rest = 1;
    for (let k = 1; k < 20; k++) {
      const p = poissonAt(k - 1, 14);
      rest -= p;
      expect(near(share.get(k) ?? 0, p, SIGMAS * shareError(p, n) + 1 / n)).toBe(true);
    }
    expect(near(share.get(20)!, rest, SIGMAS * shareError(rest, n))).toBe(true);
  });
});

describe("messages that fail with probability p, dead-lettered after m receives", () => {
  test.each([
    [30, 3],
    [50, 5],
    [80, 2],
  ])("p = %d percent, m = %d: p^m are, after (1 − p^m) / (1 − p) receives on average", (percent, m) => {
    const p = percent / 100;
    for (const seed of SEEDS) {
      const invoke = {
        batchSize: 1,
        messageErrors: `${percent}%`,
        maxReceiveCount: m,
        visibilityTimeout: "15m",
      };
      const arrivals = { type: "times", at: [{ t: "0s", count: 40_000 }] };
      const { counts, laws } = queue(invoke, arrivals, "1ms", { horizon: "2h" }, seed);
      expect(counts.unfinished).toBe(0);
      const n = counts.requests;
      const error = SIGMAS * shareError(p ** m, n);
      expect(near(counts.deadLettered / n, p ** m, error)).toBe(true);
      // The spread of receives is below that of a geometric law.
      const receives = (1 - p ** m) / (1 - p);
      const spread = Math.min(Math.sqrt(p) / (1 - p), (m - 1) / 2);
      expect(near(laws.attempts.mean, receives, (SIGMAS * spread) / Math.sqrt(n))).toBe(true);
      expect(counts.receives / n).toBe(laws.attempts.mean);
    }
  });

  test("a share of poison is that share of dead letters, whole batches or reported failures", () => {
    for (const seed of SEEDS) {
      const invoke = {
        batchSize: 10,
        poison: "2%",
        maxReceiveCount: 3,
        reportBatchItemFailures: true,
        visibilityTimeout: "15m",
      };
      const arrivals = { type: "times", at: [{ t: "0s", count: 20_000 }] };
      const { counts } = queue(invoke, arrivals, "1ms", { horizon: "2h" }, seed);
      expect(near(counts.deadLettered / 20_000, 0.02, SIGMAS * shareError(0.02, 20_000))).toBe(true);
      expect(counts.receives).toBe(20_000 + 2 * counts.deadLettered);
      // By lot in every batch of ten: 1 − 0.98^10 of the first invocations fail.
      const whole = queue(
        { ...invoke, reportBatchItemFailures: false, maxReceiveCount: 1 },
        arrivals,
        "1ms",
        { horizon: "2h" },
        seed,
      );
      const share = 1 - 0.98 ** 10;
      expect(near(whole.counts.deadLettered / 20_000, share, SIGMAS * shareError(share, 2_000))).toBe(true);
    }
  });
});
