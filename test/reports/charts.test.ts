import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "vega-lite";
import { beforeAll, describe, expect, it } from "vitest";
import type { Chart, VegaLiteSpec } from "../../reports/charts/chart.ts";
import { labelPlaces } from "../../reports/charts/latency-percentiles.ts";
import { charts } from "../../reports/charts/registry.ts";
import { Redrawing, renderSvg } from "../../reports/charts/render.ts";
import { inTheme } from "../../reports/charts/theme.ts";
import { indexPage } from "../../reports/html/index-page.ts";
import { billTable, provisionedTable, queuesTable, timelineTable } from "../../reports/tables.ts";
import { toUsd } from "../../sim/pricing/money.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { applySettings } from "../../sim/scenario/paths.ts";
import { printCount } from "../../sim/units.ts";
import { functionBill } from "../../study/function-bill.ts";
import { replicate, type Study } from "../../study/replicate.ts";

const CHARTS = fileURLToPath(new URL("../../reports/charts/", import.meta.url));

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

/** As long as a name may be. */
const LONG = "orders-of-".repeat(14);

const QUEUES = {
  lsim: 1,
  name: "queues",
  horizon: "4m",
  replications: 2,
  functions: {
    [LONG]: {
      reservedConcurrency: 3,
      duration: { p50: "300ms", p99: "1s" },
      errors: "5%",
      emits: [{ to: "mail", share: "50%" }],
    },
    mail: { duration: "200ms", errors: "2%", reservedConcurrency: 1 },
    api: { duration: "100ms", reservedConcurrency: 2 },
  },
  traffic: [
    {
      to: LONG,
      invoke: { type: "async", maximumEventAge: "60s", onFailure: "dead-letter" },
      arrivals: {
        type: "stages",
        start: "2/s",
        stages: [
          { duration: "1m", target: "2/s" },
          { duration: "0s", target: "30/s" },
          { duration: "1m", target: "30/s" },
          { duration: "0s", target: "2/s" },
          { duration: "2m", target: "2/s" },
        ],
      },
    },
    { to: "api", retry: { attempts: 12, backoff: "50ms" }, arrivals: { type: "poisson", rate: "15/s" } },
  ],
};

const ONE_QUEUE = {
  ...QUEUES,
  name: "one-queue",
  functions: { f: { reservedConcurrency: 3, duration: "300ms" } },
  traffic: [{ ...QUEUES.traffic[0], to: "f" }],
};

const PROVISIONED = {
  lsim: 1,
  name: "provisioned",
  horizon: "30m",
  replications: 2,
  functions: {
    api: {
      duration: { type: "exponential", mean: "1s" },
      provisionedConcurrency: { type: "target-tracking", target: 0.7, min: 2, max: 40, base: 10 },
    },
    mail: {
      duration: { type: "exponential", mean: "1s" },
      provisionedConcurrency: { type: "schedule", schedule: [{ at: "5m", capacity: 8 }] },
    },
    rest: { duration: "100ms" },
  },
  traffic: ["20/s", "4/s", "1/s"].map((rate, i) => ({
    to: ["api", "mail", "rest"][i],
    arrivals: { type: "poisson", rate },
  })),
};

function studyOf(file: unknown): Study {
  return replicate(parseScenario(file));
}

const AXES: Record<string, RegExp[]> = {
  capacity: [/(arrivals|throttles) per (second|hour)/, /concurrency/, /p99 latency|no /],
  overview: [
    /arrivals per (second|hour)/,
    /throttles per/,
    />concurrency</,
    /cold starts per/,
    /p99 latency \(m?s/,
    />time \(/,
  ],
  provisioned: [
    />api: provisioned concurrency</,
    />mail: utilisation \(%\)</,
    /spillover per/,
    />target 70 %</,
    />break-even 60 %</,
    />time \(/,
  ],
  queues: [/>messages waiting</, />age of the oldest \((s|min)\)</, /per second</, />time \(/],
  attempts: [/>attempts</, /retries in the run, by cause/],
  "end-to-end": [/end to end \(m?s/, /share of requests|p50/],
  "latency-percentiles": [/percentile of answered requests/, /latency \(m?s/],
  "latency-distribution": [/latency \(m?s/, /(warm|cold)/],
  "cost-lines": [/cost of the run \(US\$\)/],
  "cost-distribution": [/cost per million invocations \(US\$/],
};

const SOMETIMES = ["provisioned", "queues", "attempts", "end-to-end"];
const ALWAYS = Object.keys(AXES).filter((name) => !SOMETIMES.includes(name));
const without = (...names: string[]) => Object.keys(AXES).filter((name) => !names.includes(name));

describe.each([
  ["a spike on one function", SPIKE, /throttled, between 1:00 and 3:00/, ALWAYS],
  ["three functions that are throttled", THREE, /attempts are throttled/, ALWAYS],
  ["a request an hour", QUIET, /None of 24 requests is throttled/, ALWAYS],
  ["queues, retries and emissions", QUEUES, /attempts are throttled/, without("provisioned")],
  ["one queue", ONE_QUEUE, /attempts are throttled/, without("provisioned", "end-to-end")],
  [
    "provisioned concurrency that moves",
    PROVISIONED,
    /None of .* requests is throttled/,
    without("queues", "attempts", "end-to-end"),
  ],
])("charts of %s", (_, file, said, names) => {
  let study: Study;
  let drawn: { chart: Chart; svg: string }[];

  beforeAll(async () => {
    study = studyOf(file);
    drawn = await Promise.all(
      charts(study).map(async (chart) => ({ chart, svg: await renderSvg(chart.spec) })),
    );
  });

  it("are all there", () => {
    expect(drawn.map(({ chart }) => chart.name)).toEqual(names);
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
    expect(drawn.find(({ chart }) => chart.name === "overview")!.chart.finding).toMatch(said);
  });

  it("name their axes, with units, and draw no broken number", () => {
    for (const { chart, svg } of drawn) {
      for (const title of AXES[chart.name]!) expect(svg, chart.name).toMatch(title);
      expect(svg, chart.name).not.toMatch(/NaN|undefined|Infinity|\de\+\d/);
    }
  });

  it("stand on one page that asks for nothing", () => {
    const page = indexPage(study.scenario, drawn, "3 of 4 <ok>", "1 of 4 missed");
    expect(page).not.toMatch(/<script|<link|(src|href)\s*=|url\(\s*["']?http|@import/i);
    expect(page).toContain("3 of 4 &lt;ok&gt;");
    for (const { chart } of drawn) expect(page).toContain(chart.question);
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("charts of queues", () => {
  const study = studyOf(QUEUES);
  const named = (name: string, of = study) => charts(of).find((chart) => chart.name === name)!;
  const entry = (e: number) => study.replications.map((r) => r.traffic.entries[e]!);

  it("say how much waits and how old it gets, from the data", () => {
    const peak = printCount(entry(0).reduce((sum, { depth }) => sum + depth.max, 0) / 2);
    const { finding } = named("queues");
    expect(finding).toMatch(new RegExp(`^Up to ${peak} messages of ${LONG} wait `));
    // Older than 60 s none gets, and a spike of 60 s brings it there.
    expect(finding).toMatch(/the oldest (59|60)[.\d]* s, by [23]:\d\d/);
    const [depth] = (named("queues", studyOf(ONE_QUEUE)).spec as unknown as Vconcat).vconcat;
    expect(JSON.stringify(depth)).toContain('"color":"#453D4A"');
  });

  it("say how many attempts it took, and count the retries by cause", () => {
    const { finding, spec } = named("attempts");
    const retries = entry(1).reduce((sum, { counts }) => sum + counts.retriesByCause.throttle, 0) / 2;
    expect(finding).toMatch(new RegExp(`^api: ${printCount(retries)} retries, all of them after a throttle`));
    const panels = (spec as unknown as Vconcat).vconcat;
    const shares = panels[1]!.layer[0]!.data.values as { label: string; share: number }[];
    const { attempts } = study.traffic.entries[1]!.laws;
    expect(attempts.max).toBeGreaterThan(8);
    const most = Math.max(...study.traffic.entries.map(({ laws }) => laws.attempts.max));
    expect(shares.map(({ label }) => label)).toContain("8");
    expect(shares.at(-1)!.label).toMatch(new RegExp(`–${most}$`));
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
    const once = [...attempts.buckets()].find(({ low }) => low === 1)!.count / attempts.count;
    expect(shares.find(({ label }) => label === "1")!.share).toBeCloseTo(once, 5);
  });

  it("leave room for names of any length", async () => {
    const svg = await renderSvg(named("queues").spec);
    expect(svg).not.toContain(LONG);
    expect(svg).toMatch(/orders-of-orders-[a-z-]*…/);
    const [, width] = /width="(\d+)/.exec(svg)!;
    expect(Number(width)).toBeLessThan(1000);
  });

  it("show how full batches are, a bar a size", () => {
    const batched = studyOf(ONE_QUEUE);
    // No batches come from events: some are put in.
    const { batchSize } = batched.traffic.entries[0]!.laws;
    for (const size of [1, 1, 1, 20]) batchSize.record(size);
    for (const r of batched.replications) r.traffic.entries[0]!.counts.batches = 2;
    const { finding, spec } = named("batch-fill", batched);
    expect(finding).toBe("The 2 batches of f hold 5.75 on average; 25.0 % hold the most there are, 20.");
    const [bars] = (spec as unknown as Vconcat).vconcat[0]!.layer;
    expect(bars!.data.values).toEqual([
      { from: 0.5, to: 1.5, share: 0.75 },
      { from: 19.5, to: 20.5, share: 0.25 },
    ]);
    // The name of the mean keeps clear of the bar that the mean goes through.
    const dx = (of: Study) =>
      (named("batch-fill", of).spec as unknown as Markers).vconcat[0]!.layer[1]!.layer[1]!.mark.dx;
    expect(dx(batched)).toBe(12);
    const full = studyOf(ONE_QUEUE);
    full.traffic.entries[0]!.laws.batchSize.record(10);
    for (const r of full.replications) r.traffic.entries[0]!.counts.batches = 1;
    expect(dx(full)).toBe(620 / 10 / 2 + 6);
    batchSize.record(5000);
    const wide = (named("batch-fill", batched).spec as unknown as Vconcat).vconcat[0]!.layer[0]!.data.values;
    expect(wide).toEqual([
      { from: 0.5, to: 50.5, share: 0.8 },
      { from: 4950.5, to: 5000.5, share: 0.2 },
    ]);
  });

  it("are not there where nothing waits and nothing is tried again", () => {
    const calm = {
      ...ONE_QUEUE,
      traffic: [{ to: "f", invoke: "async", arrivals: { type: "constant", rate: "1/s" } }],
    };
    expect(charts(studyOf(calm)).map(({ name }) => name)).toEqual(ALWAYS);
  });
});

describe("names of curves", () => {
  it("stand apart where curves end side by side, and keep clear of the curve of all where they end before", () => {
    const ends = [
      { x: 200, y: 50 },
      { x: 195, y: 50 },
      { x: 100, y: 5 },
      { x: 90, y: 80 },
    ];
    const [all, warm, top, under] = labelPlaces(ends, [50, 50, 5, 60]);
    expect(all!.x).toBe(warm!.x);
    expect(Math.abs(all!.y - warm!.y)).toBe(14);
    // Above it there is no room; below the curve of all there is.
    expect(top).toEqual({ x: 100, y: 17 });
    expect(under).toEqual({ x: 90, y: 92 });
  });
});

interface Markers {
  readonly vconcat: readonly {
    readonly layer: readonly { readonly layer: readonly { readonly mark: { readonly dx: number } }[] }[];
  }[];
}

interface Vconcat {
  readonly vconcat: readonly { readonly layer: readonly { readonly data: { readonly values: unknown } }[] }[];
}

describe("tables", () => {
  it("give queues.csv a row an interval and queue, and none where nothing queues", () => {
    expect(queuesTable(studyOf(THREE))).toBeUndefined();
    const study = studyOf(QUEUES);
    const rows = queuesTable(study)!;
    expect(rows.columnNames().join()).toBe(
      "t_s,entry,function,requests,receives,succeeded,retries,dropped,depthMean,depthMax,oldestAgeS",
    );
    // Two queues; the callers of api wait in none.
    expect(rows.numRows()).toBe(2 * 240);
    expect(rows.array("entry").slice(0, 3)).toEqual([LONG, `${LONG}-mail`, LONG]);
    const objects = rows.objects() as { entry: string; requests: number; depthMean: number }[];
    const sum = (key: "requests" | "depthMean") =>
      objects.filter(({ entry }) => entry === LONG).reduce((total, row) => total + row[key], 0);
    const of = study.replications.map((r) => r.traffic.entries[0]!);
    expect(sum("requests")).toBeCloseTo((of[0]!.counts.requests + of[1]!.counts.requests) / 2, 3);
    expect(sum("depthMean") / 240).toBeCloseTo((of[0]!.depth.mean + of[1]!.depth.mean) / 2, 3);
  });

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

  it("give what was provisioned in columns of its own where anything is, and a row an hour", () => {
    expect(provisionedTable(studyOf(THREE))).toBeUndefined();
    const study = studyOf(PROVISIONED);
    const timeline = timelineTable(study);
    expect(timeline.columnNames().slice(-5)).toEqual([
      "provisionedRequested",
      "provisionedAllocated",
      "provisionedUsed",
      "provisionedUsedMax",
      "spillover",
    ]);
    type Row = Record<"provisionedAllocated" | "provisionedUsed" | "spillover", number> & {
      function: string;
    };
    const rows = timeline.objects() as Row[];
    const mean = (name: string, key: "provisionedAllocated" | "provisionedUsed" | "spillover") =>
      rows.filter((row) => row.function === name).reduce((sum, row) => sum + row[key], 0) / 1800;
    const parts = study.replications.map((r) => r.functions[0]!);
    const of = (read: (part: (typeof parts)[number]) => number) => (read(parts[0]!) + read(parts[1]!)) / 2;
    expect(mean("api", "provisionedAllocated")).toBeCloseTo(
      of((p) => p.provisioned!.allocated.mean),
      6,
    );
    expect(mean("api", "provisionedUsed")).toBeCloseTo(
      of((p) => p.provisionedConcurrency.mean),
      6,
    );
    expect(mean("api", "spillover")).toBeCloseTo(of((p) => p.counters.spillover) / 1800, 6);
    expect(mean("rest", "provisionedAllocated")).toBe(0);
    const hours = provisionedTable(study)!;
    expect(hours.columnNames().join()).toBe(
      "t_s,seconds,function,requested,allocated,used,utilization,spillover,feeUsd,durationUsd,onDemandUsd",
    );
    const [api, mail] = hours.objects() as Record<string, number>[];
    expect([api!.function, mail!.function, hours.numRows()]).toEqual(["api", "mail", 2]);
    // Half an hour is a multiple of five minutes, so the fee of the bill is the same.
    const fee = study.replications.map(
      (r) => functionBill(study, r, 0).lines.find((l) => l.item.startsWith("provisioned"))!,
    );
    expect(api!.feeUsd).toBeCloseTo((toUsd(fee[0]!.cost) + toUsd(fee[1]!.cost)) / 2, 9);
  });

  it("give the bill as exact decimals", () => {
    const bill = billTable(studyOf(QUIET));
    expect(bill.columnNames()).toEqual([
      "item",
      "quantity",
      "unit",
      "unitPriceUsd",
      "costUsd",
      "source",
      "date",
      "uncertain",
      "service",
    ]);
    expect(bill.objects()[0]).toEqual({
      item: "requests",
      quantity: 24,
      unit: "requests",
      unitPriceUsd: "0.0000002",
      costUsd: "0.0000048",
      source: "aws.amazon.com/lambda/pricing and the AWS Price List for AWSLambda",
      date: "2026-09",
      uncertain: false,
      service: "Lambda",
    });
  });
});

describe("Redrawing", () => {
  it("draws each chart, again and again with other data, as it is drawn at once", async () => {
    const redrawing = new Redrawing();
    const changes: [object, string, unknown[]][] = [
      [SPIKE, "account.concurrency", [100, 110, 40, 100]],
      [THREE, "traffic.checkout.scale", [1, 1.4, 0.2]],
      [QUEUES, "traffic.0.scale", [1, 2]],
    ];
    for (const [file, path, values] of changes) {
      for (const value of values) {
        const settings = [
          { path, value },
          { path: "account.minimumUnreserved", value: 0 },
          { path: "replications", value: 1 },
        ];
        const study = replicate(parseScenario(applySettings(file, settings)));
        for (const theme of ["light", "dark"] as const) {
          for (const { spec, name } of charts(
            study,
            replicate(parseScenario({ ...file, replications: 1 })),
          )) {
            const { description, ...told } = inTheme(spec, theme) as VegaLiteSpec & { description: string };
            expect(description).not.toBe("");
            const plain = await renderSvg(structuredClone(told) as VegaLiteSpec);
            expect(
              (await redrawing.svg(structuredClone(told) as VegaLiteSpec)) === plain,
              `${name} ${value}`,
            ).toBe(true);
          }
        }
      }
    }
  });
});

describe("charts on dark ground", () => {
  it("have a colour of their own for every colour of light ones, and the same data", () => {
    const light = readdirSync(CHARTS).flatMap((file) =>
      file === "theme.ts" ? [] : (readFileSync(join(CHARTS, file), "utf8").match(/#[0-9A-F]{6}\b/gi) ?? []),
    );
    expect(light.length).toBeGreaterThan(20);
    for (const colour of light) {
      const data = { values: [{ colour }] };
      const spec = { mark: { color: colour }, data } as unknown as VegaLiteSpec;
      const dark = inTheme(spec, "dark") as unknown as { mark: { color: string }; data: object };
      expect(dark.mark.color, colour).not.toBe(colour);
      expect(dark.data).toEqual(data);
      expect(inTheme(spec, "light")).toBe(spec);
    }
  });
});
