import { describe, expect, test } from "vitest";
import type { ScenarioError } from "../../sim/scenario/problem.ts";
import { type Experiment, evenly, lab, near, of, one, run, waves } from "../support/lab.ts";

/** `count` calls of 10 s to each function, all at 1 s, in an account with a quota of 1,000. */
function rush(
  functions: Record<string, { reservedConcurrency?: number; provisionedConcurrency?: number }>,
  counts: Record<string, number>,
) {
  const experiment: Experiment = {
    horizon: "30s",
    account: { concurrency: 1000 },
    functions: Object.fromEntries(Object.entries(functions).map(([n, f]) => [n, { duration: "10s", ...f }])),
    traffic: Object.entries(counts).map(([to, n]) => ({ to, arrivals: waves(["1s", n]) })),
  };
  const scenario = lab(experiment);
  const { result } = run(scenario);
  return {
    account: result.account,
    served: (name: string) => of(result, scenario, name).counters.invocations,
    counters: (name: string) => of(result, scenario, name).counters,
  };
}

describe("AWS's worked examples of reserved and provisioned concurrency, quota 1,000", () => {
  test("400 reserved for blue and for orange: the others share 200", () => {
    const functions = {
      blue: { reservedConcurrency: 400 },
      orange: { reservedConcurrency: 400 },
      green: {},
      grey: {},
    };
    const { served, counters, account } = rush(functions, { orange: 450, green: 150, grey: 150, blue: 10 });
    expect(served("orange")).toBe(400);
    expect(counters("orange").throttledAttempts[0]).toBe(50);
    expect([served("green"), served("grey")]).toEqual([150, 50]);
    expect(counters("grey").throttledAttempts[1]).toBe(100);
    expect(served("blue")).toBe(10);
    expect(account.concurrency.max).toBe(610);
  });

  test("400 provisioned for orange: it bursts into the 600 that everyone shares, up to 1,000", () => {
    const alone = rush({ orange: { provisionedConcurrency: 400 } }, { orange: 1100 });
    expect(alone.served("orange")).toBe(1000);
    expect(alone.counters("orange")).toMatchObject({
      provisionedInvocations: 400,
      spillover: 600,
      coldStarts: 600,
    });
    const together = rush({ orange: { provisionedConcurrency: 400 }, blue: {} }, { blue: 500, orange: 700 });
    expect([together.served("blue"), together.served("orange")]).toEqual([500, 500]);
    expect(together.account.concurrency.max).toBe(1000);
  });

  test("200 provisioned of 400 reserved: cold from 200 to 400, throttled above, 600 for the others", () => {
    const functions = { orange: { reservedConcurrency: 400, provisionedConcurrency: 200 }, blue: {} };
    const { counters, served } = rush(functions, { orange: 450, blue: 700 });
    expect(counters("orange")).toMatchObject({
      provisionedInvocations: 200,
      coldStarts: 200,
      spillover: 200,
      throttled: 50,
    });
    expect(counters("orange").throttledAttempts[0]).toBe(50);
    expect(served("blue")).toBe(600);
  });

  test("everything provisioned that is reserved: no on-demand room, nothing is cold", () => {
    const { counters } = rush({ f: { reservedConcurrency: 50, provisionedConcurrency: 50 } }, { f: 80 });
    expect(counters("f")).toMatchObject({ provisionedInvocations: 50, coldStarts: 0, throttled: 30 });
  });

  test("claimed concurrency: 600 reserved and 200 provisioned, then what is unreserved and in use", () => {
    const functions = {
      orange: { reservedConcurrency: 600 },
      green: { provisionedConcurrency: 200 },
      blue: {},
    };
    expect(rush(functions, { orange: 10, green: 200 }).account.claimedMax).toBe(800);
    expect(rush(functions, { orange: 10, blue: 100 }).account.claimedMax).toBe(900);
    expect(rush(functions, { orange: 600, green: 250, blue: 50 }).account.claimedMax).toBe(900);
  });
});

describe("what can be reserved", () => {
  const problems = (account: Experiment["account"], settings: Record<string, unknown>): string => {
    try {
      one({ duration: "1s", ...settings }, evenly("1/s"), { horizon: "1m", ...(account && { account }) });
      return "none";
    } catch (error) {
      return (error as ScenarioError).message;
    }
  };

  test("900 of 1,000, but not 901 or 950", () => {
    expect(problems({ concurrency: 1000 }, { reservedConcurrency: 900 })).toBe("none");
    expect(problems({ concurrency: 1000 }, { reservedConcurrency: 901 })).toContain("900");
    expect(problems({ concurrency: 1000 }, { reservedConcurrency: 950 })).toContain("900");
    expect(problems({ concurrency: 2000 }, { reservedConcurrency: 1900 })).toBe("none");
  });
  test("900 provisioned of 1,000, but not more", () => {
    expect(problems({ concurrency: 1000 }, { provisionedConcurrency: 900 })).toBe("none");
    expect(problems({ concurrency: 1000 }, { provisionedConcurrency: 901 })).toContain("900");
  });
  test("nothing in a new account of 10", () => {
    expect(problems({ concurrency: 10 }, { reservedConcurrency: 1 })).toContain("10");
  });
  test("no more provisioned than reserved", () => {
    const settings = { reservedConcurrency: 10, provisionedConcurrency: 11 };
    expect(problems({ concurrency: 1000 }, settings)).toContain("reservedConcurrency");
  });
  test("200 reserved of 1,000 leave 800 to the others", () => {
    const { served } = rush({ f: { reservedConcurrency: 200 }, g: {} }, { g: 1000 });
    expect(served("g")).toBe(800);
  });
  test("a reservation of 0 stops the function", () => {
    const { counters } = rush({ f: { reservedConcurrency: 0 } }, { f: 5 });
    expect(counters("f")).toMatchObject({ invocations: 0, throttled: 5 });
  });
});

describe("ten requests a second for each unit of concurrency", () => {
  test.each([
    [1000, 10_000],
    [2000, 0],
  ])("20,000 a second of 50 ms with a quota of %d: %d a second are throttled", (quota, throttled) => {
    const { f } = run(
      one({ duration: "50ms" }, evenly("20000/s"), {
        horizon: "7s",
        warmup: "2s",
        account: { concurrency: quota, requestRate: "aws" },
      }),
    );
    expect(near(f.counters.throttled / 5, throttled, 1)).toBe(true);
    expect(f.counters.throttledAttempts[2]).toBe(f.counters.throttled);
    expect(near(f.concurrency.mean, (20_000 - throttled) * 0.05, 0.1)).toBe(true);
  });

  test("reserved concurrency has a quota of its own", () => {
    const { f } = run(
      one({ duration: "1ms", reservedConcurrency: 5 }, evenly("200/s"), {
        horizon: "12s",
        warmup: "2s",
        account: { concurrency: 1000, requestRate: "aws" },
      }),
    );
    expect(near(f.counters.invocations / 10, 50, 1)).toBe(true);
    expect(f.counters.throttledAttempts[3]).toBe(f.counters.throttled);
  });

  test("10 provisioned take 100 a second of 10 ms: of 150 a second 50 spill over", () => {
    const { f } = run(
      one({ duration: "10ms", provisionedConcurrency: 10 }, evenly("150/s"), {
        horizon: "25s",
        warmup: "5s",
        account: { concurrency: 1000, requestRate: "aws" },
      }),
    );
    expect(near(f.counters.provisionedInvocations / 20, 100, 1)).toBe(true);
    expect(near(f.counters.spillover / 20, 50, 1)).toBe(true);
    expect(f.counters.throttled).toBe(0);
  });
});
