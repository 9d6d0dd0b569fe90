import type { ColumnTable } from "arquero";
import { MILLISECOND, printDuration, printMoney } from "../../sim/units.ts";
import { meetsAll } from "../../study/thresholds.ts";
import type { TunedFigure, TunedSize, Tuning } from "../../study/tune.ts";
import { rowsOf } from "../rows.ts";
import { tuneVerdict } from "../text/tune-summary.ts";
import { axisTop, type Chart, COLOUR, type Json, note, PLAIN, specOf, titledAbove, WIDTH } from "./chart.ts";
import { logTicks, round } from "./latency-axis.ts";

const HEIGHT = 190;
/** Beyond this ratio of largest to smallest a panel is logarithmic. */
const WIDE = 20;
/** With more sizes than this only some have room for a label. */
const MOST_LABELLED = 9;

interface Dot {
  readonly memoryMb: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly label: string;
  readonly kind: (typeof KINDS)[number];
  readonly choice: boolean;
}

/** A size as the chart draws it. */
type Size = Pick<TunedSize, "memoryMb" | "present" | "failing" | "averageDuration"> & {
  readonly figures: Readonly<Record<string, Pick<TunedFigure, "value" | "ci95">>>;
  readonly thresholds: readonly { readonly ok: boolean }[];
};

/** What the chart draws: a tuning, or what a tidy table keeps of one. */
export interface TuneData {
  /** Ascending. */
  readonly tuned: readonly Size[];
  readonly presentMb: number;
  readonly choice: Size | undefined;
  readonly unbound: Size | undefined;
}

/** Cost and duration over memory of a tuning. */
export function tuneChart(tuning: Tuning): Chart {
  const { scenario } = tuning;
  const n = scenario.replications;
  return memoryChart(tuning, {
    title: `Memory size of ${tuning.function}`,
    subtitle: `${scenario.name} · ${printDuration(scenario.horizon)} simulated · ${n === 1 ? "1 replication" : `${n} replications, bars: 95 % intervals`} · seed ${scenario.seed} · prices of ${scenario.pricing.table.date}`,
    finding: tuneVerdict(tuning).join(" "),
  });
}

/** The same of a tidy table (tune.csv), or of some of its rows. */
export function tuneTableChart(tidy: ColumnTable, name = "tune"): Chart {
  const rows = rowsOf(tidy);
  const number = (value: unknown) => (value === null ? Number.NaN : Number(value));
  const tuned = rows
    .map((row): Size => {
      const judged = (ok: boolean) =>
        Array.from({ length: number(row[ok ? "thresholdsMet" : "thresholdsMissed"]) }, () => ({ ok }));
      return {
        memoryMb: number(row.memoryMb),
        present: row.present === true,
        failing: row.failing === null ? undefined : String(row.failing),
        averageDuration: number(row.averageDuration),
        figures: Object.fromEntries(
          DRAWN.map((figure) => [figure, { value: number(row[figure]), ci95: number(row[`${figure}Ci95`]) }]),
        ),
        thresholds: [...judged(true), ...judged(false)],
      };
    })
    .sort((a, b) => a.memoryMb - b.memoryMb);
  const chosen = rows.find((row) => row.choice === true)?.memoryMb;
  const choice = tuned.find(({ memoryMb }) => memoryMb === chosen);
  const present = tuned.find((size) => size.present);
  const words = (size: Size) =>
    [...(size === choice ? ["chosen"] : []), ...(size.present ? ["now"] : [])]
      .map((word) => `, ${word}`)
      .join("");
  const said = (size: Size) =>
    `${size.memoryMb} MB${words(size)}: ${printMoney(size.figures.costPerMillionUsd!.value)} per million invocations, mean duration ${printDuration(size.averageDuration * MILLISECOND)}`;
  const named = [...new Set([choice ?? [], present ?? []].flat())];
  const told = (named.length > 0 ? named : tuned).filter((size) =>
    Number.isFinite(size.figures.costPerMillionUsd!.value),
  );
  return memoryChart(
    { tuned, presentMb: present?.memoryMb ?? Number.NaN, choice, unbound: undefined },
    {
      title: "Memory size",
      subtitle: `${name} · bars: 95 % intervals`,
      finding: told.length > 0 ? `${told.slice(0, 2).map(said).join("; ")}.` : "No size has a cost.",
    },
  );
}

/** The figures that have a panel. */
const DRAWN = ["costPerMillionUsd", "durationMeanMs"] as const;

/** Panel under panel: dots at the sizes that were tried, and nothing in between. */
function memoryChart(
  tuning: TuneData,
  {
    title,
    subtitle,
    finding,
  }: { readonly title: string; readonly subtitle: string; readonly finding: string },
): Chart {
  const { tuned } = tuning;
  const inSeconds = Math.min(...tuned.map(({ averageDuration }) => averageDuration)) >= 1000;
  const size = inSeconds ? 1000 : 1;
  const duration = panel(tuning, {
    title: `mean duration (${inSeconds ? "s" : "ms"})`,
    name: "durationMeanMs",
    size,
    print: (value) => printDuration(value * size * MILLISECOND),
    ticks: PLAIN,
    last: true,
  });
  const cost = panel(tuning, {
    title: "US$ per million invocations",
    name: "costPerMillionUsd",
    size: 1,
    print: printMoney,
    ticks: "format(datum.value, '$,')",
    last: false,
  });
  return {
    name: "tune",
    title,
    numbers: {
      columns: ["memory (MB)", "mean duration (ms)", "US$ per million invocations", ""],
      rows: tuning.tuned.map((size) => [
        String(size.memoryMb),
        known(size.figures.durationMeanMs?.value),
        known(size.figures.costPerMillionUsd?.value),
        size.failing ?? (size === tuning.choice ? "chosen" : size.present ? "now" : ""),
      ]),
    },
    question: "Which memory size: what does it cost, and how fast is it?",
    finding,
    spec: specOf(title, subtitle, finding, {
      spacing: 44,
      resolve: { scale: { x: "shared", color: "shared" } },
      vconcat: [cost, duration],
    }),
  };
}

interface Panel {
  readonly title: string;
  readonly name: string;
  /** What one unit of the axis is in the figure's own. */
  readonly size: number;
  readonly print: (value: number) => string;
  readonly ticks: string;
  readonly last: boolean;
}

function panel(tuning: TuneData, { title, name, size, print, ticks, last }: Panel): Json {
  const { tuned, presentMb } = tuning;
  const shown = labelled(tuning);
  const dots = tuned.flatMap((t): Dot[] => {
    const { value, ci95 } = t.figures[name]!;
    if (!Number.isFinite(value)) return [];
    const half = Number.isFinite(ci95) ? ci95 : 0;
    return [
      {
        memoryMb: t.memoryMb,
        value: round(value / size),
        low: round(Math.max(0, value - half) / size),
        high: round((value + half) / size),
        label: shown.has(t) ? print(value / size) : "",
        kind: kindOf(t),
        choice: t === tuning.choice,
      },
    ];
  });
  const [least, most] = [
    Math.min(...dots.map(({ low }) => low)),
    Math.max(...dots.map(({ high }) => high)),
  ] as const;
  const log = least > 0 && most / least > WIDE;
  const domain = log ? [least / 1.4, most * 1.6] : [0, axisTop(most * 1.12) || 1];
  const x = xOf(tuning, last);
  const y = {
    field: "value",
    type: "quantitative",
    scale: { domain, nice: false, ...(log && { type: "log" }) },
    axis: titledAbove(title, {
      grid: true,
      labelExpr: ticks,
      ...(log && { values: logTicks(domain[0]!, domain[1]!, 1) }),
    }),
  };
  const chosen = dots.filter(({ choice }) => choice);
  const at = (more: Json): Json => ({ data: { values: dots }, encoding: { x, y }, ...more });
  const present = px(tuned, presentMb);
  return {
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(Number.isNaN(presentMb)
        ? []
        : [
            {
              data: { values: [{ memoryMb: presentMb }] },
              mark: { type: "rule", color: COLOUR.limit, strokeDash: [4, 4], opacity: 0.55 },
              encoding: { x },
            },
            // Over the plot, where no dot is.
            note("now", present, -8, { align: "center", color: COLOUR.faint }),
          ]),
      at({
        mark: { type: "rule", strokeWidth: 2, color: COLOUR.amount },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
      }),
      at({
        mark: { type: "point", size: tuned.length > MOST_LABELLED ? 36 : 75, strokeWidth: 2, opacity: 1 },
        encoding: {
          x,
          y,
          shape: {
            field: "kind",
            type: "nominal",
            scale: { domain: KINDS, range: ["circle", "circle", "cross"] },
            legend: null,
          },
          stroke: colour([COLOUR.all, COLOUR.all, COLOUR.throttled]),
          fill: colour([COLOUR.all, "#FFFFFF", COLOUR.throttled]),
        },
      }),
      {
        data: { values: chosen },
        mark: {
          type: "point",
          shape: "circle",
          size: 330,
          strokeWidth: 2,
          color: COLOUR.all,
          opacity: 1,
          filled: false,
        },
        encoding: { x, y },
      },
      // With a light edge, so that no line runs through a label.
      ...[true, false].map((edge) =>
        at({
          mark: {
            type: "text",
            baseline: "bottom",
            dy: -13,
            color: COLOUR.text,
            ...(edge && { stroke: "#FFFFFF", strokeWidth: 5, strokeJoin: "round" }),
          },
          encoding: { x, y: { ...y, field: "high" }, text: { field: "label", type: "nominal" } },
        }),
      ),
      ...(last ? [] : [legend(dots)]),
    ],
  };
}

/** All thresholds are met, some are missed, or it is no candidate. */
const KINDS = ["met", "missed", "fails"] as const;

const colour = (range: readonly string[]): Json => ({
  field: "kind",
  type: "nominal",
  scale: { domain: KINDS, range },
  legend: null,
});

function kindOf(size: Size): Dot["kind"] {
  if (size.failing !== undefined) return "fails";
  return meetsAll(size) ? "met" : "missed";
}

/** What the marks mean, of those that are there. */
function legend(dots: readonly Dot[]): Json {
  const words = [
    ["ringed: the choice", dots.some(({ choice }) => choice)],
    ["hollow: misses a threshold", dots.some(({ kind }) => kind === "missed")],
    ["cross: fails for want of memory or time", dots.some(({ kind }) => kind === "fails")],
  ] as const;
  const text = words.flatMap(([word, there]) => (there ? [word] : [])).join("\u2003\u2003");
  return note(text, WIDTH, -28, { align: "right", color: COLOUR.faint });
}

/** The sizes that have room for a label (pixels), the choice first, then the present size and the ends. */
function labelled({ tuned, choice, unbound }: TuneData): ReadonlySet<Size> {
  const first = [choice, tuned.find(({ present }) => present), tuned[0], tuned.at(-1), unbound];
  const order = first.flatMap((size) => size ?? []);
  if (tuned.length <= MOST_LABELLED) order.push(...tuned);
  const chosen = new Set<Size>();
  for (const size of order) {
    const x = px(tuned, size.memoryMb);
    if ([...chosen].every((other) => Math.abs(px(tuned, other.memoryMb) - x) >= ROOM)) chosen.add(size);
  }
  return chosen;
}

/** Between the middles of two labels. */
const ROOM = 58;

/** The ends of the axis of memory, with room beside the outermost dots. */
const ends = (tuned: readonly Size[]) => [tuned[0]!.memoryMb / 1.25, tuned.at(-1)!.memoryMb * 1.25] as const;

function px(tuned: readonly Size[], mb: number): number {
  const [low, high] = ends(tuned);
  return (Math.log(mb / low) / Math.log(high / low)) * WIDTH;
}

function xOf(tuning: TuneData, last: boolean): Json {
  const [low, high] = ends(tuning.tuned);
  const doubled = [128, 256, 512, 1024, 2048, 4096, 8192].filter((mb) => mb >= low && mb <= high);
  const sizes = [...labelled(tuning)].map(({ memoryMb }) => memoryMb);
  return {
    field: "memoryMb",
    type: "quantitative",
    scale: { type: "log", base: 2, domain: [low, high], nice: false },
    axis: {
      title: last ? "memory size (MB), each step to the right the same factor" : null,
      values: tuning.tuned.length <= MOST_LABELLED ? sizes : doubled,
      labelExpr: PLAIN,
      labels: last,
      labelOverlap: false,
    },
  };
}

const known = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);
