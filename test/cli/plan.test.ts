import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Place, small } from "./lsim.ts";

/** Too few environments, and a threshold that says so. */
const tight = {
  ...small,
  name: "tight",
  horizon: "30s",
  replications: 4,
  functions: { api: { ...small.functions.api, reservedConcurrency: 1 } },
  thresholds: { api: { throttles: ["rate < 5%"] } },
};
const SEARCH = ["--search", "api.reservedConcurrency=1..12:1"];

const json = (place: Place, name: string) => JSON.parse(readFileSync(join(place.folder, name), "utf8"));

describe("lsim plan", () => {
  it("prints the plan, writes it, and the planned scenario meets the thresholds", () => {
    const place = new Place();
    place.write("tight.json", tight);
    const { code, stdout } = place.lsim("plan", "tight.json", ...SEARCH);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tight plan {3}least cost · 12 points of 1 setting · 4 replications each/);
    expect(stdout).toMatch(
      /^Plan found: for \$[\d.,]+ a month the threshold is met, with 95 % confidence\.$/m,
    );
    expect(stdout).toMatch(/^ {2}~ api\.reservedConcurrency {2}1 -> \d+$/m);
    expect(stdout).toMatch(/^Tried \d+ of 12 points, \d+ of 48 replications\.$/m);
    expect(place.files("lsim-out/tight-plan")).toEqual([
      "charts",
      "plan.csv",
      "plan.json",
      "planned.json",
      "review.json",
    ]);
    expect(place.files("lsim-out/tight-plan/charts")).toEqual([
      "index.html",
      "plan-dots.svg",
      "plan-dots.vl.json",
    ]);
    const { planned, candidates, notTried } = json(place, "lsim-out/tight-plan/plan.json");
    expect(candidates.length + notTried.length).toBe(12);
    // What it foretold is what a run of it says, and the folder may be written again.
    const run = place.lsim("run", "lsim-out/tight-plan/planned.json", "--check", "--format", "json");
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout).thresholds[0].value).toBe(planned.thresholds[0].value);
    expect(place.lsim("plan", "tight.json", ...SEARCH, "--quiet").stdout).toBe("");
  });

  it("exits with 99 and names the nearest settings where there is no plan", () => {
    const place = new Place();
    place.write("tight.json", tight);
    const { code, stdout } = place.lsim("plan", "tight.json", "--search", "api.reservedConcurrency=1,2");
    expect(code).toBe(99);
    expect(stdout).toContain("No plan: api throttles rate < 5% is out of reach.\nNearest:\n");
    expect(place.files("lsim-out/tight-plan")).toEqual(["charts", "plan.csv", "plan.json", "review.json"]);
  });

  it("writes the same with any number of jobs", () => {
    const place = new Place();
    place.write("tight.json", tight);
    const [one, two] = ["1", "2"].map((jobs) => {
      const { code } = place.lsim("plan", "tight.json", ...SEARCH, "--jobs", jobs, "--out", `out-${jobs}`);
      expect(code).toBe(0);
      return readFileSync(join(place.folder, `out-${jobs}`, "plan.json"), "utf8");
    });
    expect(one).toBe(two);
  });

  it("prints JSON, CSV and Markdown", () => {
    const place = new Place();
    place.write("tight.json", tight);
    const as = (format: string) => place.lsim("plan", "tight.json", ...SEARCH, "--format", format).stdout;
    expect(JSON.parse(as("json"))).toEqual(json(place, "lsim-out/tight-plan/plan.json"));
    expect(as("csv")).toMatch(/^api\.reservedConcurrency,outcome,misses,replications,costPerMonthUsd,/);
    expect(as("markdown")).toMatch(/^## tight plan\n\n```\ntight plan /);
  });

  it("takes the files that the scenario reads along", () => {
    const place = new Place();
    place.write("calls.csv", "t_s\n0.1\n0.2\n0.3\n5\n");
    const traffic = [{ to: "api", arrivals: { type: "trace", file: "calls.csv" } }];
    place.write("tight.json", { $schema: "./scenario.schema.json", ...tight, traffic });
    expect(place.lsim("plan", "tight.json", ...SEARCH).code).toBe(0);
    expect(place.files("lsim-out/tight-plan/files")).toEqual(["calls.csv"]);
    expect(place.lsim("run", "lsim-out/tight-plan/planned.json", "--check").code).toBe(0);
  });

  it("refuses bad input with all problems, and writes nothing", () => {
    const place = new Place();
    place.write("tight.json", tight);
    const { code, stderr } = place.lsim(
      "plan",
      "tight.json",
      "--search",
      "api.memorySze=512MB,1024MB",
      "--search",
      "api.errors=1%,2%",
    );
    expect(code).toBe(2);
    expect(stderr).toContain("tight.json: 2 problems");
    expect(stderr).toContain('unknown setting; did you mean "memorySize"?');
    expect(stderr).toContain("cannot be set in AWS");
    const { thresholds: _, ...bare } = tight;
    place.write("bare.json", bare);
    expect(place.lsim("plan", "bare.json", ...SEARCH).stderr).toContain("there are none, so every setting");
    expect(place.lsim("plan", "tight.json", ...SEARCH, "--confidence", "2").stderr).toContain(
      "expected a share from 50% to below 100%, such as 95%",
    );
    expect(place.files()).toEqual(["bare.json", "tight.json"]);
  });

  it("never replaces a folder that holds others' files of such names", () => {
    const place = new Place();
    place.write("tight.json", tight);
    place.lsim("plan", "tight.json", ...SEARCH, "--out", "mine");
    place.write("mine/plan.json", "{}");
    const { code, stderr } = place.lsim("plan", "tight.json", ...SEARCH, "--out", "mine");
    expect(code).toBe(2);
    expect(stderr).toContain("which lsim did not write");
  });
});
