import { describe, expect, it } from "vitest";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { DAY, HOUR, MINUTE } from "../../sim/units.ts";
import { timesOf } from "../support/arrivals.ts";
import {
  type Experiment,
  exponential,
  lab,
  meanOf,
  near,
  of,
  one,
  poisson,
  run,
  SEEDS,
} from "../support/lab.ts";
import { erlangB, erlangBError, SIGMAS } from "../support/theory.ts";

/** What is wrong with a scenario, one "path: message" a line. */
function problemsOf(experiment: Experiment, csv = ""): string {
  try {
    lab(experiment, () => csv);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return "";
}

describe("a keep-warm ping", () => {
  const kept = { duration: "0s", keepAlive: "600s", maximumLifetime: "7200s" };

  it("every 300 s, environments living 7,200 s: cold at 0, 7200, 14400 …, 12 of 288 a day", () => {
    const ping = { type: "schedule", expression: "rate(5 minutes)" };
    const { f } = run(one(kept, ping, { horizon: "24h", measure: { interval: "5m" } }));
    expect(f.counters.requests).toBe(288);
    expect(f.counters.coldStarts).toBe(12);
    const cold = [...f.timeline!.coldStarts].flatMap((n, row) => (n > 0 ? [row * 300] : []));
    expect(cold).toEqual(Array.from({ length: 12 }, (_, i) => 7200 * i));
  });

  it("keeps one environment warm, not two: of two pings at once the second needs its own", () => {
    const ping = { type: "schedule", every: "5m", count: 2 };
    const scenario = one({ ...kept, duration: "1ms" }, ping, { horizon: "2h" });
    const { f } = run(scenario);
    expect(f.counters.coldStarts).toBe(2);
    expect(f.environments.max).toBe(2);
  });

  it("takes its own time, whatever the function takes", () => {
    const scenario = lab({
      horizon: "1h",
      functions: { f: { ...kept, duration: "2s" } },
      traffic: [
        { to: "f", arrivals: { type: "times", at: ["7m", "22m"] } },
        { name: "ping", to: "f", duration: "5ms", arrivals: { type: "schedule", every: "5m" } },
      ],
    });
    const { f } = run(scenario);
    expect(f.counters.requests).toBe(14);
    // Two requests of 2 s, twelve pings of 5 ms.
    expect(f.durationMean * 14).toBeCloseTo(2 * 2_000_000 + 12 * 5_000, -2);
  });
});

describe("several entries to one function", () => {
  it.each(SEEDS)(
    "of Poisson arrivals are Poisson at the sum of their rates (Erlang's loss), seed %s",
    (seed) => {
      const scenario = lab({
        horizon: "20h",
        functions: { f: { duration: exponential("1s"), reservedConcurrency: 10 } },
        account: { concurrency: 1000 },
        traffic: ["1/s", "1.5/s", "2.5/s"].map((rate, i) => ({
          name: `part${i}`,
          to: "f",
          arrivals: poisson(rate),
        })),
      });
      const { f } = run(scenario, seed);
      const n = 5 * 72_000;
      expect(near(f.counters.requests, n, SIGMAS * Math.sqrt(n))).toBe(true);
      const loss = erlangB(10, 5);
      const tolerance = SIGMAS * erlangBError(10, 5, n);
      expect(near(f.counters.throttled / f.counters.requests, loss, tolerance)).toBe(true);
    },
  );

  it("need names of their own", () => {
    const entry = { to: "f", arrivals: poisson("1/s") };
    const experiment = { horizon: "1h", functions: { f: { duration: "1s" } }, traffic: [entry, entry] };
    expect(problemsOf(experiment)).toMatch(/^traffic.1: traffic.0 is named "f" too.*give it a "name"$/);
  });
});

describe("scale", () => {
  const scaled = (scale: number | string, arrivals: object = poisson("2/s")) =>
    lab({ horizon: "1h", functions: { f: { duration: "1ms" } }, traffic: [{ to: "f", scale, arrivals }] });
  const expected = (scenario: Scenario) => scenario.traffic[0]!.arrivals.expected(HOUR);

  it("multiplies the traffic of any kind", () => {
    for (const scale of [3, "3x", "×3", "3×", "x 3", " 3 "])
      expect(expected(scaled(scale))).toBeCloseTo(21_600);
    expect(expected(scaled(0.25))).toBeCloseTo(1800);
    expect(expected(scaled(2, { type: "bursts", every: "10m", size: 5 }))).toBe(60);
    expect(scaled(3).traffic[0]!.arrivals.text).toBe("Poisson, 2.00/s, ×3");
  });

  it("of 1 changes no draw", () => {
    const times = (scale?: number) =>
      timesOf((scale === undefined ? scaled(1) : scaled(scale)).traffic[0]!.arrivals, HOUR);
    expect(times(1)).toEqual(
      timesOf(one({ duration: "1ms" }, poisson("2/s"), { horizon: "1h" }).traffic[0]!.arrivals, HOUR),
    );
  });

  it.each(SEEDS)("keeps Poisson arrivals Poisson at the higher rate, seed %s", (seed) => {
    const { f } = run(scaled("2.5x"), seed);
    expect(near(f.counters.requests, 18_000, SIGMAS * Math.sqrt(18_000))).toBe(true);
  });

  it.each([
    [0, /traffic.0.scale: 0 is out of range/],
    [-1, /traffic.0.scale: -1 is out of range/],
    ["3%", /traffic.0.scale: "3%" is no factor; write it like 3 or "3x"/],
    [true, /traffic.0.scale: expected a factor such as 3 or "3x", got true/],
  ])("of %s is refused", (scale, message) => {
    expect(() => scaled(scale as number)).toThrow(message);
  });
});

describe("the run's calendar", () => {
  const timer = { type: "schedule", cron: "0 9 * * MON-FRI" };
  const with_ = (rest: object) =>
    lab({
      horizon: "7d",
      functions: { f: { duration: "1ms" } },
      traffic: [{ to: "f", arrivals: timer, ...rest }],
    });

  it("is set by starts, and an entry's start counts from there", () => {
    const scenario = (starts: string, start = "0s") =>
      lab({
        starts,
        horizon: "7d",
        functions: { f: { duration: "1ms" } },
        traffic: [{ to: "f", start, arrivals: timer }],
      });
    // 2026-03-02 is a Monday.
    expect(run(scenario("2026-03-02T00:00Z")).f.counters.requests).toBe(5);
    expect(run(scenario("2026-03-02T09:00Z")).f.counters.requests).toBe(5);
    expect(run(scenario("2026-03-02T10:00+01:00", "1h")).f.counters.requests).toBe(4);
    expect(scenario("2026-03-02T00:00Z").startsAt).toBe(Date.UTC(2026, 2, 2));
  });

  it("must be given for cron, and be a date", () => {
    expect(() => with_({})).toThrow(/traffic.0.arrivals: .*give the scenario "starts"/);
    expect(
      problemsOf({
        starts: "tomorrow",
        horizon: "1h",
        functions: { f: { duration: "1s" } },
        traffic: [{ to: "f", arrivals: timer }],
      }),
    ).toMatch(/^starts: expected a date and time such as "2026-03-02T00:00Z", got "tomorrow"/m);
  });

  it.each(SEEDS)("gives a day its peak at the right hour, seed %s", (seed) => {
    const scenario = lab({
      starts: "2026-03-02T12:00Z",
      horizon: "24h",
      measure: { interval: "1h" },
      functions: { f: { duration: "1ms" } },
      traffic: [{ to: "f", arrivals: { type: "daily", trough: "0/s", peak: "4/s", peakAt: "18:30" } }],
    });
    const hours = [...run(scenario, seed).f.timeline!.arrivals];
    expect(hours.indexOf(Math.max(...hours))).toBeGreaterThanOrEqual(4);
    expect(hours.indexOf(Math.max(...hours))).toBeLessThanOrEqual(8);
    expect(hours[18]!).toBeLessThan(300);
    const total = hours.reduce((a, b) => a + b, 0);
    expect(near(total, 2 * 86_400, SIGMAS * Math.sqrt(2 * 86_400))).toBe(true);
  });
});

describe("every function of a trace", () => {
  const CSV = "fn,1,2,3,duration_ms\na,3,0,1,20\nb,0,2,0,40\nc,0,0,0,10\n";
  const all = { to: "*", arrivals: { type: "trace", file: "t.csv", spread: "even" } };

  it("is called by one entry, with settings of its own or the template's", () => {
    const scenario = lab(
      {
        horizon: "10m",
        functions: { b: { memorySize: "512 MB" }, "*": { memorySize: "256 MB" } },
        traffic: [all],
        thresholds: { a: { latency: ["p(99) < 1s"] } },
      },
      () => CSV,
    );
    expect(scenario.functions.map((f) => [f.name, f.memorySize])).toEqual([
      ["b", 512],
      ["a", 256],
      ["c", 256],
    ]);
    const { result } = run(scenario);
    expect(of(result, scenario, "a").counters.requests).toBe(4);
    expect(of(result, scenario, "b").counters.requests).toBe(2);
    expect(of(result, scenario, "c").counters.requests).toBe(0);
    expect(of(result, scenario, "b").durationMean).toBeCloseTo(40_000, 0);
    expect(scenario.defaults.map((d) => d.path).filter((path) => path.endsWith("runtime"))).toEqual([
      "functions.b.runtime",
      "functions.*.runtime",
    ]);
  });

  it("has draws of its own: the same as when it is written out", () => {
    const poissonly = { type: "trace", file: "t.csv" };
    const written = lab(
      {
        horizon: "10m",
        functions: { a: {}, b: {}, c: {} },
        traffic: ["a", "b", "c"].map((to) => ({ to, arrivals: poissonly })),
      },
      () => CSV,
    );
    const template = lab(
      { horizon: "10m", functions: { "*": {} }, traffic: [{ ...all, arrivals: poissonly }] },
      () => CSV,
    );
    expect(run(template).result.functions.map((f) => f.latencyMean)).toEqual(
      run(written).result.functions.map((f) => f.latencyMean),
    );
  });

  it("can be scaled, cut, and have a duration for all", () => {
    const scenario = lab(
      {
        horizon: "10m",
        functions: { "*": {} },
        traffic: [
          { ...all, scale: 2, duration: "7ms", arrivals: { ...all.arrivals, from: "1m", repeat: 2 } },
        ],
      },
      () => CSV,
    );
    const { result } = run(scenario);
    expect(result.functions.map((f) => f.counters.requests)).toEqual([4, 8, 0]);
    expect(of(result, scenario, "b").durationMean).toBeCloseTo(7000, 0);
  });

  const broken = (change: Partial<Experiment>, csv = CSV) =>
    problemsOf({ horizon: "10m", functions: { "*": {} }, traffic: [all], ...change }, csv);
  it.each<[string, Partial<Experiment>, RegExp, string?]>([
    [
      "other arrivals",
      { traffic: [{ to: "*", arrivals: poisson("1/s") }] },
      /^traffic.0.to: "\*" calls every function of a trace: it needs/,
    ],
    ["a trace of one function", {}, /^traffic.0.to: .*"t.csv" holds the traffic of one/, "t_s\n1\n"],
    [
      "a file that is broken",
      {},
      /^traffic.0.arrivals.file: "t.csv" line 2, column "1": -1 is negative/,
      "fn,1\na,-1\n",
    ],
    [
      "a function picked",
      { traffic: [{ ...all, arrivals: { ...all.arrivals, function: "a" } }] },
      /^traffic.0.arrivals.function: picks one function/,
    ],
    [
      "functions without settings",
      { functions: { a: {} } },
      /^traffic.0.to: "b" of "t.csv" has no settings \(nor have 1 others\); give it under "functions", or all of them at once under "\*"$/,
    ],
    [
      "a name that cannot be one",
      {},
      /^traffic.0.arrivals.file: "t.csv": "a b" is no function name/,
      "fn,1\na b,1\n",
    ],
    [
      "a reserved name",
      {},
      /^traffic.0.arrivals.file: "t.csv": "total" is no function name/,
      "fn,1\ntotal,1\n",
    ],
    [
      "nothing to stand for",
      { functions: { "*": {}, f: { duration: "1s" } }, traffic: [{ to: "f", arrivals: poisson("1/s") }] },
      /^functions.\*: stands for the functions of a trace, but no traffic entry/,
    ],
    [
      "no durations",
      {},
      /^functions.\*.duration: is missing: how long does the handler run\?$/,
      "fn,1\na,1\nb,2\n",
    ],
    ["two alike", { traffic: [all, all] }, /^traffic.1: traffic.0 is named "a" too.*give it a "name"$/],
    [
      "a broken setting",
      { traffic: [{ ...all, arrivals: { ...all.arrivals, from: "90s" } }] },
      /^traffic.0.arrivals: "from": 90 s lies inside an interval \(1 min to 2 min\)/,
    ],
  ])("is refused for %s, once and at the written place", (_, change, message, csv) => {
    expect(broken(change, csv)).toMatch(message);
  });

  it("works for 20,000 functions of a day in seconds, reading the file once", () => {
    const functions = 20_000;
    const row = (i: number) => {
      const cells = new Array(1440).fill("0");
      cells[(i * 7) % 1440] = "1";
      cells[(i * 11) % 1440] = String(1 + (i % 3));
      return `f${i},${cells.join(",")}`;
    };
    const header = `HashFunction,${Array.from({ length: 1440 }, (_, i) => i + 1).join(",")}`;
    const csv = [header, ...Array.from({ length: functions }, (_, i) => row(i))].join("\n");
    let reads = 0;
    const began = performance.now();
    const scenario = lab({ horizon: "24h", functions: { "*": { duration: "10ms" } }, traffic: [all] }, () => {
      reads++;
      return csv;
    });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(reads).toBe(1);
    expect(scenario.functions).toHaveLength(functions);
    expect(scenario.traffic.reduce((n, t) => n + t.arrivals.expected(DAY + MINUTE), 0)).toBeGreaterThan(
      40_000,
    );
    expect(scenario.defaults.length).toBeLessThan(30);
  });

  it.each(SEEDS)("keeps the mean traffic when scaled by half, seed %s", (seed) => {
    const csv = `fn,${Array.from({ length: 60 }, (_, i) => i).join(",")}\na,${new Array(60).fill(7).join(",")}\n`;
    const counts = Array.from({ length: 30 }, (_, i) => {
      const scenario = lab(
        { horizon: "1h", functions: { "*": { duration: "1ms" } }, traffic: [{ ...all, scale: 0.5 }] },
        () => csv,
      );
      return timesOf(scenario.traffic[0]!.arrivals, HOUR, `${seed}/${i}`).length;
    });
    const { mean, tolerance } = meanOf(counts);
    expect(near(mean, 210, tolerance)).toBe(true);
  });
});
