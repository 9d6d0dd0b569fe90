import { describe, expect, it, test } from "vitest";
import { applySettings, parseSetting } from "../../sim/scenario/paths.ts";
import type { ScenarioError } from "../../sim/scenario/problem.ts";

const bare = {
  name: "s",
  horizon: "1m",
  functions: { api: { duration: "1s" } },
  traffic: [{ to: "api", name: "calls" }],
};
const full = { ...bare, deploys: [{ at: "10s" }], thresholds: { api: { latency: ["p(99) < 1s"] } } };

const apply = (file: unknown, ...settings: string[]) =>
  applySettings(file, settings.map(parseSetting)) as Record<string, unknown>;

function messages(file: unknown, ...settings: string[]): string[] {
  try {
    apply(file, ...settings);
  } catch (error) {
    return (error as ScenarioError).problems.map((p) => p.message);
  }
  return [];
}

describe("--set", () => {
  test("a path into a block that is missing makes it, a list where an entry is named by position", () => {
    expect(apply(bare, "measure.interval=1s", "account.concurrency=5")).toMatchObject({
      measure: { interval: "1s" },
      account: { concurrency: 5 },
    });
    expect(apply(bare, "deploys.0.at=30s", "deploys.1.at=40s").deploys).toEqual([
      { at: "30s" },
      { at: "40s" },
    ]);
    expect(apply(bare, "thresholds.api.latency.0=p(99) < 1s").thresholds).toEqual(full.thresholds);
    expect(apply(bare, "api.environment.variables.STAGE=test").functions).toEqual({
      api: { duration: "1s", environment: { variables: { STAGE: "test" } } },
    });
  });

  test("a path into a list that is there changes an entry, by position or name, or adds the next one", () => {
    expect(apply(full, "deploys.0.at=30s").deploys).toEqual([{ at: "30s" }]);
    expect(apply(full, "deploys.1.at=30s").deploys).toEqual([{ at: "10s" }, { at: "30s" }]);
    expect(apply(full, "traffic.calls.scale=2").traffic).toEqual([{ to: "api", name: "calls", scale: 2 }]);
    expect(full.deploys).toEqual([{ at: "10s" }]);
  });

  test("null takes a setting away, one that is not there too", () => {
    const reserved = { ...bare, functions: { api: { duration: "1s", reservedConcurrency: 5 } } };
    expect(apply(reserved, "api.reservedConcurrency=null")).toEqual(bare);
    expect(apply(bare, "api.reservedConcurrency=null")).toEqual(bare);
    expect(apply(full, "thresholds=null")).toEqual({ ...bare, deploys: full.deploys });
    expect(reserved.functions.api.reservedConcurrency).toBe(5);
  });

  test.each([
    [bare, "deploys.3.at=1s", "there is no deploys.3: the list is empty; deploys.0 adds an entry"],
    [bare, "deploys.at=1s", "there is no deploys.at: the list is empty; deploys.0 adds an entry"],
    [full, "deploys.3.at=1s", "there is no deploys.3: entries count from deploys.0, and deploys.1 adds one"],
    [full, "deploys.at=1s", "there is no deploys.at: entries count from deploys.0, and deploys.1 adds one"],
    [bare, "deploy.0.at=1s", 'there is no function or setting "deploy"; did you mean "deploys"?'],
    [bare, "traffic.cals.scale=2", 'there is no traffic "cals"; did you mean "calls"?'],
    [bare, "traffic.cals=2", 'there is no traffic "cals"; did you mean "calls"?'],
    [bare, "functions.apy.duration=1s", 'there is no function "apy"; did you mean "api"?'],
    [bare, "horizn=1m", 'there is no function or setting "horizn"; did you mean "horizon"?'],
    [
      bare,
      "memorySize=1GB",
      'there is no function or setting "memorySize"; a function\'s settings are written like api.memorySize',
    ],
    [bare, "horizon.x=1", "horizon has no settings inside it; set it as a whole: --set horizon=…"],
    [bare, "api..x=1", "is no path; write it like api.memorySize"],
  ])("a path that leads nowhere says so and where to go (case %#)", (file, setting, message) => {
    expect(messages(file, setting)).toEqual([message]);
  });

  it("leaves a file that is no object to the parser", () => {
    for (const file of [[], null, 5, "x"]) expect(apply(file, "api.memorySize=1GB")).toBe(file);
  });

  it("says what is wrong with all paths at once", () => {
    expect(messages(bare, "horizn=1m", "api.memorySize=1GB", "acount.concurrency=5")).toHaveLength(2);
  });
});
