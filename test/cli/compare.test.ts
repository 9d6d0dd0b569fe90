import { readFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { Place, small } from "./lsim.ts";

const json = (place: Place, name: string) => JSON.parse(readFileSync(join(place.folder, name), "utf8"));

describe("lsim compare", () => {
  it("puts a scenario beside itself with another setting, and writes what it found", () => {
    const place = new Place();
    place.write("s.json", small);
    const { code, stdout, stderr } = place.lsim("compare", "s.json", "--with", "api.memorySize=1024MB");
    expect(code, stderr).toBe(0);
    const [verdict, a, b, about] = stdout.split("\n");
    expect(verdict).toMatch(/^B is worse in total cost perMonth \(\$/);
    expect(a).toBe("  A  small");
    expect(b).toBe("  B  small with api.memorySize=1024MB");
    expect(about).toMatch(/1 min measured · 2 pairs of replications with the same seeds · seed 1/);
    const folder = "lsim-out/small-vs-api.memorySize-1024MB";
    expect(place.files(folder)).toEqual(["charts", "compare.csv", "compare.json", "review.json"]);
    expect(place.files(`${folder}/charts`)).toEqual([
      "differences.svg",
      "differences.vl.json",
      "index.html",
      "latency-compared.svg",
      "latency-compared.vl.json",
    ]);
    const file = json(place, `${folder}/compare.json`);
    expect(file).toMatchObject({ lsimComparison: 1, paired: true, a: { label: "small", replications: 2 } });
    const rows = csvParse(readFileSync(join(place.folder, folder, "compare.csv"), "utf8"));
    expect(rows).toHaveLength(file.statistics.length);
    const cost = rows.find((r) => r.statistic === "cost perMonth" && r.function === "total")!;
    expect(Number(cost.b) - Number(cost.a)).toBeCloseTo(Number(cost.difference), 9);
    expect(cost.mark).toBe("clear");
    // Its own folder it replaces.
    expect(place.lsim("compare", "s.json", "--with", "api.memorySize=1024MB", "--quiet").code).toBe(0);
  });

  it("compares results, and a result with a scenario that then plays the same requests", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("run", "s.json", "--out", "before", "--quiet", "--seed", "5", "--replications", "3");
    place.lsim("run", "s.json", "--out", "after", "--quiet", "--seed", "6", "--set", "api.duration=150ms");
    const same = place.lsim("compare", "before", "s.json");
    expect(same.stdout.split("\n")[0]).toBe("B does not differ from A: every replication came to the same.");
    expect(same.stdout).toContain("3 pairs of replications with the same seeds · seed 5");
    const back = place.lsim("compare", "s.json", "before/result.json");
    expect(back.stdout.split("\n")[0]).toBe(same.stdout.split("\n")[0]);
    const other = place.lsim("compare", "before", "after");
    expect(other.code, other.stderr).toBe(0);
    expect(other.stdout).toContain("  A  before\n  B  after");
    expect(other.stdout).toContain("independent samples (Welch)");
    const { figures } = json(place, "before/result.json");
    expect(figures.total.costPerMonthUsd).toBeCloseTo(json(place, "before/result.json").bill.monthlyUsd, 12);
  });

  it("exits with 99 when B is beyond a limit, and prints other formats", () => {
    const place = new Place();
    place.write("s.json", small);
    const args = ["compare", "s.json", "--with", "api.duration=110ms"];
    const fine = place.lsim(...args, "--fail-on", "latency p(99) > +25%");
    expect(fine.code, fine.stderr).toBe(0);
    const failed = place.lsim(...args, "--fail-on", "latency p(50) > +5%", "--format", "json");
    expect(failed.code).toBe(99);
    const [limit] = JSON.parse(failed.stdout).failOn;
    expect(limit).toMatchObject({ expression: "latency p(50) > +5%", met: true, straddles: false });
    // Percentiles are within 0.1 %.
    expect(Math.abs(limit.difference - 10)).toBeLessThan(0.1);
    expect(place.lsim(...args, "--format", "markdown").stdout).toMatch(
      /^## small with api\.duration=110ms against small/,
    );
    expect(place.lsim(...args, "--format", "csv").stdout).toMatch(/^function,statistic,unit,a,b,difference,/);
  });

  it("plays on with --precision, and says where it ended", () => {
    const place = new Place();
    place.write("s.json", small);
    const args = ["compare", "s.json", "--with", 'api.duration={"type":"exponential","mean":"100ms"}'];
    const { stdout, code } = place.lsim(
      ...args,
      "--precision",
      "2%",
      "--on",
      "concurrency mean",
      "--most",
      "60",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/note {3}± 2\.00 % reached after \d+ replications/);
    const given = place.lsim(...args, "--precision", "0.001%", "--most", "12");
    expect(given.stdout).toMatch(/not reached in 12 replications: .* --most allows more/);
  });

  it("tells what a scenario depends on", () => {
    const place = new Place();
    place.write("s.json", small);
    const { code, stdout, stderr } = place.lsim("compare", "s.json", "--sensitivity", "10%");
    expect(code, stderr).toBe(0);
    expect(stdout.split("\n")[0]).toMatch(
      /latency p\(99\) depends most on api\.duration \((-10\.0|-9\.9\d) % to \+(10\.0|9\.9\d) %\)/,
    );
    expect(place.files("lsim-out/small-sensitivity")).toEqual([
      "charts",
      "review.json",
      "sensitivity.csv",
      "sensitivity.json",
    ]);
    expect(place.files("lsim-out/small-sensitivity/charts")).toEqual([
      "index.html",
      "tornado.svg",
      "tornado.vl.json",
    ]);
  });

  it.each([
    [["s.json"], /compare with what\?/],
    [["s.json", "s.json", "--with", "api.memorySize=1024MB"], /leave the second file out/],
    [["s.json", "--with", "api.memorysize=1024MB"], /memorySize/],
    [["s.json", "none.json"], /none\.json: there is no such file/],
    [["s.json", "."], /a folder without a result\.json/],
    [["s.json", "old.json"], /written by lsim 0\.3 or before/],
    [["s.json", "--with", "api.memorySize=1024MB", "--precision", "1"], /--precision "1"/],
    [["s.json", "--with", "api.memorySize=1024MB", "--on", "latency p(99)"], /give that too/],
    [["s.json", "--with", "api.memorySize=1024MB", "--fail-on", "throttles rate > 3ms"], /percentage points/],
    [["s.json", "--sensitivity", "--with", "api.memorySize=1024MB"], /leave B and --with out/],
    [["s.json", "--sensitivity", "120%"], /--sensitivity "120%"/],
  ])("refuses %j in words, with exit code 2, and writes nothing", (args, message) => {
    const place = new Place();
    place.write("s.json", small);
    place.write("old.json", { lsimResult: 1, functions: {}, thresholds: [], byReplication: [{ seed: "1" }] });
    const { code, stderr, stdout } = place.lsim("compare", ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(place.has("lsim-out")).toBe(false);
  });
});
