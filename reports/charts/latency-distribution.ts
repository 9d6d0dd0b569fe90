import type { Histogram } from "../../sim/measure/histogram.ts";
import { printCount, printDuration, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import {
  axisTop,
  type Chart,
  COLOUR,
  type Json,
  note,
  PLAIN,
  provenance,
  specOf,
  titledAbove,
  WIDTH,
} from "./chart.ts";
import {
  type AmountAxis,
  amountAxis,
  type Bin,
  binned,
  latencyUnit,
  logTicks,
  round,
} from "./latency-axis.ts";
import { lawNumbers } from "./numbers.ts";
import { answersOf, panels } from "./parts.ts";

/** Latency by how it was started: each distribution has its own height, since cold starts are few. */
export function latencyDistribution(study: Study): Chart | undefined {
  const parts = panels(study).filter(({ histograms }) => histograms.latency.count > 0);
  if (parts.length === 0) return undefined;
  const latencies = parts.map(({ histograms }) => histograms.latency);
  const unit = latencyUnit(latencies);
  const axis = amountAxis(
    Math.min(...latencies.map((h) => h.min)) / unit.size,
    Math.max(...latencies.map((h) => h.max)) / unit.size,
  );
  const several = parts.length > 1;
  const rows = parts.flatMap(({ name, histograms }) =>
    [
      { kind: "warm", colour: COLOUR.warm, h: histograms.warmLatency, all: histograms.latency },
      { kind: "cold", colour: COLOUR.cold, h: histograms.coldLatency, all: histograms.latency },
    ]
      .filter(({ h }) => h.count > 0)
      .map((row) => ({ ...row, name: several ? name : "" })),
  );
  const height = several ? 58 : 130;
  const vconcat = rows.map(({ kind, colour, h, all, name }, i) => {
    const bins = binned(h, axis, (value) => value / unit.size);
    const label = `${name ? `${name} · ` : ""}${kind} ${printShare(h.count / all.count)}`;
    const figures = `${several ? "" : `${printShare(h.count / all.count)} of answers · `}${printCount(h.count)} answered · p50 ${printDuration(h.quantile(0.5))} · p99 ${printDuration(h.quantile(0.99))} · max ${printDuration(h.max)}`;
    const title = i === rows.length - 1 ? `latency (${unit.name}${axis.log ? ", log scale" : ""})` : null;
    return {
      width: WIDTH,
      height,
      layer: [
        bars(bins, axis, colour, title, i === rows.length - 1, `share of ${kind} starts`, several),
        marker(h.quantile(0.99) / unit.size, "p99", colour, bins, axis),
        ...(several ? [note(label, 0, -11, { color: colour, fontWeight: 600, fontSize: 13 })] : []),
        note(figures, WIDTH, several ? -11 : -14, { color: COLOUR.faint, align: "right" }),
      ],
    };
  });
  const finding = findingOf(study);
  const title = "Latency, warm and cold apart";
  return {
    name: "latency-distribution",
    title,
    question: "How long do answers take, and what do cold starts add?",
    finding,
    numbers: lawNumbers(
      parts.flatMap(({ name, histograms: { warmLatency, coldLatency } }) => [
        { name: `${name}, warm`, histogram: warmLatency },
        { name: `${name}, cold`, histogram: coldLatency },
      ]),
    ),
    spec: specOf(title, provenance(study, printDuration(study.scenario.horizon)), finding, {
      spacing: several ? 30 : 46,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat,
    }),
  };
}

/** The bars of a binned distribution, from a zero baseline. */
export function bars(
  bins: readonly Bin[],
  axis: AmountAxis,
  color: string,
  title: string | null,
  last: boolean,
  yTitle: string,
  small: boolean,
): Json {
  const top = Math.min(1, axisTop(Math.max(...bins.map(({ share }) => share)) * 1.01, 2));
  // A single bar of 2 pixels is hard to see: none is narrower than 4, and neighbours touch.
  const alone = bins.length <= 3;
  const yAxis = small
    ? { title: null, minExtent: 50, format: ".0~%", tickCount: 2, values: [0, top] }
    : titledAbove(yTitle, { format: ".1~%", tickCount: 3 });
  return {
    data: { values: bins.map(({ from, to, share }) => ({ from, to, share: round(share) })) },
    mark: {
      type: "rect",
      color,
      opacity: 1,
      ...(alone ? { stroke: color, strokeWidth: 1 } : { stroke: "#FFFFFF", strokeWidth: 0.4 }),
    },
    encoding: {
      x: {
        field: "from",
        type: "quantitative",
        scale: {
          domain: [axis.low, axis.high],
          nice: false,
          ...(axis.log ? { type: "log" } : { zero: false }),
        },
        axis: {
          title,
          labels: last,
          ticks: last,
          labelExpr: PLAIN,
          domain: true,
          ...(axis.log ? { values: logTicks(axis.low, axis.high) } : { tickCount: 10 }),
        },
      },
      x2: { field: "to" },
      y: { field: "share", type: "quantitative", scale: { domain: [0, top], nice: false }, axis: yAxis },
      y2: { datum: 0 },
    },
  };
}

/** A thin upright line with its name at the foot of the panel's top edge, to the right of the bar that it goes through. */
export function marker(
  value: number,
  text: string,
  color: string,
  bins: readonly Bin[],
  axis: AmountAxis,
): Json {
  const through = bins.find(({ from, to }) => value >= from && value < to);
  const dx = through ? Math.max(12, Math.round(pixels(axis, through.to) - pixels(axis, value)) + 6) : 12;
  const data = { values: [{ from: round(value), label: text }] };
  const x = { field: "from", type: "quantitative" };
  return {
    layer: [
      { data, mark: { type: "rule", color, strokeDash: [3, 3], strokeWidth: 1.25 }, encoding: { x } },
      {
        data,
        mark: { type: "text", color, align: "left", dx, baseline: "top", fontSize: 11 },
        encoding: { x, y: { value: 2 }, text: { field: "label", type: "nominal" } },
      },
    ],
  };
}

/** Where a value stands on an axis. */
function pixels({ low, high, log }: AmountAxis, value: number): number {
  return WIDTH * (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
}

function findingOf(study: Study): string {
  const { account } = study;
  const { latency, warmLatency: warm, coldLatency: cold } = account.histograms;
  const of = (h: Histogram) =>
    `p50 ${printDuration(h.quantile(0.5))} and p99 ${printDuration(h.quantile(0.99))}`;
  if (cold.count === 0) return `All ${answersOf(study)} are warm: ${of(warm)}.`;
  if (warm.count === 0) return `All ${answersOf(study)} are cold: ${of(cold)}.`;
  const added = cold.quantile(0.5) - warm.quantile(0.5);
  const more = added > 0 ? `; at the median a cold start takes ${printDuration(added)} longer` : "";
  return `Warm answers have ${of(warm)}; the ${printShare(cold.count / latency.count)} that are cold have ${of(cold)}${more}.`;
}
