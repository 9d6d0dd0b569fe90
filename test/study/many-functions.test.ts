import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";
import { advise, RULES } from "../../study/advice/registry.ts";
import { notesOf } from "../../study/notes.ts";
import { StudyPool } from "../../study/pool.ts";
import { replicate } from "../../study/replicate.ts";
import { resultFile } from "../../study/result-file.ts";

/** An account of so many functions, the first called twice as often as the second, and so on down. */
const account = (count: number, more: object = {}) =>
  parseScenario({
    lsim: 1,
    name: "account",
    horizon: "10m",
    replications: 3,
    functions: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `f${i}`,
        { duration: "100ms", initDuration: "400ms", keepAlive: "1m" },
      ]),
    ),
    traffic: Array.from({ length: count }, (_, i) => ({
      to: `f${i}`,
      arrivals: { type: "poisson", rate: `${Math.max(1, 600 / (i + 1))}/m` },
    })),
    ...more,
  });

interface Result {
  readonly functions: Record<string, { readonly requests: number; readonly costUsd: number }>;
  readonly bill: {
    readonly totalUsd: number;
    readonly byFunction: Record<string, { readonly totalUsd: number }>;
  };
  readonly byReplication: readonly { readonly functions: Record<string, { readonly requests: number }> }[];
}

describe("a study of more functions than are kept in detail", () => {
  const study = replicate(account(201, { thresholds: { f7: { latency: ["p(99) < 1s"] } } }));
  const result = resultFile(study, "1") as unknown as Result;

  it("has every function's counts and cost, which add up to the bill", () => {
    const functions = Object.values(result.functions);
    expect(functions).toHaveLength(201);
    expect(functions.every(({ requests }) => requests > 0)).toBe(true);
    const sum = functions.reduce((usd, { costUsd }) => usd + costUsd, 0);
    expect(sum / result.bill.totalUsd).toBeCloseTo(1, 12);
  });

  it("has lines of a bill and counts by replication of those in detail alone", () => {
    expect(Object.keys(result.bill.byFunction)).toEqual(["f7"]);
    expect(result.bill.byFunction.f7!.totalUsd).toBeCloseTo(result.functions.f7!.costUsd, 12);
    for (const { functions } of result.byReplication) expect(Object.keys(functions)).toEqual(["f7"]);
    const mean = result.byReplication.reduce((sum, r) => sum + r.functions.f7!.requests, 0) / 3;
    expect(mean).toBeCloseTo(result.functions.f7!.requests, 9);
  });

  it("has all of both with 200 functions", () => {
    const whole = resultFile(replicate(account(200)), "1") as unknown as Result;
    expect(Object.keys(whole.bill.byFunction)).toHaveLength(200);
    expect(Object.keys(whole.byReplication[0]!.functions)).toHaveLength(200);
  });

  it("advises on the ten with the most requests, and counts the others", () => {
    const rule = RULES.find(({ name }) => name === "cold-starts")!;
    const all = rule.look(study).map(({ of }) => of);
    expect(all.length).toBeGreaterThan(20);
    const found = advise(study).filter((finding) => finding.rule === rule.name);
    const busiest = [...all].sort((a, b) => requestsOf(b) - requestsOf(a));
    expect(found.slice(0, 10).map(({ of }) => requestsOf(of))).toEqual(busiest.slice(0, 10).map(requestsOf));
    expect(found).toHaveLength(11);
    expect(found[10]).toMatchObject({ of: "total", evidence: { others: all.length - 10 } });
  });

  it("says once what is to be known of all of them", () => {
    const about = notesOf(study).filter((note) => note.about.endsWith("functions"));
    expect(about.map((note) => note.about)).toContain("201 functions");
    expect(new Set(about.map(({ text }) => text)).size).toBe(about.length);
  });

  const requestsOf = (name: string) => {
    const fn = study.scenario.functions.findIndex((f) => f.name === name);
    return study.replications[0]!.functions[fn]!.counters.requests;
  };
});

describe("a replication that is kept", () => {
  it("takes less than a kilobyte a function", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const held = () => {
      // Buffers go with the collections after the one that finds them dead.
      for (let i = 0; i < 3; i++) collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const functions = 2000;
    const scenario = account(functions, { horizon: "10s" });
    const pool = new StudyPool(scenario);
    pool.add(simulate(scenario, { seed: "first" }));
    const before = held();
    const more = 25;
    for (let r = 0; r < more; r++) pool.add(simulate(scenario, { seed: `${r}` }));
    const each = (held() - before) / more / functions;
    expect(pool.study().replications).toHaveLength(1 + more);
    expect(each).toBeGreaterThan(100);
    expect(each).toBeLessThan(1000);
  });
});
