import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simulate } from "../../sim/simulate.ts";
import { poisson } from "../support/lab.ts";
import { type Deed, recorded } from "../support/recorded.ts";
import { type Case, scenarioOf } from "../support/streams.ts";

const maybe = <T>(value: T) => fc.constantFrom(undefined, value);
/** Keys that are undefined are left out, as a file would. */
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Streams of every kind and setting, and a function that fails, times out and is throttled. */
const streams = fc
  .record({
    kind: fc.oneof(
      fc.record({
        type: fc.constant("kinesis"),
        shards: fc.integer({ min: 1, max: 6 }),
        parallelizationFactor: fc.integer({ min: 1, max: 3 }),
        pollInterval: fc.constantFrom("0s", "300ms", undefined),
        writeLimit: fc.boolean(),
      }),
      fc.record({
        type: fc.constant("dynamodb"),
        shards: fc.integer({ min: 1, max: 6 }),
        parallelizationFactor: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({
        type: fc.constant("kafka"),
        partitions: fc.integer({ min: 1, max: 6 }),
        maximumPollers: fc.integer({ min: 1, max: 3 }),
        retention: maybe("40s"),
      }),
    ),
    batch: fc.record({
      batchSize: fc.integer({ min: 1, max: 20 }),
      maximumBatchingWindow: fc.constantFrom(undefined, "0s", "500ms", "3s"),
      maximumRetryAttempts: fc.constantFrom(-1, 0, 1, 5),
      maximumRecordAge: fc.constantFrom(-1, "60s"),
      bisectBatchOnFunctionError: fc.boolean(),
      reportBatchItemFailures: fc.boolean(),
      onFailure: fc.constantFrom("drop", "destination"),
      keys: fc.constantFrom(3, 20),
      recordDuration: fc.constantFrom(undefined, "10ms", { type: "exponential", mean: "30ms" }),
      recordErrors: fc.constantFrom(undefined, "1%", "10%"),
      poison: maybe("2%"),
      failing: fc.constant([{ record: 3, times: "always" }, { record: 7, times: 2 }, { record: 9 }]),
    }),
    f: fc.record({
      duration: fc.constant({ type: "exponential", mean: "200ms" }),
      initDuration: maybe("300ms"),
      timeout: fc.constantFrom("1s", "20s"),
      errors: maybe("20%"),
      crashes: maybe("5%"),
      reservedConcurrency: fc.constantFrom(undefined, undefined, 0, 1, 3),
    }),
    rate: fc.constantFrom("2/s", "30/s", "80/s"),
    seed: fc.integer({ min: 1, max: 1000 }),
    warmup: maybe("20s"),
  })
  .map(({ kind, batch, f, rate, ...rest }) =>
    clean({
      invoke: { ...kind, ...batch },
      arrivals: poisson(rate),
      f,
      rest: { horizon: "100s", ...rest },
    } as Case),
  );

describe("150 random streams", () => {
  test("records in = succeeded + discarded + unfinished, and the same run twice", () => {
    const seen: Record<string, number> = {};
    const see = (what: string, n: number) => {
      seen[what] = (seen[what] ?? 0) + n;
    };
    fc.assert(
      fc.property(streams, (c) => {
        const scenario = scenarioOf(c);
        const result = simulate(scenario);
        expect(simulate(scenario).digest).toBe(result.digest);
        const { counts, laws } = result.entries[0]!;
        expect(counts.requests).toBe(counts.succeeded + counts.dropped + counts.unfinished);
        expect(counts.failed + counts.throttled).toBe(0);
        expect(laws.batchSize.count).toBe(counts.batches);
        expect(laws.iteratorAge.count).toBe(counts.batches);
        expect(laws.batchSize.sum).toBe(counts.receives);
        expect(counts.deadLettered).toBeLessThanOrEqual(counts.dropped);
        const settings = c.invoke as Record<string, number>;
        const { shards = 1, parallelizationFactor = 1, maximumPollers } = settings;
        const most = maximumPollers ?? shards * parallelizationFactor;
        expect(result.functions[0]!.concurrency.max).toBeLessThanOrEqual(most);
        expect(laws.batchSize.count === 0 || laws.batchSize.max <= settings.batchSize!).toBe(true);
        for (const [cause, n] of Object.entries(counts.dropsByCause)) see(cause, n);
        see("throttles", counts.retriesByCause.throttle);
        see("succeeded", counts.succeeded);
        see("unfinished", counts.unfinished);
      }),
      { numRuns: 150, seed: 7 },
    );
    // The generator reaches what it is meant to reach.
    for (const what of ["error", "timeout", "age", "expired", "throttles", "succeeded", "unfinished"])
      expect(seen[what], what).toBeGreaterThan(100);
  });

  test("no record starts before an earlier one of its key has succeeded or been discarded", () => {
    let retried = 0;
    let dropped = 0;
    fc.assert(
      fc.property(streams, (c) => {
        const { scenario, deeds } = recorded(scenarioOf(c));
        const { counts } = simulate(scenario).entries[0]!;
        retried += counts.retriesByCause.error + counts.retriesByCause.timeout;
        dropped += counts.dropped;
        expect(outOfOrder(deeds)).toEqual([]);
      }),
      { numRuns: 150, seed: 5 },
    );
    expect(retried).toBeGreaterThan(500);
    expect(dropped).toBeGreaterThan(500);
  });
});

/** Records that were handed over although they were done, or while an earlier one of their key was still to be done. */
function outOfOrder(deeds: readonly Deed[]): Deed[] {
  const invocationOf = new Map<number, number>();
  /** By key: records that have been handed over and are not done. */
  const open = new Map<number, Set<number>>();
  const highest = new Map<number, number>();
  const done = new Set<number>();
  return deeds.filter(({ what, number, tag: key, invocation }) => {
    const others = open.get(key) ?? new Set<number>();
    open.set(key, others);
    if (what !== "started") {
      others.delete(number);
      done.add(number);
      return false;
    }
    invocationOf.set(number, invocation);
    // An earlier one may be open in the same batch only; and none may come for the first time after a later one.
    const ahead = [...others].some((n) => n < number && invocationOf.get(n) !== invocation);
    const late = number < (highest.get(key) ?? -1) && !others.has(number);
    others.add(number);
    highest.set(key, Math.max(number, highest.get(key) ?? -1));
    return ahead || late || done.has(number);
  });
}
