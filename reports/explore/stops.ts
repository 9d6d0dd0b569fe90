/** The values that a slider stops at. */

/** Round numbers, about `perDecade` in each decade, evenly spread on a logarithmic scale, with both ends. */
export function logStops(low: number, high: number, whole: boolean, perDecade = 24): number[] {
  const count = Math.max(1, Math.ceil(Math.log10(high / low) * perDecade));
  const between = Array.from({ length: count - 1 }, (_, i) =>
    Number((low * (high / low) ** ((i + 1) / count)).toPrecision(2)),
  );
  return sorted([low, ...between, high].map((stop) => (whole ? Math.round(stop) : stop)));
}

/** Even steps. */
export function evenStops(low: number, high: number, step: number): number[] {
  const count = Math.floor((high - low) / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((low + i * step).toPrecision(12)));
}

/** In order, each once. */
export function sorted(stops: readonly number[]): number[] {
  return [...new Set(stops)].sort((a, b) => a - b);
}
