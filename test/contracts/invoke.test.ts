import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { INVOKES } from "../../sim/invoke/registry.ts";
import type { EntryCounts } from "../../sim/measure/entry.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { exponential, lab, poisson, run, SEEDS } from "../support/lab.ts";

/** What a kind must be given beside its type; most need nothing. */
const REQUIRED: Record<string, object> = {};

const KINDS = INVOKES.map(({ type }) => ({ type, invoke: { type, ...REQUIRED[type] } }));

/** What can be wrong with the function. `recovers`: all that came is done some hours after the traffic has ended. */
const SITUATIONS = [
  { name: "all goes well", settings: {}, recovers: true },
  { name: "some runs fail", settings: { errors: "30%", crashes: "5%" }, recovers: true },
  { name: "some time out", settings: { duration: exponential("600ms"), timeout: "1s" }, recovers: true },
  { name: "it is throttled", settings: { reservedConcurrency: 1 }, recovers: true },
  { name: "it is throttled and fails", settings: { reservedConcurrency: 2, errors: "40%" }, recovers: true },
  { name: "every run fails", settings: { errors: "100%" }, recovers: false },
  { name: "it is stopped", settings: { reservedConcurrency: 0 }, recovers: false },
];

const ARRIVALS = [
  { name: "open traffic", arrivals: poisson("4/s") },
  { name: "bursts", arrivals: { type: "bursts", every: "20s", size: 30 } },
  { name: "closed clients", arrivals: { type: "closed", clients: 7, thinkTime: exponential("2s") } },
];

/** A minute of traffic, then quiet. Function `f` emits, so that every kind goes through its model. */
function scenarioOf(invoke: object, settings: object, arrivals: unknown, more: object = {}): Scenario {
  return lab({
    horizon: "5h",
    measure: { interval: "30m" },
    functions: {
      f: { duration: "300ms", timeout: "5s", initDuration: "200ms", ...settings, emits: [{ to: "g" }] },
      g: { duration: "10ms" },
    },
    traffic: [{ to: "f", end: "1m", invoke, arrivals, ...more } as never],
  });
}

function checkCounts(c: EntryCounts): void {
  expect(c.requests).toBeGreaterThan(0);
  expect(c.requests).toBe(c.succeeded + c.failed + c.throttled + c.dropped + c.unfinished);
  expect(c.deadLettered).toBeLessThanOrEqual(c.dropped);
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(sum(c.dropsByCause)).toBe(c.dropped);
  expect(sum(c.deadLettersByCause)).toBe(c.deadLettered);
}

describe.each(KINDS)("invocation by $type", ({ type, invoke }) => {
  describe.each(SITUATIONS)("when $name", ({ settings, recovers }) => {
    it.each(ARRIVALS)("accounts for every request of $name, and is the same twice", ({ arrivals }) => {
      const scenario = scenarioOf(invoke, settings, arrivals);
      for (const seed of SEEDS) {
        const { result } = run(scenario, seed);
        expect(run(scenario, seed).result.digest).toBe(result.digest);
        const { counts: c, laws, depth } = result.entries[0]!;
        checkCounts(c);
        expect(laws.attempts.count).toBe(c.requests - c.unfinished);
        expect(c.receives).toBeGreaterThanOrEqual(c.succeeded);
        expect(depth.mean).toBeLessThanOrEqual(depth.max);
        // What went well has been sent on, once.
        const sent = result.entries[1]!.counts.requests;
        expect(sent).toBe(c.succeeded);
        if (!recovers) expect(c.succeeded).toBe(0);
        else {
          expect(c.unfinished).toBe(0);
          expect(c.succeeded).toBeGreaterThan(0);
        }
      }
    });
  });

  it("says what it is in a line, and where it needs no model only where nothing waits", () => {
    const { traffic } = scenarioOf(invoke, {}, poisson("1/s"));
    const { invoke: plan } = traffic[0]!;
    expect(plan.type).toBe(type);
    expect(plan.text.length).toBeGreaterThan(2);
    expect(plan.text).not.toMatch(/\n|undefined|NaN/);
    expect(plan.direct && plan.queues).toBe(false);
  });

  it("sends its dead letters on, where it has a queue", () => {
    const { queues } = scenarioOf(invoke, {}, poisson("1/s")).traffic[0]!.invoke;
    if (!queues) {
      const build = () => scenarioOf(invoke, {}, poisson("1/s"), { deadLetters: { to: "g", name: "dead" } });
      expect(build).toThrow(/are what a queue gives up/);
      return;
    }
    const scenario = scenarioOf(invoke, { errors: "100%" }, poisson("2/s"), {
      deadLetters: { to: "g", name: "dead" },
    });
    const { result } = run(scenario);
    const of = (name: string) => result.entries[scenario.entries.findIndex((e) => e.name === name)]!.counts;
    expect(of("dead").requests).toBe(of("f").deadLettered);
  });

  it("leaves out what came before the warm-up has ended", () => {
    const scenario = scenarioOf(invoke, { errors: "20%" }, poisson("4/s"));
    const warmed = { ...scenario, warmup: 30_000_000 };
    const whole = run(scenario).result.entries[0]!.counts;
    const part = run(warmed).result.entries[0]!.counts;
    checkCounts(part);
    expect(part.requests).toBeLessThan(0.8 * whole.requests);
  });
});

describe("the settings of every kind", () => {
  const reference = readFileSync(new URL("../../docs/scenario.md", import.meta.url), "utf8");
  const settings = INVOKES.flatMap(({ type, schema }) =>
    Object.entries<z.ZodType>(schema.shape as Record<string, z.ZodType>)
      .filter(([name]) => name !== "type")
      .map(([name, field]) => ({ type, name, field })),
  );

  it.each(settings)("$type: $name is described for editors and in the reference", ({ name, field }) => {
    expect(field.meta()?.description).toMatch(/^.{5,}\.$/);
    expect(reference).toContain(`| \`${name}\` |`);
  });

  it("are those of the registry's type", () => {
    expect(new Set(INVOKES.map((kind) => kind.type)).size).toBe(INVOKES.length);
    expect(Object.keys(REQUIRED).filter((type) => !KINDS.some((k) => k.type === type))).toEqual([]);
    for (const { type, schema } of INVOKES) expect(schema.shape.type.value).toBe(type);
  });
});
