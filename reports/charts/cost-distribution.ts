import { printDuration, printMoney } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { type Chart, COLOUR, note, provenance, specOf, WIDTH } from "./chart.ts";
import { amountAxis, binned } from "./latency-axis.ts";
import { bars, marker } from "./latency-distribution.ts";
import { lawNumbers } from "./numbers.ts";
import { functionParts, type Part } from "./parts.ts";

const MILLION = 1e6;

/** What single invocations cost, as dollars for a million such: nobody reads 8.3e-7. */
export function costDistribution(study: Study): Chart | undefined {
  const parts = functionParts(study).filter(({ histograms }) => histograms.billedMs.count > 0);
  if (parts.length === 0) return undefined;
  const costs = parts.map((part) => costOf(study, part));
  const axis = amountAxis(
    Math.min(...parts.map(({ histograms }, i) => costs[i]!(histograms.billedMs.min))),
    Math.max(...parts.map(({ histograms }, i) => costs[i]!(histograms.billedMs.max))),
  );
  const several = parts.length > 1;
  const vconcat = parts.map(({ name, histograms: { billedMs: h } }, i) => {
    const cost = costs[i]!;
    const bins = binned(h, axis, cost);
    const last = i === parts.length - 1;
    const title = last ? `cost per million invocations (US$${axis.log ? ", log scale" : ""})` : null;
    const figures = `mean ${printMoney(cost(h.mean))} · p50 ${printMoney(cost(h.quantile(0.5)))} · p99 ${printMoney(cost(h.quantile(0.99)))} · max ${printMoney(cost(h.max))}`;
    return {
      width: WIDTH,
      height: several ? 72 : 220,
      layer: [
        bars(bins, axis, COLOUR.amount, title, last, "share of invocations", several),
        marker(cost(h.mean), "mean", COLOUR.text, bins, axis),
        note(several ? name : "", 0, -12, { fontWeight: 600, fontSize: 13 }),
        note(figures, WIDTH, -12, { color: COLOUR.faint, align: "right" }),
      ],
    };
  });
  const finding = findingOf(study, parts, costs);
  const title = "Cost per invocation";
  return {
    name: "cost-distribution",
    title,
    question: "What does an invocation cost, and how much does that vary?",
    finding,
    numbers: lawNumbers(
      parts.map(({ name, histograms }) => ({
        name: `a million invocations of ${name}`,
        histogram: histograms.billedMs,
      })),
      (billedMs, i) => printMoney(costs[i]!(billedMs)),
    ),
    spec: specOf(
      title,
      provenance(study, printDuration(study.scenario.horizon)) + priced(study, parts),
      finding,
      {
        spacing: several ? 30 : 46,
        bounds: "flush",
        resolve: { scale: { x: "independent" } },
        vconcat,
      },
    ),
  };
}

/** Invocations are priced on demand; where some ran on provisioned concurrency, the chart has to say so. */
function priced({ scenario }: Study, parts: readonly Part[]): string {
  const provisioned = parts.some(({ fn }) => scenario.functions[fn!]!.provisionedConcurrency > 0);
  return provisioned ? " · all at the on-demand price" : "";
}

/** Dollars for a million invocations of so many billed milliseconds, at the on-demand price of the first tier. */
function costOf({ scenario }: Study, { fn }: Part): (billedMs: number) => number {
  const { memorySize, architecture } = scenario.functions[fn!]!;
  const price = (path: string) => Number(scenario.pricing.table.prices[path]!.tiers[0]!.price);
  const perMs = (memorySize / 1024 / 1000) * price(`${architecture}.durationTiers`);
  return (billedMs) => MILLION * (price("perRequest") + billedMs * perMs);
}

function findingOf(
  study: Study,
  parts: readonly Part[],
  costs: readonly ((billedMs: number) => number)[],
): string {
  const texts = parts.map(({ name, histograms: { billedMs: h } }, i) => {
    const [mean, p99] = [costs[i]!(h.mean), costs[i]!(h.quantile(0.99))];
    return `a million invocations of ${name} cost ${printMoney(mean)} at their mean and ${printMoney(p99)} at their p99`;
  });
  const sentence = texts.join("; ");
  const provisioned = parts.some(({ fn }) => study.scenario.functions[fn!]!.provisionedConcurrency > 0);
  const price = provisioned ? " (at the on-demand price; provisioned concurrency is in the bill)" : "";
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}${price}.`;
}
