import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noFiles } from "../../sim/scenario/files.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import { assess, monthlyCost, p99Of } from "../../study/assess.ts";
import type { PointResult } from "../../study/point.ts";
import { oneThread } from "../../study/runner.ts";
import { samplePoints } from "../../study/sample.ts";
import { planSweep, playPoints, type Sweep, type SweepWish, sweepOf } from "../../study/sweep.ts";

const base = {
  lsim: 1,
  name: "shop",
  horizon: "30s",
  replications: 2,
  functions: {
    api: { memorySize: "512 MB", initDuration: "200ms", duration: { value: "100ms", type: "constant" } },
  },
  traffic: [{ to: "api", arrivals: { type: "poisson", rate: "20/s" } }],
  thresholds: { api: { throttles: ["rate < 1%"] } },
};

const plan = (file: unknown, wish: Partial<SweepWish> = {}, version = "1") =>
  planSweep(file, { vary: [], ...wish }, noFiles, version);

const values = (file: unknown, wish: Partial<SweepWish> = {}) =>
  plan(file, wish).points.map(({ settings }) => settings.map(({ value }) => value).join(" "));

/** What is said of a sweep that cannot be. */
function problems(file: unknown, wish: Partial<SweepWish> = {}): string[] {
  try {
    plan(file, wish);
  } catch (error) {
    if (error instanceof ScenarioError)
      return error.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw error;
  }
  return [];
}

async function play(file: unknown, wish: Partial<SweepWish> = {}): Promise<Sweep> {
  const planned = plan(file, wish);
  const results = new Map<string, PointResult>();
  await playPoints(oneThread(), planned, planned.points, noFiles, (r) => results.set(r.key, r));
  return sweepOf(planned, results);
}

describe("the points of a sweep", () => {
  it("are the grid of its axes, of the block or of the command line", () => {
    const file = {
      ...base,
      sweep: { vary: { "api.memorySize": "512MB,1024MB", "account.concurrency": [500, 1000] } },
    };
    expect(values(file)).toEqual(["512MB 500", "512MB 1000", "1024MB 500", "1024MB 1000"]);
    expect(values(file, { vary: ["api.timeout=1s..3s:1s"] })).toEqual(["1s", "2s", "3s"]);
  });

  it("have keys that name all a result depends on, and nothing else", () => {
    const keys = (file: unknown, wish: Partial<SweepWish>, version?: string) =>
      plan(file, wish, version).points.map(({ key }) => key);
    const [small, large] = keys(base, { vary: ["api.memorySize=512MB,1024MB"] });
    expect(small).toMatch(/^[0-9a-f]{16}$/);
    expect(small).not.toBe(large);
    // The same point of another sweep is the same point.
    expect(keys(base, { vary: ["api.memorySize=2048MB,1024MB"] })[1]).toBe(large);
    for (const other of [{ seed: 2 }, { replications: 3 }, { horizon: "31s" }])
      expect(keys({ ...base, ...other }, { vary: ["api.memorySize=1024MB"] })).not.toContain(large);
    expect(keys(base, { vary: ["api.memorySize=1024MB"] }, "2")).not.toContain(large);
  });

  it("tell the problems of all of them at once, each once, with the points that have it", () => {
    expect(
      problems(base, {
        vary: ["api.memorySize=64MB,512MB,20GB", "account.concurrency=100,1000", "api.timeout=9s,1h"],
      }),
    ).toEqual([
      expect.stringMatching(/^functions\.api\.memorySize: .*"64MB".*\(with api\.memorySize=64MB\)$/),
      expect.stringMatching(/^functions\.api\.timeout: .*"1h".*\(with api\.timeout=1h\)$/),
      expect.stringMatching(/^functions\.api\.memorySize: .*"20GB".*\(with api\.memorySize=20GB\)$/),
    ]);
    // Of all points alike, no point is named.
    expect(problems({ ...base, horizn: 1 }, { vary: ["api.memorySize=512MB,1024MB"] })).toEqual([
      expect.stringMatching(/^horizn: unknown setting; did you mean "horizon"\?$/),
    ]);
    // What several settings bring about together is told with the first of them.
    expect(
      problems(base, { vary: ["api.reservedConcurrency=100,950", "account.concurrency=500,1000"] }).filter(
        (p) => p.includes("950 is more"),
      ),
    ).toEqual([
      expect.stringContaining("(with api.reservedConcurrency=950, account.concurrency=500)"),
      expect.stringContaining("(with api.reservedConcurrency=950, account.concurrency=1000)"),
    ]);
  });

  it.each<[string, object, Partial<SweepWish>, RegExp]>([
    ["nothing", {}, {}, /^--vary: nothing is varied/],
    [
      "no such setting",
      {},
      { vary: ["ap.memorySize=1GB,2GB"] },
      /^--vary\.ap\.memorySize: .*did you mean "api"/,
    ],
    ["a path twice", {}, { vary: ["api.timeout=1s", "api.timeout=2s"] }, /varied twice/],
    [
      "a range without a step",
      {},
      { vary: ["api.memorySize=128MB..1024MB"] },
      /has no step; write it like 128MB..1024MB:220MB, or take samples/,
    ],
    [
      "too many",
      {},
      { vary: ["account.concurrency=1..1000:1", "api.reservedConcurrency=1..1000:1"] },
      /1,000,000 points/,
    ],
    ["the block itself", {}, { vary: ["sweep.sample=1,2"] }, /no setting of a run/],
    ["secrets", {}, { vary: ["api.environment.variables.KEY=a,b"] }, /change nothing/],
    [
      "secrets inside of others",
      {},
      { vary: ['api={"duration":"1s","environment":{"variables":{"KEY":"s"}}},{"duration":"2s"}'] },
      /change nothing/,
    ],
    ["sampling without a number", {}, { vary: ["api.timeout=1s,2s"], sampling: "random" }, /^--sampling/],
    ["an empty block", { sweep: { vary: {} } }, {}, /^sweep\.vary: is empty/],
    [
      "a slip in the block",
      { sweep: { vari: {} } },
      {},
      /^sweep\.vari: unknown setting; did you mean "vary"/,
    ],
    ["a number for a list", { sweep: { vary: { "api.timeout": 3 } } }, {}, /^sweep\.vary\.api\.timeout: /],
    [
      "a value twice",
      { sweep: { vary: { "api.timeout": ["3s", "3s"] } } },
      {},
      /^sweep\.vary\.api\.timeout: .*twice/,
    ],
  ])("refuse %s", (_, more, wish, message) => {
    expect(problems({ ...base, ...more }, wish).filter((p) => message.test(p))).toHaveLength(1);
  });

  it("do not see the sweep block, so that a run and a point are the same", () => {
    const file = { ...base, sweep: { vary: { "api.timeout": "1s,2s" } } };
    expect(plan(file).scenario).toEqual(base);
  });
});

describe("samples", () => {
  const memory = { path: "m", from: 128, to: 1024, unit: "MB" };
  const rate = { path: "r", from: 1, to: 2, unit: "/s" };
  const mode = { path: "mode", values: ["a", "b", "c"] };

  it("of a Latin hypercube fall one in each stratum of every span, and evenly on lists", () => {
    const points = samplePoints([memory, rate, mode], 30, "lhs", "1");
    expect(points).toHaveLength(30);
    const strata = points.map((point) => Math.floor((Number.parseFloat(String(point[1]!.value)) - 1) * 30));
    expect([...strata].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    for (const word of mode.values) expect(points.filter((p) => p[2]!.value === word)).toHaveLength(10);
  });

  it("are those of the seed, and one setting more leaves the others' values", () => {
    expect(samplePoints([memory], 9, "lhs", "1")).toEqual(samplePoints([memory], 9, "lhs", "1"));
    expect(samplePoints([memory], 9, "lhs", "1")).not.toEqual(samplePoints([memory], 9, "lhs", "2"));
    const alone = samplePoints([memory], 9, "random", "1").map(([m]) => m);
    expect(samplePoints([memory, rate], 9, "random", "1").map(([m]) => m)).toEqual(alone);
  });

  it("stay within the ends, in whole MB and whole counts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom("lhs" as const, "random" as const),
        fc.string(),
        (n, kind, seed) => {
          const axes = [
            memory,
            { path: "g", from: 1, to: 10, unit: "GB" },
            { path: "n", from: 0, to: 400, unit: "" },
            { path: "d", from: 0.5, to: 2.5, unit: "s" },
          ];
          for (const [m, g, count, d] of samplePoints(axes, n, kind, seed)) {
            expect(String(m!.value)).toMatch(/^\d+MB$/);
            expect(Number.parseInt(String(m!.value), 10)).toBeGreaterThanOrEqual(128);
            expect(Number.parseInt(String(m!.value), 10)).toBeLessThanOrEqual(1024);
            expect(String(g!.value)).toMatch(/^\d+MB$/);
            expect(Number.parseInt(String(g!.value), 10)).toBeGreaterThanOrEqual(1024);
            expect(Number.isInteger(count!.value)).toBe(true);
            expect(String(d!.value)).toMatch(/^\d(\.\d{1,3})?s$/);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are each of their points once, and no more than there are", () => {
    expect(samplePoints([mode], 50, "random", "1")).toHaveLength(3);
    expect(samplePoints([mode], 50, "lhs", "1")).toHaveLength(3);
  });
});

describe("a sweep", () => {
  it("meets the same requests at every point, and judges each", async () => {
    const sweep = await play(base, { vary: ["api.reservedConcurrency=1,2,5,20"] });
    const requests = sweep.points.map(({ figures }) => figures[0]!.requests);
    expect(new Set(requests).size).toBe(1);
    const rates = sweep.points.map(({ figures }) => figures[0]!.throttleRate as number);
    // With the same requests less is refused by every one more: no noise between points.
    expect([...rates].sort((a, b) => b - a)).toEqual(rates);
    expect(sweep.points.map(({ thresholds }) => thresholds[0]!.ok)).toEqual([false, false, false, true]);
    expect(sweep.points[3]).toMatchObject({
      lsimPoint: 1,
      settings: { "api.reservedConcurrency": 20 },
      replications: 2,
    });
  });

  it("compares those that meet all thresholds: the cheapest, the fastest, the frontier", async () => {
    const sweep = await play(
      {
        ...base,
        functions: {
          api: {
            ...base.functions.api,
            duration: { p50: "100ms", p99: "200ms", at: "1024MB", cpuBound: "90%" },
          },
        },
      },
      { vary: ["api.reservedConcurrency=1,50", "api.memorySize=512MB,1024MB,1769MB"] },
    );
    const { subject, meeting, cheapest, fastest, frontier, nearest } = assess(sweep);
    expect(subject).toBe("api");
    expect(meeting).toEqual(sweep.points.slice(3));
    expect(nearest).toBeUndefined();
    const least = (read: (p: PointResult) => number | undefined) =>
      meeting.reduce((best, p) => (read(p)! < read(best)! ? p : best));
    expect(cheapest).toBe(least(monthlyCost));
    expect(fastest).toBe(least((p) => p99Of(p, "api")));
    for (const p of meeting) {
      const beaten = meeting.some(
        (q) => q !== p && monthlyCost(q)! <= monthlyCost(p)! && p99Of(q, "api")! <= p99Of(p, "api")!,
      );
      expect(frontier.has(p.key)).toBe(!beaten);
    }
  });

  it("names the nearest point where none meets all", async () => {
    const sweep = await play(
      { ...base, thresholds: { api: { throttles: ["rate < 1%"], latency: ["max < 1ms"] } } },
      { vary: ["api.reservedConcurrency=1,50"] },
    );
    expect(assess(sweep).nearest).toBe(sweep.points[1]);
  });
});
