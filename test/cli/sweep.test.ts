import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromArrow } from "arquero";
import { beforeAll, describe, expect, it } from "vitest";
import { drawUniform, RandomStreams } from "../../sim/random.ts";
import { BIN, bytesOf, Place, small } from "./lsim.ts";

const VARY = ["--vary", "api.memorySize=512MB,1024MB", "--vary", "api.reservedConcurrency=1,3,10"];
const AXES = 6;
/** How often a sweep is killed, each time at another moment. */
const KILLS = 8;

const hidden = (place: Place) => place.files("lsim-out").filter((name) => name.startsWith("."));

describe("lsim sweep", () => {
  it("writes the points, a tidy table, charts, and says the verdict first", () => {
    const place = new Place();
    place.write("s.json", { ...small, thresholds: { api: { throttles: ["rate < 5%"] } } });
    const { code, stdout, stderr } = place.lsim("sweep", "s.json", ...VARY, "--table", "csv,parquet,arrow");
    expect(stderr).toBe("Written: lsim-out/small-sweep (open charts/index.html)\n");
    expect(code).toBe(0);
    expect(stdout.split("\n")[1]).toMatch(
      /^2 of 6 points meet all thresholds; the cheapest, which has the best p99 too, is api\.memorySize=512MB, api\.reservedConcurrency=10 \(\$/,
    );
    expect(place.files("lsim-out")).toEqual(["small-sweep"]);
    expect(place.files("lsim-out/small-sweep")).toEqual([
      "charts",
      "review.json",
      "sweep.arrow",
      "sweep.csv",
      "sweep.json",
      "sweep.parquet",
    ]);
    const out = join(place.folder, "lsim-out/small-sweep");
    const sweep = JSON.parse(readFileSync(join(out, "sweep.json"), "utf8"));
    expect(sweep).toMatchObject({ lsimSweep: 1, name: "small", seed: 1 });
    expect(sweep.points).toHaveLength(AXES);
    const [head, ...rows] = readFileSync(join(out, "sweep.csv"), "utf8").trim().split("\n");
    expect(head).toMatch(
      /^point,api\.memorySize,api\.memorySizeMb,api\.reservedConcurrency,meetsAll,thresholdsMet,thresholdsMissed,replications,function,requests,/,
    );
    expect(rows).toHaveLength(AXES);
    expect(rows[1]).toMatch(/^2,512MB,512,3,false,0,1,2,api,\d/);
    const arrow = fromArrow(readFileSync(join(out, "sweep.arrow")));
    expect(arrow.numRows()).toBe(AXES);
    expect(arrow.columnNames()).toEqual(head!.split(","));
    expect([...arrow.array("api.memorySizeMb")]).toEqual([512, 512, 512, 1024, 1024, 1024]);
    const magic = readFileSync(join(out, "sweep.parquet"));
    expect(magic.subarray(0, 4).toString() + magic.subarray(-4).toString()).toBe("PAR1PAR1");
  });

  it("gives stdout what is asked for, and nothing else", () => {
    const place = new Place();
    place.write("s.json", { ...small, sweep: { vary: { "api.memorySize": "512MB,1024MB" } } });
    const out = (format: string) => place.lsim("sweep", "s.json", "--quiet", "--format", format).stdout;
    expect(JSON.parse(out("json")).points).toHaveLength(2);
    expect(out("csv").split("\n")).toHaveLength(4);
    expect(out("markdown")).toMatch(
      /^## small\n\nAll 2 points meet all thresholds; .*\n\n\| {2}\| {2}\| point \|/,
    );
    expect(out("text")).toBe("");
  });

  it("plays a point as a run of the same settings", () => {
    const place = new Place();
    place.write("s.json", small);
    const sweep = JSON.parse(place.lsim("sweep", "s.json", ...VARY, "--quiet", "--format", "json").stdout);
    const run = JSON.parse(
      place.lsim(
        "run",
        "s.json",
        "--quiet",
        "--format",
        "json",
        "--set",
        "api.memorySize=1024MB",
        "--set",
        "api.reservedConcurrency=3",
      ).stdout,
    );
    const point = sweep.points[4];
    expect(point.digest).toBe(run.digest);
    expect(point.figures[0].latencyP99Ms).toBe(run.functions.api.latencyMs.p99);
    expect(point.figures[0].costPerMonthUsd).toBe(run.bill.monthlyUsd);
    expect(point.thresholds).toEqual(run.thresholds);
  });

  it("tells the problems of all points at once, plays none and writes nothing", () => {
    const place = new Place();
    place.write("s.json", small);
    const { code, stderr } = place.lsim(
      "sweep",
      "s.json",
      "--vary",
      "api.memorySize=64MB,512MB",
      "--vary",
      "api.timeout=1s,2h",
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^s\.json: 2 problems\n.*"64MB".*\(with api\.memorySize=64MB\)\n.*"2h".*\(with api\.timeout=2h\)\nNothing was simulated\.\n$/,
    );
    expect(place.files()).toEqual(["s.json"]);
  });

  it("exits with 99 with --check when no point meets all thresholds", () => {
    const place = new Place();
    place.write("s.json", { ...small, thresholds: { api: { throttles: ["rate < 5%"] } } });
    const check = (values: string) =>
      place.lsim("sweep", "s.json", "--check", "--vary", `api.reservedConcurrency=${values}`);
    expect(check("1,2").code).toBe(99);
    expect(check("1,10").code).toBe(0);
  });

  it("leaves a folder alone that others have written", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("sweep", "s.json", ...VARY, "--out", "out");
    writeFileSync(join(place.folder, "out/mine.txt"), "mine");
    const { code, stderr } = place.lsim("sweep", "s.json", ...VARY, "--out", "out");
    expect([code, stderr]).toEqual([2, expect.stringContaining('"mine.txt"')]);
  });
});

describe("a sweep that is ended", () => {
  // Long enough that most moments fall between points.
  const long = { ...small, name: "long", horizon: "1h", replications: 2 };
  const args = (out: string, ...more: string[]) => [
    "sweep",
    "s.json",
    ...VARY,
    "--out",
    out,
    "--quiet",
    "--table",
    "csv,parquet,arrow",
    ...more,
  ];
  let place: Place;
  let whole: string;
  let lasted: number;

  beforeAll(() => {
    place = new Place(true);
    place.write("s.json", long);
    const started = performance.now();
    expect(place.lsim(...args("whole", "--jobs", "1")).code).toBe(0);
    lasted = performance.now() - started;
    whole = bytesOf(join(place.folder, "whole"));
    return () => place.remove();
  });

  it("gives the same bytes with any number of jobs", () => {
    expect(place.lsim(...args("two", "--jobs", "2")).code).toBe(0);
    expect(bytesOf(join(place.folder, "two"))).toBe(whole);
  });

  it("with kill -9, at any moment, gives the same bytes when it is started again", async () => {
    const draws = new RandomStreams("kill").open("moments");
    let kept = 0;
    for (let k = 0; k < KILLS; k++) {
      const jobs = String(1 + (k % 2));
      const out = `killed-${k}`;
      const points = `.${out}.points`;
      const finished = () =>
        place.has(points)
          ? place.files(points).filter((name) => /^[0-9a-f]{16}\.json$/.test(name)).length
          : 0;
      const child = spawn(process.execPath, [BIN, ...args(out, "--jobs", jobs)], { cwd: place.folder });
      const ended = new Promise((resolve) => child.on("close", resolve));
      // Some time after so many points are finished, up to all of them: while results are written, too.
      const after = Math.floor(drawUniform(draws) * (AXES + 1));
      const delay = drawUniform(draws) * lasted * 0.1;
      const watch = setInterval(() => {
        if (finished() < after) return;
        clearInterval(watch);
        setTimeout(() => child.kill("SIGKILL"), delay);
      }, 2);
      await ended;
      clearInterval(watch);
      kept += finished();
      expect(place.lsim(...args(out, "--jobs", jobs)).code).toBe(0);
      expect(bytesOf(join(place.folder, out)), `killed the ${k}th time`).toBe(whole);
      expect(place.files().filter((name) => name.startsWith(`.${out}`))).toEqual([]);
    }
    // Some were killed on the way.
    expect(kept).toBeGreaterThan(KILLS);
  }, 900_000);

  it("with Ctrl-C, says what is kept, and goes on from there", async () => {
    const code = await new Promise((resolve) => {
      const child = spawn(process.execPath, [BIN, ...args("stopped", "--jobs", "1")], { cwd: place.folder });
      let stderr = "";
      child.stderr.on("data", (data) => {
        stderr += data;
      });
      const timer = setInterval(() => {
        if (!place.has(".stopped.points") || place.files(".stopped.points").length < 3) return;
        clearInterval(timer);
        child.kill("SIGINT");
      }, 5);
      child.on("close", (ended) => {
        clearInterval(timer);
        resolve(`${ended} ${stderr}`);
      });
    });
    expect(code).toMatch(
      /^130 Interrupted; [2-6] of 6 points are kept\. The same command goes on from there\.\n$/,
    );
    expect(place.has("stopped")).toBe(false);
    const again = place.lsim(...args("stopped", "--jobs", "1").filter((arg) => arg !== "--quiet"));
    expect(again.stderr).toMatch(/^[2-6] of 6 points were finished before\.\n/);
    expect(bytesOf(join(place.folder, "stopped"))).toBe(whole);
  });

  it("plays a point again whose file is broken, and none that is whole", () => {
    place.lsim(...args("points", "--shard", "1/1"));
    const [first, second] = place.files("points");
    writeFileSync(join(place.folder, "points", first!), "{");
    const before = statSync(join(place.folder, "points", second!)).mtimeMs;
    expect(place.lsim(...args("points", "--shard", "1/1")).code).toBe(0);
    expect(statSync(join(place.folder, "points", second!)).mtimeMs).toBe(before);
    expect(
      place.lsim("merge", "points", "--out", "repaired", "--quiet", "--table", "csv,parquet,arrow").code,
    ).toBe(0);
    expect(bytesOf(join(place.folder, "repaired"))).toBe(whole);
  });
});

describe("shards", () => {
  it("merge to what one sweep gives, from one folder or several", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("sweep", "s.json", ...VARY, "--out", "whole");
    const whole = bytesOf(join(place.folder, "whole"));
    const shard = (i: number, out: string) =>
      place.lsim("sweep", "s.json", ...VARY, "--shard", `${i}/4`, "--out", out);
    for (const i of [3, 1, 4, 2]) expect(shard(i, "shared").code).toBe(0);
    expect(place.lsim("merge", "shared", "--out", "a").code).toBe(0);
    expect(bytesOf(join(place.folder, "a"))).toBe(whole);
    for (const i of [1, 2, 3, 4]) shard(i, `own-${i}`);
    expect(place.files("own-1").filter((name) => name !== "plan.json")).toHaveLength(2);
    expect(place.files("own-4").filter((name) => name !== "plan.json")).toHaveLength(1);
    // A point that is there twice counts once.
    expect(place.lsim("merge", "own-1", "own-2", "own-3", "own-4", "shared", "--out", "b").code).toBe(0);
    expect(bytesOf(join(place.folder, "b"))).toBe(whole);
  });

  it("that are missing are named, and nothing is written", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("sweep", "s.json", ...VARY, "--shard", "1/3", "--out", "points");
    const { code, stderr } = place.lsim("merge", "points", "--out", "out");
    expect(code).toBe(2);
    expect(stderr).toContain("4 of 6 points are missing");
    expect(stderr).toContain("  2  api.memorySize=512MB, api.reservedConcurrency=3\n");
    expect(place.has("out")).toBe(false);
  });

  it("of another sweep, or that are none, are refused", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("sweep", "s.json", ...VARY, "--shard", "1/1", "--out", "one");
    place.lsim("sweep", "s.json", ...VARY, "--seed", "2", "--shard", "1/1", "--out", "two");
    const refused = (...folders: string[]) => {
      const { code, stderr } = place.lsim("merge", ...folders);
      return `${code} ${stderr}`;
    };
    expect(refused("one", "two")).toMatch(/^2 two: holds points of another sweep than one/);
    expect(refused(".")).toMatch(/^2 merge \.: holds "one"/);
    expect(refused("nowhere")).toMatch(/^2 nowhere: is no folder of a sweep's points/);
    const [stray] = place.files("two");
    writeFileSync(join(place.folder, "one", stray!), readFileSync(join(place.folder, "two", stray!)));
    expect(refused("one")).toMatch(new RegExp(`^2 one: ${stray} is no point of this sweep`));
    const again = place.lsim("sweep", "s.json", ...VARY, "--seed", "3", "--shard", "1/1", "--out", "two");
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringContaining("holds points of another sweep (small, 6 points"),
    ]);
  });

  it.each(["0/3", "4/3", "1", "1/0", "a/b"])("%s is refused", (shard) => {
    const place = new Place();
    place.write("s.json", small);
    const { code, stderr } = place.lsim("sweep", "s.json", ...VARY, "--shard", shard);
    expect([code, stderr]).toEqual([2, expect.stringContaining("expected i/n")]);
  });
});

describe("hidden folders", () => {
  it("of drafts that a killed process left are swept away", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("run", "s.json");
    // A process number that is none.
    place.write("lsim-out/.small-sweep.tmp-99999999", "x");
    place.lsim("sweep", "s.json", ...VARY);
    expect(hidden(place)).toEqual([]);
  });
});
