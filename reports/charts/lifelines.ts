import type { Window } from "../../sim/measure/record-batch.ts";
import { printClock, printCount, printShare, SECOND } from "../../sim/units.ts";
import { finestOf, type Lane, type Lifelines, type Piece } from "../../study/lifelines.ts";
import type { Study } from "../../study/replicate.ts";
import { type Chart, COLOUR, type Json, note, shortName, specOf, WIDTH } from "./chart.ts";
import { timeX } from "./time-axis.ts";
import { LABEL_X, swatch } from "./time-panels.ts";

/** Heights of a lane and of all lanes (pixels): few are drawn thick, many thin. */
const THICKEST = 22;
const TALLEST = 560;
/** Between lanes: none of the thin ones touch. */
const GAP = 0.22;
/** What is shorter is drawn this wide (pixels): a short init is what one looks for. */
const NARROWEST = 1;
/** Room for the legend. */
const LEGEND_LINE = 20;

const BUSY: Record<Piece["kind"], { readonly colour: string; readonly label: string }> = {
  init: { colour: COLOUR.cold, label: "init (cold start)" },
  warm: { colour: COLOUR.warm, label: "busy" },
  provisioned: { colour: COLOUR.provisioned, label: "busy, provisioned" },
};
const KINDS = ["init", "warm", "provisioned"] as const;
/** In this order they are drawn: an init that is drawn wider than it was stands over what follows it. */
const DRAWN = ["warm", "provisioned", "init"] as const;

/** Idle, on demand and provisioned: pale. */
const ON_DEMAND = { colour: "#D5DAE1", opacity: 1, label: "idle" };
const PROVISIONED = { colour: COLOUR.provisioned, opacity: 0.25, label: "idle, provisioned" };

/** How ends are marked and called, by number (see RECORDED_ENDS). */
const ENDINGS = [
  { shape: "M-.25,-1.2H.25V1.2H-.25Z", label: "ended: idle too long", word: "idle too long" },
  { shape: "diamond", label: "ended: too old", word: "too old" },
  { shape: "triangle-up", label: "ended: deploy", word: "by a deploy" },
  { shape: "cross", label: "ended: given up", word: "given up" },
] as const;

/** What environments do: a lane each, from when it was made to when it ended. */
export function lifelines(study: Study, lines: Lifelines): Chart {
  const { lanes, window } = lines;
  const { from } = window;
  const to = shownTo(lines);
  const { scenario } = study;
  const several = new Set(lanes.map(({ fn }) => fn)).size > 1;
  const step = Math.min(THICKEST, TALLEST / Math.max(1, lanes.length));
  const legend = legendOf(lines);
  const height = Math.max(step * lanes.length, LEGEND_LINE * legend.length, THICKEST);
  const x = { ...xAxis(from, to) };
  const axis = { ...(x.axis as Json) };
  const y = { type: "quantitative", scale: { domain: [0, height], nice: false, reverse: true }, axis: null };
  const bar = (i: number) => ({ top: step * (i + GAP / 2), bottom: step * (i + 1 - GAP / 2) });
  const bars = (values: readonly Json[], colour: string, opacity: Json): Json => ({
    data: { values },
    mark: { type: "rect", color: colour },
    encoding: {
      x: { ...x, field: "t", axis },
      x2: { field: "end" },
      y: { ...y, field: "top" },
      y2: { field: "bottom" },
      opacity,
    },
  });
  const narrowest = ((to - from) / WIDTH) * NARROWEST;
  const lives = [ON_DEMAND, PROVISIONED].map((idle) => {
    const rows = lanes.flatMap((lane, i) =>
      lane.provisioned === (idle === PROVISIONED)
        ? [{ t: seconds(Math.max(lane.born, from)), end: seconds(Math.min(lane.ended ?? to, to)), ...bar(i) }]
        : [],
    );
    return bars(rows, idle.colour, { value: idle.opacity });
  });
  const drawn = lanes.map(({ pieces }) => joined(pieces, finestOf(window)));
  const busy = DRAWN.map((kind) => {
    const rows = drawn.flatMap((pieces, i) =>
      pieces
        .filter((piece) => piece.kind === kind)
        .map(({ start, end, shade }) => {
          const t = Math.min(start, to - narrowest);
          return { t: seconds(t), end: seconds(Math.max(end, t + narrowest)), ...bar(i), shade };
        }),
    );
    return bars(rows, BUSY[kind].colour, { field: "shade", type: "quantitative", scale: null });
  });
  const ends = lanes.flatMap((lane, i) =>
    hasEnded(lane, to)
      ? [{ t: seconds(lane.ended!), at: step * (i + 0.5), shape: ENDINGS[lane.why]!.shape }]
      : [],
  );
  const deploys = scenario.deploys.filter(({ at }) => at >= from && at < to);
  const names = lanes.map(({ number, fn }, i) => ({
    at: step * (i + 0.5),
    label: several ? `${shortName(scenario.functions[fn]!.name, 16)} ${number}` : `${number}`,
  }));
  const every = Math.max(1, Math.ceil(11 / step));
  const finding = findingOf(lines);
  const title =
    scenario.functions.length === 1
      ? `Environments of ${shortName(scenario.functions[0]!.name)}`
      : "Environments";
  const shown =
    lanes.length < lines.environments
      ? `the first ${lanes.length} of ${printCount(lines.environments)} environments`
      : `${printCount(lanes.length)} environment${lanes.length === 1 ? "" : "s"}`;
  const replications = study.replications.length;
  const one = replications > 1 ? ` · replication 1 of ${replications}` : "";
  const subtitle = `${scenario.name} · ${clocks(window)}${one} · seed ${scenario.seed} · ${shown}${to < window.to ? ", which all end early" : ""}`;
  return {
    name: "lifelines",
    title,
    question: "What do environments do?",
    finding,
    spec: specOf(title, subtitle, finding, {
      width: WIDTH,
      height,
      layer: [
        ...lives,
        ...busy,
        ...(deploys.length > 0 ? [deployRules(deploys, x)] : []),
        {
          data: { values: ends },
          mark: {
            type: "point",
            filled: true,
            size: Math.min(46, step * 5),
            opacity: 1,
            color: COLOUR.all,
            strokeWidth: 1.5,
          },
          encoding: {
            x: { ...x, field: "t", axis },
            y: { ...y, field: "at" },
            shape: { field: "shape", type: "nominal", scale: null },
          },
        },
        {
          data: { values: names.filter((_, i) => i % every === 0) },
          mark: { type: "text", align: "right", baseline: "middle", fontSize: 10, color: COLOUR.faint },
          encoding: { x: { value: -8 }, y: { ...y, field: "at" }, text: { field: "label", type: "nominal" } },
        },
        ...legend.flatMap((entry, i) => entry(LEGEND_LINE * (i + 0.5))),
        ...(lanes.length === 0 ? [note("no environment existed", 6, 12, { color: COLOUR.faint })] : []),
      ],
    }),
  };
}

/** In steps that one can tell apart: those put together are as pale as they are seldom, and an init is always shown. */
const shadeOf = ({ kind, start, end, busy }: Piece): number =>
  kind === "init" ? 1 : Math.round(10 * (0.25 + 0.75 * (busy / (end - start)))) / 10;

/** Neighbours of one shade, with no gap that one could see, are drawn as one. */
function joined(pieces: readonly Piece[], finest: number) {
  const drawn: { kind: Piece["kind"]; start: number; end: number; shade: number }[] = [];
  for (const piece of pieces) {
    const { kind, start, end } = piece;
    const shade = shadeOf(piece);
    const last = drawn.at(-1);
    if (last?.kind === kind && last.shade === shade && start - last.end < finest) last.end = end;
    else drawn.push({ kind, start, end, shade });
  }
  return drawn;
}

/** Until when is drawn: where the lanes shown have all ended early, the time after that is left out. */
function shownTo({ lanes, window: { from, to } }: Lifelines): number {
  const last = Math.max(from, ...lanes.map(({ ended }) => ended ?? to));
  return last > from && last - from < (to - from) / 2 ? Math.ceil(last + 0.01 * (last - from)) : to;
}

const seconds = (us: number): number => Number((us / SECOND).toFixed(6));

/** Clocks to the second; where that is too coarse, seconds. */
function clocks({ from, to }: Window): string {
  if (from % SECOND === 0 && to % SECOND === 0) return `${printClock(from, to)} to ${printClock(to)}`;
  return `${from / SECOND} s to ${to / SECOND} s`;
}

const hasEnded = ({ ended }: Lane, to: number): boolean => ended !== undefined && ended < to;

/** In a window of some seconds the clock's labels are too coarse. */
function xAxis(from: number, to: number): Json {
  const x = timeX(from, to, true);
  if (to - from >= 10 * SECOND) return x;
  return { ...x, axis: { grid: true, gridColor: "#F1F2F5", title: "time (s)", tickCount: 8 } };
}

function deployRules(deploys: readonly { readonly at: number }[], x: Json): Json {
  return {
    data: { values: deploys.map(({ at }) => ({ t: seconds(at) })) },
    mark: { type: "rule", color: COLOUR.limit, strokeDash: [4, 3] },
    encoding: { x },
  };
}

/** What stands beside the lanes: of what they show. */
function legendOf({ lanes, window }: Lifelines): ((y: number) => Json[])[] {
  const square =
    ({ colour, opacity = 1, label }: { colour: string; opacity?: number; label: string }) =>
    (y: number) => [swatch(colour, y, opacity), note(label, LABEL_X + 16, y)];
  const kinds = KINDS.filter((kind) => lanes.some(({ pieces }) => pieces.some((p) => p.kind === kind)));
  const isIdle = (lane: Lane) => {
    const lived = Math.min(lane.ended ?? window.to, window.to) - Math.max(lane.born, window.from);
    return lane.pieces.reduce((sum, piece) => sum + piece.busy, 0) < lived;
  };
  const idle = [
    ...(lanes.some((lane) => !lane.provisioned && isIdle(lane)) ? [ON_DEMAND] : []),
    ...(lanes.some((lane) => lane.provisioned && isIdle(lane)) ? [PROVISIONED] : []),
  ];
  const paler = lanes.some(({ pieces }) =>
    pieces.some(({ start, end, busy }) => busy < 0.99 * (end - start)),
  );
  const ends = ENDINGS.filter((_, why) =>
    lanes.some((lane) => lane.why === why && hasEnded(lane, window.to)),
  );
  return [
    ...kinds.map((kind) => square(BUSY[kind])),
    ...(paler
      ? [(y: number) => [note("paler: busy at times", LABEL_X + 16, y, { color: COLOUR.faint })]]
      : []),
    ...idle.map(square),
    ...ends.map(({ shape, label }) => (y: number) => [
      {
        data: { values: [{}] },
        mark: {
          type: "point",
          shape,
          filled: true,
          size: 46,
          color: COLOUR.all,
          opacity: 1,
          strokeWidth: 1.5,
        },
        encoding: { x: { value: LABEL_X + 4 }, y: { value: y } },
      },
      note(label, LABEL_X + 16, y),
    ]),
  ];
}

function findingOf({ lanes, environments, coldStarts, ended, window }: Lifelines): string {
  const { from, to } = window;
  const count = (n: number, noun: string) => `${printCount(n)} ${noun}${n === 1 ? "" : "s"}`;
  const sum = (values: readonly number[]) => values.reduce((total, n) => total + n, 0);
  const gone = ENDINGS.flatMap(({ word }, why) =>
    ended[why]! > 0 ? [`${printCount(ended[why]!)} ${word}`] : [],
  );
  const lived = sum(
    lanes.map((lane) => Math.max(0, Math.min(lane.ended ?? to, to) - Math.max(lane.born, from))),
  );
  const busy = sum(lanes.flatMap(({ pieces }) => pieces.map((piece) => piece.busy)));
  const shown =
    lanes.length < environments
      ? `the first ${lanes.length} of them are shown, ${printCount(environments - lanes.length)} are left out; these ${lanes.length} were`
      : environments === 1
        ? "it was"
        : "they were";
  const use = lived > 0 ? `; ${shown} busy for ${printShare(busy / lived)} of that time` : "";
  const end = gone.length > 0 ? `; ${printCount(sum(ended))} ended: ${gone.join(", ")}` : "; none ended";
  return `From ${clocks(window)} there were ${count(environments, "environment")} and ${count(coldStarts, "cold start")}${end}${use}.`;
}
