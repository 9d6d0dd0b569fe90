import { readFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { Place, small } from "./lsim.ts";

const scenario = {
  ...small,
  functions: {
    api: {
      ...small.functions.api,
      duration: { type: "constant", value: "100ms", at: "512 MB", cpuBound: "60%" },
    },
  },
};
const read = (place: Place, name: string) => readFileSync(join(place.folder, name), "utf8");

describe("lsim tune", () => {
  it("prints the verdict first and writes table, result and chart", () => {
    const place = new Place();
    place.write("s.json", scenario);
    const { code, stdout, stderr } = place.lsim("tune", "s.json", "--sizes", "256,512,1769");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^256 MB is the cheapest for api that meets all thresholds/);
    expect(stdout).toMatch(/^> 256 MB {2}/m);
    expect(stdout).toMatch(/512 MB \(now\)/);
    expect(place.files("lsim-out/small-tune")).toEqual(["charts", "review.json", "tune.csv", "tune.json"]);
    expect(place.files("lsim-out/small-tune/charts")).toEqual(["index.html", "tune.svg", "tune.vl.json"]);
    const json = JSON.parse(read(place, "lsim-out/small-tune/tune.json"));
    const rows = csvParse(read(place, "lsim-out/small-tune/tune.csv"));
    expect(json).toMatchObject({ lsimTune: 1, power: 256, presentMb: 512, strategy: "cost" });
    expect(rows.map((row) => Number(row.memoryMb))).toEqual([256, 512, 1769]);
    expect(Number(rows[0]!.averageDuration)).toBeCloseTo(json.duration, 9);
  });

  it("gives other formats on stdout, and replaces only its own folder", () => {
    const place = new Place();
    place.write("s.json", scenario);
    const tune = (...more: string[]) =>
      place.lsim("tune", "s.json", "--sizes", "256,512", "--quiet", ...more);
    expect(JSON.parse(tune("--format", "json").stdout).stats).toHaveLength(2);
    expect(csvParse(tune("--format", "csv").stdout)).toHaveLength(2);
    expect(tune("--format", "markdown").stdout).toMatch(/^## small\n\n\*\*256 MB is/);
    expect(tune().stdout).toBe("");
    place.write("lsim-out/small-tune/mine.txt", "x");
    const { code, stderr } = tune();
    expect(code).toBe(2);
    expect(stderr).toContain("mine.txt");
  });

  it("says what is wrong with its options, and writes nothing", () => {
    const place = new Place();
    place.write("s.json", scenario);
    for (const [option, value, said] of [
      ["--function", "apj", 'did you mean "api"'],
      ["--sizes", "64", "whole MB from 128 to 10240"],
      ["--balanced-weight", "2", "from 0 to 1"],
    ] as const) {
      const { code, stderr } = place.lsim("tune", "s.json", option, value);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
    }
    expect(place.files()).toEqual(["s.json"]);
  });
});
