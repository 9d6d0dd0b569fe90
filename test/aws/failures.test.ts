import { describe, expect, test } from "vitest";
import type { FunctionResult } from "../../sim/measure/function-result.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { evenly, near, one, poisson, run, SEEDS } from "../support/lab.ts";

type Settings = ScenarioFile["functions"][string];

/** Calls at given seconds for given milliseconds; prices as since August 2025, when init is billed. */
const calls = (settings: Settings, ...at: [t: number, ms: number][]) =>
  run(
    one(
      settings,
      {
        type: "trace",
        timestamps: at.map(([t]) => `${t}s`),
        durations: at.map(([, ms]) => `${ms}ms`),
      },
      { horizon: "1h" },
    ),
  ).f;

/** The values of a histogram in milliseconds, in order; to its 0.1 %. */
const values = (histogram: FunctionResult["histograms"], key: "duration" | "latency" | "init" | "billedMs") =>
  [...histogram![key].buckets()].flatMap(({ low, width, count }) =>
    Array<number>(count).fill(Math.round((low + width / 2) / (key === "billedMs" ? 1 : 1000))),
  );

describe("a timeout of 3 s, init 500 ms, calls of 5 s, 1 s and 1 s on one environment", () => {
  const f = calls({ timeout: "3s", initDuration: "500ms" }, [0, 5000], [10, 1000], [20, 1000]);
  test("the first times out after 3,000 ms", () => {
    expect(f.counters.failed).toBe(1);
    expect(f.counters.timeouts).toBe(1);
    expect(values(f.histograms, "latency").at(-1)).toBe(3500);
  });
  test("the second shows 1,500 ms, with the init inside and no Init Duration; the third 1,000 ms", () => {
    expect(values(f.histograms, "duration").map((ms) => Math.round(ms / 10) * 10)).toEqual([
      1000, 1500, 3000,
    ]);
    expect(f.histograms!.init.count).toBe(1);
    expect(f.counters).toMatchObject({ coldStarts: 1, warmStarts: 2, suppressedInits: 1, resets: 1 });
  });
  test("all of it is billed: 3,500, 1,500 and 1,000 ms", () => {
    expect(f.counters.billedMs).toBe(6000);
    expect(f.counters.invocations).toBe(3);
  });
});

test.each([
  [1000, 200, 700],
  [5000, 1234, 3000],
  [2000, 1900, 100],
])(
  "timeout %d ms, init %d ms: after a timeout a call of %d ms takes the init along, the next one does not",
  (timeout, init, ms) => {
    const settings = { timeout: `${timeout}ms`, initDuration: `${init}ms` };
    const total = (...lengths: number[]) => {
      const f = calls(settings, ...lengths.map((length, i) => [60 * i, length] as [number, number]));
      return f.durationMean * lengths.length;
    };
    const cut = total(timeout + 1);
    expect(cut).toBeCloseTo(timeout * 1000, 6);
    expect(total(timeout + 1, ms) - cut).toBeCloseTo((init + ms) * 1000, 3);
    expect(total(timeout + 1, ms, ms) - total(timeout + 1, ms)).toBeCloseTo(ms * 1000, 3);
  },
);

describe("an environment that was reset", () => {
  test("counts its init against the timeout, and is reset again when that runs out", () => {
    // 2.8 s of work fit into 3 s, but not after an init of 0.5 s.
    const f = calls({ timeout: "3s", initDuration: "500ms" }, [0, 4000], [10, 2800], [20, 2800], [30, 1000]);
    expect(f.counters).toMatchObject({ timeouts: 3, suppressedInits: 3, succeeded: 1 });
  });
  test("runs its first handler again", () => {
    const f = calls(
      { timeout: "3s", initDuration: "500ms", firstHandler: "200ms" },
      [0, 4000],
      [10, 1000],
      [20, 1000],
    );
    expect(f.durationMean).toBeCloseTo(((3000 + 1700 + 1000) * 1000) / 3, 6);
  });
  test("is left alone by an error that the handler returns", () => {
    const f = calls({ initDuration: "500ms", errors: "100%" }, [0, 1000], [10, 1000]);
    expect(f.counters).toMatchObject({ failed: 2, suppressedInits: 0, resets: 0, billedMs: 2500 });
  });
  test("comes after every crash", () => {
    const f = calls({ initDuration: "500ms", crashes: "100%" }, [0, 1000], [10, 1000], [20, 1000]);
    expect(f.counters).toMatchObject({ failed: 3, suppressedInits: 2, resets: 3, timeouts: 0 });
    expect(f.counters.billedMs).toBe(3 * 1500);
  });
  test("comes after every call that needs more memory than there is", () => {
    const settings: Settings = { initDuration: "500ms", memorySize: "256 MB", maxMemoryUsed: "300 MB" };
    const f = calls(settings, [0, 1000], [10, 1000]);
    expect(f.counters).toMatchObject({ failed: 2, resets: 2, suppressedInits: 1, succeeded: 0 });
    const enough = calls({ ...settings, memorySize: "300 MB" }, [0, 1000], [10, 1000]);
    expect(enough.counters).toMatchObject({ failed: 0, succeeded: 2 });
  });
  test("is one of the provisioned ones, too", () => {
    const f = calls(
      { timeout: "3s", initDuration: "500ms", provisionedConcurrency: 1 },
      [0, 4000],
      [10, 1000],
    );
    expect(f.counters).toMatchObject({ coldStarts: 0, provisionedInvocations: 2, suppressedInits: 1 });
    expect(f.counters.provisionedBilledMs).toBe(3000 + 1500);
  });
});

describe("errors and crashes by chance", () => {
  test("come at their rates, timeouts first", () => {
    for (const seed of SEEDS) {
      const scenario = one({ duration: "100ms", errors: "3%", crashes: "2%" }, poisson("100/s"), {
        horizon: "1000s",
      });
      const { counters: c } = run(scenario, seed).f;
      const error = (p: number) => 4.5 * Math.sqrt(p * (1 - p) * c.invocations);
      expect(near(c.failed, 0.05 * c.invocations, error(0.05))).toBe(true);
      expect(near(c.resets, 0.02 * c.invocations, error(0.02))).toBe(true);
    }
  });
  test("a change of memory or limits leaves every failure as it was", () => {
    const failures = (settings: Settings) =>
      run(one({ duration: "100ms", errors: "3%", ...settings }, poisson("50/s"), { horizon: "100s" })).f
        .timeline!.errors;
    expect(failures({ memorySize: "1024 MB" })).toEqual(failures({}));
  });
});

describe("an init of more than 10 s", () => {
  test("is cut off at 10 s and runs again inside the invocation", () => {
    const f = calls({ initDuration: "12s", timeout: "30s" }, [0, 1000], [60, 1000]);
    expect(values(f.histograms, "latency").map((ms) => Math.round(ms / 100) / 10)).toEqual([1, 23]);
    expect(f.counters).toMatchObject({ coldStarts: 1, initTimeouts: 1, billedMs: 23_000 + 1000 });
  });
  test("times out when both do not fit into the timeout", () => {
    const f = calls({ initDuration: "12s", timeout: "5s" }, [0, 1000]);
    expect(f.counters).toMatchObject({ timeouts: 1, succeeded: 0 });
    expect(f.latencyMean).toBe(15e6);
  });
  test("of exactly 10 s is within the limit", () => {
    expect(calls({ initDuration: "10s" }, [0, 1000]).counters.initTimeouts).toBe(0);
  });
  test("does not happen to provisioned environments", () => {
    const f = calls({ initDuration: "12s", provisionedConcurrency: 1 }, [0, 1000]);
    expect(f.counters).toMatchObject({ initTimeouts: 0, provisionedInvocations: 1 });
    expect(f.latencyMean).toBe(1e6);
  });
});

describe("environments that were initialised ahead", () => {
  test("serve their first request without a wait: no cold start, but init is billed", () => {
    const f = calls({ initDuration: "500ms", proactiveInit: "100%" }, [0, 1000], [1800, 1000]);
    expect(f.counters).toMatchObject({ coldStarts: 0, warmStarts: 2, proactiveInits: 1, billedMs: 2500 });
    expect(f.environments.created).toBe(1);
    expect(f.latencyMean).toBe(1e6);
  });
  test("are the share that was asked for", () => {
    for (const seed of SEEDS) {
      const scenario = one(
        { duration: "0s", initDuration: "100ms", keepAlive: "none", proactiveInit: "40%" },
        evenly("10/s"),
        { horizon: "1000s" },
      );
      const { counters: c } = run(scenario, seed).f;
      expect(c.proactiveInits + c.coldStarts).toBe(10_000);
      expect(near(c.proactiveInits / 10_000, 0.4, 4.5 * Math.sqrt(0.24 / 10_000))).toBe(true);
    }
  });
});
