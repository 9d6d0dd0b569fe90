import fc from "fast-check";
import { expect, test } from "vitest";
import { Messages } from "../../sim/invoke/messages.ts";
import { FifoOrder } from "../../sim/invoke/sqs-order.ts";
import { drawUniform, RandomStreams } from "../../sim/random.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";

const seconds = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => `${n}s`);
const ms = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => `${n}ms`);
const percent = (high: number) =>
  fc.oneof(
    fc.constant("0%"),
    fc.integer({ min: 1, max: high }).map((n) => `${n}%`),
  );
const count = (min: number, max: number) => fc.integer({ min, max });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const common = {
  visibilityTimeout: seconds(3, 20),
  retentionPeriod: seconds(60, 120),
  delay: maybe(seconds(0, 70)),
  maxReceiveCount: count(1, 4),
  redrive: maybe(fc.record({ at: seconds(1, 179) })),
  reportBatchItemFailures: fc.boolean(),
  messageErrors: percent(60),
  poison: percent(20),
  failing: fc.constant([{ message: 3, times: 2 }]),
  outages: fc.constantFrom([], [{ start: "30s", end: "50s" }]),
  messageDuration: maybe(ms(0, 400)),
  scaling: fc.constantFrom("aws", "2022"),
};

const standard = fc.record({
  ...common,
  batchSize: count(1, 40),
  maximumBatchingWindow: seconds(1, 25),
});
const plain = fc.record({ ...common, batchSize: count(1, 10), maximumConcurrency: maybe(count(2, 30)) });
const fifo = fc.record({
  ...common,
  fifo: fc.constant(true),
  batchSize: count(1, 10),
  messageGroups: count(1, 30),
  maximumConcurrency: maybe(count(2, 30)),
});
const provisioned = fc
  .record({ ...common, batchSize: count(1, 10), provisionedPollers: fc.record({ minimum: count(2, 5) }) })
  .map(({ scaling: _, ...settings }) => settings);

const scenarios = fc.record({
  invoke: fc.oneof(standard, plain, fifo, provisioned),
  f: fc.record({
    duration: fc.oneof(
      ms(0, 6000),
      ms(1, 2000).map((mean) => ({ type: "exponential", mean })),
    ),
    errors: percent(60),
    crashes: percent(20),
    initDuration: ms(0, 3000),
    reservedConcurrency: maybe(count(0, 12)),
  }),
  rate: count(0, 20),
  burst: count(0, 300),
  warmup: maybe(seconds(1, 60)),
});

/** Settings that were not drawn are not written. */
const written = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test("random queues lose no message and give the same digest twice", () => {
  const seen = {
    throttle: 0,
    error: 0,
    timeout: 0,
    age: 0,
    redriven: 0,
    duplicates: 0,
    succeeded: 0,
    unfinished: 0,
  };
  fc.assert(
    fc.property(scenarios, ({ invoke, f, rate, burst, warmup }) => {
      const scenario = parseScenario(
        written({
          lsim: 1,
          name: "random",
          horizon: "3m",
          warmup,
          account: { concurrency: 200 },
          functions: {
            f: { timeout: "3s", ...f },
            g: { duration: "20ms", emits: [{ into: "q", count: 1.5 }] },
          },
          traffic: [
            {
              name: "q",
              to: "f",
              invoke: { type: "sqs", ...invoke },
              arrivals: { type: "bursts", every: "40s", size: burst + 1 },
            },
            { to: "g", arrivals: { type: "poisson", rate: `${rate}/s` } },
          ],
        }),
      );
      // Every run checks its books, and throws when they do not balance.
      const result = simulate(scenario);
      expect(simulate(scenario).digest).toBe(result.digest);
      const { counts: c, laws } = result.entries[0]!;
      expect(c.requests).toBe(c.succeeded + c.dropped + c.unfinished);
      expect(c.deadLettered).toBe(c.dropped - c.dropsByCause.age - c.dropsByCause.loop);
      if (warmup === undefined) {
        expect(c.receives).toBeGreaterThanOrEqual(c.succeeded);
        expect(laws.batchSize.sum).toBe(c.receives);
        expect(laws.batchSize.count).toBe(c.batches);
      }
      if (c.batches > 0) expect(laws.batchSize.max).toBeLessThanOrEqual(invoke.batchSize);
      const reserved = scenario.functions[0]!.reservedConcurrency ?? 200;
      const most = "maximumConcurrency" in invoke ? (invoke.maximumConcurrency ?? 200) : 200;
      const groups = "messageGroups" in invoke ? invoke.messageGroups : 200;
      expect(result.functions[0]!.concurrency.max).toBeLessThanOrEqual(Math.min(reserved, most));
      // While a message is visible in spite of its run, its group has two.
      if (c.duplicates === 0 && warmup === undefined)
        expect(result.functions[0]!.concurrency.max).toBeLessThanOrEqual(groups);
      for (const cause of ["throttle", "error", "timeout", "age"] as const)
        seen[cause] += c.dropsByCause[cause];
      for (const key of ["redriven", "duplicates", "succeeded", "unfinished"] as const) seen[key] += c[key];
    }),
    { numRuns: 250, seed: 20_261_127 },
  );
  // The generator reaches what it is meant to reach.
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(100);
});

/** What becomes of a batch: `done` of its messages, from the first on, are processed; the rest come back. */
const step = fc.oneof(
  fc.record({ arrive: count(1, 6) }),
  fc.record({ receive: count(1, 5), bury: count(0, 9) }),
  fc.record({ end: count(0, 9), done: count(0, 5) }),
);

test("FIFO groups keep their order, whatever comes back, and have one batch at a time", () => {
  let received = 0;
  fc.assert(
    fc.property(
      count(1, 4),
      fc.array(step, { minLength: 40, maxLength: 120, size: "max" }),
      (groups, steps) => {
        const messages = new Messages();
        const lot = new RandomStreams("1").open("groups");
        const order = new FifoOrder(messages, groups, lot);
        // The same draws once more, to know who is of which group.
        const again = new RandomStreams("1").open("groups");
        const group: number[] = [];
        const waiting: number[][] = Array.from({ length: groups }, () => []);
        const batches: number[][] = [];
        let arrivals = 0;
        for (const act of steps) {
          if ("arrive" in act) {
            for (let i = 0; i < act.arrive; i++) {
              const m = messages.add(0, arrivals++);
              group[m] = Math.floor(drawUniform(again) * groups);
              waiting[group[m]]!.push(m);
              order.push(m);
            }
          } else if ("receive" in act) {
            const busy = new Set(batches.flat().map((m) => group[m]!));
            const batch: number[] = [];
            for (let i = 0; i < act.receive && !order.empty; i++) {
              const m = order.take();
              // Of a group that no batch has, the message that has waited longest.
              expect(busy.has(group[m]!)).toBe(false);
              expect(waiting[group[m]!]!.shift()).toBe(m);
              // A dead letter is received and gone at once.
              if (i === act.bury) order.gone(m);
              else batch.push(m);
            }
            order.close();
            received += batch.length;
            if (batch.length > 0) batches.push(batch);
          } else if (batches.length > 0) {
            const [batch] = batches.splice(act.end % batches.length, 1);
            batch!.forEach((m, i) => {
              if (i >= act.done) {
                order.back(m);
                const line = waiting[group[m]!]!;
                const at = line.findIndex((n) => messages.number[n]! > messages.number[m]!);
                line.splice(at < 0 ? line.length : at, 0, m);
              } else {
                order.gone(m);
              }
            });
          }
          const busy = new Set(batches.flat().map((m) => group[m]!));
          expect(order.empty).toBe(waiting.every((line, g) => line.length === 0 || busy.has(g)));
        }
      },
    ),
    { numRuns: 500, seed: 20_261_128 },
  );
  expect(received).toBeGreaterThan(10_000);
});
