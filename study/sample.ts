import { drawUniform, RandomStreams, type Stream } from "../sim/random.ts";
import type { Setting } from "../sim/scenario/paths.ts";
import { isSpan, type Span, type Varied } from "./axis.ts";

/** How samples are spread: at random, or so that each setting is covered evenly (Latin hypercube; McKay et al., 1979). */
export const SAMPLINGS = ["lhs", "random"] as const;
export type SamplingKind = (typeof SAMPLINGS)[number];

/** Tries for each point before a space is taken to hold no more of them. */
const MOST_TRIES = 50;

/**
 * So many points of the space that the settings span, each of them once: fewer where there are no more, or where samples of
 * a Latin hypercube fall together on settings with few values. The same seed gives the same points; each setting draws from
 * a stream of its own, so that one more leaves those of the others as they were.
 */
export function samplePoints(
  varied: readonly Varied[],
  count: number,
  kind: SamplingKind,
  seed: string,
): Setting[][] {
  const streams = new RandomStreams(seed);
  const axes = varied.map((axis) => ({ axis, stream: streams.open(`sweep/${axis.path}`) }));
  const points = new Map<string, Setting[]>();
  const keep = (point: Setting[]) => points.set(JSON.stringify(point.map(({ value }) => value)), point);
  if (kind === "lhs") {
    const columns = axes.map(({ axis, stream }) =>
      shuffled(count, stream).map((stratum) => settingAt(axis, (stratum + drawUniform(stream)) / count)),
    );
    for (let k = 0; k < count; k++) keep(columns.map((column) => column[k]!));
  } else {
    for (let tries = 0; points.size < count && tries < MOST_TRIES * count; tries++)
      keep(axes.map(({ axis, stream }) => settingAt(axis, drawUniform(stream))));
  }
  return [...points.values()];
}

/** The setting at a place from 0 to 1 (exclusive) along its values. */
function settingAt(varied: Varied, place: number): Setting {
  const { path } = varied;
  if (!isSpan(varied)) return { path, value: varied.values[Math.floor(place * varied.values.length)] };
  return { path, value: valueAt(varied, place) };
}

/**
 * Rounded to a thousandth of the span or finer: counts and sizes, where both ends are whole, to whole ones. Sizes in GB come
 * in MB, of which AWS takes whole ones.
 */
function valueAt({ from, to, unit }: Span, place: number): number | string {
  const factor = unit === "GB" ? 1024 : 1;
  const shown = unit === "GB" ? "MB" : unit;
  const [low, high] = [from * factor, to * factor];
  const fine = 10 ** Math.floor(Math.log10((high - low) / 1000));
  const isWhole = (shown === "" || shown === "MB") && Number.isInteger(low) && Number.isInteger(high);
  const grain = isWhole ? Math.max(1, fine) : fine;
  // From the low end, so that neither end is passed.
  const steps = Math.round((place * (high - low)) / grain);
  const value = Number(Math.min(high, low + steps * grain).toPrecision(12));
  return shown === "" ? value : `${value}${shown}`;
}

/** 0 … count − 1 in random order (Fisher and Yates). */
function shuffled(count: number, stream: Stream): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(drawUniform(stream) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
