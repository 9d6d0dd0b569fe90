import { printShare } from "../../sim/units.ts";
import type { ComparedStatistic, Comparison } from "../../study/compare.ts";
import { nameOfStatistic } from "../../study/statistic-words.ts";
import { headlineOf, markText, relativeText } from "../text/comparison.ts";
import { type Chart, COLOUR, type Json, niceAbove, shortName, specOf, WIDTH } from "./chart.ts";
import { round } from "./latency-axis.ts";
import { textWidth } from "./text-widths.ts";

const ROW = 26;
const MOST_ROWS = 18;

/** Beyond so many times the share that most differences are within, the axis is logarithmic on both sides of 0. */
const WIDE = 12;

/** What differs between A and B, by how much, and how sure that is: a dot a statistic, with its 95 % interval. */
export function differences(
  comparison: Pick<Comparison, "statistics">,
  labels: readonly [string, string],
): Chart | undefined {
  const rows = rowsOf(comparison);
  if (rows.length === 0) return undefined;
  const several = new Set(comparison.statistics.map(({ statistic }) => statistic.of)).size > 1;
  const values = rows.map((row) => {
    const { relative, relativeCi95, mark } = row.difference;
    const half = Number.isFinite(relativeCi95) ? relativeCi95 : 0;
    return {
      name: `${several ? `${shortName(row.statistic.of, 20)} · ` : ""}${nameOfStatistic(row.statistic)}`,
      value: round(100 * relative),
      low: round(100 * (relative - half)),
      high: round(100 * (relative + half)),
      clear: mark === "clear",
      label: labelOf(row),
    };
  });
  const reach = values.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high)));
  const sorted = [...reach].filter((r) => r > 0).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const most = Math.max(...reach, 1e-9);
  const wide = most > WIDE * middle;
  // A logarithmic axis is straight up to where half of the differences are.
  const unit = wide ? niceAbove(middle) : 1;
  const low = Math.min(0, ...values.map((v) => v.low));
  const high = Math.max(0, ...values.map((v) => v.high));
  const room = 0.06 * (high - low || 1);
  const domain = [low < 0 ? low - room : -room, high > 0 ? high + room : room];
  const gutter = Math.max(...values.map(({ name }) => textWidth(name, 13))) + 12;
  const x = (field: string): Json => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false, ...(wide && { type: "symlog", constant: unit }) },
    axis: {
      title: `B − A, in % of A${wide ? " (logarithmic on both sides of 0)" : ""}`,
      grid: true,
      labelExpr: "format(datum.value, '+,') == '+0' ? '0' : format(datum.value, '+,~r')",
      ...(wide ? { values: bothSides(unit, domain), labelOverlap: "greedy" } : { tickCount: 6 }),
    },
  });
  const y = {
    field: "name",
    type: "nominal",
    sort: null,
    title: null,
    axis: {
      labelFontSize: 13,
      labelColor: COLOUR.text,
      labelLimit: 400,
      minExtent: Math.ceil(gutter),
      ticks: false,
      domain: false,
      grid: false,
    },
  };
  const finding = findingOf(comparison, rows, several);
  const title = "What B changes, and how sure that is";
  const colour = { condition: { test: "datum.clear", value: COLOUR.all }, value: "#8A94A3" };
  return {
    name: "differences",
    title,
    question: "What does B change?",
    finding,
    numbers: {
      columns: ["statistic", "B − A, % of A", "from", "to", "clear"],
      rows: values.map(({ name, value, low, high, clear }) => [name, value, low, high, clear ? "yes" : "no"]),
    },
    spec: specOf(title, `A: ${shortName(labels[0], 60)} · B: ${shortName(labels[1], 80)}`, finding, {
      width: WIDTH - 110,
      height: rows.length * ROW,
      data: { values },
      layer: [
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: "rule", color: COLOUR.limit, strokeWidth: 1.5 },
          encoding: { x: x("zero") },
        },
        {
          mark: { type: "rule", strokeWidth: 3 },
          encoding: { x: x("low"), x2: { field: "high" }, y, color: colour },
        },
        {
          mark: { type: "point", size: 90, strokeWidth: 2, opacity: 1 },
          encoding: {
            x: x("value"),
            y,
            color: colour,
            fill: { condition: { test: "datum.clear", value: COLOUR.all }, value: "#FFFFFF" },
          },
        },
        {
          mark: { type: "text", align: "left", baseline: "middle", dx: 8, fontSize: 12 },
          encoding: {
            x: { value: WIDTH - 110 },
            y,
            text: { field: "label", type: "nominal" },
            color: { condition: { test: "datum.clear", value: COLOUR.text }, value: COLOUR.faint },
          },
        },
      ],
    }),
  };
}

/** What can be given as a share of A, in the order of the table; of much, what the sentence is about and the total's. */
function rowsOf({ statistics }: Pick<Comparison, "statistics">): ComparedStatistic[] {
  const headline = headlineOf(statistics);
  const known = statistics.filter((row) => {
    const { difference, statistic } = row;
    if (!Number.isFinite(difference.relative)) return false;
    if (headline.includes(row)) return true;
    // Latency says what duration does, and a month's cost what a run's does.
    const twice = statistic.measure === "duration" || statistic.aggregate === "perRun";
    return !twice && difference.mark !== "nil" && difference.mark !== "unknown";
  });
  const rank = (row: ComparedStatistic) =>
    headline.includes(row) ? 0 : row.statistic.of === "total" ? 1 : 2;
  const chosen = [...known].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
  return known.filter((row) => chosen.includes(row));
}

function labelOf({ difference, verdict }: ComparedStatistic): string {
  return [relativeText(difference), markText(difference, verdict)].filter(Boolean).join("  ");
}

/** 0 and 1, 10, 100 … times the unit on both sides, as far as the axis goes. */
function bothSides(unit: number, [low, high]: readonly number[]): number[] {
  const steps = Array.from({ length: 12 }, (_, i) => unit * 10 ** i);
  return [...steps.map((s) => -s).reverse(), 0, ...steps].filter((v) => v >= low! && v <= high!);
}

function findingOf(
  { statistics }: Pick<Comparison, "statistics">,
  rows: readonly ComparedStatistic[],
  several: boolean,
): string {
  const clear = statistics.filter(({ difference }) => difference.mark === "clear").length;
  const largest = rows
    .filter(({ difference }) => difference.mark === "clear")
    .sort((a, b) => Math.abs(b.difference.relative) - Math.abs(a.difference.relative))[0];
  const unclear = statistics.filter(({ difference }) => difference.mark === "unclear").length;
  if (!largest && statistics.some(({ difference }) => difference.mark === "unknown") && unclear === 0)
    return `Of ${statistics.length} statistics none can be told from chance: that needs two replications a side, or more.`;
  if (!largest) return `Of ${statistics.length} statistics none differs clearly.`;
  const { statistic, difference } = largest;
  const what = `${several ? `${statistic.of} ` : ""}${nameOfStatistic(statistic)}`;
  const way = difference.relative > 0 ? "up" : "down";
  return `Of ${statistics.length} statistics ${clear} differ clearly and ${unclear} not clearly; of those drawn ${what} moves most, ${way} by ${printShare(Math.abs(difference.relative))}.`;
}
