import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MB_MS_PER_GB_SECOND } from "../../sim/pricing/items.ts";
import { provisionedMs, usageOf } from "../../sim/pricing/meter.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { SECOND } from "../../sim/units.ts";
import { evenly, exponential, one, poisson, run, sum } from "../support/lab.ts";

const RUNS = 200;
const HORIZON = 3600;

/** Amounts asked for at whole seconds of an hour. */
const schedule = fc
  .array(fc.tuple(fc.integer({ min: 0, max: HORIZON - 1 }), fc.integer({ min: 0, max: 40 })), {
    minLength: 1,
    maxLength: 8,
  })
  .filter((actions) => actions.some(([, capacity]) => capacity > 0));
const policy = fc.record({
  base: fc.integer({ min: 0, max: 40 }),
  actions: schedule,
  warmup: fc.integer({ min: 0, max: 1800 }),
  preparation: fc.integer({ min: 0, max: 200 }),
  lifetime: fc.constantFrom("forever", "2m", "20m"),
});
type Drawn = typeof policy extends fc.Arbitrary<infer T> ? T : never;

function scenarioOf({ base, actions, warmup, preparation, lifetime }: Drawn, arrivals: unknown): Scenario {
  return one(
    {
      duration: exponential("1s"),
      memorySize: "1536 MB",
      maximumLifetime: lifetime,
      provisionedConcurrency: {
        type: "schedule",
        base,
        schedule: actions.map(([s, capacity]) => ({ at: `${s}s`, capacity })),
        allocation: { preparation: `${preparation}s`, perMinute: "unlimited" },
      } as never,
    },
    arrivals,
    { horizon: `${HORIZON}s`, warmup: `${warmup}s`, measure: { interval: "1s" } },
  );
}

/** What is asked for, and what is there, in each second: worked out second by second. */
function second({ base, actions, preparation }: Drawn): { requested: number[]; allocated: number[] } {
  const requested: number[] = [];
  const allocated: number[] = [];
  let [asked, there, ready] = [base, base, Number.POSITIVE_INFINITY];
  for (let s = 0; s < HORIZON; s++) {
    if (s === ready) [there, ready] = [asked, Number.POSITIVE_INFINITY];
    const now = actions.filter(([at]) => at === s).at(-1);
    if (now && now[1] !== asked) {
      asked = now[1];
      if (asked <= there) [there, ready] = [asked, Number.POSITIVE_INFINITY];
      else if (preparation === 0) there = asked;
      else ready = s + preparation;
    }
    requested.push(asked);
    allocated.push(there);
  }
  return { requested, allocated };
}

describe(`${RUNS} random schedules`, () => {
  test("are followed to the second, and billed for what was asked for, each stretch rounded up to five minutes", () => {
    fc.assert(
      fc.property(policy, (drawn) => {
        const scenario = scenarioOf(drawn, evenly("0/s"));
        const { f } = run(scenario);
        const expected = second(drawn);
        const { timeline, enabled, initMs } = f.provisioned!;
        expect([...timeline!.requested]).toEqual(expected.requested.slice(drawn.warmup));
        expect([...timeline!.allocated]).toEqual(expected.allocated.slice(drawn.warmup));

        // Environments that nobody uses live from the allocation until they are given up, replaced or not.
        const lived = f.environments.mean * (HORIZON - drawn.warmup);
        expect(lived).toBeCloseTo(sum(expected.allocated.slice(drawn.warmup)), 4);

        let billed = 0;
        let length = 0;
        expected.requested.slice(drawn.warmup).forEach((capacity, i, all) => {
          billed += capacity;
          length = capacity > 0 ? length + 1 : 0;
          if (capacity > 0 && (all[i + 1] ?? 0) === 0) billed += capacity * ((300 - (length % 300)) % 300);
        });
        expect(provisionedMs(enabled)).toBe(1000 * billed);
        const usage = usageOf(scenario.functions[0]!, f.counters, f.provisioned!);
        expect(usage["provisioned.x86_64"]! / MB_MS_PER_GB_SECOND).toBeCloseTo(1.5 * billed, 6);
        expect(initMs).toBe(0);
      }),
      { numRuns: RUNS, seed: 20_261_125 },
    );
  });

  test("under traffic: the same twice, every invocation is of one sort, and the used are the busy", () => {
    fc.assert(
      fc.property(policy, (drawn) => {
        const scenario = scenarioOf(drawn, poisson("3/s"));
        const result = simulate(scenario);
        expect(simulate(scenario).digest).toBe(result.digest);
        const f = result.functions[0]!;
        const { timeline, allocated } = f.provisioned!;
        const { counters: c } = f;
        expect(sum(timeline!.spillover)).toBe(c.spillover);
        expect(c.provisionedInvocations + c.spillover).toBeLessThanOrEqual(c.invocations);
        const span = result.span / SECOND;
        expect(sum(timeline!.used) / span).toBeCloseTo(f.provisionedConcurrency.mean, 9);
        expect(sum(timeline!.allocated) / span).toBeCloseTo(allocated.mean, 9);
        if (allocated.max === 0) expect(c.spillover).toBe(0);
        const once = timeline!.allocated.every((n) => n > 0);
        if (once) expect(c.provisionedInvocations + c.spillover).toBe(c.invocations);
        expect(result.account.claimedMax).toBeGreaterThanOrEqual(allocated.max);
      }),
      { numRuns: RUNS / 4, seed: 20_261_126 },
    );
  });
});

test("a policy leaves arrivals, durations and failures as they were, request by request", () => {
  const settings = { duration: exponential("1s"), errors: "10%", initDuration: "1s" } as const;
  const of = (provisionedConcurrency?: unknown) =>
    run(
      one(
        { ...settings, ...(provisionedConcurrency !== undefined && { provisionedConcurrency }) } as never,
        poisson("20/s"),
        {
          horizon: "1h",
        },
      ),
    ).f;
  const [without, fixed, tracking] = [
    of(),
    of({ type: "fixed", capacity: 15, at: "5m" }),
    of({ type: "target-tracking", target: 0.7, min: 5, max: 60 }),
  ];
  for (const f of [fixed, tracking]) {
    expect(f.counters.requests).toBe(without.counters.requests);
    expect(f.counters.errors).toBe(without.counters.errors);
    expect(f.histograms!.duration.sum).toBe(without.histograms!.duration.sum);
    expect(f.counters.provisionedInvocations).toBeGreaterThan(10_000);
  }
});
