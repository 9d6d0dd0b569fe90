import type { Assessment } from "../../study/assess.ts";
import { isSpan } from "../../study/axis.ts";
import { printValue } from "../../study/point-problems.ts";
import { meetsAll } from "../../study/thresholds.ts";
import type { SweepData } from "../sweep-table.ts";
import { labelOf } from "../text/sweep-summary.ts";
import { type Chart, COLOUR, type Json, shortName, specOf, WIDTH } from "./chart.ts";
import { movingAxes, type Shown, shownOf, sweepNumbers, sweepProvenance } from "./sweep-parts.ts";
import { textWidth } from "./text-widths.ts";

/** Heights of a row and of a whole panel, at most, and of a row at least. */
const ROW = 30;
const TALLEST = 480;
const LEAST_ROW = 9;
/** Beyond this many rows or columns cells are too small to look at. */
const MOST = 60;
/** Grounds from few to many, light to dark. */
const GROUND = ["#F1F3F6", "#4A5A72"];
const FONT_SIZE = 12;

/** Which pair of settings holds: a grid of two axes, a panel a figure, its number in each cell. */
export function sweepHeatMap(sweep: SweepData, found: Assessment): Chart | undefined {
  const { points, sampling } = sweep;
  const axes = movingAxes(sweep);
  if (axes.length !== 2 || sampling || axes.some((axis) => isSpan(axis))) return undefined;
  const sized = axes.map((axis) => ({
    path: axis.path,
    values: isSpan(axis) ? [] : axis.values.map(printValue),
  }));
  const [down, across] =
    sized[0]!.values.length > sized[1]!.values.length
      ? [sized[1]!, sized[0]!]
      : (sized as [(typeof sized)[0], (typeof sized)[0]]);
  if (across.values.length > MOST) return undefined;
  const missed = points.some((point) => !meetsAll(point));
  // What is the same everywhere is no map.
  const panels = shownOf(sweep, found).filter(({ value }) => new Set(points.map(value)).size > 1);
  if (panels.length === 0) return undefined;
  const cell = WIDTH / across.values.length;
  const row = Math.max(LEAST_ROW, Math.min(ROW, TALLEST / down.values.length));
  const texts = panels.map(({ value, print }) =>
    points.map((point) => {
      const v = value(point);
      return `${meetsAll(point) ? "" : "× "}${v === undefined ? "–" : print(v)}`;
    }),
  );
  const fits =
    Math.max(...texts.flat().map((text) => textWidth(text, FONT_SIZE))) + 6 <= cell && row > FONT_SIZE;
  const views = panels.map((shown, p) => view(shown, texts[p]!, p === panels.length - 1));

  function view(shown: Shown, labels: readonly string[], isLast: boolean): Json {
    const known = points.flatMap((point) => shown.value(point) ?? []);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const values = points.map((point, i) => {
      const value = shown.value(point) ?? null;
      return {
        x: printValue(point.settings[across.path]),
        y: printValue(point.settings[down.path]),
        value,
        label: labels[i],
        dark: value !== null && high > low && (value - low) / (high - low) > 0.45,
        ok: meetsAll(point),
      };
    });
    const x = {
      field: "x",
      type: "nominal",
      sort: across.values,
      axis: isLast
        ? {
            title: across.path,
            labelAngle: cell < 70 ? -40 : 0,
            labelLimit: 140,
            domain: false,
            ticks: false,
          }
        : null,
    };
    const y = {
      field: "y",
      type: "nominal",
      sort: down.values,
      axis: {
        title: null,
        labelOverlap: "greedy",
        labelLimit: 140,
        domain: false,
        ticks: false,
      },
    };
    return {
      width: WIDTH,
      height: down.values.length * row,
      title: {
        text:
          fits || low === high
            ? shown.title
            : `${shown.title}, light ${shown.print(low)} to dark ${shown.print(high)}`,
        fontSize: 13,
        fontWeight: 600,
        offset: 8,
        anchor: "start",
        frame: "group",
      },
      data: { values },
      layer: [
        {
          mark: { type: "rect", stroke: "#FFFFFF", strokeWidth: Math.min(2, row / 8, cell / 8) },
          encoding: {
            x,
            y,
            color: {
              field: "value",
              type: "quantitative",
              scale: { domain: low < high ? [low, high] : [low, low + 1], range: GROUND },
              legend: null,
            },
          },
        },
        ...(fits
          ? [
              {
                mark: { type: "text", fontSize: FONT_SIZE, baseline: "middle" },
                encoding: {
                  x,
                  y,
                  text: { field: "label", type: "nominal" },
                  color: {
                    condition: { test: "datum.dark", value: "#FFFFFF" },
                    value: COLOUR.text,
                  },
                },
              },
            ]
          : missed
            ? [
                {
                  transform: [{ filter: "!datum.ok" }],
                  mark: { type: "text", fontSize: Math.min(11, row), baseline: "middle" },
                  encoding: {
                    x,
                    y,
                    text: { value: "×" },
                    color: { condition: { test: "datum.dark", value: "#FFFFFF" }, value: COLOUR.text },
                  },
                },
              ]
            : []),
      ],
    };
  }

  const finding = findingOf(sweep, found);
  const title = "Two settings, point by point";
  return {
    name: "sweep-heat-map",
    title,
    numbers: sweepNumbers(sweep, found),
    question: `What do ${shortName(down.path)} and ${shortName(across.path)} come to together?`,
    finding,
    spec: specOf(
      title,
      `${sweepProvenance(sweep)} · down: ${shortName(down.path, 36)}${missed ? " · × misses a threshold" : ""}`,
      finding,
      {
        spacing: 22,
        resolve: { scale: { color: "independent" } },
        vconcat: views,
      },
    ),
  };
}

function findingOf({ points }: SweepData, { judged, meeting, cheapest }: Assessment): string {
  const best = cheapest
    ? `; the cheapest${judged && meeting.length > 0 ? " of these" : ""} is ${labelOf(cheapest)}`
    : "";
  if (!judged) return `${points.length} points, without thresholds to meet${best}.`;
  return meeting.length === 0
    ? `None of ${points.length} points meets all thresholds.`
    : `${meeting.length} of ${points.length} points meet all thresholds${best}.`;
}
