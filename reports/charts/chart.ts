import type { TopLevelSpec } from "vega-lite";
import type { Study } from "../../study/replicate.ts";

export type VegaLiteSpec = TopLevelSpec;

/** A piece of a spec: Vega-Lite's own types are checked where it compiles (see the tests). */
export type Json = Record<string, unknown>;

/** A picture that answers one question. */
export interface Chart {
  /** The name of its files. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** What the data says, in one sentence: caption and text alternative. */
  readonly finding: string;
  readonly spec: VegaLiteSpec;
  /** Its numbers, for those who read a table rather than a picture. */
  readonly numbers?: Numbers;
}

/** A table of what a chart shows: rounded, and of a long time no more rows than one reads. */
export interface Numbers {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** The width of a plot, without axis and labels. */
export const WIDTH = 620;

/** One meaning each, wherever they stand; a dash or a label always says it too. */
export const COLOUR = {
  warm: "#2252C5",
  cold: "#C67518",
  throttled: "#9E0F04",
  provisioned: "#109D85",
  queued: "#453D4A",
  /** All there is, no matter how it was started. */
  all: "#1F2733",
  limit: "#1F2733",
  /** Money and other amounts that belong to no start. */
  amount: "#5F6B7C",
  /** Money that goes to other services than Lambda. */
  service: "#9A7B4F",
  text: "#1F2733",
  faint: "#5F6B7C",
  grid: "#E6E8EC",
} as const;

/** Functions are told apart by the label at their line, then by colour and dash; none of these colours means a start. */
export const FUNCTION_STYLES = [
  { colour: "#1F2733", dash: [1, 0] },
  { colour: "#8A3FA0", dash: [7, 3] },
  { colour: "#5E7D1A", dash: [2, 2] },
  { colour: "#D0568F", dash: [10, 3, 2, 3] },
  { colour: "#7A5C43", dash: [4, 2] },
  { colour: "#3E8FA8", dash: [1, 2] },
] as const;

/** How lines of the study are drawn that another one is compared with. */
export const BEFORE_DASH: readonly number[] = [1.5, 3];

const FONT = "Inter, Helvetica, Arial, sans-serif";

const CONFIG: Json = {
  font: FONT,
  background: "#FFFFFF",
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "group",
    fontSize: 18,
    fontWeight: 600,
    color: COLOUR.text,
    subtitleFontSize: 12.5,
    subtitleColor: COLOUR.faint,
    subtitlePadding: 6,
    offset: 18,
  },
  axis: {
    labelFontSize: 12,
    labelColor: COLOUR.faint,
    titleFontSize: 12.5,
    titleFontWeight: 600,
    titleColor: COLOUR.text,
    gridColor: COLOUR.grid,
    domainColor: "#9AA3AF",
    tickColor: "#9AA3AF",
    tickSize: 4,
    labelPadding: 5,
    labelFlush: false,
  },
  axisX: { grid: false, titlePadding: 9, labelOverlap: true },
  axisY: { domain: false, ticks: false, titlePadding: 8, tickCount: 3 },
  legend: { disable: true },
  text: { font: FONT, fontSize: 12, color: COLOUR.text },
};

/** What stands under a chart's title: which runs it shows. */
export function provenance(study: Study, horizon: string): string {
  const n = study.replications.length;
  return `${study.scenario.name} · ${horizon} simulated · ${n === 1 ? "1 replication" : `${n} replications`} · seed ${study.scenario.seed}`;
}

/** A whole spec from its views. */
export function specOf(title: string, subtitle: string, finding: string, content: Json): VegaLiteSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: finding,
    title: { text: title, subtitle },
    padding: 16,
    config: CONFIG,
    ...content,
  } as unknown as VegaLiteSpec;
}

/** Axis labels as plain numbers: with `format` Vega takes 1,000 to 1e+3. */
export const PLAIN = "format(datum.value, ',')";

/** A y axis whose title stands over it, level, so that it can be read. */
export function titledAbove(title: string, more: Json = {}): Json {
  return {
    title,
    titleAngle: 0,
    titleAlign: "left",
    titleAnchor: "end",
    titleX: -50,
    titleY: -12,
    titleBaseline: "bottom",
    minExtent: 50,
    ...more,
  };
}

/** Texts in pixels of the plot: labels beside lines, notes in corners. */
export function note(
  text: string,
  x: number,
  y: number,
  more: { color?: string; align?: "left" | "right" | "center"; fontWeight?: number; fontSize?: number } = {},
): Json {
  return {
    data: { values: [{ label: text }] },
    mark: { type: "text", align: "left", baseline: "middle", ...more },
    encoding: { text: { field: "label", type: "nominal" }, x: { value: x }, y: { value: y } },
  };
}

/** A name that has room beside a plot: of a long one its beginning and its end. */
export function shortName(name: string, most = 28): string {
  if (name.length <= most) return name;
  const end = Math.floor((most - 1) / 3);
  return `${name.slice(0, most - 1 - end)}…${name.slice(-end)}`;
}

/** Moves label heights (pixels) apart so that none overlap, keeping their order. */
export function spread(heights: readonly number[], gap = 14): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = heights.slice();
  for (let k = 1; k < order.length; k++) {
    placed[order[k]!] = Math.max(placed[order[k]!]!, placed[order[k - 1]!]! + gap);
  }
  // The group has only moved down: take it back up by half of that.
  const shift = order.reduce((sum, i) => sum + placed[i]! - heights[i]!, 0) / Math.max(1, order.length);
  return placed.map((y) => y - shift);
}

/** The least of 1, 2, 5 times a power of ten that is not below the value. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value * (1 - 1e-9))!;
}

/** The top of an axis from zero that holds `value` with about `steps` round steps. */
export function axisTop(value: number, steps = 5): number {
  const step = niceAbove(value / steps);
  return Math.max(step, Math.ceil(value / step - 1e-9) * step);
}
