import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { simulate } from "../../sim/simulate.ts";

type Functions = ScenarioFile["functions"];
const MANY = 250;

const cold = { type: "lognormal", mean: "400ms", cv: 1 } as const;
const settings = () => ({ timeout: "1m", initDuration: cold, duration: { p50: "100ms", p99: "1s" } });

function scenario(of: (i: number) => Functions[string], count = MANY): ScenarioFile {
  const names = Array.from({ length: count }, (_, i) => `f${i}`);
  return {
    lsim: 1,
    name: "alike",
    horizon: "2m",
    functions: Object.fromEntries(names.map((name, i) => [name, of(i)])),
    traffic: names.map((to) => ({ to, arrivals: { type: "poisson", rate: "0.2/s" } })),
  };
}

function problems(file: unknown): string[] {
  try {
    parseScenario(file);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("functions written alike", () => {
  it("come to what functions written differently but meaning the same come to", () => {
    // No two have the same text: their timeouts are less than a microsecond apart.
    const alike = parseScenario(scenario(settings));
    const unlike = parseScenario(scenario((i) => ({ ...settings(), timeout: `${60 - i / 1e9}s` })));
    const mixed = parseScenario(scenario((i) => (i % 3 ? settings() : { ...settings(), errors: "0%" })));
    const { digest } = simulate(alike);
    expect(simulate(mixed).digest).toBe(digest);
    expect(simulate(unlike).digest).toBe(digest);
    expect(alike.functions.map((f) => f.name)).toEqual(unlike.functions.map((f) => f.name));
    expect(alike.defaults).toEqual(unlike.defaults);
  });

  it("keep what is their own", () => {
    const parsed = parseScenario(
      scenario((i) => (i % 50 === 7 ? { ...settings(), errors: "5%" } : settings())),
    );
    expect(parsed.functions.flatMap((f, i) => (f.errors > 0 ? [i] : []))).toEqual([7, 57, 107, 157, 207]);
    expect(parsed.functions[107]!.name).toBe("f107");
  });

  it("have their problems told of each, by the schema and beyond it", () => {
    const misspelt = problems(scenario(() => ({ ...settings(), tmeout: "1s" }) as never));
    expect(misspelt).toHaveLength(MANY);
    expect(misspelt[249]).toMatch(/^functions\.f249\.tmeout: unknown setting; did you mean "timeout"\?/);
    const torn = problems(scenario(() => ({ ...settings(), duration: { p50: "2s", p99: "1s" } })));
    expect(torn).toHaveLength(MANY);
    expect(torn[3]).toMatch(/^functions\.f3\.duration: p99 \(1 s\) is below p50/);
  });

  it("have their defaults listed each, while they are few", () => {
    const paths = parseScenario(scenario(settings, 3)).defaults.map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith(".memorySize"))).toEqual(
      [0, 1, 2].map((i) => `functions.f${i}.memorySize`),
    );
  });

  it("are told apart by what JSON leaves out", () => {
    const file = scenario((i) => (i === 5 ? ({ ...settings(), nonsense: undefined } as never) : settings()));
    expect(problems(file)).toEqual([expect.stringMatching(/^functions\.f5\.nonsense: unknown setting/)]);
  });
});
