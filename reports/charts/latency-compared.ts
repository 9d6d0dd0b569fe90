import { printDuration } from "../../sim/units.ts";
import type { Comparison } from "../../study/compare.ts";
import { axisTop, type Chart, FUNCTION_STYLES, note, shortName, specOf, spread, WIDTH } from "./chart.ts";
import { latencyUnit } from "./latency-axis.ts";
import { encodingOf, FIRST, pointsOf } from "./latency-percentiles.ts";
import { lawNumbers } from "./numbers.ts";

const HEIGHT = 330;

/** Latency by percentile of both sides: where on the way from the typical to the slowest answer they part. */
export function latencyCompared({ a, b }: Comparison, labels: readonly [string, string]): Chart | undefined {
  const [from, to] = [a.latency, b.latency];
  if (!from || !to || from.count === 0 || to.count === 0) return undefined;
  const both = [from, to] as const;
  const unit = latencyUnit(both);
  const low = Math.min(...both.map((h) => h.quantile(FIRST))) / unit.size;
  const high = Math.max(...both.map((h) => h.max)) / unit.size;
  const log = low > 0 && high / low > 20;
  const domain: [number, number] = log ? [low / 1.1, high * 1.1] : [0, axisTop(high * 1.02)];
  const end = Math.min(5, Math.max(1, ...both.map(({ count }) => Math.log10(count))));
  const pixel = (value: number) =>
    HEIGHT * (1 - (log ? Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]) : value / domain[1]));
  const curves = both.map((h, i) => ({
    ...FUNCTION_STYLES[i]!,
    label: "AB"[i]!,
    points: pointsOf(h, end, unit.size),
  }));
  const places = spread(curves.map(({ points }) => pixel(points.at(-1)!.value)));
  const at = (p: number) => both.map((h) => printDuration(h.quantile(p)));
  const [p50, p99] = [at(0.5), at(0.99)];
  const said = ([x, y]: string[], name: string) =>
    x === y ? `${name} is ${x} in both` : `${name} goes from ${x} to ${y}`;
  const finding = `${said(p50, "The median")}, ${said(p99, "p99")}, the slowest answer takes ${printDuration(from.max)} and ${printDuration(to.max)}.`;
  const title = "Latency by percentile, A and B";
  return {
    name: "latency-compared",
    title,
    question: "Where do the latencies part?",
    finding,
    numbers: lawNumbers(both.map((histogram, i) => ({ name: `${"AB"[i]}: ${labels[i]}`, histogram }))),
    spec: specOf(title, `A: ${shortName(labels[0], 60)} · B: ${shortName(labels[1], 80)}`, finding, {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...curves.map(({ points, colour, dash }) => ({
          data: { values: points },
          mark: { type: "line", color: colour, strokeDash: dash, strokeWidth: 2.5, interpolate: "linear" },
          encoding: encodingOf(end, domain, log, unit.name, ""),
        })),
        ...curves.map(({ label, colour, points }, i) =>
          note(label, (points.at(-1)!.nines / end) * WIDTH + 7, places[i]!, {
            color: colour,
            fontWeight: 600,
          }),
        ),
      ],
    }),
  };
}
