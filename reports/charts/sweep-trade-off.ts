import { printMoney, printNumber } from "../../sim/units.ts";
import type { Assessment } from "../../study/assess.ts";
import { monthlyCost } from "../../study/assess.ts";
import { meetsAll } from "../../study/thresholds.ts";
import type { SweepData } from "../sweep-table.ts";
import { type Chart, COLOUR, type Json, note, specOf, titledAbove, WIDTH } from "./chart.ts";
import {
  costTitle,
  pathsOf,
  shownOf,
  shownPart,
  sweepNumbers,
  sweepProvenance,
  thinned,
  valuesOf,
} from "./sweep-parts.ts";

const HEIGHT = 360;
const ROW = 19;
/** Points of the frontier that are named below the plot. */
const MOST_NAMED = 12;
/** Numbers at dots closer than this (pixels) would lie on each other. */
const APART = 13;

/** Which settings trade cost for speed: a dot a point, and steps along those that none beats in both. */
export function sweepTradeOff(sweep: SweepData, found: Assessment): Chart | undefined {
  const latency = shownOf(sweep, found)[0]!;
  const dots = sweep.points.flatMap((point) => {
    const [cost, p99] = [monthlyCost(point), latency.value(point)];
    if (cost === undefined || p99 === undefined || !latency.title.startsWith("p99")) return [];
    return [{ point, cost, p99, ok: meetsAll(point), best: found.frontier.has(point.key) }];
  });
  if (new Set(dots.map(({ cost, p99 }) => `${cost} ${p99}`)).size < 2) return undefined;
  const x = axisOf(
    dots.map(({ cost }) => cost),
    costTitle(sweep),
    { labelExpr: "format(datum.value, '$,')" },
  );
  const y = axisOf(
    dots.map(({ p99 }) => p99),
    latency.title,
    { ...titledAbove(latency.title), labelExpr: latency.axis },
  );
  const encoding = {
    x: { field: "cost", type: "quantitative", scale: x.scale, axis: x.axis },
    y: { field: "p99", type: "quantitative", scale: y.scale, axis: y.axis },
  };
  const frontier = dots.filter(({ best }) => best).sort((a, b) => a.cost - b.cost || a.p99 - b.p99);
  const placed = frontier.map((dot, i) => ({
    ...dot,
    number: i + 1,
    at: [x.pixel(dot.cost, WIDTH), HEIGHT - y.pixel(dot.p99, HEIGHT)] as const,
  }));
  let before: readonly [number, number] | undefined;
  const numbered = placed.filter(({ at }) => {
    const clear = !before || Math.hypot(at[0] - before[0], at[1] - before[1]) >= APART;
    if (clear) before = at;
    return clear;
  });
  const shown = ({ cost, p99, ok, point }: (typeof dots)[number]): Json => ({
    cost,
    p99,
    settings: valuesOf(point),
    meets: ok,
  });
  const plotted = thinned(dots, ({ best }) => best);
  const layer: Json[] = [
    {
      data: { values: frontier.map(shown) },
      mark: {
        type: "line",
        interpolate: "step-after",
        color: COLOUR.faint,
        strokeWidth: 1.5,
        strokeDash: [4, 3],
      },
      encoding,
    },
    ...[false, true].map((ok) => ({
      data: { values: plotted.filter((dot) => dot.ok === ok).map(shown) },
      mark: {
        type: "point",
        filled: true,
        size: ok ? 70 : 45,
        fill: ok ? COLOUR.all : "#FFFFFF",
        stroke: ok ? COLOUR.all : COLOUR.faint,
        opacity: 0.9,
        strokeWidth: 1.25,
      },
      encoding,
    })),
    ...numbered.map(({ number, at }) =>
      note(String(number), at[0] - 7, at[1] + 9, { align: "right", fontWeight: 600 }),
    ),
  ];
  const listed = placed.slice(0, MOST_NAMED);
  const key = [
    ...(found.judged && dots.some(({ ok }) => !ok)
      ? [
          dots.some(({ ok }) => ok)
            ? "filled: meets all thresholds · hollow: misses one or more"
            : "hollow: misses one or more thresholds",
        ]
      : []),
    `on the frontier (no point is both cheaper and faster): ${pathsOf(sweep)}`,
    ...listed.map(
      ({ number, point, cost, p99 }) =>
        `${number}:  ${valuesOf(point)}  –  ${printMoney(cost)}, ${printNumber(p99)} ${unitOf(latency.title)}`,
    ),
    ...(placed.length > listed.length ? [`… and ${placed.length - listed.length} more in sweep.csv`] : []),
  ];
  const [first, last] = [frontier[0], frontier.at(-1)];
  const finding =
    first && last && first !== last
      ? `Of ${dots.length} points ${frontier.length} are on the frontier: from ${valuesOf(first.point)} (${printMoney(first.cost)} a month, p99 ${printNumber(first.p99)} ${unitOf(latency.title)}) to ${valuesOf(last.point)} (${printMoney(last.cost)}, ${printNumber(last.p99)} ${unitOf(latency.title)}).`
      : first
        ? `${valuesOf(first.point)} is both the cheapest (${printMoney(first.cost)} a month) and the fastest (p99 ${printNumber(first.p99)} ${unitOf(latency.title)}).`
        : "No point has both a cost and a latency.";
  const title = "Cost against p99";
  return {
    name: "sweep-trade-off",
    title,
    numbers: sweepNumbers(sweep, found),
    question: "Which settings trade cost for speed?",
    finding,
    spec: specOf(title, `${sweepProvenance(sweep)}${shownPart(plotted.length, dots.length)}`, finding, {
      spacing: 26,
      vconcat: [
        { width: WIDTH, height: HEIGHT, layer },
        {
          width: WIDTH,
          height: key.length * ROW,
          layer: key.map((text, i) =>
            note(text, 0, (i + 0.5) * ROW, { color: i === 0 ? COLOUR.faint : COLOUR.text }),
          ),
        },
      ],
    }),
  };
}

function unitOf(title: string): string {
  return /\((m?s)\)$/.exec(title)?.[1] ?? "";
}

/** An axis around values, with some room on both sides; from 0 where they are not far from it. */
function axisOf(values: readonly number[], title: string, more: Json) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || high || 1) * 0.08;
  const domain: [number, number] = [low < 0.35 * high && low >= 0 ? 0 : low - room, high + room];
  return {
    scale: { domain, nice: false, zero: false },
    axis: { title, grid: true, tickCount: 6, ...more },
    pixel: (value: number, size: number) => (size * (value - domain[0])) / (domain[1] - domain[0]),
  };
}
