import type { Histogram } from "../../sim/measure/histogram.ts";
import { MILLISECOND, SECOND } from "../../sim/units.ts";
import { axisTop, niceAbove } from "./chart.ts";

/** Beyond this ratio of largest to smallest an axis is logarithmic. */
const WIDE = 20;
const BINS = 80;

/** An axis for amounts whose range only the data knows. `unit` divides what is recorded. */
export interface AmountAxis {
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
  /** Edges of the bins, in the axis' unit. */
  readonly edges: readonly number[];
}

export interface LatencyUnit {
  readonly name: "ms" | "s";
  readonly size: number;
}

/** Seconds where everything is at least a tenth of one. */
export function latencyUnit(histograms: readonly Histogram[]): LatencyUnit {
  const full = histograms.filter((h) => h.count > 0);
  const max = Math.max(...full.map((h) => h.max));
  const min = Math.min(...full.map((h) => h.min));
  return max >= 2 * SECOND && min >= SECOND / 10
    ? { name: "s", size: SECOND }
    : { name: "ms", size: MILLISECOND };
}

export function amountAxis(min: number, max: number): AmountAxis {
  if (min > 0 && max / min > WIDE) {
    const low = 10 ** (Math.floor(Math.log10(min) * 10) / 10);
    const high = 10 ** (Math.ceil(Math.log10(max) * 10) / 10);
    const step = (Math.log10(high) - Math.log10(low)) / BINS;
    return {
      log: true,
      low,
      high,
      edges: Array.from({ length: BINS + 1 }, (_, i) => low * 10 ** (i * step)),
    };
  }
  const from = max - min > 0.3 * max ? min : 0;
  const width = Math.max(niceAbove(((max - from) * 1.05) / BINS), 1e-9);
  const low = Math.max(0, Math.floor(from / width - 2) * width);
  const top = from === 0 ? axisTop(max * 1.05) : max + 2 * width;
  const count = Math.max(1, Math.ceil((top - low) / width - 1e-9));
  const edges = Array.from({ length: count + 1 }, (_, i) => low + i * width);
  return { log: false, low, high: edges.at(-1)!, edges };
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** The shares of a histogram's values by bin, without the empty ones; `scale` turns recorded values into the axis' unit. */
export function binned(h: Histogram, axis: AmountAxis, scale: (value: number) => number): Bin[] {
  const { edges } = axis;
  const counts = new Float64Array(edges.length - 1);
  let bin = 0;
  for (const { low, width, count } of h.buckets()) {
    const value = scale(Math.min(h.max, Math.max(h.min, low + (width - 1) / 2)));
    while (bin < counts.length - 1 && value >= edges[bin + 1]! * (1 - 1e-9)) bin++;
    counts[bin]! += count;
  }
  return Array.from(counts, (count, i) => ({
    from: round(edges[i]!),
    to: round(edges[i + 1]!),
    share: count / h.count,
  })).filter(({ share }) => share > 0);
}

/** Four decimals of the whole: short numbers in specs. */
export function round(value: number): number {
  return Number(value.toPrecision(6));
}

/** Ticks of a logarithmic axis: 1, 2, 5 in each decade, or fewer where there are many decades (`room`: how many bear that). */
export function logTicks(low: number, high: number, room = 3): number[] {
  const decades = Math.log10(high / low);
  const steps = decades <= room ? [1, 2, 5] : decades <= 2 * room ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(6)));
  }
  return ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}
