import { readFileSync } from "node:fs";
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import {
  charts,
  compare,
  parseScenario,
  plan,
  ScenarioError,
  type ScenarioFile,
  sensitivity,
  simulate,
  simulateOnce,
  sweep,
  timelineTable,
  toMimeBundle,
  toSvg,
  toTable,
  tune,
} from "../../index.ts";
import { scenarioTypeText } from "../../sim/scenario/type-text.ts";

const file: ScenarioFile = {
  lsim: 1,
  name: "door",
  horizon: "2m",
  replications: 3,
  functions: {
    api: {
      memorySize: "512 MB",
      timeout: "10s",
      initDuration: "200ms",
      duration: { type: "lognormal", p50: "100ms", p99: "400ms", at: "512 MB", cpuBound: "70%" },
    },
    mail: { duration: "50ms" },
  },
  traffic: [
    { to: "api", arrivals: { type: "poisson", rate: "20/s" } },
    { to: "mail", invoke: "async", arrivals: { type: "constant", rate: "1/s" } },
  ],
};

describe("the door of the library", () => {
  it("simulates an object, with settings, seed and replications", () => {
    const study = simulate(file, { set: { "api.memorySize": "1024 MB" }, seed: 7, replications: 2 });
    expect(study.replications).toHaveLength(2);
    expect(study.scenario).toMatchObject({ seed: "7", functions: [{ memorySize: 1024 }, {}] });
    expect(simulate(file, { replications: 2 }).replications[0]!.digest).toBe(
      simulateOnce(parseScenario(file)).digest,
    );
  });

  it("gives tables with a row a function, and with several one of the total", () => {
    const rows = toTable(simulate(file)).objects() as Record<string, number | string>[];
    expect(rows.map((row) => row.function)).toEqual(["api", "mail", "total"]);
    expect(rows[0]!.requests).toBeCloseTo(2400, -3);
    expect(rows[0]!.latencyP99MsCi95).toBeGreaterThan(0);
    expect(timelineTable(simulate(file)).columnNames()).toContain("concurrencyMax");
  });

  it("gives charts as specs by name, and bundles for notebooks", async () => {
    const specs = charts(simulate(file));
    expect(Object.keys(specs)).toEqual(
      expect.arrayContaining(["overview", "latency-percentiles", "cost-lines"]),
    );
    for (const spec of Object.values(specs)) expect(() => compile(spec)).not.toThrow();
    const bundle = await toMimeBundle(specs.overview!);
    expect(bundle["image/svg+xml"]).toMatch(/^<svg /);
    expect(bundle["application/vnd.vegalite.v5+json"]).toMatchObject({ title: {} });
    expect(bundle["text/plain"]).toBe(specs.overview!.description);
  });

  it("tunes", async () => {
    const tuning = await tune(file, { function: "api", sizes: [256, "1 GB"], replications: 2 });
    expect((toTable(tuning).objects() as { memoryMb: number }[]).map((r) => r.memoryMb)).toEqual([
      256, 512, 1024,
    ]);
    expect(Object.keys(charts(tuning))).toEqual(["tune"]);
    await expect(tune(file)).rejects.toThrow(/several functions/);
    await expect(tune(file, { function: "api", sizes: [64] })).rejects.toThrow(ScenarioError);
  });

  it("plans: the cheapest settings that meet the thresholds, and why not others", async () => {
    const judged = { ...file, thresholds: { api: { throttles: ["rate < 1%"] } } } as const;
    const limited = {
      ...judged,
      functions: { ...judged.functions, api: { ...judged.functions.api, reservedConcurrency: 1 } },
    };
    const planned = await plan(limited, { search: { "api.reservedConcurrency": "1..9:2" }, confidence: 0.9 });
    const rows = toTable(planned).objects() as { outcome: string; "api.reservedConcurrency": string }[];
    const best = rows.find(({ outcome }) => outcome === "plan")!;
    // 20 requests a second of 110 ms each: three places refuse two in ten of them.
    const value = Number(best["api.reservedConcurrency"]);
    expect(value).toBeGreaterThan(3);
    expect(planned.space.settings(planned.best!.point)).toEqual([{ path: "api.reservedConcurrency", value }]);
    expect(Object.keys(charts(planned)).length).toBeGreaterThan(0);
    await expect(plan(file, { search: { "api.reservedConcurrency": "1..9:2" } })).rejects.toThrow(
      ScenarioError,
    );
  });

  it("sweeps a grid, samples, and the scenario's own sweep block", async () => {
    const vary = { "api.memorySize": ["512 MB", "1024 MB"], "account.concurrency": "200..400:100" };
    const swept = await sweep(file, { vary, replications: 2 });
    const rows = toTable(swept).objects() as Record<string, unknown>[];
    expect(rows.filter((row) => row.function === "api").map((row) => row["account.concurrency"])).toEqual([
      200, 300, 400, 200, 300, 400,
    ]);
    // A point is the same run as that of its settings alone.
    const alone = simulate(file, {
      set: { "api.memorySize": "1024 MB", "account.concurrency": 400 },
      replications: 2,
    });
    expect(rows.at(-3)).toMatchObject(toTable(alone).object(0) as object);
    expect(Object.keys(charts(swept)).length).toBeGreaterThan(0);
    const own = await sweep(
      { ...file, sweep: { vary: { "api.memorySize": "256MB..1024MB" } } },
      { sample: 3, replications: 1 },
    );
    expect(own.points).toHaveLength(3);
    await expect(sweep(file, { vary: { "api.memorySze": ["1 GB"] } })).rejects.toThrow(ScenarioError);
  });

  it("compares studies and scenarios, in pairs", () => {
    const larger = simulate(file, { set: { "api.memorySize": "1024 MB" } });
    const compared = compare(file, larger);
    expect(compared.paired).toBe(true);
    const rows = toTable(compared).objects() as Record<string, unknown>[];
    expect(rows.length).toBeGreaterThan(10);
    expect(Object.keys(charts(compared))).toContain("differences");
    expect(compare(larger, larger).statistics.every(({ difference }) => difference.mark !== "clear")).toBe(
      true,
    );
  });

  it("reads files from texts, and says which are missing", () => {
    const traced: ScenarioFile = {
      ...file,
      traffic: [{ to: "api", arrivals: { type: "trace", file: "a.csv" } }],
    };
    const study = simulate(traced, { files: { "a.csv": "t_s\n1\n2\n3\n" } });
    expect(toTable(study).get("requests", 0)).toBe(3);
    expect(() => simulate(traced)).toThrow(/"a\.csv": give its text as files/);
  });

  it("says all that is wrong with a scenario, and with what is no result", () => {
    const wrong = { ...file, horizon: "2", replications: 0 };
    expect(() => simulate(wrong)).toThrow(ScenarioError);
    try {
      simulate(wrong);
    } catch (error) {
      expect((error as ScenarioError).problems).toHaveLength(2);
    }
    expect(() => toTable(tune(file, { function: "api" }) as never)).toThrow(/an await may be missing/);
  });
});

describe("the types of a scenario", () => {
  const written = readFileSync(new URL("../../sim/scenario/scenario-file.ts", import.meta.url), "utf8");

  it("are those of the format (npm run schema)", () => {
    expect(written).toBe(scenarioTypeText());
  });

  it("leave nothing unknown but the values of a sweep", () => {
    expect(written.split("\n").filter((line) => /\bunknown\b/.test(line))).toEqual([
      expect.stringMatching(/^ {2}readonly vary/),
    ]);
  });

  it("says what a scenario depends on, as the command does", async () => {
    const found = await sensitivity(file, { on: ["api latency p(99)"], by: 0.1 });
    const rows = toTable(found).objects() as Record<string, number | string>[];
    const duration = rows.find((row) => row.assumption === "api.duration" && row.moved === 0.1);
    expect(duration?.difference).toBeGreaterThan(0);
    expect(Object.keys(charts(found))).toEqual(["tornado"]);
    await expect(sensitivity(file, { on: ["api latency p(200)"] })).rejects.toThrow(ScenarioError);
    await expect(sensitivity(file, { by: 2 })).rejects.toThrow(
      "by: is 2; give a share above 0 and up to 0.95",
    );
  });

  it("says what a plan lacks", async () => {
    await expect(plan(file, {} as never)).rejects.toThrow("search: is missing");
    await expect(plan(file, { search: {} })).rejects.toThrow(ScenarioError);
  });

  it("says all that is wrong with a study's settings", async () => {
    const search = { "api.memorySize": ["512 MB"] };
    await expect(plan(file, undefined as never)).rejects.toThrow("search: is missing");
    await expect(plan(file, { search: {} })).rejects.toThrow(
      "search: is empty: say what may change, as in {",
    );
    await expect(
      plan(file, { search, confidence: 95, budget: -1, strategy: "fast" } as never),
    ).rejects.toThrow(
      /strategy: "fast" is not one of them[\s\S]*confidence: is 95; give a share from 0\.5 to below 1[\s\S]*budget: is -1/,
    );
    await expect(plan(file, { search: { "api.memorySize": 512 } } as never)).rejects.toThrow(
      "expected values, as in",
    );
    await expect(sweep(file)).rejects.toThrow("vary: is missing: say what is varied");
    await expect(tune(file, { function: "api", strategy: "fast" } as never)).rejects.toThrow(
      'strategy: "fast" is not one of them',
    );
    await expect(tune(file, { sizes: 512, balancedWeight: 5 } as never)).rejects.toThrow(
      /sizes: expected sizes, as in[\s\S]*balancedWeight: is 5/,
    );
    await expect(sensitivity(file, { by: "0.2", on: "cost perMonth" } as never)).rejects.toThrow(
      /by: expected a number, got "0\.2"[\s\S]*on: expected a list/,
    );
    expect(() => simulate(file, { replication: 5 } as never)).toThrow(
      'replication: unknown setting; did you mean "replications"?',
    );
    expect(() => simulate(file, { set: { "api.memorySize": undefined } })).toThrow(
      "set.api.memorySize: is undefined",
    );
    const range = await tune(file, { function: "api", sizes: "256..768:256", replications: 1 });
    expect(range.tuned.map(({ memoryMb }) => memoryMb)).toEqual([256, 512, 768]);
    expect(() => compare(file, Promise.resolve(file) as never)).toThrow("an await may be missing");
    expect(() => compare(undefined as never, file)).toThrow("expected two studies or scenarios");
    const study = simulate(file, { replications: 1 });
    expect(() => compare(study, study, { replications: 3 })).toThrow("both sides are studies already");
    await expect(toSvg(charts(study).nothing!)).rejects.toThrow("charts() has none by this name");
  });
});
