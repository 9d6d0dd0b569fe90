import type { Threshold } from "../../sim/scenario/threshold.ts";
import { MILLISECOND, printCount } from "../../sim/units.ts";
import type { Candidate } from "../../study/candidate.ts";
import type { Plan } from "../../study/plan.ts";
import { planRows, printable } from "../../study/plan-file.ts";
import { planSentence, printConfidence } from "../text/plan.ts";
import {
  type Chart,
  COLOUR,
  type Json,
  type Numbers,
  note,
  PLAIN,
  specOf,
  titledAbove,
  WIDTH,
} from "./chart.ts";
import { textWidth } from "./text-widths.ts";

/** Charts of a plan: what the settings that were run cost and reach, and where in the grid they lie. */
export function planCharts(plan: Plan): Chart[] {
  return [planDots(plan), planMap(plan)].flatMap((chart) => chart ?? []);
}

const PANEL_HEIGHT = 260;
const MOST_PANELS = 3;
/** Where the limit lies within this share of the axis, a square-root scale gives it room. */
const CROWDED = 0.2;

function provenanceOf({ space, candidates, replications, each, options }: Plan): string {
  const { size } = space.lattice;
  return `${space.base.scenario.name} · ${printCount(candidates.length)} of ${printCount(size)} points run, ${printCount(replications)} of ${printCount(size * each)} replications · ${printConfidence(options.confidence)} confidence · seed ${space.base.scenario.seed}`;
}

/** One dot for each point that was run: what it costs over what the threshold measures. A panel for each threshold that decides. */
export function planDots(plan: Plan): Chart | undefined {
  const { thresholds } = plan.space.base.scenario;
  const missed = thresholds.map((_, h) => plan.missed.filter((m) => m === h).length);
  const deciding = [...thresholds.keys()]
    .filter((h) => missed[h]! > 0)
    .sort((a, b) => missed[b]! - missed[a]!);
  const shown = (deciding.length > 0 ? deciding : [0]).slice(0, MOST_PANELS);
  const dots = dotsOf(plan);
  if (dots.length === 0) return undefined;
  const finding = planSentence(plan);
  const title = "What settings cost, and what they reach";
  return {
    name: "plan-dots",
    title,
    numbers: numbersOf(plan),
    question: "Which settings meet the thresholds, and what do they cost?",
    finding,
    spec: specOf(title, provenanceOf(plan), finding, {
      spacing: 54,
      bounds: "flush",
      resolve: { scale: { x: "independent", y: "independent" } },
      vconcat: shown.map((h) => panel(thresholds[h]!, h, dots)),
    }),
  };
}

interface Dot {
  readonly candidate: Candidate;
  readonly label: string;
  readonly kind: "plan" | "nearest" | "now" | "meets" | "misses";
}

function dotsOf(plan: Plan): Dot[] {
  const { now, best, nearest, candidates, outcomes, space } = plan;
  const values = (c: Candidate) =>
    space
      .settings(c.point)
      .map(({ value }) => printable(value))
      .join(" · ");
  const rest = candidates
    .filter((c) => c !== best && c !== nearest && c !== now)
    .map((candidate): Dot => {
      const meets = !["missed"].includes(outcomes[candidate.point]!);
      return { candidate, label: values(candidate), kind: meets ? "meets" : "misses" };
    });
  const special: Dot[] = [
    ...(best ? [{ candidate: best, label: `plan ${values(best)}`, kind: "plan" as const }] : []),
    ...(nearest
      ? [{ candidate: nearest, label: `nearest ${values(nearest)}`, kind: "nearest" as const }]
      : []),
    ...(now === best || now === nearest ? [] : [{ candidate: now, label: "now", kind: "now" as const }]),
  ];
  return [...special, ...rest].filter(({ candidate }) => Number.isFinite(candidate.cost.value));
}

const LOOK: Readonly<Record<Dot["kind"], { fill: string; stroke: string; size: number; shape: string }>> = {
  plan: { fill: COLOUR.all, stroke: COLOUR.all, size: 150, shape: "circle" },
  nearest: { fill: "#FFFFFF", stroke: COLOUR.all, size: 150, shape: "circle" },
  now: { fill: "#FFFFFF", stroke: COLOUR.all, size: 110, shape: "diamond" },
  meets: { fill: COLOUR.amount, stroke: COLOUR.amount, size: 60, shape: "circle" },
  misses: { fill: "#FFFFFF", stroke: COLOUR.amount, size: 60, shape: "circle" },
};

function panel(threshold: Threshold, h: number, dots: readonly Dot[]): Json {
  const unit = threshold.unit === "duration" ? MILLISECOND : threshold.unit === "share" ? 0.01 : 1;
  const known = dots
    .map((dot) => ({ ...dot, x: dot.candidate.readings[h]!.value / unit, y: dot.candidate.cost.value }))
    .filter(({ x }) => Number.isFinite(x));
  const limit = threshold.limit / unit;
  const xs = [...known.map(({ x }) => x), limit];
  const ys = known.map(({ y }) => y);
  const [xLow, xHigh] = [Math.min(...xs), Math.max(...xs)];
  const fromZero = xLow < 0.6 * xHigh;
  const crowded = fromZero && limit > 0 && limit < CROWDED * xHigh;
  const xDomain = padded(fromZero ? 0 : xLow, xHigh, fromZero ? 0 : 0.08, 0.08);
  const yDomain = padded(Math.min(...ys), Math.max(...ys), 0.12, 0.12);
  const scale = (x: number) => {
    const part = (value: number) => (crowded ? Math.sqrt(Math.max(0, value)) : value);
    return ((part(x) - part(xDomain[0])) / (part(xDomain[1]) - part(xDomain[0]))) * WIDTH;
  };
  const height = (y: number) => PANEL_HEIGHT - ((y - yDomain[0]) / (yDomain[1] - yDomain[0])) * PANEL_HEIGHT;
  const xScale: Json = { domain: xDomain, nice: false, zero: false, ...(crowded ? { type: "sqrt" } : {}) };
  const yScale: Json = { domain: yDomain, nice: false, zero: false };
  const words = { duration: "ms", share: "%", money: "US$", count: "count", number: "" }[threshold.unit];
  const x: Json = {
    field: "x",
    type: "quantitative",
    scale: xScale,
    axis: {
      title: `${threshold.of} ${threshold.measure} ${aggregateOf(threshold)}${words ? ` (${words}${crowded ? ", square-root scale" : ""})` : ""}`,
      labelExpr: PLAIN,
      ...(crowded ? { values: rootTicks(xDomain[1]) } : {}),
    },
  };
  const y: Json = {
    field: "y",
    type: "quantitative",
    scale: yScale,
    axis: titledAbove("cost a month (US$)", { labelExpr: PLAIN, tickCount: 5 }),
  };
  const kinds = [...new Set(known.map(({ kind }) => kind))].reverse();
  const limitX = scale(limit);
  const labels = placed(
    known.map((dot) => ({ ...dot, px: scale(dot.x), py: height(dot.y) })),
    limitX,
  );
  return {
    width: WIDTH,
    height: PANEL_HEIGHT,
    layer: [
      {
        data: { values: [{ x: limit }] },
        mark: { type: "rule", color: COLOUR.limit, strokeDash: [5, 4], clip: true },
        encoding: { x },
      },
      note(`limit ${threshold.expression}`, limitX + (limitX > WIDTH - 130 ? -6 : 6), 6, {
        color: COLOUR.limit,
        align: limitX > WIDTH - 130 ? "right" : "left",
      }),
      ...kinds.map((kind) => {
        const { fill, stroke, size, shape } = LOOK[kind];
        return {
          data: {
            values: known
              .filter((dot) => dot.kind === kind)
              .map((dot) => ({ x: dot.x, y: dot.y, settings: dot.label })),
          },
          mark: { type: "point", filled: false, fill, stroke, strokeWidth: 1.5, size, shape, opacity: 1 },
          encoding: { x, y },
        };
      }),
      ...labels.map(({ label, x: lx, y: ly, align, strong }) =>
        note(label, lx, ly, {
          align,
          fontSize: strong ? 12.5 : 11,
          fontWeight: strong ? 600 : 400,
          color: strong ? COLOUR.text : COLOUR.faint,
        }),
      ),
      note("filled: meets all thresholds on average   ·   hollow: misses one", 0, PANEL_HEIGHT + 58, {
        color: COLOUR.faint,
        fontSize: 11.5,
      }),
    ],
  };
}

function aggregateOf({ aggregate, quantile }: Threshold): string {
  return aggregate === "percentile" ? `p${Number(((quantile ?? 0) * 100).toPrecision(6))}` : aggregate;
}

/** Ticks that stand about evenly on a square-root scale. */
function rootTicks(high: number): number[] {
  const ticks = [0, 0.02, 0.1, 0.25, 0.5, 1].map((share) => Number((share * high).toPrecision(1)));
  return [...new Set(ticks)].filter((tick) => tick <= high);
}

function padded(low: number, high: number, below: number, above: number): [number, number] {
  const span = high - low || Math.abs(high) || 1;
  return [low - below * span, high + above * span];
}

interface Label {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly align: "left" | "right";
  readonly strong: boolean;
}

/** Labels beside their dots, the important ones first; one that would lie on another is left out. */
function placed(
  dots: readonly { label: string; kind: Dot["kind"]; px: number; py: number }[],
  limitX: number,
): Label[] {
  const boxes: { left: number; right: number; top: number; bottom: number }[] = dots.map(({ px, py }) => ({
    left: px - 5,
    right: px + 5,
    top: py - 5,
    bottom: py + 5,
  }));
  boxes.push({ left: limitX - 2, right: limitX + 120, top: -4, bottom: 16 });
  boxes.push({ left: limitX - 1, right: limitX + 1, top: 0, bottom: PANEL_HEIGHT });
  const limit = boxes.at(-1)!;
  return dots.flatMap(({ label, kind, px, py }, i): Label[] => {
    const strong = kind === "plan" || kind === "now" || kind === "nearest";
    const size = textWidth(label, strong ? 12.5 : 11, strong);
    const gap = strong ? 11 : 8;
    // The important ones may cross the line of the limit, and in a crowd lie on dots, but not on other labels.
    const ways = ["left", "right"].flatMap((align) =>
      (strong ? [0, -14, 14, -28, 28] : [0, -11, 11]).map((dy) => ({ align: align as Label["align"], dy })),
    );
    for (const others of strong
      ? [boxes, boxes.filter((b) => b !== limit), boxes.slice(dots.length + 2)]
      : [boxes]) {
      for (const { align, dy } of ways) {
        const x = align === "left" ? px + gap : px - gap;
        const y = py + dy;
        const box = {
          left: align === "left" ? x : x - size,
          right: align === "left" ? x + size : x,
          top: y - 7,
          bottom: y + 7,
        };
        if (box.left < 0 || box.right > WIDTH + 60 || box.top < -6 || box.bottom > PANEL_HEIGHT) continue;
        const hits = others.some(
          (other) =>
            other !== boxes[i] &&
            box.left < other.right &&
            other.left < box.right &&
            box.top < other.bottom &&
            other.top < box.bottom,
        );
        if (hits) continue;
        boxes.push(box);
        return [{ label, x, y, align, strong }];
      }
    }
    return [];
  });
}

/** A cell of the map: its ground, its letters, what it means. */
const CELLS = {
  misses: { fill: "#FFFFFF", ink: COLOUR.faint, words: "misses a threshold" },
  close: { fill: "#D5DAE1", ink: COLOUR.text, words: "too close to tell" },
  worse: { fill: "#A7B0BD", ink: COLOUR.text, words: "" },
  plan: { fill: COLOUR.all, ink: "#FFFFFF", words: "the plan" },
  impossible: { fill: "#FFFFFF", ink: COLOUR.faint, words: "cannot be set" },
} as const;

const MOST_CELLS = 60;

/** The grid of two settings: what became of each point, and how often those were run that were. */
export function planMap(plan: Plan): Chart | undefined {
  const { space, outcomes, candidates, options } = plan;
  if (space.axes.length !== 2) return undefined;
  // The longer axis lies across.
  const across = space.axes[0]!.values.length >= space.axes[1]!.values.length ? 0 : 1;
  const down = 1 - across;
  const [columns, rows] = [space.axes[across]!.values, space.axes[down]!.values];
  if (columns.length > MOST_CELLS || rows.length > MOST_CELLS / 2) return undefined;
  const runs = new Map(candidates.map((c) => [c.point, c.replications]));
  const cells = outcomes.map((outcome, point) => {
    const places = space.lattice.places(point);
    const kind: keyof typeof CELLS =
      outcome === "plan"
        ? "plan"
        : outcome === "close"
          ? "close"
          : outcome === "impossible"
            ? "impossible"
            : outcome === "missed" || outcome === "inferred-missed" || outcome === "unseen"
              ? "misses"
              : "worse";
    return {
      column: places[across]!,
      row: places[down]!,
      fill: CELLS[kind].fill,
      ink: CELLS[kind].ink,
      text: kind === "impossible" ? "×" : (runs.get(point) ?? ""),
    };
  });
  const side = Math.min(34, WIDTH / columns.length);
  const high = Math.min(30, Math.max(20, side));
  const title = "Where the search looked";
  const finding = `Of ${printCount(outcomes.length)} points ${printCount(candidates.length)} were run, most of them near the border between settings that miss a threshold and settings that meet all.`;
  const axis = (values: readonly unknown[], name: string, more: Json = {}): Json => ({
    title: name,
    labelExpr: `${JSON.stringify(values.map(printable))}[datum.value]`,
    ...more,
  });
  const x: Json = {
    field: "column",
    type: "ordinal",
    axis: axis(columns, space.axes[across]!.path, {
      labelAngle: columns.length > 12 ? -45 : 0,
      labelAlign: columns.length > 12 ? "right" : "center",
    }),
  };
  const y: Json = {
    field: "row",
    type: "ordinal",
    sort: "descending",
    axis: axis(rows, space.axes[down]!.path, {
      titleAngle: 0,
      titleAlign: "left",
      titleAnchor: "end",
      titleX: -50,
      titleY: -12,
      titleBaseline: "bottom",
      minExtent: 50,
    }),
  };
  const worse = {
    cost: "no cheaper than the plan",
    speed: "no faster than the plan",
    balanced: "no better than the plan",
  }[options.strategy];
  const key = [
    { fill: CELLS.plan.fill, words: CELLS.plan.words },
    { fill: CELLS.worse.fill, words: plan.best ? worse : "meets all" },
    { fill: CELLS.close.fill, words: CELLS.close.words },
    { fill: CELLS.misses.fill, words: CELLS.misses.words },
  ];
  let at = 0;
  const keyY = high * rows.length + (columns.length > 12 ? 78 : 58);
  const legend = key.flatMap(({ fill, words }): Json[] => {
    const left = at;
    at += 30 + textWidth(words, 11.5);
    return [
      {
        data: { values: [{}] },
        mark: { type: "rect", fill, stroke: "#9AA3AF" },
        encoding: {
          x: { value: left },
          x2: { value: left + 12 },
          y: { value: keyY - 6 },
          y2: { value: keyY + 6 },
        },
      },
      note(words, left + 17, keyY, { color: COLOUR.faint, fontSize: 11.5 }),
    ];
  });
  return {
    name: "plan-map",
    title,
    numbers: numbersOf(plan),
    question: "Where in the grid did the search look?",
    finding,
    spec: specOf(title, `${provenanceOf(plan)}`, finding, {
      layer: [
        {
          width: side * columns.length,
          height: high * rows.length,
          data: { values: cells },
          mark: { type: "rect", stroke: COLOUR.grid, strokeWidth: 1 },
          encoding: { x, y, fill: { field: "fill", type: "nominal", scale: null } },
        },
        {
          data: { values: cells.filter(({ text }) => text !== "") },
          mark: { type: "text", fontSize: 11, baseline: "middle" },
          encoding: {
            x,
            y,
            text: { field: "text", type: "nominal" },
            color: { field: "ink", type: "nominal", scale: null },
          },
        },
        ...legend,
        note("numbers: replications that were run there; × cannot be set", 0, keyY + 20, {
          color: COLOUR.faint,
          fontSize: 11.5,
        }),
      ],
      width: side * columns.length,
      height: high * rows.length,
    }),
  };
}

/** The points that were run. */
function numbersOf(plan: Plan): Numbers {
  const rows = planRows(plan);
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.slice(0, MOST_LISTED).map((row) => columns.map((name) => row[name] ?? null)) };
}

/** Points that the table lists; plan.csv has all. */
const MOST_LISTED = 100;
