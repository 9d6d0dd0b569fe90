import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PerfettoTrace } from "../../reports/records/perfetto.ts";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import type { RunResult } from "../../sim/measure/result.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { simulate } from "../../sim/simulate.ts";
import { SECOND } from "../../sim/units.ts";
import { randomScenario } from "../support/random-scenario.ts";
import { type InvocationRow, listen, record } from "../support/records.ts";

const RUNS = 300;
const EXACT = 6;

const total = <T>(values: readonly T[], read: (value: T) => number) =>
  values.reduce((sum, value) => sum + read(value), 0);

/** Records of a whole run against the counters of its result. */
function checkBooks(scenario: Scenario, result: RunResult, recorded: ReturnType<typeof record>): void {
  const from = scenario.warmup / SECOND;
  result.functions.forEach(({ counters: c, concurrency }, fn) => {
    const rows = recorded.rows.filter((row) => row.fn === fn && row.at >= from);
    const environments = recorded.environments.filter((row) => row.fn === fn);
    const accepted = rows.filter((row) => row.placement !== "throttled");
    const count = (is: (row: InvocationRow) => boolean) => accepted.filter(is).length;
    expect(rows.length).toBe(c.attempts);
    expect(accepted.length).toBe(c.invocations);
    expect(count((row) => row.placement === "cold")).toBe(c.coldStarts);
    expect(count((row) => row.placement === "provisioned")).toBe(c.provisionedInvocations);
    expect(THROTTLE_REASONS.map((reason) => rows.filter((row) => row.reason === reason).length)).toEqual(
      c.throttledAttempts,
    );
    expect(count((row) => row.outcome === "timedOut")).toBe(c.timeouts);
    expect(count((row) => !["succeeded", "unfinished"].includes(row.outcome))).toBe(c.errors);
    expect(total(accepted, (row) => row.billedMs)).toBe(c.billedMs + c.provisionedBilledMs);
    expect(total(environments, (row) => row.invocations)).toBe(c.invocations);
    expect(total(environments, (row) => row.busy)).toBeCloseTo(
      (concurrency.mean * result.span) / SECOND,
      EXACT,
    );
    if (scenario.entries.length === 0) {
      expect(count((row) => row.outcome === "succeeded")).toBe(c.succeeded);
      expect(count((row) => row.outcome === "unfinished")).toBe(c.unfinished);
      // In order of time, but that clients' calls go with the others.
      for (let i = 1; i < rows.length; i++) expect(rows[i]!.at).toBeGreaterThanOrEqual(rows[i - 1]!.at);
    }
    for (const row of environments) {
      expect(row.busy).toBeLessThanOrEqual((row.ended || Number.POSITIVE_INFINITY) - row.born + 1e-9);
      if (row.ended < row.last) throw new Error(`ended ${row.ended} before its last use ${row.last}`);
    }
  });
  // An environment does one thing at a time.
  const until = new Map<number, number>();
  for (const { environment, at, wait, duration } of [...recorded.rows].sort((a, b) => a.at - b.at)) {
    if (environment === 0) continue;
    expect(at + 1e-9).toBeGreaterThanOrEqual(until.get(environment) ?? 0);
    until.set(environment, at + wait + duration);
  }
}

/** What overlaps a window, of records of the whole run. */
function checkWindow(scenario: Scenario, whole: ReturnType<typeof record>, share: [number, number]): void {
  const span = scenario.horizon - scenario.warmup;
  const [low, high] = share[0] < share[1] ? share : [share[1], share[0]];
  const from = scenario.warmup + Math.floor(low * span);
  const to = Math.max(from + 1, scenario.warmup + Math.floor(high * span));
  const { rows, environments, result } = record(scenario, { from, to });
  expect(result.digest).toBe(whole.result.digest);
  const [start, end] = [from / SECOND, to / SECOND];
  const overlaps = ({ at, wait, duration }: InvocationRow) =>
    at < end && (at >= start || at + wait + duration > start + 1e-9);
  expect(rows).toEqual(whole.rows.filter(overlaps));
  const inside = (row: InvocationRow) =>
    Math.min(row.at + row.wait + row.duration, end) - Math.max(row.at, start);
  for (const { number, busy, invocations } of environments) {
    const own = rows.filter((row) => row.environment === number);
    expect(busy).toBeCloseTo(total(own, inside), EXACT);
    expect(invocations).toBe(own.filter(({ at }) => at >= start).length);
  }
  const existed = whole.environments.filter((row) => row.born < end && !(row.ended < start));
  expect(environments.map(({ number }) => number)).toEqual(existed.map(({ number }) => number));
}

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, number>;
}

/** The trace of a run: its events are complete, its slices nest, and they add up to the result. */
function checkTrace(scenario: Scenario): number {
  const window = { from: scenario.warmup, to: scenario.horizon };
  let text = "";
  const trace = new PerfettoTrace(scenario, window, (piece) => {
    text += piece;
  });
  const result = listen(scenario, trace);
  trace.close();
  const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] };
  const slices = traceEvents.filter(({ ph }) => ph === "X");
  for (const { ts, dur, pid, tid } of slices) {
    expect([ts, dur, pid, tid].every(Number.isInteger)).toBe(true);
    expect(dur).toBeGreaterThanOrEqual(0);
    expect(ts).toBeGreaterThanOrEqual(window.from);
    expect(ts + dur).toBeLessThanOrEqual(window.to);
  }
  result.functions.forEach(({ concurrency, counters }, fn) => {
    const own = slices.filter(({ pid }) => pid === fn + 1);
    const busy = own.filter(({ name }) => name !== "idle");
    expect(Math.abs(total(busy, ({ dur }) => dur) - concurrency.mean * result.span)).toBeLessThan(0.01);
    // One after another on each thread, without gaps: it is busy or idle as long as it lives.
    const ordered = own.sort((a, b) => a.tid! - b.tid! || a.ts - b.ts || a.dur - b.dur);
    for (let i = 1; i < ordered.length; i++) {
      const [before, after] = [ordered[i - 1]!, ordered[i]!];
      if (before.tid === after.tid) expect(after.ts).toBe(before.ts + before.dur);
    }
    const counter = (of: string) =>
      traceEvents.filter(({ ph, name, pid }) => ph === "C" && name === of && pid === fn + 1);
    const running = counter("concurrency");
    let area = 0;
    running.forEach(({ ts, args }, i) => {
      expect(args.concurrency).toBeGreaterThanOrEqual(0);
      area += args.concurrency! * ((running[i + 1]?.ts ?? window.to) - ts);
    });
    expect(Math.abs(area - concurrency.mean * result.span)).toBeLessThan(0.01);
    expect(counter("throttles").at(-1)!.args.throttles).toBe(total(counters.throttledAttempts, (n) => n));
  });
  return slices.length;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe(`records of ${RUNS} random scenarios`, () => {
  test("add up to the counters, change nothing, and are the same through a window", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(randomScenario, fc.tuple(share, share), (file, window) => {
        const scenario = parseScenario(file);
        const recorded = record(scenario);
        expect(recorded.result.digest).toBe(simulate(scenario).digest);
        checkBooks(scenario, recorded.result, recorded);
        checkWindow(scenario, recorded, window);
        for (const { outcome, placement } of recorded.rows) reached.add(outcome).add(placement);
        for (const { why } of recorded.environments) reached.add(why);
      }),
      { numRuns: RUNS, seed: 20_261_125 },
    );
    for (const what of ["cold", "warm", "provisioned", "throttled", "timedOut", "crashed", "unfinished"])
      expect(reached).toContain(what);
    for (const why of ["idle", "aged", "deploy", "givenUp", "endOfRun"]) expect(reached).toContain(why);
  });

  test("make traces whose slices and counters add up to the result", () => {
    let slices = 0;
    fc.assert(
      fc.property(randomScenario, (file) => {
        slices += checkTrace(parseScenario(file));
      }),
      { numRuns: RUNS / 3, seed: 20_261_126 },
    );
    expect(slices).toBeGreaterThan(10_000);
  });
});

/** Functions that wait for others, queues with batches and retries, and events that wait to be tried again. */
const modelled = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    warmup: fc.constantFrom("0s", "7s"),
    errors: fc.constantFrom("0%", "30%"),
    reserved: fc.constantFrom(2, 20),
    timeout: fc.constantFrom("1s", "20s"),
    provisioned: fc.constantFrom(undefined, 2),
  })
  .map(
    ({ seed, warmup, errors, reserved, timeout, provisioned }) =>
      JSON.parse(
        JSON.stringify({
          lsim: 1,
          name: "modelled",
          seed,
          warmup,
          horizon: "30s",
          functions: {
            api: {
              duration: { type: "exponential", mean: "200ms" },
              initDuration: "300ms",
              keepAlive: "2s",
              timeout,
              errors,
              reservedConcurrency: 2 * reserved,
              provisionedConcurrency: provisioned,
              calls: [{ to: "mail", share: "50%" }],
              emits: [{ to: "log" }],
            },
            mail: {
              duration: "600ms",
              initDuration: "1s",
              reservedConcurrency: reserved,
              maximumLifetime: "5s",
            },
            log: { duration: "50ms", errors },
          },
          traffic: [
            { to: "api", arrivals: { type: "poisson", rate: "8/s" } },
            { to: "api", name: "users", arrivals: { type: "closed", clients: 5, thinkTime: "400ms" } },
            {
              to: "log",
              name: "jobs",
              invoke: { type: "sqs", batchSize: 5 },
              arrivals: { type: "poisson", rate: "10/s" },
            },
          ],
        }),
      ) as ScenarioFile,
  );

describe("records of functions that wait for others, and of queues", () => {
  test("add up to the counters, change nothing, and trace", () => {
    let held = 0;
    fc.assert(
      fc.property(modelled, (file) => {
        const scenario = parseScenario(file);
        const recorded = record(scenario);
        expect(recorded.result.digest).toBe(simulate(scenario).digest);
        checkBooks(scenario, recorded.result, recorded);
        checkTrace(scenario);
        for (let i = 1; i < recorded.rows.length; i++)
          if (recorded.rows[i]!.at < recorded.rows[i - 1]!.at) held++;
      }),
      { numRuns: 40, seed: 20_261_127 },
    );
    // Executions that waited came after those that began later.
    expect(held).toBeGreaterThan(100);
  });
});
