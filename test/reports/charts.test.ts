import { compile } from "vega-lite";
import { beforeAll, describe, expect, it } from "vitest";
import type { Chart } from "../../reports/charts/chart.ts";
import { charts } from "../../reports/charts/registry.ts";
import { renderSvg } from "../../reports/charts/render.ts";
import { indexPage } from "../../reports/html/index-page.ts";
import { billTable, timelineTable } from "../../reports/tables.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { replicate, type Study } from "../../study/replicate.ts";

const SPIKE = {
  lsim: 1,
  name: "spike",
  about: "An API jumps from 5 to 200 requests a second <at once>.",
  platform: "seed",
  horizon: "3m",
  replications: 2,
  account: { concurrency: 100, scaling: { type: "burst", burst: 20, perMinute: 60 } },
  functions: {
    api: { initDuration: { p50: "350ms", p99: "900ms" }, duration: { type: "constant", value: "1s" } },
  },
  traffic: [
    {
      to: "api",
      invoke: "sync",
      arrivals: {
        type: "stages",
        start: "5/s",
        stages: [
          { duration: "1m", target: "5/s" },
          { duration: "0s", target: "200/s" },
          { duration: "2m", target: "200/s" },
        ],
      },
    },
  ],
};

const THREE = {
  lsim: 1,
  name: "three",
  horizon: "10m",
  account: { concurrency: 120 },
  functions: {
    checkout: { reservedConcurrency: 5, duration: { p50: "180ms", p99: "1.2s" } },
    thumbnail: { memorySize: "3008 MB", timeout: "1m", duration: { p50: "2s", p99: "9s" } },
    ledger: { architecture: "arm64", duration: { p50: "40ms", p99: "400ms" } },
  },
  traffic: ["40/s", "30/s", "5/s"].map((rate, i) => ({
    to: ["checkout", "thumbnail", "ledger"][i],
    invoke: "sync",
    arrivals: { type: "poisson", rate },
  })),
};

const QUIET = {
  lsim: 1,
  name: "quiet",
  horizon: "24h",
  functions: { cron: { duration: { p50: "80ms", p99: "200ms" } } },
  traffic: [{ to: "cron", invoke: "sync", arrivals: { type: "constant", rate: "1/h" } }],
};

function studyOf(file: unknown): Study {
  return replicate(parseScenario(file));
}

const AXES: Record<string, RegExp[]> = {
  overview: [
    /arrivals per (second|hour)/,
    /throttles per/,
    />concurrency</,
    /cold starts per/,
    /p99 latency \(m?s/,
    />time \(/,
  ],
  "latency-percentiles": [/percentile of answered requests/, /latency \(m?s/],
  "latency-distribution": [/latency \(m?s/, /(warm|cold)/],
  "cost-lines": [/cost of the run \(US\$\)/],
  "cost-distribution": [/cost per million invocations \(US\$/],
};

describe.each([
  ["a spike on one function", SPIKE, /throttled, between 1:00 and 3:00/],
  ["three functions that are throttled", THREE, /attempts are throttled/],
  ["a request an hour", QUIET, /None of 24 requests is throttled/],
])("charts of %s", (_, file, said) => {
  let study: Study;
  let drawn: { chart: Chart; svg: string }[];

  beforeAll(async () => {
    study = studyOf(file);
    drawn = await Promise.all(
      charts(study).map(async (chart) => ({ chart, svg: await renderSvg(chart.spec) })),
    );
  });

  it("are all there", () => {
    expect(drawn.map(({ chart }) => chart.name)).toEqual(Object.keys(AXES));
  });

  it("compile without a warning", () => {
    const warnings: unknown[] = [];
    const listen = (...args: unknown[]) => {
      warnings.push(...args);
      return logger;
    };
    const logger = {
      level: () => logger,
      error: listen,
      warn: listen,
      info: () => logger,
      debug: () => logger,
    };
    for (const { chart } of drawn) compile(chart.spec, { logger: logger as never });
    expect(warnings).toEqual([]);
  });

  it("hold aggregated data, no rows", () => {
    for (const { chart } of drawn)
      expect(JSON.stringify(chart.spec).length, chart.name).toBeLessThan(200_000);
  });

  it("say what the data says", () => {
    for (const { chart } of drawn) {
      expect(chart.finding, chart.name).toMatch(/\d.*\.$/);
      expect(chart.finding, chart.name).not.toMatch(/NaN|undefined|Infinity/);
      expect(chart.spec.description).toBe(chart.finding);
    }
    expect(drawn[0]!.chart.finding).toMatch(said);
  });

  it("name their axes, with units, and draw no broken number", () => {
    for (const { chart, svg } of drawn) {
      for (const title of AXES[chart.name]!) expect(svg, chart.name).toMatch(title);
      expect(svg, chart.name).not.toMatch(/NaN|undefined|Infinity|\de\+\d/);
    }
  });

  it("stand on one page that asks for nothing", () => {
    const page = indexPage(study, drawn, "3 of 4 <ok>", "1 of 4 missed");
    expect(page).not.toMatch(/<script|<link|(src|href)\s*=|url\(\s*["']?http|@import/i);
    expect(page).toContain("3 of 4 &lt;ok&gt;");
    for (const { chart } of drawn) expect(page).toContain(chart.question);
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("tables", () => {
  it("give timeline.csv its columns, a row an interval and function", () => {
    const study = studyOf(THREE);
    const timeline = timelineTable(study);
    expect(timeline.columnNames().slice(0, 12)).toEqual(
      "t_s function arrivals invocations throttles errors coldStarts concurrencyMean concurrencyMax environments latencyP50Ms latencyP99Ms".split(
        " ",
      ),
    );
    expect(timeline.numRows()).toBe(3 * 600);
    expect(timeline.array("function").slice(0, 4)).toEqual(["checkout", "thumbnail", "ledger", "checkout"]);
    const requests = study.replications.reduce((sum, r) => sum + r.functions[0]!.counters.requests, 0);
    const arrivals = (timeline.objects() as { function: string; arrivals: number }[])
      .filter((row) => row.function === "checkout")
      .reduce((sum, row) => sum + row.arrivals, 0);
    expect(arrivals).toBeCloseTo(requests / study.replications.length, 6);
  });

  it("give the bill as exact decimals", () => {
    const bill = billTable(studyOf(QUIET));
    expect(bill.columnNames()).toEqual(["item", "quantity", "unit", "unitPriceUsd", "costUsd"]);
    expect(bill.objects()[0]).toEqual({
      item: "requests",
      quantity: 24,
      unit: "requests",
      unitPriceUsd: "0.0000002",
      costUsd: "0.0000048",
    });
  });
});
