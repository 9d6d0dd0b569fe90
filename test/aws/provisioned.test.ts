import { describe, expect, test } from "vitest";
import type { FunctionResult } from "../../sim/measure/function-result.ts";
import type { ProvisionedResult } from "../../sim/measure/provisioned.ts";
import { provisionedMs } from "../../sim/pricing/meter.ts";
import { SECOND } from "../../sim/units.ts";
import {
  evenly,
  exponential,
  lab,
  near,
  one,
  poisson,
  run,
  SEEDS,
  spilloverShare,
  sum,
  waves,
} from "../support/lab.ts";
import { erlangB } from "../support/theory.ts";

/** Ready as soon as it is asked for. */
const AT_ONCE = { preparation: "0s", perMinute: "unlimited" } as const;

const provisioned = (f: FunctionResult): ProvisionedResult => f.provisioned!;

/** The amounts that served, each with the second at which it began. */
function steps(column: Float64Array): [second: number, amount: number][] {
  return [...column.entries()].filter(([s, amount]) => s === 0 || column[s - 1] !== amount);
}

describe("allocation", () => {
  const asked = (capacity: number, allocation: unknown, horizon = "10m") =>
    run(
      one(
        { duration: "1s", provisionedConcurrency: { type: "fixed", capacity, at: "1m", allocation } },
        evenly("1/s"),
        { horizon },
      ),
    ).f;

  test("5,000 are ready after the preparation and 50 s, all at once, and none before", () => {
    const { timeline } = provisioned(asked(5000, { preparation: "90s" }));
    expect(steps(timeline!.allocated)).toEqual([
      [0, 0],
      [60 + 90 + 50, 5000],
    ]);
    expect(steps(timeline!.requested)).toEqual([
      [0, 0],
      [60, 5000],
    ]);
  });

  test("the rule until 2023: 3,000 at once, then 500 a minute", () => {
    const { timeline } = provisioned(asked(4000, { preparation: "60s", burst: 3000, perMinute: 500 }));
    expect(steps(timeline!.allocated).at(-1)).toEqual([60 + 60 + 120, 4000]);
  });

  test("takes one to two minutes of preparation", () => {
    for (const seed of SEEDS) {
      const scenario = one(
        { duration: "1s", provisionedConcurrency: { type: "fixed", capacity: 100, at: "0s" } },
        evenly("1/s"),
        { horizon: "5m" },
      );
      const ready = (steps(provisioned(run(scenario, seed).f).timeline!.allocated)[1]![0] as number) - 1;
      expect(ready).toBeGreaterThanOrEqual(60);
      expect(ready).toBeLessThanOrEqual(121);
    }
  });

  test("while more is allocated what is there serves; then all of it does", () => {
    const { f } = run(
      one(
        {
          duration: "1s",
          provisionedConcurrency: {
            type: "schedule",
            base: 10,
            schedule: [{ at: "60s", capacity: 30 }],
            allocation: { preparation: "60s", perMinute: "unlimited" },
          },
        },
        evenly("30/s"),
        { horizon: "3m" },
      ),
    );
    const { used, spillover } = provisioned(f).timeline!;
    expect([used[100], spillover[100]]).toEqual([10, 20]);
    expect([used[150], spillover[150]]).toEqual([30, 0]);
  });

  test("a new request takes the place of one that is under way", () => {
    const { timeline } = provisioned(
      run(
        one(
          {
            duration: "1s",
            provisionedConcurrency: {
              type: "schedule",
              schedule: [
                { at: "0s", capacity: 600 },
                { at: "30s", capacity: 1200 },
                { at: "3m", capacity: 2400 },
                { at: "4m", capacity: 100 },
              ],
              allocation: { preparation: "90s" },
            },
          },
          evenly("1/s"),
          { horizon: "6m" },
        ),
      ).f,
    );
    expect(steps(timeline!.allocated)).toEqual([
      [0, 0],
      [30 + 90 + 12, 1200],
      [240, 100],
    ]);
  });
});

describe("giving it up", () => {
  test("ends idle ones at once and busy ones with their runs; the fee for 7 min 1 s is that of 10 min", () => {
    const { f } = run(
      one(
        {
          duration: "100s",
          provisionedConcurrency: {
            type: "schedule",
            base: 100,
            schedule: [{ at: "421s", capacity: 0 }],
          },
        },
        waves(["400s", 40]),
        { horizon: "20m" },
      ),
    );
    const { timeline, enabled } = provisioned(f);
    expect(steps(timeline!.allocated)).toEqual([
      [0, 100],
      [421, 0],
    ]);
    expect([timeline!.used[420], timeline!.used[499], timeline!.used[500]]).toEqual([40, 40, 0]);
    expect(f.counters).toMatchObject({ provisionedInvocations: 40, succeeded: 40, coldStarts: 0 });
    expect(provisionedMs(enabled)).toBe(100 * 600_000);
    // 60 lived for 421 s, 40 until their runs ended at 500 s.
    expect(f.environments.mean * 1200).toBeCloseTo(60 * 421 + 40 * 500, 6);
  });

  test("gives its share of the account back when the environments have ended, never more than the quota", () => {
    const { f, result } = run(
      one(
        {
          duration: "100s",
          provisionedConcurrency: {
            type: "schedule",
            base: 50,
            schedule: [{ at: "10s", capacity: 10 }],
          },
        },
        waves(["5s", 200], ["20s", 50], ["106s", 200]),
        { horizon: "150s", account: { concurrency: 160 } },
      ),
    );
    expect(result.account.concurrency.max).toBe(160);
    // 160 of the first; none at 20 s; 160 again when those have ended.
    expect(f.counters).toMatchObject({ invocations: 320, throttled: 40 + 50 + 40 });
    expect(f.counters.provisionedInvocations).toBe(50 + 10);
  });

  test("what comes to be provisioned while others run on demand keeps the account's quota", () => {
    const { f, result } = run(
      one(
        {
          duration: "60s",
          provisionedConcurrency: { type: "fixed", capacity: 50, at: "10s", allocation: AT_ONCE },
        },
        waves(["5s", 200], ["20s", 10], ["70s", 200]),
        { horizon: "140s", account: { concurrency: 150 } },
      ),
    );
    expect(result.account.concurrency.max).toBe(150);
    expect(result.account.claimedMax).toBe(150 + 50);
    expect(f.counters).toMatchObject({ invocations: 300, provisionedInvocations: 50 });
  });
});

describe("what came on demand", () => {
  test.each(["sync", "async"])("spills over only while something is provisioned: %s", (invoke) => {
    const provisionedConcurrency = {
      type: "schedule",
      schedule: [
        { at: "100s", capacity: 5 },
        { at: "200s", capacity: 0 },
      ],
      allocation: AT_ONCE,
    };
    const scenario = lab({
      horizon: "300s",
      warmup: "50s",
      functions: { f: { duration: "1s", provisionedConcurrency } },
      traffic: [{ to: "f", invoke, arrivals: evenly("10/s") }],
    });
    const { f } = run(scenario);
    expect(f.counters).toMatchObject({ invocations: 2500, provisionedInvocations: 500, spillover: 500 });
    expect(sum(provisioned(f).timeline!.spillover)).toBe(500);
  });

  test("is Erlang's loss, whichever policy provides the 100 for a load of 80", () => {
    for (const seed of SEEDS) {
      const { f } = run(
        one(
          {
            duration: exponential("1s"),
            provisionedConcurrency: { type: "fixed", capacity: 100, at: "10s", allocation: AT_ONCE },
          },
          poisson("80/s"),
          { horizon: "20000s", warmup: "100s" },
        ),
        seed,
      );
      const loss = erlangB(100, 80);
      expect(loss).toBeCloseTo(0.00399203, 8);
      // Overflow comes in clumps: its variance in long windows is several times its mean.
      expect(near(spilloverShare(f), loss, 4.5 * Math.sqrt((8 * loss) / 1.6e6))).toBe(true);
      expect(f.counters.coldStarts).toBeLessThanOrEqual(f.counters.spillover);
    }
  }, 60_000);
});

describe("target tracking", () => {
  const tracking = (rule: object, arrivals: unknown, horizon: string, more: object = {}) =>
    run(
      one(
        {
          duration: "1s",
          provisionedConcurrency: {
            type: "target-tracking",
            target: 0.7,
            min: 1,
            max: 1000,
            allocation: { preparation: "90s" },
            ...rule,
          } as never,
        },
        arrivals,
        { horizon, measure: { interval: "1s" }, ...more },
      ),
    ).f;
  const amounts = (f: FunctionResult) => steps(provisioned(f).timeline!.allocated);
  const requests = (f: FunctionResult) => steps(provisioned(f).timeline!.requested);

  test("95 of 100 in use: 136 after three points of a minute, and it stays there", () => {
    const f = tracking({ base: 100 }, evenly("95/s"), "60m");
    expect(requests(f)).toEqual([
      [0, 100],
      [180, 136],
    ]);
    // Ready within a second, of which the timeline has the average.
    expect(amounts(f).filter(([, n]) => Number.isInteger(n))).toEqual([
      [0, 100],
      [271, 136],
    ]);
  });

  test("a load of 200 on 100: 143, 205, 286, each after three points, for utilisation cannot be over 1", () => {
    const f = tracking({ base: 100 }, evenly("200/s"), "60m");
    expect(requests(f).map(([, n]) => n)).toEqual([100, 143, 205, 286]);
    // Ready at 270.43 s; the whole minutes from 300 s on count.
    expect(requests(f)[2]![0]).toBe(480);
    expect(requests(f)[3]![0]).toBe(480 + 60 * Math.ceil((90 + 0.62) / 60) + 180);
  });

  test("the seldom peak decides where the statistic is the maximum", () => {
    const bursts = { type: "bursts", every: "30s", size: 95 };
    expect(requests(tracking({ base: 100, statistic: "maximum" }, bursts, "10m"))[1]).toEqual([180, 136]);
    const average = tracking({ base: 100 }, bursts, "10m");
    expect(requests(average)[1]).toEqual([180, 90]);
  });

  test("scales in by a tenth at most, after as many points as it is told, down to the min", () => {
    const f = tracking({ base: 100, min: 70 }, evenly("20/s"), "20m");
    expect(requests(f)).toEqual([
      [0, 100],
      [180, 90],
      [360, 81],
      [540, 73],
      [720, 70],
    ]);
    const slow = tracking({ base: 100, scaleInAfter: 15 }, evenly("20/s"), "31m");
    expect(requests(slow).map(([s]) => s)).toEqual([0, 900, 1800]);
  });

  test("cooldowns keep actions of a kind apart", () => {
    const f = tracking({ base: 100, scaleInCooldown: "10m" }, evenly("20/s"), "15m");
    expect(requests(f).map(([s]) => s)).toEqual([0, 180, 780]);
    const out = tracking({ base: 100, scaleOutCooldown: "15m" }, evenly("200/s"), "20m");
    expect(requests(out).map(([s]) => s)).toEqual([0, 180, 1080]);
  });

  test("without traffic there is no metric, and nothing changes", () => {
    const f = tracking({ base: 100 }, { type: "times", at: [{ t: "0s", count: 95 }] }, "60m");
    expect(requests(f)).toEqual([[0, 100]]);
  });

  test("just within 90 % of the target nothing is taken away, nor anything added at the target", () => {
    expect(requests(tracking({ base: 100 }, evenly("63/s"), "30m"))).toHaveLength(1);
    expect(requests(tracking({ base: 100 }, evenly("70/s"), "30m"))).toHaveLength(1);
    expect(requests(tracking({ base: 100 }, evenly("62/s"), "30m")).length).toBeGreaterThan(1);
    expect(requests(tracking({ base: 100 }, evenly("71/s"), "30m")).length).toBeGreaterThan(1);
  });

  test("scheduled actions set min and max, and at once what is out of them", () => {
    const f = tracking(
      {
        base: 100,
        schedule: [
          { at: "5m", min: 300 },
          { at: "20m", min: 1, max: 50 },
        ],
      },
      evenly("65/s"),
      "30m",
    );
    expect(requests(f).filter(([s]) => s === 300 || s === 1200)).toEqual([
      [300, 300],
      [1200, 50],
    ]);
    expect(requests(f).every(([s, n]) => s < 300 || s >= 1200 || n === 300)).toBe(true);
    expect(requests(f).every(([s, n]) => s < 1200 || n <= 50)).toBe(true);
  });
});

describe("a schedule by the clock", () => {
  const opening = (schedule: readonly { at: string; capacity: number }[], starts: string, horizon: string) =>
    run(
      one(
        {
          duration: "1s",
          provisionedConcurrency: { type: "schedule", base: 2, schedule, allocation: AT_ONCE } as never,
        },
        evenly("1/m"),
        { horizon, starts, measure: { interval: "1s" } },
      ),
    ).f;

  test("opens and closes on the second, day after day", () => {
    const f = opening(
      [
        { at: "07:45", capacity: 120 },
        { at: "21:00:30", capacity: 10 },
      ],
      "2026-03-02T07:00Z",
      "26h",
    );
    expect(steps(provisioned(f).timeline!.allocated)).toEqual([
      [0, 2],
      [45 * 60, 120],
      [14 * 3600 + 30, 10],
      [24 * 3600 + 45 * 60, 120],
    ]);
  });

  test.each([
    ["08:45+01:00", 45 * 60],
    ["cron(45 7 ? * MON-FRI *)", 45 * 60],
    ["at(2026-03-02T07:45:00)", 45 * 60],
    ["45m", 45 * 60],
    ["rate(2 hours)", 0],
  ])("%s is second %d of a Monday that begins at seven", (at, second) => {
    const f = opening([{ at, capacity: 7 }], "2026-03-02T07:00Z", "1h");
    expect(steps(provisioned(f).timeline!.allocated).at(-1)).toEqual([second, 7]);
  });
});

test("utilisation is the use of what was there: its share over all the time, and the most at any time", () => {
  const { f } = run(
    one(
      {
        duration: "10s",
        provisionedConcurrency: {
          type: "schedule",
          base: 10,
          schedule: [
            { at: "50s", capacity: 4 },
            { at: "100s", capacity: 20 },
          ],
          allocation: AT_ONCE,
        },
      },
      waves(["10s", 5], ["60s", 3], ["110s", 9]),
      { horizon: "200s" },
    ),
  );
  expect(provisioned(f).utilization.mean).toBeCloseTo((17 * 10) / (10 * 50 + 4 * 50 + 20 * 100), 9);
  expect(provisioned(f).utilization.max).toBe(3 / 4);
  expect(f.provisionedConcurrency.max).toBe(9);
});

describe("what it costs to make them", () => {
  const settings = {
    duration: "100ms",
    initDuration: "2s",
    firstHandler: "300ms",
    memorySize: "1024 MB",
  } as const;

  test("init runs at allocation: nobody waits for it, and the first run of each takes longer", () => {
    const { f } = run(
      one(
        {
          ...settings,
          provisionedConcurrency: { type: "fixed", capacity: 20, at: "10s", allocation: AT_ONCE },
        },
        waves(["20s", 20], ["30s", 20]),
        { horizon: "1m", pricing: { billInit: false } },
      ),
    );
    expect(provisioned(f)).toMatchObject({ inits: 20, initMs: 40_000 });
    expect(f.counters).toMatchObject({
      coldStarts: 0,
      warmStarts: 40,
      provisionedBilledMs: 20 * (400 + 100),
    });
    expect(f.histograms!.latency.max).toBe(0.4 * SECOND);
    expect(f.environments).toMatchObject({ created: 20, max: 20 });
  });

  test("they are replaced at the end of their lives, idle or busy, and callers do not wait", () => {
    const { f } = run(
      one(
        {
          ...settings,
          maximumLifetime: "10m",
          provisionedConcurrency: { type: "fixed", capacity: 10, at: "0s", allocation: AT_ONCE },
        },
        {
          type: "times",
          at: [
            { t: "595s", count: 10, duration: "10s" },
            { t: "610s", count: 10 },
          ],
        },
        { horizon: "1h" },
      ),
    );
    // Made at 0, replaced at 605 s when they have finished, then every ten minutes: 1205, 1805, 2405, 3005 s.
    expect(provisioned(f)).toMatchObject({ inits: 10 * 6, initMs: 60 * 2000 });
    expect(f.counters).toMatchObject({ coldStarts: 0, provisionedInvocations: 20 });
    expect(f.environments.mean).toBeCloseTo(10, 9);
    // Both times the handler runs for the first time on its environment.
    expect(f.durationMean).toBe(5.35 * SECOND);
  });

  test("those that are there at the start are of all ages", () => {
    const { f } = run(
      one(
        { ...settings, maximumLifetime: "2h", provisionedConcurrency: { type: "fixed", capacity: 600 } },
        evenly("1/m"),
        { horizon: "1h" },
      ),
    );
    // Half of them end within half a life: 300 ± 12.
    expect(near(provisioned(f).inits, 300, 55)).toBe(true);
  });
});

test("a plain number is ready from the start, is not replaced, and has no first run", () => {
  const { f } = run(
    one(
      {
        duration: "100ms",
        initDuration: "2s",
        firstHandler: "1s",
        maximumLifetime: "10m",
        provisionedConcurrency: 10,
      },
      evenly("1/s"),
      { horizon: "1h" },
    ),
  );
  expect(provisioned(f)).toMatchObject({
    inits: 0,
    initMs: 0,
    requested: { mean: 10, max: 10 },
    allocated: { mean: 10, max: 10 },
  });
  expect(f.environments).toMatchObject({ created: 10, mean: 10 });
  expect(f.histograms!.latency.max).toBe(0.1 * SECOND);
});
