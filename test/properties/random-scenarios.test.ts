import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FunctionResult } from "../../sim/measure/function-result.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";
import { sum } from "../support/lab.ts";
import { randomScenario } from "../support/random-scenario.ts";

/** Runs in CI; each is simulated twice. */
const RUNS = 2000;

describe(`${RUNS} random scenarios`, () => {
  test("give the same digest twice, balance their books, and keep what every run must keep", () => {
    let requests = 0;
    let refused = 0;
    let failed = 0;
    fc.assert(
      fc.property(randomScenario, (file) => {
        const scenario = parseScenario(file);
        // The books themselves are checked by every run, which throws when they do not balance.
        const run = simulate(scenario);
        expect(simulate(scenario).digest).toBe(run.digest);
        run.functions.forEach((f, fn) => {
          const settings = scenario.functions[fn]!;
          checkFunction(f, run.span, settings.reservedConcurrency ?? Number.POSITIVE_INFINITY);
          requests += f.counters.requests;
          refused += f.counters.throttled;
          failed += f.counters.failed;
        });
        expect(run.account.concurrency.max).toBeLessThanOrEqual(scenario.account.concurrency);
        const { timeline } = run.account;
        const total = (read: (f: FunctionResult) => number) => run.functions.reduce((a, f) => a + read(f), 0);
        expect(sum(timeline.arrivals)).toBe(total((f) => f.counters.requests));
        expect(sum(timeline.throttles)).toBe(total((f) => f.counters.throttled));
        expect(sum(timeline.coldStarts)).toBe(total((f) => f.counters.coldStarts));
        expect(sum(timeline.errors)).toBe(total((f) => f.counters.failed));
        // Concurrency of the account is the sum of the functions', at every moment.
        const concurrency = total((f) => f.concurrency.mean);
        expect(Math.abs(run.account.concurrency.mean - concurrency)).toBeLessThan(1e-9 * (1 + concurrency));
      }),
      { numRuns: RUNS, seed: 20_261_123 },
    );
    // The generator reaches what it is meant to reach.
    expect(refused / requests).toBeGreaterThan(0.03);
    expect(failed / requests).toBeGreaterThan(0.03);
  });
});

function checkFunction(f: FunctionResult, span: number, reserved: number): void {
  const c = f.counters;
  for (const value of Object.values(c))
    if (typeof value === "number") expect(value).toBeGreaterThanOrEqual(0);
  expect(c.requests).toBe(c.succeeded + c.failed + c.throttled + c.dropped + c.unfinished);
  expect(c.invocations).toBe(c.coldStarts + c.warmStarts);
  expect(c.timeouts).toBeLessThanOrEqual(c.resets);
  expect(c.resets).toBeLessThanOrEqual(c.failed);
  expect(c.proactiveInits + c.suppressedInits).toBeLessThanOrEqual(c.warmStarts);
  expect(f.concurrency.max).toBeLessThanOrEqual(reserved);
  expect(f.concurrency.mean).toBeLessThanOrEqual(f.concurrency.max + 1e-9);
  // Whatever is in progress is an environment.
  expect(f.environments.mean).toBeGreaterThanOrEqual(f.concurrency.mean - 1e-9);
  expect(f.environments.max).toBeGreaterThanOrEqual(f.concurrency.max);
  // Duration and its phases make up the latency.
  const answered = c.succeeded + c.failed;
  if (answered > 0) expect(f.durationMean).toBeLessThanOrEqual(f.latencyMean);
  // Nothing is billed for less than its duration.
  if (c.unfinished === 0 && answered > 0) {
    expect(c.billedMs + c.provisionedBilledMs).toBeGreaterThanOrEqual(
      Math.floor((f.durationMean * answered) / 1000),
    );
  }
  if (f.histograms) {
    expect(f.histograms.latency.count).toBe(answered);
    expect(f.histograms.billedMs.count).toBe(c.invocations);
    expect(f.histograms.coldLatency.count + f.histograms.warmLatency.count).toBe(answered);
    expect(f.histograms.init.count).toBe(c.coldStarts);
  }
  if (f.timeline) expect(sum(f.timeline.arrivals)).toBe(c.requests);
  expect(span).toBeGreaterThan(0);
}
