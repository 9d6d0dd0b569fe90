import { beforeAll, describe, expect, it } from "vitest";
import type { Chart } from "../../reports/charts/chart.ts";
import { renderSvg } from "../../reports/charts/render.ts";
import { sweepCharts } from "../../reports/charts/sweep-charts.ts";
import { sweepColumns } from "../../reports/sweep-table.ts";
import { sweepMarkdown, sweepSummary } from "../../reports/text/sweep-summary.ts";
import { noFiles } from "../../sim/scenario/files.ts";
import { assess } from "../../study/assess.ts";
import type { PointResult } from "../../study/point.ts";
import { oneThread } from "../../study/runner.ts";
import { planSweep, playPoints, type Sweep, sweepOf } from "../../study/sweep.ts";

const base = {
  lsim: 1,
  name: "shop",
  horizon: "1m",
  replications: 2,
  functions: {
    api: { initDuration: "200ms", duration: { p50: "100ms", p99: "300ms", at: "1769MB", cpuBound: "80%" } },
    mail: { initDuration: "200ms", duration: "50ms" },
  },
  traffic: [
    { to: "api", arrivals: { type: "poisson", rate: "20/s" } },
    { to: "mail", arrivals: { type: "poisson", rate: "2/s" } },
  ],
  thresholds: { api: { latency: ["p(99) < 1s"] } },
};

async function play(vary: readonly string[], more: object = {}, sample?: number): Promise<Sweep> {
  const plan = planSweep({ ...base, ...more }, { vary, sample }, noFiles, "1");
  const results = new Map<string, PointResult>();
  await playPoints(oneThread(), plan, plan.points, noFiles, (r) => results.set(r.key, r));
  return sweepOf(plan, results);
}

const drawn = (sweep: Sweep) => sweepCharts(sweep, assess(sweep));
const names = (sweep: Sweep) => drawn(sweep).map(({ name }) => name);

const MEMORY = "api.memorySize=128MB,512MB,1769MB,3008MB";
const RESERVED = "api.reservedConcurrency=2,5,20";

describe("the charts of a sweep", () => {
  let pair: Sweep;
  let charts: { chart: Chart; svg: string }[];
  beforeAll(async () => {
    pair = await play([MEMORY, RESERVED]);
    charts = await Promise.all(
      drawn(pair).map(async (chart) => ({ chart, svg: await renderSvg(chart.spec) })),
    );
  });

  it("are those that fit the axes", async () => {
    expect(names(pair)).toEqual(["sweep-trade-off", "sweep-heat-map"]);
    expect(names(await play([MEMORY]))).toEqual(["sweep-trade-off", "sweep-lines"]);
    // Words have no order: no line goes through them.
    expect(names(await play(["api.runtime=nodejs22.x,java21", MEMORY, RESERVED]))).toEqual([
      "sweep-trade-off",
    ]);
    expect(
      names(await play(["api.memorySize=128MB..3008MB", "api.reservedConcurrency=2..30"], {}, 6)),
    ).toEqual(["sweep-trade-off"]);
    // All the same: nothing to trade.
    expect(names(await play(["thresholds.api.latency.0=p(99) < 1s,p(99) < 9s"]))).toEqual([]);
  });

  it("state a finding, and draw no broken number", () => {
    for (const { chart, svg } of charts) {
      expect(chart.finding).toMatch(/\d/);
      expect(svg, chart.name).not.toMatch(/NaN|undefined|Infinity|\de\+\d/);
    }
  });

  it("say in each cell of the heat map what the point came to, and which miss a threshold", () => {
    const { svg } = charts[1]!;
    for (const point of pair.points) {
      const cost = point.figures.at(-1)!.costPerMonthUsd as number;
      expect(svg).toContain(`>${point.thresholds[0]!.ok ? "" : "× "}$${cost.toFixed(2)}<`);
    }
    expect(pair.points.some(({ thresholds }) => !thresholds[0]!.ok)).toBe(true);
  });

  it("draw a dot a point, and steps along the frontier alone", () => {
    const { layer } = (
      charts[0]!.chart.spec as unknown as {
        vconcat: [
          {
            layer: {
              mark: { type: string; interpolate?: string };
              data: { values: { cost: number; p99: number }[] };
            }[];
          },
        ];
      }
    ).vconcat[0];
    const of = (type: string) =>
      layer.filter(({ mark }) => mark.type === type).map(({ data }) => data.values);
    expect(of("point").flat()).toHaveLength(pair.points.length);
    const [steps] = of("line");
    expect(steps).toHaveLength(assess(pair).frontier.size);
    expect(layer.find(({ mark }) => mark.type === "line")!.mark.interpolate).toBe("step-after");
    // Dearer and faster, step by step.
    for (let i = 1; i < steps!.length; i++) {
      expect(steps![i]!.cost).toBeGreaterThanOrEqual(steps![i - 1]!.cost);
      expect(steps![i]!.p99).toBeLessThanOrEqual(steps![i - 1]!.p99);
    }
  });
});

describe("the table of a sweep", () => {
  it("is tidy: a row a point and function, columns of one type, settings first", async () => {
    const sweep = await play([MEMORY, "api.timeout=9s", "account.concurrency=500,1000"]);
    const columns = sweepColumns(sweep);
    expect(columns.slice(0, 11).map(({ name }) => name)).toEqual([
      "point",
      "api.memorySize",
      "api.memorySizeMb",
      "api.timeout",
      "api.timeoutMs",
      "account.concurrency",
      "meetsAll",
      "thresholdsMet",
      "thresholdsMissed",
      "replications",
      "function",
    ]);
    for (const { name, type, cells } of columns) {
      expect(cells, name).toHaveLength(sweep.points.length * 3);
      const kinds = new Set(cells.filter((c) => c !== null).map((c) => typeof c));
      expect([...kinds], name).toEqual(
        [{ STRING: "string", BOOLEAN: "boolean", DOUBLE: "number", INT32: "number" }[type]].filter(
          () => kinds.size > 0,
        ),
      );
    }
    expect(columns.find(({ name }) => name === "function")!.cells.slice(0, 3)).toEqual([
      "api",
      "mail",
      "total",
    ]);
  });

  it("on the terminal is cut where it is too long, keeping the frontier", async () => {
    const sweep = await play(["api.reservedConcurrency=1..45:1"], { horizon: "5s", replications: 1 });
    const found = assess(sweep);
    const lines = sweepSummary(sweep, found).split("\n");
    expect(lines.filter((line) => /^(ok|x ) /.test(line))).toHaveLength(40);
    expect(lines).toContain("… and 5 more points in sweep.csv");
    expect(lines.filter((line) => /^(ok|x ) {2}\*/.test(line))).toHaveLength(found.frontier.size);
    for (const line of lines.slice(3)) expect(line.length).toBeLessThanOrEqual(150);
    expect(
      sweepMarkdown(sweep, found)
        .split("\n")
        .filter((line) => line.startsWith("|")),
    ).toHaveLength(42);
  });
});
