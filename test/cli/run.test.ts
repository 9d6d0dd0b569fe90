import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { Place, small } from "./lsim.ts";

const read = (place: Place, name: string) => readFileSync(join(place.folder, name), "utf8");

describe("lsim run", () => {
  it("prints the summary and writes result, timeline, bill and charts", () => {
    const place = new Place();
    place.write("s.json", small);
    const { code, stdout, stderr } = place.lsim("run", "s.json");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^small {3}1 min simulated · 2 replications · took [\d.]+ s · seed 1 · digest [0-9a-f]{16}$/m,
    );
    expect(stdout).toMatch(/ok api {2}latency {2}p\(99\) < 2s/);
    expect(place.files()).toEqual(["lsim-out", "s.json"]);
    expect(place.files("lsim-out")).toEqual(["small"]);
    expect(place.files("lsim-out/small")).toEqual([
      "bill.csv",
      "charts",
      "histograms.json",
      "result.json",
      "review.json",
      "timeline.csv",
    ]);
    const charts = place.files("lsim-out/small/charts");
    expect(charts).toContain("index.html");
    for (const name of charts.filter((c) => c.endsWith(".vl.json"))) {
      expect(charts).toContain(name.replace(".vl.json", ".svg"));
      expect(JSON.parse(read(place, `lsim-out/small/charts/${name}`)).$schema).toMatch(/vega-lite/);
    }
  });

  it("writes a result whose parts agree with each other", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("run", "s.json", "--set", "account.concurrency=2", "--set", "account.minimumUnreserved=0");
    const result = JSON.parse(read(place, "lsim-out/small/result.json"));
    const { api } = result.functions;
    expect(result).toMatchObject({
      lsimResult: 1,
      seed: 1,
      replications: 2,
      scenario: { account: { concurrency: 2 } },
    });
    expect(api.requests).toBeCloseTo(
      api.succeeded + api.failed + api.throttled + api.dropped + api.unfinished,
      9,
    );
    expect(api.throttled).toBeGreaterThan(0);
    expect(api.throttlesByReason.ConcurrentInvocationLimitExceeded).toBe(api.throttledAttempts);
    expect(api.cloudWatch.Invocations).toBe(api.invocations);
    expect(api.requests).toBe(
      (result.byReplication[0].functions.api.requests + result.byReplication[1].functions.api.requests) / 2,
    );
    expect(
      result.bill.lines.reduce((sum: number, line: { costUsd: number }) => sum + line.costUsd, 0),
    ).toBeCloseTo(result.bill.totalUsd, 12);
    expect(result.defaults).toContainEqual(
      expect.objectContaining({ path: "account.scaling", date: "2023-11-27" }),
    );

    const rows = csvParse(read(place, "lsim-out/small/timeline.csv"));
    expect(rows.columns.slice(0, 12)).toEqual([
      "t_s",
      "function",
      "arrivals",
      "invocations",
      "throttles",
      "errors",
      "coldStarts",
      "concurrencyMean",
      "concurrencyMax",
      "environments",
      "latencyP50Ms",
      "latencyP99Ms",
    ]);
    expect(rows).toHaveLength(60);
    const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(sum("arrivals")).toBeCloseTo(api.requests, 4);
    expect(sum("throttles")).toBeCloseTo(api.throttledAttempts, 4);
    expect(sum("concurrencyMean") / 60).toBeCloseTo(api.concurrency.mean, 4);
    expect(sum("environments") / 60).toBeCloseTo(api.environments.mean, 4);
  });

  it("gives the same files again, and replaces its own folder whole", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("run", "s.json");
    const before = read(place, "lsim-out/small/result.json");
    expect(place.lsim("run", "s.json").code).toBe(0);
    expect(read(place, "lsim-out/small/result.json")).toBe(before);
    expect(place.files("lsim-out")).toEqual(["small"]);
  });

  it("writes what waits as queues.csv, where something queues, and replaces that too", () => {
    const place = new Place();
    place.write("s.json", { ...small, traffic: [{ ...small.traffic[0], name: "events", invoke: "async" }] });
    expect(place.lsim("run", "s.json")).toMatchObject({ code: 0 });
    const rows = csvParse(read(place, "lsim-out/small/queues.csv"));
    expect(rows.columns.slice(0, 4)).toEqual(["t_s", "entry", "function", "requests"]);
    expect(rows).toHaveLength(60);
    expect(rows[0]).toMatchObject({ t_s: "0", entry: "events", function: "api" });
    const result = JSON.parse(read(place, "lsim-out/small/result.json"));
    const { events } = result.traffic;
    const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(sum("requests")).toBeCloseTo(events.requests, 3);
    expect(sum("succeeded")).toBeCloseTo(events.succeeded, 3);
    expect(events.requests).toBe(result.functions.api.requests);
    expect(result.functions.api.cloudWatch.AsyncEventsReceived).toBe(events.requests);
    expect(place.lsim("run", "s.json").code).toBe(0);
    place.write("s.json", small);
    expect(place.lsim("run", "s.json").code).toBe(0);
    expect(place.has("lsim-out/small/queues.csv")).toBe(false);
    expect(read(place, "lsim-out/small/result.json")).not.toContain('"traffic": {');
  });

  it("writes what was provisioned as provisioned.csv and into the result, where anything was", () => {
    const place = new Place();
    const provisionedConcurrency = {
      type: "fixed",
      capacity: 4,
      at: "10s",
      allocation: { preparation: "20s" },
    };
    const { api } = small.functions;
    place.write("s.json", { ...small, functions: { api: { ...api, provisionedConcurrency } } });
    expect(place.lsim("run", "s.json")).toMatchObject({ code: 0 });
    const [hour] = csvParse(read(place, "lsim-out/small/provisioned.csv"));
    const result = JSON.parse(read(place, "lsim-out/small/result.json"));
    const { provisioned, provisionedConcurrency: used, cloudWatch } = result.functions.api;
    expect(Number(hour!.requested)).toBeCloseTo(provisioned.requested.mean, 6);
    expect(Number(hour!.allocated)).toBeCloseTo(provisioned.allocated.mean, 6);
    expect(Number(hour!.used)).toBeCloseTo(used.mean, 6);
    expect(provisioned.requested).toMatchObject({ max: 4 });
    expect(cloudWatch.ProvisionedConcurrentExecutions.max).toBe(used.max);
    expect(cloudWatch.ProvisionedConcurrencyUtilization.mean).toBeCloseTo(
      used.mean / provisioned.allocated.mean,
      9,
    );
    expect(provisioned.breakEvenUtilization).toBeCloseTo(0.6, 6);
    // Five minutes at the least.
    expect(provisioned.gbSeconds).toBeCloseTo((4 * 300 * 512) / 1024, 0);
    place.write("s.json", small);
    expect(place.lsim("run", "s.json").code).toBe(0);
    expect(place.has("lsim-out/small/provisioned.csv")).toBe(false);
  });

  it("does not replace a folder that holds anything of somebody else's", () => {
    const place = new Place();
    place.write("s.json", small);
    place.lsim("run", "s.json");
    for (const name of [
      "lsim-out/small/mine.txt",
      "lsim-out/small/charts/mine.txt",
      "lsim-out/small/result.json",
    ]) {
      const kept = place.has(name) ? read(place, name) : undefined;
      writeFileSync(join(place.folder, name), '{"precious":1}');
      expect(place.lsim("run", "s.json").code, name).toBe(2);
      expect(read(place, name)).toBe('{"precious":1}');
      if (kept === undefined) rmSync(join(place.folder, name));
    }
  });

  it("fails a CI job with 99 only with --check, and says what was missed either way", () => {
    const place = new Place();
    place.write("s.json", { ...small, thresholds: { api: { latency: ["p(99) < 50ms"] } } });
    const shown = place.lsim("run", "s.json");
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/x {2}api {2}latency {2}p\(99\) < 50ms/);
    expect(shown.stdout).toContain("The threshold is missed (api latency p(99) < 50ms)");
    expect(place.lsim("run", "s.json", "--check").code).toBe(99);
    expect(place.has("lsim-out/small/result.json")).toBe(true);
  });

  it("prints JSON, CSV or Markdown on request, and nothing with --quiet", () => {
    const place = new Place();
    place.write("s.json", small);
    expect(JSON.parse(place.lsim("run", "s.json", "--format", "json").stdout).lsimResult).toBe(1);
    expect(csvParse(place.lsim("run", "s.json", "--format", "csv").stdout)[0]).toMatchObject({
      function: "api",
    });
    expect(place.lsim("run", "s.json", "--format", "markdown").stdout).toMatch(/^## small/);
    expect(place.lsim("run", "s.json", "--quiet")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });
});

describe("lsim new", () => {
  it("writes a scenario that runs as it is, and the schema beside it", () => {
    const place = new Place();
    expect(place.lsim("new", "shop").code).toBe(0);
    expect(place.files()).toEqual(["scenario.schema.json", "shop.json"]);
    expect(JSON.parse(read(place, "shop.json")).$schema).toBe("./scenario.schema.json");
    expect(place.lsim("run", "shop.json", "--check", "--replications", "2").code).toBe(0);
    expect(place.lsim("new", "shop")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is there already"),
    });
    expect(place.lsim("new", "no/such/folder/x").code).toBe(2);
  });
});
