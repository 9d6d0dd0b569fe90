import { parseThreshold } from "../../sim/scenario/threshold.ts";
import type { Assessment } from "../../study/assess.ts";
import { scaleOf } from "../../study/axis-scale.ts";
import { printValue } from "../../study/point-problems.ts";
import { meetsAll } from "../../study/thresholds.ts";
import type { SweepData } from "../sweep-table.ts";
import { axisTop, type Chart, COLOUR, type Json, shortName, specOf, titledAbove, WIDTH } from "./chart.ts";
import {
  movingAxes,
  type Shown,
  shownOf,
  shownPart,
  sweepNumbers,
  sweepProvenance,
  thinned,
} from "./sweep-parts.ts";

const HEIGHT = 130;
/** From this ratio of the largest value to the smallest the axis is logarithmic. */
const WIDE = 12;
/** Values that have room as ticks. */
const MOST_TICKS = 12;

/** What one setting does: a panel a figure, with the 95 % interval at each point that was played. */
export function sweepLines(sweep: SweepData, found: Assessment): Chart | undefined {
  const { points } = sweep;
  const [axis, another] = movingAxes(sweep);
  if (!axis || another || points.length < 2) return undefined;
  const { path } = axis;
  const scale = scaleOf(points.map((point) => point.settings[path]));
  if (!scale) return undefined;
  const order = thinned(
    points.map((_, i) => i).sort((a, b) => scale.numbers[a]! - scale.numbers[b]!),
    () => false,
  );
  const xs = order.map((i) => scale.numbers[i]!);
  const [low, high] = [xs[0]!, xs.at(-1)!];
  const log = low > 0 && high / low >= WIDE;
  const room = log ? (high / low) ** 0.03 : (high - low) * 0.03;
  const missed = points.some((point) => !meetsAll(point));
  const shown = shownOf(sweep, found);
  const limit = limitOf(sweep, found);
  const x = (isLast: boolean): Json => ({
    field: "x",
    type: "quantitative",
    scale: {
      type: log ? "log" : "linear",
      domain: log ? [low / room, high * room] : [low - room, high + room],
      nice: false,
      ...(!log && { zero: false }),
    },
    axis: {
      title: isLast ? `${path}${scale.unit ? ` (${scale.unit})` : ""}` : null,
      labels: isLast,
      ticks: isLast,
      ...(xs.length <= MOST_TICKS && { values: xs }),
      labelOverlap: "greedy",
      labelExpr: "format(datum.value, ',')",
    },
  });
  const finding = findingOf(path, sweep, found, shown, order);
  const title = `${shortName(path, 48)}, step by step`;
  return {
    name: "sweep-lines",
    title,
    numbers: sweepNumbers(sweep, found),
    question: `What does ${shortName(path, 48)} do?`,
    finding,
    spec: specOf(
      title,
      `${sweepProvenance(sweep)}${shownPart(order.length, points.length)} · bars are 95 % intervals${missed ? " · hollow: misses a threshold" : ""}`,
      finding,
      {
        spacing: 34,
        bounds: "flush",
        vconcat: shown.map((figure, p) =>
          panel(figure, x(p === shown.length - 1), p === 0 ? limit : undefined),
        ),
      },
    ),
  };

  function panel({ title, value, ci, axis }: Shown, x: Json, limit: number | undefined): Json {
    const rows = order.flatMap((i) => {
      const point = points[i]!;
      const y = value(point);
      if (y === undefined) return [];
      const half = ci(point) ?? 0;
      return [{ x: scale!.numbers[i]!, y, low: Math.max(0, y - half), high: y + half, ok: meetsAll(point) }];
    });
    const most = Math.max(...rows.map((row) => row.y));
    // An interval of few replications may be wider than all there is to see.
    const top = axisTop(
      Math.max(
        Math.min(Math.max(...rows.map((row) => row.high)), most * 2),
        limit !== undefined && limit < most * 2 ? limit : 0,
      ) * 1.05,
    );
    const y = {
      field: "y",
      type: "quantitative",
      scale: { domain: [0, top], nice: false },
      axis: titledAbove(title, { labelExpr: axis }),
    };
    const clipped = rows.map((row) => ({ ...row, high: Math.min(row.high, top) }));
    return {
      width: WIDTH,
      height: HEIGHT,
      data: { values: clipped },
      layer: [
        ...(limit !== undefined && limit <= top
          ? [
              {
                data: { values: [{ limit }] },
                mark: { type: "rule", color: COLOUR.limit, strokeDash: [6, 4], strokeWidth: 1 },
                encoding: { y: { ...y, field: "limit" } },
              },
              {
                data: { values: [{ limit, text: "threshold" }] },
                mark: { type: "text", align: "left", dx: 6, baseline: "middle", color: COLOUR.limit },
                encoding: {
                  x: { value: WIDTH },
                  y: { ...y, field: "limit" },
                  text: { field: "text", type: "nominal" },
                },
              },
            ]
          : []),
        { mark: { type: "line", color: COLOUR.all, strokeWidth: 1.5 }, encoding: { x, y } },
        {
          mark: { type: "rule", color: COLOUR.faint, strokeWidth: 1.5 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
        },
        {
          mark: { type: "point", size: 55, filled: true, opacity: 1, stroke: COLOUR.all, strokeWidth: 1.5 },
          encoding: {
            x,
            y,
            fill: { condition: { test: "datum.ok", value: COLOUR.all }, value: "#FFFFFF" },
          },
        },
      ],
    };
  }
}

/** The limit of the p99, in the unit of its panel, where the thresholds name one. */
function limitOf(sweep: SweepData, found: Assessment): number | undefined {
  const named = sweep.points[0]!.thresholds.find(
    ({ of, measure, expression }) =>
      of === found.subject && measure === "latency" && /^\s*p\(\s*99\s*\)/.test(expression),
  );
  const parsed = named && parseThreshold("latency", named.expression);
  if (!parsed?.ok) return undefined;
  const seconds = shownOf(sweep, found)[0]!.title.endsWith("(s)");
  return parsed.value.limit / (seconds ? 1e6 : 1e3);
}

function findingOf(
  path: string,
  { points }: SweepData,
  { cheapest, judged, meeting }: Assessment,
  shown: readonly Shown[],
  order: readonly number[],
): string {
  const at = (i: number) => printValue(points[i]!.settings[path]);
  const [first, last] = [order[0]!, order.at(-1)!];
  const moves = [shown[0]!, shown.at(-1)!].flatMap(({ title, value, print }) => {
    const [from, to] = [value(points[first]!), value(points[last]!)];
    return from === undefined || to === undefined
      ? []
      : [`${title} goes from ${print(from)} to ${print(to)}`];
  });
  const held =
    judged && meeting.length > 0 && cheapest
      ? ` ${meeting.length} of ${points.length} points meet all thresholds, the cheapest at ${printValue(cheapest.settings[path])}.`
      : judged
        ? " No point meets all thresholds."
        : "";
  return `From ${at(first)} to ${at(last)}: ${moves.join("; ")}.${held}`;
}
