import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { arrivalsCsv, lab, one, run } from "../support/lab.ts";

const data = process.env.LSIM_DATA;
const rowsOf = (name: string): string[][] =>
  readFileSync(join(data!, name), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));

describe.skipIf(!data)("AWS's own requests of 2020, replayed (needs LSIM_DATA)", () => {
  const replayed = (trace: string, settings: object) => {
    const csv = arrivalsCsv(
      rowsOf("aws-2020-replay.csv")
        .filter(([name]) => name === trace)
        .map(([, t, durationMs]) => ({ t: Number(t), durationMs: Number(durationMs) })),
    );
    const arrivals = { type: "trace", file: `${trace}.csv` };
    return run(one(settings, arrivals, { horizon: "40h" }, () => csv)).f;
  };

  test.each([
    ["2020-05-26", 1648, 33, 32, 2, 2],
    ["2020-05-28", 186, 66, 57, 66, 2],
    ["2020-06-18", 791, 24, 22, 17, 3],
  ])("%s: %d requests, %d cold when kept 600 s, %d when 660 s", (trace, n, at600, at660, lru, peak) => {
    const f = replayed(trace, { keepAlive: "600s" });
    expect(f.counters.requests).toBe(n);
    expect(f.counters.coldStarts).toBe(at600);
    expect(f.concurrency.max).toBe(peak);
    expect(replayed(trace, { keepAlive: "660s" }).counters.coldStarts).toBe(at660);
    expect(replayed(trace, { keepAlive: "600s", reuse: "lru" }).counters.coldStarts).toBe(lru);
  });

  // The first row found its environment warm; here it makes it, and is not counted.
  const REPLAYED = [
    ["2020-05-28", 60],
    ["2020-06-04", 51],
    ["2020-06-06", 43],
    ["2020-06-09", 34],
    ["2020-06-10", 29],
    ["2020-06-13", 26],
    ["2020-06-18", 28],
    ["2020-05-26", 36],
  ] as const;
  const coldAt = (trace: string, keepAlive: string) =>
    replayed(trace, { keepAlive, maximumLifetime: "2h" }).counters.coldStarts - 1;

  test.each(REPLAYED)("%s, kept 640 s and at most two hours: %d cold", (trace, cold) => {
    expect(coldAt(trace, "640s")).toBe(cold);
  });

  test.each([
    ["640s", 243],
    ["300s", 687],
    ["600s", 271],
    ["900s", 146],
    ["1620s", 91],
  ])("the first six together, kept %s: %d cold", (keepAlive, cold) => {
    expect(REPLAYED.slice(0, 6).reduce((n, [trace]) => n + coldAt(trace, keepAlive), 0)).toBe(cold);
  });
});

describe.skipIf(!data)("250 functions of the Azure trace of 2019, four hours (needs LSIM_DATA)", () => {
  const traffic = () =>
    rowsOf("azure2019/counts_per_minute.csv").map(([name, ...n]) => [name!, n.map(Number)] as const);
  const about = () => new Map(rowsOf("azure2019/functions.csv").map((row) => [row[0]!, row]));
  const counted = (counts: number[]) => ({ type: "trace", counts, interval: "1m", spread: "even" });

  const byFunction = (keepAlive: string, durationOf: (averageMs: number) => string) => {
    const rows = traffic();
    const facts = about();
    const functions = rows.map(
      ([name]) => [name, { keepAlive, duration: durationOf(Number(facts.get(name)![5])) }] as const,
    );
    const scenario = lab({
      horizon: "5h",
      functions: Object.fromEntries(functions),
      traffic: rows.map(([to, counts]) => ({ to, arrivals: counted(counts) })),
    });
    const { result } = run(scenario);
    const total = (key: "requests" | "coldStarts") =>
      result.functions.reduce((n, f) => n + f.counters[key], 0);
    return {
      requests: total("requests"),
      cold: total("coldStarts"),
      peak: Math.max(...result.functions.map((f) => f.concurrency.max)),
    };
  };

  test.each([
    ["600s", 687],
    ["590s", 777],
    ["610s", 687],
  ])("taking no time, kept %s: %d of 276,273 are cold", (keepAlive, cold) => {
    expect(byFunction(keepAlive, () => "0s")).toMatchObject({ requests: 276_273, cold });
  });

  test("taking their average time: 728 are cold, at most 10 run at once", () => {
    const { cold, peak } = byFunction("600s", (ms) => `${Math.min(900_000, Math.max(1, ms))}ms`);
    expect(Math.abs(cold - 728)).toBeLessThanOrEqual(3);
    expect(peak).toBe(10);
  });

  test("by app: quartiles of the cold share 1.094, 4.167 and 100 %, 29 % of 214 apps always cold", () => {
    const rows = traffic();
    const facts = about();
    const app = (name: string) => facts.get(name)![2]!;
    const scenario = lab({
      horizon: "5h",
      functions: Object.fromEntries(rows.map(([name]) => [app(name), { keepAlive: "600s", duration: "0s" }])),
      traffic: rows.map(([name, counts]) => ({ name, to: app(name), arrivals: counted(counts) })),
    });
    const { result } = run(scenario);
    const used = result.functions.filter((f) => f.counters.requests > 0);
    const shares = used.map((f) => (100 * f.counters.coldStarts) / f.counters.requests).sort((a, b) => a - b);
    expect(shares.length).toBe(214);
    /** Linear between ranks, as is usual. */
    const quantile = (q: number) => {
      const rank = q * (shares.length - 1);
      const low = shares[Math.floor(rank)]!;
      return low + (rank - Math.floor(rank)) * (shares[Math.ceil(rank)]! - low);
    };
    expect(quantile(0.25)).toBeCloseTo(1.094, 3);
    expect(quantile(0.5)).toBeCloseTo(4.167, 3);
    expect(quantile(0.75)).toBe(100);
    const always = shares.filter((share) => share === 100).length;
    expect(Math.round((100 * always) / shares.length)).toBe(29);
  });
});
