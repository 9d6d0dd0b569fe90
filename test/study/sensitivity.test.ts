import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import { tornado } from "../../reports/charts/tornado.ts";
import { sensitivityMarkdown, sensitivitySentence, sensitivityText } from "../../reports/text/sensitivity.ts";
import { applySettings, type Setting } from "../../sim/scenario/paths.ts";
import { assumptionsOf } from "../../study/assumptions.ts";
import { replicate } from "../../study/replicate.ts";
import { oneThread } from "../../study/runner.ts";
import { aboutCostAndLatency, ranked, sensitivityOf } from "../../study/sensitivity.ts";
import { sensitivityFile } from "../../study/sensitivity-file.ts";
import { openScenario } from "../../study/source.ts";
import { parseStatistic } from "../../study/statistic-words.ts";

const file = (settings: object = {}, top: object = {}) => ({
  lsim: 1,
  name: "t",
  horizon: "10m",
  replications: 4,
  functions: {
    f: {
      memorySize: "1024 MB",
      timeout: "1m",
      duration: { p50: "180ms", p99: "1.2s" },
      errors: "2%",
      ...settings,
    },
  },
  traffic: [{ to: "f", arrivals: { type: "poisson", rate: "5/s" } }],
  ...top,
});
const names = (opened: ReturnType<typeof openScenario>) =>
  assumptionsOf(opened, 0.2).assumptions.map(({ name }) => name);

describe("the assumptions of a scenario", () => {
  it("are what is written and cannot be known exactly, and the defaults that were used", () => {
    expect(names(openScenario(file()))).toEqual([
      "traffic.f",
      "f.duration",
      "f.errors",
      "f.coldStart",
      "f.keepAlive",
      "f.maximumLifetime",
    ]);
    const written = file(
      {
        duration: { io: "100ms", cpu: "50ms" },
        errors: undefined,
        keepAlive: "10m",
        maximumLifetime: "forever",
        initDuration: "200ms",
        connect: { duration: "20ms", in: "handler" },
        proactiveInit: "10%",
        reservedConcurrency: 50,
      },
      { account: { scaling: { type: "burst", burst: 100, perMinute: 500 } } },
    );
    delete (written.functions.f as { errors?: string }).errors;
    expect(names(openScenario(written))).toEqual([
      "traffic.f",
      "f.duration",
      "f.initDuration",
      "f.connect.duration",
      "f.proactiveInit",
      "f.keepAlive",
      "account.scaling",
    ]);
  });

  it("tell what cannot be moved, and on which side", () => {
    const { assumptions, unmoved } = assumptionsOf(
      openScenario(
        file(
          { duration: { p50: "180ms", p99: "1.2s", at: "1024 MB" }, crashes: "97%" },
          {
            traffic: [
              { to: "f", arrivals: { type: "trace", timestamps: ["1s"], durations: ["1s"] } },
              { to: "f", name: "more", arrivals: { type: "constant", rate: "1/s" } },
            ],
          },
        ),
      ),
      0.2,
    );
    const of = (name: string) => assumptions.find((a) => a.name === name)!;
    // All of it is CPU work unless written: there is less of that, but not more.
    expect(of("f.duration.cpuBound")).toMatchObject({ isDefault: true, more: undefined });
    // 2 % of errors and 100 % of crashes are more than all.
    expect(of("f.crashes").more).toBeUndefined();
    expect(of("f.crashes").less).toBeDefined();
    expect(unmoved).toContainEqual({ name: "traffic.f", reason: expect.stringMatching(/recorded/) });
    expect(unmoved).toContainEqual({ name: "f.crashes", reason: expect.stringMatching(/at most 100 %/) });
  });

  it("of many functions are moved together", () => {
    const functions = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`f${i}`, { duration: "1s", initDuration: "0s" }]),
    );
    const traffic = Object.keys(functions).map((to) => ({ to, arrivals: { type: "poisson", rate: "1/s" } }));
    const { assumptions } = assumptionsOf(openScenario({ ...file(), functions, traffic }), 0.2);
    expect(assumptions.map(({ name }) => name)).toEqual([
      "traffic.*",
      "*.duration",
      "*.keepAlive",
      "*.maximumLifetime",
    ]);
    expect(assumptions[1]!.less!.scenario.functions.map((f) => f.duration!.mean)).toEqual(
      new Array(9).fill(0.8e6),
    );
  });

  it("that are defaults are the same written out: every platform, with and without SnapStart", () => {
    for (const platform of ["aws", "aws-2020", "seed"])
      for (const more of [
        { runtime: "python3.12" },
        { runtime: "java21", snapStart: true },
        { runtime: "nodejs22.x" },
      ]) {
        const given = {
          ...file(more),
          platform,
          horizon: "1h",
          traffic: [{ to: "f", arrivals: { type: "poisson", rate: "20/h" } }],
        };
        const { scenario } = openScenario(given);
        const settings = scenario.defaults.flatMap(({ path, written }): Setting[] =>
          written
            ? [
                path.endsWith(".restore")
                  ? { path: path.replace(/\.restore$/, ""), value: { restore: written() } }
                  : { path, value: written() },
              ]
            : [],
        );
        expect(settings.length).toBeGreaterThan(2);
        const written = openScenario(applySettings(given, settings)).scenario;
        expect(written.defaults.some((d) => d.written && d.path !== "account.scaling")).toBe(false);
        const digests = (s: typeof scenario) => replicate(s).replications.map((r) => r.digest);
        expect(digests(written), `${platform} ${more.runtime}`).toEqual(digests(scenario));
      }
  });
});

describe("a sensitivity", async () => {
  const opened = openScenario(
    file({ initDuration: "500ms", timeout: "15m" }, { thresholds: { f: { latency: ["p(99) < 2s"] } } }),
  );
  const study = await sensitivityOf(oneThread(), opened, { by: 0.2, on: aboutCostAndLatency(opened) });

  it("finds that a latency without queues is its duration, and that the bill goes with the traffic", () => {
    const [cost, latency] = [ranked(study, 0), ranked(study, 1)];
    expect(latency[0]!.name).toBe("f.duration");
    const { less, more } = latency[0]!.effects[1]!;
    expect(less!.relative).toBeCloseTo(-0.2, 2);
    expect(more!.relative).toBeCloseTo(0.2, 2);
    const traffic = cost.find(({ name }) => name === "traffic.f")!.effects[0]!;
    expect(Math.abs(traffic.more!.relative - 0.2)).toBeLessThan(
      Math.max(0.02, 2 * traffic.more!.relativeCi95),
    );
    expect(traffic.clear).toBe(true);
    // Errors end as soon as others do, and are billed the same.
    expect(latency.some(({ name }) => name === "f.errors")).toBe(false);
  });

  it("says so, in every format and in a chart that compiles", () => {
    expect(sensitivitySentence(study)).toMatch(/latency p\(99\) depends most on f\.duration \(-\d/);
    expect(sensitivityText(study)).toContain("no effect: ");
    expect(sensitivityMarkdown(study)).toContain("| latency p(99) | -20.0 % | +20.0 % | |");
    const chart = tornado(study)!;
    expect(() => compile(chart.spec)).not.toThrow();
    expect(chart.finding).toBe(sensitivitySentence(study));
    const json = sensitivityFile(study, "t") as { statistics: object[]; effects: { assumption: string }[] };
    expect(json.statistics).toHaveLength(2);
    expect(new Set(json.effects.map((e) => e.assumption))).toEqual(
      new Set(study.assumptions.map((a) => a.name)),
    );
  });

  it("is about what one asks", async () => {
    const on = [parseStatistic("errors rate", ["f"], "--on")];
    const asked = await sensitivityOf(oneThread(), opened, { by: 0.5, on });
    expect(ranked(asked, 0)[0]!.name).toBe("f.errors");
    // Half of 240 errors more: 120, give or take 11.
    expect(Math.abs(ranked(asked, 0)[0]!.effects[0]!.more!.relative - 0.5)).toBeLessThan((4.5 * 11) / 240);
  });
});
