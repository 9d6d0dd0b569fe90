import { describe, expect, test } from "vitest";
import type { Port } from "../../sim/invoke/contract.ts";
import { KafkaPollers } from "../../sim/invoke/kafka-pollers.ts";
import { simulate } from "../../sim/simulate.ts";
import { evenly, near, waves } from "../support/lab.ts";
import { recorded } from "../support/recorded.ts";
import { play, scenarioOf } from "../support/streams.ts";

const minutes = { measure: { interval: "1m" } };

test("a topic is read at once, and gathered for 500 ms unless written", () => {
  const arrivals = waves(["1s", 3], ["1200ms", 2]);
  const { laws } = play({ invoke: "kafka" as unknown as object, arrivals });
  expect(laws.batchSize).toMatchObject({ count: 1, max: 5 });
  expect(laws.age.max).toBe(500_000);
  const { laws: none } = play({ invoke: { type: "kafka", maximumBatchingWindow: "0s" }, arrivals });
  expect(none.batchSize).toMatchObject({ count: 2, max: 3 });
  expect(none.age.min).toBe(0);
});

describe("pollers", () => {
  test("one at first, more each minute while the lag does not shrink, at most one a partition", () => {
    const { f, counts } = play({
      invoke: { type: "kafka", partitions: 6, keys: "even" },
      arrivals: evenly("1300/s"),
      rest: { horizon: "5m", ...minutes },
    });
    // 200 records a second each: 1, 2, 4, then 6 of them, busy all the time.
    expect([...f.timeline!.concurrencyMax]).toEqual([1, 2, 4, 6, 6]);
    expect(near(counts.succeeded, 200 * 60 * (1 + 2 + 4 + 6 + 6), 6 * 100 + 200)).toBe(true);
  });

  test("twice as many when the lag has not shrunk, half after a throttle, one fewer without lag", () => {
    const measures = { depth: 0 };
    const pollers = new KafkaPollers({ measures } as Port, { minimum: 2, maximum: 20 });
    const sizes = (...depths: number[]) =>
      depths.map((depth) => {
        measures.depth = depth;
        pollers.evaluate(0);
        return pollers.size;
      });
    expect(sizes(10, 10, 9, 12, 100)).toEqual([4, 8, 8, 16, 20]);
    pollers.throttled();
    expect(sizes(200, 199, 0, 0)).toEqual([10, 10, 9, 8]);
    pollers.throttled();
    expect(sizes(0, 0, 0, 0)).toEqual([4, 3, 2, 2]);
  });

  test("take partitions in turn, one batch at a time", () => {
    const { scenario, deeds } = recorded(
      scenarioOf({
        invoke: { type: "kafka", partitions: 3, keys: "even", batchSize: 10, maximumPollers: 1 },
        arrivals: waves(["0s", 90]),
        f: { duration: "1s" },
      }),
    );
    const { functions } = simulate(scenario);
    const order = new Map(deeds.filter((d) => d.what === "started").map((d) => [d.invocation, d.token]));
    expect([...order.values()]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(functions[0]!.concurrency.max).toBe(1);
  });

  test("stay with a batch that fails: with one poller it holds up every partition", () => {
    const invoke = {
      type: "kafka",
      partitions: 2,
      keys: "even",
      maximumRetryAttempts: 9,
      failing: [{ record: 1, times: "always" }],
    };
    const ages = (minimumPollers: number) =>
      play({ invoke: { ...invoke, minimumPollers }, arrivals: waves(["0s", 2]), f: { duration: "1s" } }).laws
        .latency.max;
    expect(ages(1)).toBe(500_000 + 10_000_000 + 1_000_000);
    expect(ages(2)).toBe(500_000 + 1_000_000);
  });

  test("the minimum from the beginning, and no more than the function takes", () => {
    const played = (reservedConcurrency: number) =>
      play({
        invoke: { type: "kafka", partitions: 8, minimumPollers: 2, keys: "even" },
        arrivals: evenly("2000/s"),
        f: { duration: "500ms", reservedConcurrency },
        rest: { horizon: "5m", ...minutes },
      });
    const { counts: free, f: eight } = played(8);
    expect([...eight.timeline!.concurrencyMax]).toEqual([2, 4, 8, 8, 8]);
    expect(free.retriesByCause.throttle).toBe(0);
    const { counts, f: five } = played(5);
    expect([...five.timeline!.concurrencyMax].slice(0, 3)).toEqual([2, 4, 5]);
    expect(counts.retriesByCause.throttle).toBeGreaterThan(0);
    expect(counts.succeeded).toBeLessThan(free.succeeded);
  });
});

test("a topic loses records that are older than its retention", () => {
  const { counts } = play({
    invoke: { type: "kafka", retention: "5m" },
    arrivals: waves(["0s", 7]),
    f: { duration: "1s", reservedConcurrency: 0 },
  });
  expect(counts.dropsByCause.expired).toBe(7);
});
