import { MILLISECOND, printShare, SECOND } from "../../sim/units.ts";
import { type MovedAssumption, ranked, type Sensitivity } from "../../study/sensitivity.ts";
import { unitOf } from "../../study/statistic-words.ts";
import type { SensitivityData } from "../sensitivity-table.ts";
import { printChange, printerOf } from "../text/cells.ts";
import { sensitivitySentence, titleOf } from "../text/sensitivity.ts";
import { type Chart, COLOUR, type Json, niceAbove, note, shortName, specOf, WIDTH } from "./chart.ts";
import { round } from "./latency-axis.ts";
import { textWidth } from "./text-widths.ts";

const ROW = 26;
const MOST_ROWS = 12;
/** A bar of less than this share of the longest is none. */
const SEEN = 0.005;

/** Less and more of an assumption; no meaning of starts. */
const LESS = "#8FA3BF";
const MORE = "#3D5A80";

/** What the figures depend on: for each statistic a bar an assumption, from less of it to more, the longest on top. */
export function tornado(study: Sensitivity): Chart | undefined {
  const { base } = study;
  return tornadoOf(study, `${base.name} · `, ` · ${base.seeds.length} pairs of replications`);
}

/** The same of what a tidy table keeps of one. */
export function tornadoOf(study: SensitivityData, before = "", after = ""): Chart | undefined {
  const panels = study.on.flatMap((_, i) => {
    const all = ranked(study, i);
    const least = SEEN * Math.max(0, ...all.map(({ effects }) => effects[i]!.size));
    const rows = all.filter(({ effects }) => effects[i]!.size >= least).slice(0, MOST_ROWS);
    return rows.length > 0 ? [{ i, rows }] : [];
  });
  if (panels.length === 0) return undefined;
  const gutter =
    Math.max(...panels.flatMap(({ rows }) => rows.map(({ name }) => textWidth(shortName(name, 40), 13)))) +
    12;
  const finding = sensitivitySentence(study);
  const title = "What the figures depend on";
  const moved = printShare(study.by);
  const subtitle = `${before}each assumption ${moved} less (light) and ${moved} more (dark), one at a time${after}`;
  return {
    name: "tornado",
    title,
    question: "What do the figures depend on?",
    finding,
    numbers: {
      columns: ["of", "assumption", "now", "less of it", "more of it"],
      rows: panels.flatMap(({ i, rows }) =>
        rows.map(({ name, text, effects }) => [
          titleOf(study, i),
          name,
          text,
          ...(["less", "more"] as const).map((way) => {
            const difference = effects[i]![way];
            return difference && !Number.isNaN(difference.value)
              ? printChange(unitOf(study.on[i]!), difference.value)
              : null;
          }),
        ]),
      ),
    },
    spec: specOf(title, subtitle, finding, {
      spacing: 92,
      bounds: "flush",
      resolve: { scale: { x: "independent", y: "independent" } },
      vconcat: panels.map(({ i, rows }) => panel(study, i, rows, gutter)),
    }),
  };
}

/** The unit of an axis for values of about this size. */
function axisUnit(unit: ReturnType<typeof unitOf>, value: number): { name: string; size: number } {
  if (unit === "duration")
    return value >= 2 * SECOND ? { name: "s", size: SECOND } : { name: "ms", size: MILLISECOND };
  if (unit === "share") return { name: "%", size: 0.01 };
  return { name: unit === "money" ? "US$" : "", size: 1 };
}

function panel(study: SensitivityData, i: number, rows: readonly MovedAssumption[], gutter: number): Json {
  const statistic = study.on[i]!;
  const unit = unitOf(statistic);
  const now = study.base.read(statistic)!.value;
  const axis = axisUnit(unit, now);
  const bars = rows.flatMap(({ name, effects }) =>
    (["less", "more"] as const).flatMap((way) => {
      const difference = effects[i]![way];
      if (!difference || Number.isNaN(difference.value)) return [];
      const half = Number.isFinite(difference.ci95) ? difference.ci95 : 0;
      const at = now + difference.value;
      return [
        {
          name: shortName(name, 40),
          way,
          now: round(now / axis.size),
          value: round(at / axis.size),
          low: round((at - half) / axis.size),
          high: round((at + half) / axis.size),
        },
      ];
    }),
  );
  const ends = bars.flatMap(({ low, high, value }) => [low, high, value]);
  const base = round(now / axis.size);
  const [low, high] = [Math.min(base, ...ends), Math.max(base, ...ends)];
  const room = 0.05 * (high - low || Math.abs(base) || 1);
  const step = niceAbove((high - low || 1) / 5);
  const domain = [Math.max(low >= 0 ? 0 : Number.NEGATIVE_INFINITY, low - room), high + room];
  const width = WIDTH - 60;
  const x = (field: string): Json => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    axis: {
      title: `${titleOf(study, i)}${axis.name ? ` (${axis.name})` : ""}`,
      grid: true,
      tickCount: Math.max(2, Math.min(7, Math.ceil((domain[1]! - domain[0]!) / step))),
      labelExpr: "format(datum.value, ',')",
      labelOverlap: true,
    },
  });
  const y = {
    field: "name",
    type: "nominal",
    sort: null,
    title: null,
    scale: { paddingInner: 0.3, paddingOuter: 0.15 },
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
  const pixel = (width * (base - domain[0]!)) / (domain[1]! - domain[0]!);
  return {
    width,
    height: rows.length * ROW,
    data: { values: bars },
    layer: [
      {
        mark: { type: "bar" },
        encoding: {
          x: x("now"),
          x2: { field: "value" },
          y,
          color: {
            field: "way",
            type: "nominal",
            scale: { domain: ["less", "more"], range: [LESS, MORE] },
            legend: null,
          },
        },
      },
      {
        mark: { type: "rule", strokeWidth: 1.5, color: COLOUR.text },
        encoding: { x: x("low"), x2: { field: "high" }, y },
      },
      {
        data: { values: [{ now: base }] },
        mark: { type: "rule", strokeWidth: 1.5, color: COLOUR.limit },
        encoding: { x: x("now") },
      },
      note(`now ${Number.isNaN(now) ? "no value" : printerOf(unit)(now)}`, pixel, -9, {
        align: pixel > 0.8 * width ? "right" : "left",
        fontWeight: 600,
      }),
    ],
  };
}
