import { COLOUR, type Json, note, PLAIN, shortName, spread, titledAbove, WIDTH } from "./chart.ts";

/** The height of a panel, and where labels beside it begin. */
export const HEIGHT = 96;
export const LABEL_X = WIDTH + 10;

/** A view under others on one time axis. */
export type Panel = (x: Json) => Json;

/** From when until when a row is (seconds). */
interface Span {
  readonly t: number;
  readonly end: number;
}

/** A line of a panel: its rows, and how it is drawn. */
export interface StepLine<R extends Span> {
  readonly rows: readonly R[];
  readonly colour: string;
  readonly dash: readonly number[];
}

/** A y axis from zero. */
export function yOf(title: string, top: number): Json {
  return { scale: { domain: [0, top], nice: false }, axis: titledAbove(title, { labelExpr: PLAIN }) };
}

/** A low panel that says that there is nothing. */
export function emptyPanel(text: string, x: Json, y: Json): Json {
  return {
    width: WIDTH,
    height: 26,
    layer: [
      {
        data: { values: [{ t: 0, value: null }] },
        mark: { type: "rule", opacity: 0 },
        encoding: {
          x,
          y: {
            field: "value",
            type: "quantitative",
            ...y,
            axis: { ...(y.axis as Json), labels: false, grid: false },
          },
        },
      },
      note(text, 6, 13, { color: COLOUR.faint }),
    ],
  };
}

/** The rows' values, and the last one again at the end of its interval. */
export function stepPoints<R extends Span>(
  rows: readonly R[],
  low: (row: R) => number,
  high: (row: R) => number,
): Json[] {
  const point = (t: number, row: R) => ({ t, low: tidy(low(row)), high: tidy(high(row)) });
  return steps(rows, point, (t) => ({ t, low: null, high: null }));
}

/** A point a row; before rows that are missing, and after the last one, its interval's end. */
function steps<R extends Span>(
  rows: readonly R[],
  point: (t: number, row: R) => Json,
  nothing: (t: number) => Json,
): Json[] {
  return rows.flatMap((row, i) => {
    const next = rows[i + 1];
    if (!next) return [point(row.t, row), point(row.end, row)];
    // Rows of a file may be a rounding apart.
    const isGap = next.t > row.end + (row.end - row.t) / 2;
    return isGap ? [point(row.t, row), point(row.end, row), nothing(row.end)] : [point(row.t, row)];
  });
}

/** A line of steps, one for each row. */
export function stepLine<R extends Span>(
  line: StepLine<R>,
  value: (row: R) => number | null,
  x: Json,
  y: Json,
): Json {
  const point = (t: number, row: R) => {
    const v = value(row);
    return { t, value: v === null ? null : tidy(v) };
  };
  const { rows, colour, dash } = line;
  return {
    data: { values: steps(rows, point, (t) => ({ t, value: null })) },
    mark: { type: "line", interpolate: "step-after", color: colour, strokeDash: dash, strokeWidth: 1.75 },
    encoding: { x, y: { field: "value", type: "quantitative", ...y } },
  };
}

/** Names beside the ends of their lines. */
export function labels<R extends Span>(
  lines: readonly (StepLine<R> & { readonly name: string })[],
  pixel: (row: R) => number | undefined,
): Json[] {
  const ends = lines.map(({ rows }) => {
    const known = rows.map(pixel).filter((y) => y !== undefined);
    return known.at(-1) ?? HEIGHT;
  });
  const heights = inside(spread(ends));
  return lines.map(({ name, colour }, i) =>
    note(shortName(name), LABEL_X, heights[i]!, { color: colour, fontWeight: 600 }),
  );
}

/** Labels beside a panel, at these heights (pixels) or near them. */
export function beside(
  marks: readonly { text: string; at: number; colour: string; weight?: number }[],
): Json[] {
  const heights = inside(spread(marks.map(({ at }) => Math.min(HEIGHT, Math.max(0, at)))));
  return marks.map(({ text, colour, weight = 600 }, i) =>
    note(text, LABEL_X, heights[i]!, { color: colour, fontWeight: weight }),
  );
}

/** Moves labels up where they would run into the panel below. */
export function inside(heights: number[]): number[] {
  const over = Math.max(0, Math.max(...heights) - (HEIGHT + 4));
  return heights.map((y) => y - over);
}

/** A square of colour before a label. */
export function swatch(colour: string, y: number, opacity = 1): Json {
  return {
    data: { values: [{}] },
    mark: { type: "point", shape: "square", filled: true, size: 90, color: colour, opacity },
    encoding: { x: { value: LABEL_X + 4 }, y: { value: y } },
  };
}

function tidy(value: number): number {
  return Number(value.toPrecision(5));
}
