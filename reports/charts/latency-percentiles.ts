import type { Histogram } from "../../sim/measure/histogram.ts";
import { printDuration, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import {
  axisTop,
  BEFORE_DASH,
  type Chart,
  COLOUR,
  type Json,
  note,
  PLAIN,
  provenance,
  specOf,
  spread,
  titledAbove,
  WIDTH,
} from "./chart.ts";
import { latencyUnit, logTicks, round } from "./latency-axis.ts";
import { lawNumbers } from "./numbers.ts";
import { answersOf, panels } from "./parts.ts";

/** Percentiles at which a curve is read: evenly spaced on the axis −log10(1 − p). */
const STEPS_A_DECADE = 24;
/** The first percentile that is drawn: below it an axis of nines has no room. */
export const FIRST = 1 - 10 ** (-1 / STEPS_A_DECADE);
const TICKS = [50, 90, 99, 99.9, 99.99, 99.999];

/**
 * Latency by percentile on a log(1 − p) axis: how bad the tail is, and who makes it. Of `before`, a study of the same
 * functions, the curve of all answers stands beside it.
 */
export function latencyPercentiles(study: Study, before?: Study): Chart | undefined {
  const parts = panels(study).filter(({ histograms }) => histograms.latency.count > 0);
  if (parts.length === 0) return undefined;
  const several = parts.length > 1;
  const latencyBefore = (fn: number | undefined) =>
    (fn === undefined ? before?.account : before?.functions[fn])?.histograms?.latency;
  const latencies = parts
    .flatMap(({ histograms, fn }) => [histograms.latency, latencyBefore(fn)])
    .filter((h) => h !== undefined && h.count > 0) as Histogram[];
  const unit = latencyUnit(latencies);
  const low = Math.min(...latencies.map((h) => h.quantile(FIRST))) / unit.size;
  const high = Math.max(...latencies.map((h) => h.max)) / unit.size;
  const log = low > 0 && high / low > 20;
  const domain: [number, number] = log ? [low / 1.1, high * 1.1] : [0, axisTop(high * 1.02)];
  const end = Math.min(5, Math.max(1, ...latencies.map(({ count }) => Math.log10(count))));
  const [width, height] = several ? [WIDTH / 2 - 50, 180] : [WIDTH, 330];
  const pixel = (value: number) =>
    height * (1 - (log ? Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]) : value / domain[1]));

  const views = parts.map(({ name, fn, histograms: { latency, warmLatency, coldLatency } }) => {
    const baseline = latencyBefore(fn);
    // Where all were started in one way, one curve says it.
    const apart = warmLatency.count > 0 && coldLatency.count > 0;
    const curves = [
      {
        label: apart ? "all" : warmLatency.count > 0 ? "all warm" : "all cold",
        h: latency,
        colour: COLOUR.all,
        dash: [1, 0],
        width: 3,
      },
      ...(apart
        ? [
            { label: "warm", h: warmLatency, colour: COLOUR.warm, dash: [6, 3], width: 2 },
            { label: "cold", h: coldLatency, colour: COLOUR.cold, dash: [3, 2], width: 2.5 },
          ]
        : []),
      ...(baseline && baseline.count > 0
        ? [{ label: "baseline", h: baseline, colour: COLOUR.faint, dash: [...BEFORE_DASH], width: 2 }]
        : []),
    ].map((curve) => ({ ...curve, points: pointsOf(curve.h, end, unit.size) }));
    const ends = curves.map(({ points }) => points.at(-1)!);
    const places = labelPlaces(
      ends.map(({ nines, value }) => ({ x: (nines / end) * width, y: pixel(value) })),
      ends.map(({ nines }) => pixel(latency.quantile(1 - 10 ** -nines) / unit.size)),
    );
    return {
      width,
      height,
      layer: [
        ...curves.map(({ points, colour, dash, width: strokeWidth }) => ({
          data: { values: points },
          mark: { type: "line", color: colour, strokeDash: dash, strokeWidth, interpolate: "linear" },
          encoding: encodingOf(end, domain, log, unit.name, several ? name : ""),
        })),
        ...curves.map(({ label, colour }, i) =>
          note(label, places[i]!.x + 7, places[i]!.y, { color: colour, fontWeight: 600 }),
        ),
      ],
    };
  });
  const finding = findingOf(study);
  const title = "Latency by percentile";
  return {
    name: "latency-percentiles",
    title,
    question: "How bad is the tail, and is it the cold starts?",
    finding,
    numbers: lawNumbers(
      parts.flatMap(({ name, histograms: { latency, warmLatency, coldLatency } }) => [
        { name, histogram: latency },
        { name: `${name}, warm`, histogram: warmLatency },
        { name: `${name}, cold`, histogram: coldLatency },
      ]),
    ),
    spec: specOf(
      title,
      provenance(study, printDuration(study.scenario.horizon)),
      finding,
      several
        ? { concat: views, columns: 2, spacing: { row: 40, column: 40 }, bounds: "full" }
        : { ...views[0]! },
    ),
  };
}

/** Room that a label takes (pixels). */
const LABEL = 40;

/**
 * Where the names of curves stand (pixels): those that end about where the first one does, that of all, stand apart
 * beside its end; one that ends before keeps clear of it (`ofAll`: its height there), and inside the plot.
 */
export function labelPlaces(
  ends: readonly { x: number; y: number }[],
  ofAll: readonly number[],
): { x: number; y: number }[] {
  const [first] = ends;
  const together = ends.map(({ x }) => x > first!.x - LABEL);
  const beside = spread(ends.filter((_, i) => together[i]).map(({ y }) => y));
  return ends.map(({ x, y }, i) =>
    together[i] ? { x: first!.x, y: beside.shift()! } : { x, y: ofAll[i]! < y || y < 18 ? y + 12 : y - 11 },
  );
}

/** A curve: up to the percentile that as many values as there are tell. `end`: nines at which the axis ends. */
export function pointsOf(h: Histogram, end: number, unit: number): { nines: number; value: number }[] {
  const last = Math.min(end, Math.log10(h.count));
  const points: { nines: number; value: number }[] = [];
  for (let k = 1; k / STEPS_A_DECADE < last; k++) {
    const nines = k / STEPS_A_DECADE;
    points.push({ nines: round(nines), value: round(h.quantile(1 - 10 ** -nines) / unit) });
  }
  // The last point is the one in as many as there were: the largest, unless the axis ends before.
  const tail = Math.log10(h.count) <= end ? h.max : h.quantile(1 - 10 ** -last);
  points.push({ nines: round(last), value: round(tail / unit) });
  return points;
}

/** The axes of a plot of such curves; `name` stands over it where there are several. */
export function encodingOf(
  end: number,
  domain: [number, number],
  log: boolean,
  unit: string,
  name: string,
): Json {
  const ticks = TICKS.map((p) => round(-Math.log10(1 - p / 100))).filter(
    (nines) => nines <= end + 1e-6 && !(name && nines > 4.5),
  );
  return {
    x: {
      field: "nines",
      type: "quantitative",
      scale: { domain: [0, round(end)], nice: false },
      axis: {
        title: "percentile of answered requests",
        values: ticks,
        labelExpr:
          "format(100 * (1 - pow(10, -datum.value)), datum.value < 2.5 ? '.0f' : datum.value < 3.5 ? '.1f' : datum.value < 4.5 ? '.2f' : '.3f')",
        labelOverlap: false,
        grid: true,
      },
    },
    y: {
      field: "value",
      type: "quantitative",
      scale: { domain, nice: false, type: log ? "log" : "linear" },
      axis: titledAbove(`${name ? `${name} · ` : ""}latency (${unit}${log ? ", log scale" : ""})`, {
        labelExpr: PLAIN,
        // Of the values given, Vega keeps no more than about this many on a log axis.
        tickCount: log ? 30 : 5,
        titleX: -46,
        minExtent: 46,
        ...(log ? { values: logTicks(...domain, 2), labelOverlap: false } : {}),
      }),
    },
  };
}

function findingOf(study: Study): string {
  const { account } = study;
  const { latency, coldLatency: cold } = account.histograms;
  const at = (p: number) => printDuration(latency.quantile(p));
  const many = latency.count >= 1000;
  const tail = many ? `p99 is ${at(0.99)} and p99.9 is ${at(0.999)}` : `p90 is ${at(0.9)}`;
  const share = cold.count / latency.count;
  const why =
    cold.count === 0
      ? "no answer waited for a cold start"
      : share > 0.5
        ? `${printShare(share)} of answers are cold`
        : `cold starts (${printShare(share)} of answers) reach the curve at about the ${percentile(1 - share)}th percentile`;
  return `Half of ${answersOf(study)} take at most ${at(0.5)}, ${tail}, the slowest ${printDuration(latency.max)}; ${why}.`;
}

/** 0.996 as "99.6": as many places as it takes to stay below 100. */
function percentile(p: number): string {
  const places = Math.max(0, Math.ceil(-Math.log10(1 - p)) - 1);
  return (Math.floor(p * 100 * 10 ** places) / 10 ** places).toFixed(places);
}
