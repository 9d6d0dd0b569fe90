import { describe, expect, it } from "vitest";
import { planCharts } from "../../reports/charts/plan.ts";
import { renderSvg } from "../../reports/charts/render.ts";
import { parseAxis } from "../../study/axis.ts";
import { plan } from "../../study/plan.ts";
import { oneThread } from "../../study/runner.ts";
import { SearchSpace } from "../../study/search-space.ts";
import { openScenario } from "../../study/source.ts";

const file = {
  lsim: 1,
  name: "loss",
  horizon: "20s",
  replications: 4,
  functions: {
    api: {
      timeout: "10s",
      reservedConcurrency: 5,
      initDuration: "0s",
      duration: { type: "exponential", mean: "500ms" },
    },
  },
  traffic: [{ to: "api", arrivals: { type: "poisson", rate: "10/s" } }],
  thresholds: { api: { throttles: ["rate < 5%"] } },
};

async function chartsOf(...search: string[]) {
  const space = new SearchSpace(
    openScenario(file),
    search.map((text) => parseAxis(text, "--search")),
  );
  const found = await plan(oneThread(), space, { strategy: "cost", confidence: 0.95, budget: 1000 });
  return { found, charts: planCharts(found) };
}

describe("the charts of a plan", () => {
  it("show the plan, what is there now, and the limit", async () => {
    const { found, charts } = await chartsOf("api.reservedConcurrency=1..20:1");
    expect(charts.map(({ name }) => name)).toEqual(["plan-dots"]);
    const svg = await renderSvg(charts[0]!.spec);
    expect(svg).toContain(`plan ${found.space.settings(found.best!.point)[0]!.value}`);
    expect(svg).toContain(">now<");
    expect(svg).toContain("limit rate &lt; 5%");
  });

  it("show the grid of two settings, a number in each point that was run", async () => {
    const { found, charts } = await chartsOf(
      "api.reservedConcurrency=1..20:1",
      "api.memorySize=128MB,256MB,512MB",
    );
    const map = charts.find(({ name }) => name === "plan-map")!;
    const [cells] = (map.spec as unknown as { layer: { data: { values: { text: unknown }[] } }[] }).layer;
    expect(cells!.data.values).toHaveLength(60);
    expect(cells!.data.values.filter(({ text }) => text !== "")).toHaveLength(found.candidates.length);
    expect(await renderSvg(map.spec)).toContain("no cheaper than the plan");
  });

  it("name the nearest settings where there is no plan", async () => {
    const { charts } = await chartsOf("api.reservedConcurrency=1,2");
    expect(charts[0]!.finding).toContain("out of reach");
    expect(await renderSvg(charts[0]!.spec)).toContain("nearest 2");
  });
});
