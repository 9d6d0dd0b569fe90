import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { Place, small } from "./lsim.ts";

const read = (place: Place, name: string) => readFileSync(join(place.folder, name), "utf8");

function ran(...args: string[]) {
  const place = new Place();
  place.write("s.json", small);
  return { place, ...place.lsim("run", "s.json", ...args) };
}

describe("lsim run --record", () => {
  it("writes the first replication's invocations, environments and lifelines, and the same result as without", () => {
    const { place, code, stderr } = ran("--record", "invocations,environments", "--trace", "perfetto");
    expect(code, stderr).toBe(0);
    expect(place.files("lsim-out/small")).toEqual([
      "bill.csv",
      "charts",
      "environments.csv",
      "histograms.json",
      "invocations.csv",
      "result.json",
      "review.json",
      "timeline.csv",
      "trace.json",
    ]);
    expect(place.files("lsim-out/small/charts")).toContain("lifelines.svg");
    const result = JSON.parse(read(place, "lsim-out/small/result.json"));
    const { api } = result.byReplication[0].functions;
    const invocations = csvParse(read(place, "lsim-out/small/invocations.csv"));
    expect(invocations).toHaveLength(api.requests);
    const environments = csvParse(read(place, "lsim-out/small/environments.csv"));
    expect(environments.reduce((sum, row) => sum + Number(row.invocations), 0)).toBe(api.invocations);
    const { traceEvents } = JSON.parse(read(place, "lsim-out/small/trace.json"));
    expect(traceEvents.filter((event: { name: string }) => event.name === "handler")).toHaveLength(
      api.invocations,
    );

    const plain = ran();
    for (const name of ["result.json", "histograms.json", "timeline.csv"])
      expect(read(place, `lsim-out/small/${name}`)).toBe(read(plain.place, `lsim-out/small/${name}`));
    expect(plain.place.files("lsim-out/small/charts")).not.toContain("lifelines.svg");
  });

  it("writes the same files with several threads", () => {
    const flags = ["--record", "invocations,environments", "--trace", "perfetto", "--replications", "4"];
    const [one, two] = ["1", "2"].map((jobs) => ran(...flags, "--jobs", jobs).place);
    for (const name of ["result.json", "invocations.csv", "environments.csv", "trace.json"])
      expect(read(one!, `lsim-out/small/${name}`)).toBe(read(two!, `lsim-out/small/${name}`));
  });

  it("limits what is recorded to a window, and takes Parquet", () => {
    const { place, code } = ran("--record", "invocations", "--window", "10s..12s");
    expect(code).toBe(0);
    const times = csvParse(read(place, "lsim-out/small/invocations.csv")).map(({ t_s }) => Number(t_s));
    expect(times.length).toBeGreaterThan(10);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...times)).toBeLessThan(12);
    expect(place.files("lsim-out/small")).not.toContain("environments.csv");
    // A folder that holds records is replaced by the next run.
    const again = place.lsim(
      "run",
      "s.json",
      "--record",
      "invocations",
      "--record-format",
      "parquet",
      "--window",
      "50s..",
    );
    expect(again.code, again.stderr).toBe(0);
    expect(place.files("lsim-out/small")).toContain("invocations.parquet");
    expect(place.files("lsim-out/small")).not.toContain("invocations.csv");
  });

  it("does not take a folder with somebody's trace.json for its own", () => {
    const place = new Place();
    place.write("s.json", small);
    mkdirSync(join(place.folder, "out"));
    place.write("out/trace.json", "{}");
    const { code, stderr } = place.lsim("run", "s.json", "--out", "out");
    expect(code).toBe(2);
    expect(stderr).toContain('the folder holds "trace.json", which lsim did not write');
    expect(read(place, "out/trace.json")).toBe("{}");
  });
});

describe("what cannot be recorded is refused, and nothing is written", () => {
  it.each([
    [["--record", "requests"], /--record "requests": expected some of invocations, environments/],
    [["--record", "invocations,"], /--record "invocations,": expected some of/],
    [["--record-format", "parquet"], /--record-format parquet: is for invocations; add --record invocations/],
    [["--record", "invocations", "--record-format", "xls"], /xls.*Allowed choices are csv, parquet/],
    [["--trace", "chrome"], /chrome.*Allowed choices are perfetto/],
    [
      ["--window", "10s..20s"],
      /--window 10s\.\.20s: nothing is recorded; add --record invocations,environments or --trace/,
    ],
    [
      ["--trace", "perfetto", "--window", "30s"],
      /--window "30s": expected two times of the run, as in 2m\.\.3m/,
    ],
    [["--trace", "perfetto", "--window", ".."], /expected two times of the run/],
    [["--trace", "perfetto", "--window", "10..20s"], /--window "10\.\.20s": .*unit/],
    [["--trace", "perfetto", "--window", "20s..10s"], /ends before it begins; write the earlier time first/],
    [["--trace", "perfetto", "--window", "2m..3m"], /is not within the run: the run is 1 min long/],
    [["--trace", "perfetto", "--window", "-5s..3s"], /--window/],
    [
      ["--trace", "perfetto", "--window", "0s..10s", "--set", "warmup=5s"],
      /what is measured is 5s\.\.60s \(the warm-up is left out\)/,
    ],
  ])("%j", (flags, message) => {
    const { place, code, stderr, stdout } = ran(...(flags as string[]));
    expect(code, stderr).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(place.files()).toEqual(["s.json"]);
  });
});
