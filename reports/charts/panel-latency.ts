import { axisTop, COLOUR, note, PLAIN, shortName, spread, titledAbove, WIDTH } from "./chart.ts";
import type { CoarseRow } from "./coarse.ts";
import { logTicks } from "./latency-axis.ts";
import { everyRow, type Line, linesBefore } from "./line.ts";
import { HEIGHT, inside, LABEL_X, type Panel, stepLine } from "./time-panels.ts";

/** A limit that latency is judged by, in milliseconds. */
export interface Target {
  readonly label: string;
  readonly ms: number;
  readonly colour: string;
}

/** The p99 of each line; `medians`: of the p50 a dotted line as well. Targets are dashed. */
export function latencyPanel(
  lines: readonly Line[],
  { medians = false, targets = [] }: { medians?: boolean; targets?: readonly Target[] } = {},
): Panel | undefined {
  const known = (read: (row: CoarseRow) => number | null) =>
    everyRow(lines).flatMap((row) => read(row) ?? []);
  const p99s = known(({ p99Ms }) => p99Ms);
  if (p99s.length === 0) return undefined;
  const most = Math.max(...p99s);
  // A target far above what happens would press it flat: it is named instead.
  const near = targets.filter(({ ms }) => ms <= most * 4);
  const far = targets.filter(({ ms }) => ms > most * 4);
  const values = [
    ...p99s,
    ...near.map(({ ms }) => ms),
    ...(medians ? known(({ p50Ms }) => p50Ms).filter((ms) => ms > 0) : []),
  ];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const log = low > 0 && high / low > 20;
  const unit = high >= 2000 && (!log || low >= 100) ? { name: "s", size: 1000 } : { name: "ms", size: 1 };
  const [bottom, top] = log
    ? [low / unit.size / 1.15, (high / unit.size) * 1.15]
    : [0, axisTop(high / unit.size)];
  const share = (v: number) => (log ? Math.log(v / bottom) / Math.log(top / bottom) : v / top);
  const scale = { domain: [bottom, top], nice: false, type: log ? "log" : "linear" };
  const title = `${medians ? "p50 and p99" : "p99"} latency (${unit.name}${log ? ", log scale" : ""})`;
  const axis = titledAbove(title, {
    tickCount: log ? 30 : 3,
    labelExpr: PLAIN,
    ...(log ? { values: logTicks(bottom, top, 1), labelOverlap: false } : {}),
  });
  const y = { scale, axis };
  const scaled = (ms: number | null) => (ms === null ? null : ms / unit.size);
  const of = (row: CoarseRow) => scaled(row.p99Ms);
  const pixel = (value: number) => HEIGHT * (1 - share(value));
  const lastOf = ({ rows }: Line, read: (row: CoarseRow) => number | null) =>
    pixel((rows.map(read).findLast((ms) => ms !== null) ?? 0) / unit.size || bottom);
  const named = lines.length > 1 || medians;
  const marks = [
    ...near.map(({ label, ms, colour }) => ({
      text: label,
      at: pixel(ms / unit.size),
      colour,
      weight: 400,
    })),
    ...(named
      ? lines.flatMap((line) => [
          {
            text: lines.length > 1 ? shortName(line.name) : "p99",
            at: lastOf(line, ({ p99Ms }) => p99Ms),
            colour: line.colour,
            weight: 600,
          },
          ...(medians && lines.length === 1
            ? [
                {
                  text: "p50 (dotted)",
                  at: lastOf(line, ({ p50Ms }) => p50Ms),
                  colour: line.colour,
                  weight: 400,
                },
              ]
            : []),
        ])
      : []),
  ];
  const heights = inside(spread(marks.map(({ at }) => Math.min(HEIGHT, Math.max(0, at)))));
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...linesBefore(lines, of, x, y),
      ...lines.flatMap((line) => {
        // A short stroke for each interval as well: a lone one would have no line.
        const strokes = line.rows.flatMap((row) =>
          row.p99Ms === null ? [] : [{ t: row.t, t2: row.end, value: of(row) }],
        );
        return [
          ...(strokes.length < line.rows.length
            ? [
                {
                  data: { values: strokes },
                  mark: { type: "rule", color: line.colour, strokeWidth: 2 },
                  encoding: { x, x2: { field: "t2" }, y: { field: "value", type: "quantitative", ...y } },
                },
              ]
            : []),
          stepLine({ ...line, dash: [1, 0] }, of, x, y),
        ];
      }),
      ...(medians
        ? lines.map((line) => stepLine({ ...line, dash: [1.5, 2.5] }, (row) => scaled(row.p50Ms), x, y))
        : []),
      ...near.map(({ ms, colour }) => ({
        data: { values: [{ value: ms / unit.size }] },
        mark: { type: "rule", color: colour, strokeDash: [5, 4], strokeWidth: 1.25 },
        encoding: { y: { field: "value", type: "quantitative", ...y } },
      })),
      ...marks.map(({ text, colour, weight }, i) =>
        note(text, LABEL_X, heights[i]!, { color: colour, fontWeight: weight }),
      ),
      ...(far.length > 0
        ? [
            note(`far below the target: ${far.map(({ label }) => label).join(", ")}`, WIDTH, -18, {
              color: COLOUR.faint,
              align: "right",
              fontSize: 11.5,
            }),
          ]
        : []),
    ],
  });
}
