import { Histogram } from "../sim/measure/histogram.ts";

export const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** What is kept of one replication's law once it is pooled: quantiles by QUANTILES, and more. */
export interface Figures {
  readonly count: number;
  readonly quantiles: readonly number[];
  readonly mean: number;
  readonly max: number;
}

const figures = (h: Histogram): Figures => ({
  count: h.count,
  quantiles: QUANTILES.map((p) => h.quantile(p)),
  mean: h.mean,
  max: h.max,
});

/** Most laws of most entries are empty: they share their figures. */
export const NO_FIGURES = figures(new Histogram());

const of = (h: Histogram): Figures => (h.count === 0 ? NO_FIGURES : figures(h));

/** The figures of each law under its name. */
export function figuresOf<K extends string>(
  names: readonly K[],
  laws: Readonly<Record<K, Histogram>>,
): Record<K, Figures> {
  return Object.fromEntries(names.map((name) => [name, of(laws[name])])) as unknown as Record<K, Figures>;
}
