import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sliceOf } from "../../sim/invoke/partition-keys.ts";
import type { ScenarioError } from "../../sim/scenario/problem.ts";
import { simulate } from "../../sim/simulate.ts";
import { evenly, lab, near, poisson, run, SEEDS, waves } from "../support/lab.ts";
import { recorded } from "../support/recorded.ts";
import { exact, meanOf, play, scenarioOf } from "../support/streams.ts";

const SECOND = 1e6;

describe("a stream that is fed more than its shards can take", () => {
  // 4 shards, a batch of 100 in 0.5 s: 800 of 1,000 records a second. And other values.
  test.each([
    { shards: 4, factor: 1, batch: 100, time: 500, rate: 1000, slope: 0.2 },
    { shards: 3, factor: 2, batch: 40, time: 800, rate: 360, slope: 1 / 6 },
    { shards: 1, factor: 1, batch: 7, time: 250, rate: 50, slope: 0.44 },
  ])("$shards shards × $factor, batches of $batch in $time ms, $rate/s: its age grows by $slope s/s", (v) => {
    const slices = v.shards * v.factor;
    const { counts, laws, depth, f } = play({
      invoke: exact({ shards: v.shards, parallelizationFactor: v.factor, batchSize: v.batch }),
      arrivals: evenly(`${v.rate}/s`),
      f: { duration: `${v.time}ms` },
    });
    const capacity = (slices * v.batch) / (v.time / 1000);
    expect(1 - capacity / v.rate).toBeCloseTo(v.slope, 10);
    // A slice's first batch is its first record; then one full batch follows another until the end.
    const batches = Math.ceil(600_000 / v.time);
    expect(f.counters.invocations).toBe(slices * batches);
    expect(counts.requests).toBe(v.rate * 600);
    expect(counts.succeeded).toBe(slices * (1 + v.batch * (batches - 2)));
    expect(counts.unfinished).toBe(v.rate * 600 - counts.succeeded);
    // All but what is in hand; while a batch runs, more comes.
    const waiting = counts.unfinished - slices * v.batch;
    expect(near(depth.max, waiting, slices * v.batch)).toBe(true);
    // Batch k starts k · S after the first and ends with record k · B of its slice.
    const perBatch = v.time / 1000 - (v.batch * slices) / v.rate;
    const oldest = (batches - 1) * perBatch;
    expect(near(laws.iteratorAge.max / SECOND, oldest, 1e-5)).toBe(true);
    expect(near(meanOf(laws.iteratorAge) / SECOND, oldest / 2, 1e-5)).toBe(true);
    expect(near(oldest, 600 * v.slope, 1)).toBe(true);
    expect(laws.iteratorAge.count).toBe(f.counters.invocations);
    expect(f.concurrency.max).toBe(slices);
  });

  test("with a parallelization factor of 2, 1,600 records a second: it keeps up", () => {
    const { counts, laws } = play({
      invoke: exact({ shards: 4, parallelizationFactor: 2 }),
      arrivals: evenly("1000/s"),
    });
    // Each slice takes in hand what has come within 0.5 s; the last of them is at most one gap of 8 ms old.
    expect(laws.iteratorAge.max).toBeLessThanOrEqual(8000);
    expect(counts.unfinished).toBeLessThanOrEqual(8 * 126);
    expect(laws.age.max).toBeLessThanOrEqual(508_000);
  });

  test.each(SEEDS)("keys by draw, polls once a second: the capacity is the same, seed %s", (seed) => {
    const { counts, f } = play({ invoke: { type: "kinesis", shards: 4 }, arrivals: evenly("1000/s") }, seed);
    // Until its first poll, and with its first batch, a shard may lose up to 1.5 s of its 200 records a second.
    expect(counts.succeeded).toBeLessThanOrEqual(480_000);
    expect(counts.succeeded).toBeGreaterThanOrEqual(480_000 - 4 * 400);
    expect(f.concurrency.max).toBe(4);
  });
});

describe("bisectBatchOnFunctionError", () => {
  test("finds one poison record in 128 with 15 invocations: 127 are done, one is discarded", () => {
    const { counts, f, laws } = play({
      invoke: {
        type: "kinesis",
        batchSize: 128,
        maximumRetryAttempts: 0,
        bisectBatchOnFunctionError: true,
        onFailure: "destination",
        failing: [{ record: 50, times: "always" }],
      },
      arrivals: waves(["1s", 128]),
    });
    expect(f.counters.invocations).toBe(15);
    expect(counts).toMatchObject({ succeeded: 127, dropped: 1, deadLettered: 1, batches: 15 });
    expect(counts.dropsByCause.error).toBe(1);
    // Seven splits, each of which hands both halves over.
    expect(counts.retriesByCause.error).toBe(7);
    expect(counts.receives).toBe(128 + 2 * 127);
    expect(laws.batchSize).toMatchObject({ min: 1, max: 128 });
  });

  /** Invocations for the piece [from, end): with a bad record it fails and is halved, alone it is retried. */
  function invocations(bad: readonly number[], retries: number, from: number, end: number): number {
    if (!bad.some((b) => b >= from && b < end)) return 1;
    if (end - from === 1) return 1 + retries;
    const middle = from + Math.ceil((end - from) / 2);
    return 1 + invocations(bad, retries, from, middle) + invocations(bad, retries, middle, end);
  }

  test("any size, any poison records, any retries: as the rule counts by itself", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 5 }),
        fc.integer({ min: 0, max: 3 }),
        (size, places, retries) => {
          const bad = places.filter((b) => b < size);
          const { counts, f } = play({
            invoke: {
              type: "dynamodb",
              maximumRetryAttempts: retries,
              bisectBatchOnFunctionError: true,
              failing: bad.map((b) => ({ record: b + 1, times: "always" })),
            },
            arrivals: waves(["1s", size]),
          });
          expect(f.counters.invocations).toBe(invocations(bad, retries, 0, size));
          expect(counts).toMatchObject({
            succeeded: size - bad.length,
            dropped: bad.length,
            deadLettered: 0,
          });
        },
      ),
      { numRuns: 150, seed: 12 },
    );
  });
});

describe("a batch of 100 in which record 50 fails", () => {
  const batch = (more: object, times: number | "always" = 1) =>
    play({
      invoke: { type: "kinesis", failing: [{ record: 50, times }], ...more },
      arrivals: waves(["0s", 100]),
    });

  test("once: all of it is handed over again", () => {
    const { counts, f } = batch({});
    expect(f.counters.invocations).toBe(2);
    expect(counts).toMatchObject({ receives: 200, succeeded: 100, dropped: 0 });
    expect(counts.retriesByCause.error).toBe(1);
  });

  test("once, and is reported: only it and what comes after it", () => {
    const { counts, f, laws } = batch({ reportBatchItemFailures: true });
    expect(f.counters.invocations).toBe(2);
    expect(counts).toMatchObject({ receives: 151, succeeded: 100, dropped: 0 });
    // 49 are done with the first invocation, 51 with the second.
    expect(laws.attempts.sum).toBe(49 + 2 * 51);
  });

  test.each([0, 1, 4])("always, with %s retries: all of it is discarded", (retries) => {
    const { counts, f } = batch({ maximumRetryAttempts: retries }, "always");
    expect(f.counters.invocations).toBe(1 + retries);
    expect(counts).toMatchObject({ succeeded: 0, dropped: 100, deadLettered: 0 });
    expect(counts.dropsByCause.error).toBe(100);
    expect(counts.retriesByCause.error).toBe(retries);
  });

  test("always, reported, 2 retries: 49 are done, and 51 discarded", () => {
    const { counts, f } = batch({ maximumRetryAttempts: 2, reportBatchItemFailures: true }, "always");
    expect(f.counters.invocations).toBe(3);
    expect(counts).toMatchObject({ succeeded: 49, dropped: 51, receives: 100 + 2 * 51 });
  });

  test("always, reported and split: only it is discarded, and splitting uses up no retry", () => {
    const { counts, f } = batch(
      { maximumRetryAttempts: 2, reportBatchItemFailures: true, bisectBatchOnFunctionError: true },
      "always",
    );
    expect(counts).toMatchObject({ succeeded: 99, dropped: 1 });
    // The batch; from the checkpoint on 51, 26, 13, 7, 4, 2 records, it alone three times; then the six other halves.
    expect(f.counters.invocations).toBe(1 + 6 + 3 + 6);
  });

  test("three records fail once more each, reported: each failure uses up a retry of the batch", () => {
    const failing = [10, 20, 30].map((record, i) => ({ record, times: i + 1 }));
    const played = (maximumRetryAttempts: number) =>
      play({
        invoke: { type: "kinesis", failing, maximumRetryAttempts, reportBatchItemFailures: true },
        arrivals: waves(["0s", 100]),
      }).counts;
    expect(played(3)).toMatchObject({ succeeded: 100, receives: 100 + 91 + 81 + 71 });
    expect(played(2)).toMatchObject({ succeeded: 29, dropped: 71, receives: 100 + 91 + 81 });
  });
});

describe("a batch that cannot be processed", () => {
  test("holds up its shard until its retries are used up, and no other", () => {
    const { scenario, deeds } = recorded(
      scenarioOf({
        invoke: exact({
          shards: 2,
          batchSize: 10,
          maximumRetryAttempts: 3,
          failing: [{ record: 1, times: "always" }],
        }),
        arrivals: waves(["0s", 20], ["100ms", 20]),
        f: { duration: "1s" },
      }),
    );
    simulate(scenario);
    const end = (number: number) => deeds.find((d) => d.number === number && d.what !== "started")!;
    // Dealt in turn: even numbers to the first shard. Its batch runs four times, each of one second.
    expect(end(0)).toMatchObject({ at: 4 * SECOND, what: "dropped" });
    expect(end(20)).toMatchObject({ at: 5 * SECOND, what: "settled" });
    expect(end(1)).toMatchObject({ at: SECOND, what: "settled" });
    expect(end(21)).toMatchObject({ at: 2 * SECOND, what: "settled" });
  });

  test("is discarded when its records are too old", () => {
    const { counts, f } = play({
      invoke: exact({ maximumRecordAge: "60s", onFailure: "destination" }),
      arrivals: waves(["0s", 10]),
      f: { duration: "7s", errors: "100%" },
    });
    // Sent at 0, 7 … 56 s; at 63 s they are more than 60 s old.
    expect(f.counters.invocations).toBe(9);
    expect(counts).toMatchObject({ dropped: 10, deadLettered: 10 });
    expect(counts.dropsByCause.age).toBe(10);
  });

  test("is discarded at exactly the age", () => {
    const { f } = play({
      invoke: exact({ maximumRecordAge: "60s" }),
      arrivals: waves(["0s", 1]),
      f: { duration: "10s", errors: "100%" },
    });
    expect(f.counters.invocations).toBe(6);
  });

  test("loses only those of its records that are too old", () => {
    const { counts } = play({
      invoke: exact({ maximumRecordAge: "60s", maximumBatchingWindow: "50s" }),
      arrivals: waves(["0s", 1], ["45s", 2]),
      f: { duration: "10s", errors: "100%" },
      rest: { horizon: "100s" },
    });
    expect(counts.dropsByCause.age).toBe(1);
    expect(counts.unfinished).toBe(2);
  });

  test("expires when its stream no longer keeps it, and nothing can be said about it any more", () => {
    const { counts, f } = play({
      invoke: { type: "dynamodb", onFailure: "destination" },
      arrivals: waves(["0s", 5]),
      f: { duration: "1s", reservedConcurrency: 0 },
      rest: { horizon: "25h" },
    });
    expect(counts).toMatchObject({ dropped: 5, deadLettered: 0, receives: 0 });
    expect(counts.dropsByCause.expired).toBe(5);
    expect(f.counters.invocations).toBe(0);
  });

  test("is there as long as the stream keeps it", () => {
    const kept = (retention: string) =>
      play({
        invoke: { type: "kinesis", retention },
        arrivals: waves(["0s", 5]),
        f: { duration: "1s", reservedConcurrency: 0 },
        rest: { horizon: "30h" },
      }).counts;
    expect(kept("24h").dropsByCause.expired).toBe(5);
    expect(kept("48h")).toMatchObject({ dropped: 0, unfinished: 5 });
  });

  test("that times out is discarded for that", () => {
    const { counts } = play({
      invoke: { type: "kinesis", maximumRetryAttempts: 1 },
      arrivals: waves(["0s", 3]),
      f: { duration: "5s", timeout: "2s" },
    });
    expect(counts.dropsByCause.timeout).toBe(3);
    expect(counts.retriesByCause.timeout).toBe(1);
  });

  test("fails in no time at all, and the clock goes on", () => {
    const { f, counts } = play({
      invoke: exact({}),
      arrivals: waves(["0s", 3]),
      f: { duration: "0ms", errors: "100%" },
      rest: { horizon: "10s" },
    });
    expect(counts.unfinished).toBe(3);
    expect(f.counters.invocations).toBe(10_000);
  });
});

describe("a throttled batch", () => {
  test("is sent again after 1 s, 2 s, 4 s … until its records are too old", () => {
    const { counts, f } = play({
      invoke: exact({ maximumRecordAge: "60s", maximumRetryAttempts: 0 }),
      arrivals: waves(["0s", 10]),
      f: { duration: "1s", reservedConcurrency: 0 },
    });
    // At 0, 1, 3, 7, 15 and 31 s; at 63 s they are too old. Throttles use up no retry.
    expect(counts.retriesByCause.throttle).toBe(6);
    expect(counts.dropsByCause.age).toBe(10);
    expect(f.counters.invocations).toBe(0);
  });

  test("waits at most a minute", () => {
    const { counts } = play({
      invoke: exact({}),
      arrivals: waves(["0s", 1]),
      f: { duration: "1s", reservedConcurrency: 0 },
      rest: { horizon: "1h" },
    });
    // 0, 1, 3, 7, 15, 31 s, then 63 s and every minute.
    expect(counts.retriesByCause.throttle).toBe(6 + 1 + Math.floor((3600 - 63) / 60));
  });

  test("gets too old beside another that takes all the room", () => {
    const { counts, f } = play({
      invoke: exact({ shards: 2, maximumRecordAge: "60s", onFailure: "destination" }),
      arrivals: waves(["0s", 20]),
      f: { duration: "100s", reservedConcurrency: 1 },
    });
    expect(counts).toMatchObject({ succeeded: 10, dropped: 10, deadLettered: 10 });
    expect(counts.dropsByCause.age).toBe(10);
    expect(f.counters.invocations).toBe(1);
  });

  test("goes through when there is room", () => {
    const { scenario, deeds } = recorded(
      scenarioOf({
        invoke: exact({ shards: 2 }),
        arrivals: waves(["0s", 2]),
        f: { duration: "2s", reservedConcurrency: 1 },
      }),
    );
    const { entries } = simulate(scenario);
    // The second shard's batch is refused at 0 and 1 s, and sent at 3 s.
    expect(deeds.filter((d) => d.what === "started").map((d) => d.at)).toEqual([0, 3 * SECOND]);
    expect(entries[0]!.counts.succeeded).toBe(2);
    expect(entries[0]!.counts.retriesByCause.throttle).toBe(2);
  });
});

describe("polling", () => {
  test.each([
    ["kinesis", undefined, 1],
    ["dynamodb", undefined, 0.25],
    ["kinesis", "4s", 4],
  ])(
    "%s, pollInterval %s: an idle shard's record waits up to %s s, evenly",
    (type, pollInterval, seconds) => {
      for (const seed of SEEDS) {
        const { laws } = play(
          {
            invoke: { type, shards: 100, ...(pollInterval && { pollInterval }) },
            arrivals: poisson("2/s"),
            f: { duration: "1ms" },
            rest: { horizon: "2h" },
          },
          seed,
        );
        const interval = seconds * SECOND;
        expect(laws.age.max).toBeLessThanOrEqual(interval);
        expect(laws.age.max).toBeGreaterThan(0.99 * interval);
        // About 14,400 uniform waits.
        const { count } = laws.age;
        expect(near(meanOf(laws.age) / interval, 0.5, 4.5 * Math.sqrt(1 / 12 / count))).toBe(true);
      }
    },
  );

  test("0s: a record is handed over at once; those of one instant together", () => {
    const { laws, f } = play({ invoke: exact({}), arrivals: waves(["1s", 30], ["5s", 1]) });
    expect(laws.age.max).toBe(0);
    expect(f.counters.invocations).toBe(2);
  });

  test("while there is more, the next batch follows at once", () => {
    const { laws } = play({
      invoke: { type: "kinesis", batchSize: 10 },
      arrivals: waves(["0s", 100]),
      f: { duration: "50ms" },
    });
    // The first batch waits for the poll; the last is sent 9 batches later.
    expect(laws.iteratorAge.max - laws.iteratorAge.min).toBe(9 * 50_000);
    expect(laws.iteratorAge.min).toBeLessThan(SECOND);
  });

  test("the iterator's age is that of a batch's last record, at each time it is sent", () => {
    const { laws } = play({
      invoke: exact({ maximumBatchingWindow: "10s", failing: [{ record: 1, times: 1 }] }),
      arrivals: waves(["0s", 1], ["4s", 1]),
      f: { duration: "2s" },
    });
    // Sent at 10 s and again at 12 s.
    expect(laws.iteratorAge).toMatchObject({ count: 2, min: 6 * SECOND, max: 8 * SECOND });
    expect(laws.age).toMatchObject({ count: 4, min: 6 * SECOND, max: 12 * SECOND });
  });
});

describe("a batching window", () => {
  /** P(N ≤ k) of a Poisson law. */
  function poissonUpTo(k: number, m: number): number {
    let term = Math.exp(-m);
    let total = k < 0 ? 0 : term;
    for (let n = 1; n <= k; n++) {
      term *= m / n;
      total += term;
    }
    return total;
  }

  /** A batch opens with a record and closes with `B` of them, or a time `W` later. */
  function theory(rate: number, B: number, W: number) {
    const point = (n: number, m: number) => poissonUpTo(n, m) - poissonUpTo(n - 1, m);
    const sizes = Array.from({ length: B - 1 }, (_, i) => point(i, rate * W));
    const full = 1 - sizes.reduce((a, b) => a + b, 0);
    const size = sizes.reduce((a, p, i) => a + p * (i + 1), 0) + B * full;
    const square = sizes.reduce((a, p, i) => a + p * (i + 1) ** 2, 0) + B * B * full;
    let waited = 0;
    const steps = 4000;
    for (let s = 0; s < steps; s++) {
      const u = ((s + 0.5) / steps) * W;
      for (let i = 0; i <= B - 2; i++) waited += (1 + i) * point(i, rate * u) * (W / steps);
    }
    return { size, full, wait: waited / size, deviation: Math.sqrt(square - size * size) };
  }

  test("the formulas give what is known for 4/s, 5 records, 1 s", () => {
    const { size, full, wait } = theory(4, 5, 1);
    expect(size).toBeCloseTo(4.21853, 5);
    expect(full).toBeCloseTo(0.56653, 5);
    expect(wait).toBeCloseTo(0.435598, 5);
  });

  test.each([
    { rate: 4, B: 5, W: 1 },
    { rate: 3, B: 20, W: 5 },
    { rate: 20, B: 3, W: 0.2 },
  ])("$rate/s, batches of $B, $W s: sizes and waits by the formulas", ({ rate, B, W }) => {
    const expected = theory(rate, B, W);
    for (const seed of SEEDS) {
      const { laws } = play(
        {
          invoke: {
            type: "kinesis",
            pollInterval: "0s",
            batchSize: B,
            maximumBatchingWindow: `${W * 1000}ms`,
          },
          arrivals: poisson(`${rate}/s`),
          f: { duration: "0ms" },
          rest: { horizon: "5h" },
        },
        seed,
      );
      const { count } = laws.batchSize;
      const error = 4.5 / Math.sqrt(count);
      expect(count).toBeGreaterThan(3000);
      expect(near(meanOf(laws.batchSize), expected.size, error * expected.deviation)).toBe(true);
      const full = ([...laws.batchSize.buckets()].find((b) => b.low === B)?.count ?? 0) / count;
      expect(near(full, expected.full, error * Math.sqrt(expected.full * (1 - expected.full)))).toBe(true);
      // Batches are independent, and a batch's mean wait deviates by no more than W.
      expect(near(meanOf(laws.age) / SECOND, expected.wait, error * W)).toBe(true);
      expect(laws.age.max).toBeLessThanOrEqual(W * SECOND);
    }
  });

  test("begins when a batch ends and there is more, and does not hold a full batch up", () => {
    const { scenario, deeds } = recorded(
      scenarioOf({
        invoke: exact({ batchSize: 4, maximumBatchingWindow: "10s" }),
        arrivals: waves(["0s", 4], ["1s", 1], ["5s", 1], ["6s", 5]),
        f: { duration: "2s" },
      }),
    );
    simulate(scenario);
    const sent = new Map(deeds.filter((d) => d.what === "started").map((d) => [d.invocation, d.at]));
    // Full at once; 2 s later one waits, and is joined by three; three are left at 8 s, and wait for 10 s.
    expect([...sent.values()]).toEqual([0, 6 * SECOND, 18 * SECOND]);
  });

  test("ends with what has come, read once more", () => {
    const { laws, counts } = play({
      invoke: { type: "kinesis", maximumBatchingWindow: "5s" },
      arrivals: evenly("10/s"),
      f: { duration: "0ms" },
      rest: { horizon: "1m" },
    });
    // What has come before the first poll, in up to a second, and what comes in 5 s; later what comes in 5 or 6 s.
    expect(laws.batchSize.min).toBeGreaterThanOrEqual(50);
    expect(laws.batchSize.max).toBeLessThanOrEqual(61);
    expect(counts.succeeded).toBe(laws.batchSize.sum);
  });
});

describe("keys", () => {
  test("are spread evenly over the slices; a shard's slices divide its keys", () => {
    const KEYS = 100_000;
    for (const slices of [2, 7, 40]) {
      const counts = new Array<number>(slices).fill(0);
      for (let key = 0; key < KEYS; key++) counts[sliceOf(key, slices)]!++;
      const expected = KEYS / slices;
      for (const n of counts) expect(near(n, expected, 4.5 * Math.sqrt(expected))).toBe(true);
    }
    for (let key = 0; key < 1000; key++) expect(Math.floor(sliceOf(key, 40) / 10)).toBe(sliceOf(key, 4));
  });

  test("a single one uses a single slice", () => {
    const { f } = play({
      invoke: { type: "kinesis", shards: 10, parallelizationFactor: 10, keys: 1 },
      arrivals: evenly("1000/s"),
    });
    expect(f.concurrency.max).toBe(1);
  });
});

describe("recordDuration", () => {
  test("adds to a batch's handler time by its records", () => {
    const { f } = play({
      invoke: { type: "kinesis", recordDuration: "20ms" },
      arrivals: waves(["0s", 75]),
      f: { duration: "100ms" },
    });
    expect(f.durationMean).toBe(100_000 + 75 * 20_000);
  });

  test("may run into the function's timeout, until splitting makes it shorter", () => {
    const { counts, f } = play({
      invoke: { type: "kinesis", recordDuration: "20ms", bisectBatchOnFunctionError: true },
      arrivals: waves(["0s", 100]),
      f: { duration: "100ms", timeout: "1s" },
    });
    // 100 and twice 50 records do not fit into 1 s, four times 25 do.
    expect(f.counters).toMatchObject({ invocations: 1 + 2 + 4, timeouts: 3 });
    expect(counts.succeeded).toBe(100);
  });
});

test.each(SEEDS)("records fail by chance at each delivery anew, and poison at each, seed %s", (seed) => {
  const { counts, laws } = play(
    {
      invoke: exact({ shards: 50, batchSize: 1, maximumRetryAttempts: 3, recordErrors: "20%", poison: "5%" }),
      arrivals: evenly("100/s"),
      f: { duration: "10ms" },
    },
    seed,
  );
  const lost = 0.05 + 0.95 * 0.2 ** 4;
  const n = counts.succeeded + counts.dropped;
  expect(near(counts.dropped / n, lost, 4.5 * Math.sqrt((lost * (1 - lost)) / n))).toBe(true);
  // From 1 to 4 deliveries: a deviation of at most 1.5.
  const deliveries = 0.05 * 4 + 0.95 * (1 + 0.2 + 0.2 ** 2 + 0.2 ** 3);
  expect(near(meanOf(laws.attempts), deliveries, (4.5 * 1.5) / Math.sqrt(n))).toBe(true);
});

describe("a stream between functions", () => {
  test("carries what a function emits: its batches, and the whole way", () => {
    const scenario = lab({
      horizon: "10m",
      functions: {
        orders: {
          duration: "100ms",
          emits: [
            { to: "index", invoke: { type: "dynamodb", pollInterval: "0s", maximumBatchingWindow: "1s" } },
          ],
        },
        index: { duration: "300ms" },
      },
      traffic: [{ to: "orders", arrivals: waves(["0s", 5], ["200ms", 3]) }],
    });
    const [, stream] = run(scenario).result.entries;
    expect(stream!.counts).toMatchObject({ requests: 8, succeeded: 8, batches: 1 });
    // Emitted at 100 and 300 ms; handed over at 1.1 s, done at 1.4 s.
    expect(stream!.laws.age).toMatchObject({ min: 800_000, max: 1_000_000 });
    const { endToEnd } = run(scenario).result.entries[0]!.laws;
    expect(endToEnd).toMatchObject({ count: 8, min: 1_200_000, max: 1_400_000 });
  });

  test("that leads back into itself goes round until the loop is stopped", () => {
    const scenario = lab({
      horizon: "10m",
      functions: { f: { duration: "100ms", emits: [{ into: "own" }] } },
      traffic: [{ name: "own", to: "f", invoke: exact({ batchSize: 2 }), arrivals: waves(["0s", 3]) }],
    } as Parameters<typeof lab>[0]);
    const { counts } = run(scenario).result.entries[0]!;
    expect(counts).toMatchObject({ requests: 3 * 17, succeeded: 3 * 16, dropped: 3 });
    expect(counts.dropsByCause.loop).toBe(3);
  });
});

test("a shard refuses more than 1,000 records a second, where that is asked for", () => {
  const refused = (writeLimit: boolean) =>
    play({ invoke: exact({ shards: 2, writeLimit }), arrivals: waves(["0s", 5000], ["500ms", 2000]) }).counts
      .dropsByCause.refused;
  // Each shard takes a second's worth at once, and half a second later 500 more.
  expect(refused(true)).toBe(7000 - 2 * 1500);
  expect(refused(false)).toBe(0);
});

describe("bad settings are problems with their place", () => {
  const problems = (invoke: unknown) => {
    try {
      scenarioOf({ invoke: invoke as object, arrivals: poisson("1/s") });
    } catch (error) {
      return (error as ScenarioError).problems.map((p) => `${p.path.join(".")}: ${p.message}`);
    }
    return [];
  };
  test.each([
    [{ type: "kinesis", shards: 0 }, ["shards: 0 is too small: expected a whole number from 1 to 10000"]],
    [
      { type: "kinesis", parallelizationFactor: 11 },
      ["parallelizationFactor: 11 is too large: expected a whole number from 1 to 10"],
    ],
    [
      { type: "dynamodb", parallelizationFactor: 0, batchSize: 10_001 },
      [
        "parallelizationFactor: 0 is too small: expected a whole number from 1 to 10",
        "batchSize: 10001 is too large: expected a whole number from 1 to 10000",
      ],
    ],
    [
      { type: "kinesis", maximumBatchingWindow: "301s" },
      [`maximumBatchingWindow: "301s" is out of range: Lambda takes 0s to 300s`],
    ],
    [
      { type: "kinesis", maximumRetryAttempts: -2 },
      ["maximumRetryAttempts: -2 is too small: expected a whole number from -1 to 10000"],
    ],
    [
      { type: "kinesis", maximumRecordAge: "59s" },
      [`maximumRecordAge: "59s" is out of range: Lambda takes 60s to 7d`],
    ],
    [
      { type: "kinesis", maximumRecordAge: 60 },
      [`maximumRecordAge: expected a duration from "60s" to "7d" or -1, got 60`],
    ],
    [
      { type: "kinesis", retention: "1h" },
      [`retention: "1h" is out of range: Kinesis keeps records for 24h to 365d`],
    ],
    [{ type: "dynamodb", retention: "48h" }, ["retention: unknown setting"]],
    [{ type: "kinesis", keys: 0 }, ["keys: 0 is too small: expected a whole number from 1 to 1000000"]],
    [
      { type: "kinesis", keys: "many" },
      [`keys: expected a whole number from 1 to 1000000, "unique" or "even", got "many"`],
    ],
    [
      { type: "kinesis", failing: [{ record: 0 }] },
      ["failing.0.record: 0 is too small: expected a whole number from 1 to 1000000000000"],
    ],
    [
      { type: "kinesis", failing: [{ record: 2, times: "twice" }] },
      [`failing.0.times: expected a whole number from 1 to 1000000 or "always", got "twice"`],
    ],
    [{ type: "kinesis", failing: [{ record: 2 }, { record: 2 }] }, ["failing: lists record 2 twice"]],
    [
      { type: "kinesis", onFailure: "dead-letter" },
      [`onFailure: "dead-letter" is not one of them; known: drop, destination`],
    ],
    [{ type: "kinesis", poison: "120%" }, [`poison: "120%" must be from 0% to 100%`]],
    [
      { type: "kafka", partitions: 4, minimumPollers: 5 },
      ["minimumPollers: 5 is more than the topic's 4 partitions, each of which has one poller at most"],
    ],
    [
      { type: "kafka", minimumPollers: 2, maximumPollers: 3 },
      ["minimumPollers: 2 is more than the topic's 1 partition, each of which has one poller at most"],
    ],
    [
      { type: "kafka", partitions: 9, minimumPollers: 5, maximumPollers: 3 },
      ["minimumPollers: 5 is more than the maximumPollers of 3"],
    ],
    [{ type: "kinesis", shard: 2 }, [`shard: unknown setting; did you mean "shards"?`]],
  ])("%j", (invoke, expected) => {
    const found = problems(invoke);
    expect(found).toHaveLength(expected.length);
    expected.forEach((text, i) => {
      expect(found[i]).toContain(`traffic.0.invoke.${text}`);
    });
  });
});
