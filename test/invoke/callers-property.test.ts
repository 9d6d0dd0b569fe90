import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";
import { sum } from "../support/lab.ts";

const RUNS = 400;

const int = (min: number, max: number) => fc.integer({ min, max });
const ms = (min: number, max: number) => int(min, max).map((n) => `${n}ms`);
const often = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const law = (min: number, max: number) =>
  fc.oneof(
    ms(min, max),
    ms(Math.max(1, min), max).map((mean) => ({ type: "exponential", mean })),
  );

const client = { timeout: often(ms(1, 1500)), latency: often(law(0, 400)) };
const invoke = fc.oneof(
  // With some network time, without which the loop would place plain requests itself.
  fc.record({ type: fc.constant("sync"), ...client, latency: law(0, 400) }),
  fc.record({ type: fc.constant("function-url"), ...client }),
  fc.record({
    type: fc.constant("api-gateway"),
    api: fc.constantFrom("rest", "http", undefined),
    integrationTimeout: often(ms(50, 1500)),
    ...client,
  }),
);

const retry = fc.oneof(
  fc.constantFrom("none", "standard"),
  fc.record({
    attempts: int(1, 6),
    backoff: ms(0, 900),
    maximumBackoff: fc.constantFrom("900ms", "2s"),
    jitter: fc.constantFrom("full", "none"),
    on: fc.subarray(["throttle", "error", "timeout"], { minLength: 1 }),
    quota: fc.oneof(fc.constant("unlimited"), int(0, 60)),
    clients: int(1, 4),
  }),
);

const arrivals = fc.oneof(
  int(1, 30).map((n) => ({ type: "poisson", rate: `${n}/s` })),
  fc.record({ type: fc.constant("bursts"), every: fc.constant("2s"), size: int(1, 40) }),
  fc.record({ type: fc.constant("closed"), clients: int(1, 15), thinkTime: law(50, 800) }),
);

const scenario = fc.record({
  lsim: fc.constant(1),
  name: fc.constant("callers"),
  horizon: fc.constant("20s"),
  warmup: fc.constantFrom("0s", "3s"),
  seed: int(1, 1000),
  account: fc.constant({ concurrency: 100, minimumUnreserved: 0 }),
  functions: fc.record({
    f: fc.record({
      duration: law(1, 900),
      timeout: fc.constantFrom("1s", "3s"),
      errors: fc.constantFrom("0%", "20%", "100%"),
      initDuration: law(0, 300),
      reservedConcurrency: int(0, 30),
    }),
  }),
  traffic: fc.tuple(
    fc.record({
      to: fc.constant("f"),
      name: fc.constant("a"),
      invoke,
      retry,
      arrivals,
      end: fc.constant("12s"),
    }),
    fc.record({
      to: fc.constant("f"),
      name: fc.constant("b"),
      // Its bucket is the account's, and so the first entry's too.
      invoke: fc.record({
        type: fc.constant("api-gateway"),
        rate: int(5, 60).map((n) => `${n}/s`),
        burst: int(1, 20),
      }),
      retry,
      arrivals,
    }),
  ),
});

/** Written without what is undefined. */
const written = (file: unknown) => JSON.parse(JSON.stringify(file));

test(`${RUNS} random settings of callers keep their books`, () => {
  const seen = { requests: 0, throttled: 0, failed: 0, retries: 0, given: 0, refused: 0, unfinished: 0 };
  fc.assert(
    fc.property(scenario, (file) => {
      const parsed = parseScenario(written(file));
      const run = simulate(parsed);
      expect(simulate(parsed).digest).toBe(run.digest);
      const f = run.functions[0]!.counters;
      const totals = { requests: 0, succeeded: 0, failed: 0, throttled: 0, unfinished: 0 };
      let made = 0;
      let told429 = 0;
      run.entries.forEach(({ counts: c, laws, depth }, i) => {
        const retries = sum(Object.values(c.retriesByCause));
        expect(c.requests).toBe(c.succeeded + c.failed + c.throttled + c.unfinished);
        expect([c.dropped, c.batches, depth.max]).toEqual([0, 0, 0]);
        expect(laws.attempts.count).toBe(c.requests - c.unfinished);
        expect(laws.latency.count).toBe(c.succeeded + c.failed);
        for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += c[key];
        const settings = file.traffic[i]!;
        if (file.warmup === "0s") {
          // Each attempt that was made is a request's first, or a retry.
          expect(laws.attempts.mean * laws.attempts.count || 0).toBeLessThanOrEqual(
            c.requests + retries + 1e-6,
          );
          const told = sum(Object.values(c.statuses));
          const given = (settings.invoke as { timeout?: string }).timeout !== undefined;
          if (settings.invoke.type === "sync") expect(told).toBe(0);
          // Behind a gateway each attempt is answered, unless its client has given it up.
          else if (c.unfinished === 0 && !given) expect(told).toBe(c.requests + retries);
          else expect(told).toBeLessThanOrEqual(c.requests + retries);
          if (settings.invoke.type !== "sync") expect(c.statuses[200]).toBe(c.succeeded);
          if (given) seen.given += c.retriesByCause.timeout;
        }
        made += c.requests + retries;
        if (settings.invoke.type === "api-gateway") told429 += c.statuses[429];
        const { attempts = settings.retry === "standard" ? 3 : 1 } = settings.retry as { attempts?: number };
        if (laws.attempts.count > 0) expect(laws.attempts.max).toBeLessThanOrEqual(attempts);
        seen.retries += retries;
        seen.refused += c.statuses[429];
      });
      expect(f).toMatchObject(totals);
      // Lambda hears of what the gateway lets through, and of nothing twice.
      const heard = f.invocations + sum(f.throttledAttempts);
      if (file.warmup === "0s") {
        expect(heard + told429).toBeLessThanOrEqual(made);
        const lost = file.traffic.some(({ invoke: i }) => (i as { timeout?: string }).timeout !== undefined);
        if (totals.unfinished === 0 && !lost) expect(heard + told429).toBe(made);
      }
      seen.requests += totals.requests;
      seen.throttled += totals.throttled;
      seen.failed += totals.failed;
      seen.unfinished += totals.unfinished;
    }),
    { numRuns: RUNS, seed: 20_261_125 },
  );
  // The generator reaches what it is meant to reach.
  expect(seen.throttled / seen.requests).toBeGreaterThan(0.1);
  expect(seen.failed / seen.requests).toBeGreaterThan(0.1);
  expect(seen.retries / seen.requests).toBeGreaterThan(0.1);
  expect(Math.min(seen.given, seen.refused, seen.unfinished)).toBeGreaterThan(100);
});
