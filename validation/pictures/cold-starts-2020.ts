import { type Chart, COLOUR, type Json, note, specOf, WIDTH } from "../../reports/charts/chart.ts";
import { compare2020, FIXED_SECONDS, SEEDS_2020 } from "../cases/preset-2020.ts";

const ROW = 46;
const SHAPES = ["triangle-left", "square", "triangle-right"] as const;

/** Cold starts of the eight runs of 2020: as AWS had them, by two clocks, and by one. */
export function coldStarts2020(): Chart {
  const runs = compare2020();
  const sum = (of: (run: (typeof runs)[number]) => number) => runs.reduce((n, run) => n + of(run), 0);
  const height = runs.length * ROW;
  const most = Math.max(...runs.flatMap(({ recorded, twoClocks, fixed }) => [recorded, twoClocks, ...fixed]));
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [0, Math.ceil(most / 10) * 10], nice: false },
    axis: { title: "cold starts in 28 hours", grid: true, tickCount: 7 },
  });
  const y = { field: "y", type: "quantitative", scale: null, axis: null };
  const at = (of: (run: (typeof runs)[number]) => number, offset: number) =>
    runs.map((run, i) => ({ value: of(run), y: (i + 0.5) * ROW + offset }));
  const marks = (values: object[], mark: Json): Json => ({
    data: { values },
    mark: { type: "point", opacity: 1, ...mark },
    encoding: { x: x("value"), y },
  });
  const looks = {
    recorded: { shape: "diamond", filled: true, size: 150, color: COLOUR.all },
    twoClocks: { shape: "circle", filled: true, size: 44, color: COLOUR.cold },
    fixed: (i: number) => ({
      shape: SHAPES[i]!,
      filled: false,
      size: 50,
      color: COLOUR.faint,
      strokeWidth: 1.6,
    }),
  };
  const key = (look: Json, text: string, left: number): Json[] => [
    {
      data: { values: [{}] },
      mark: { type: "point", opacity: 1, ...look },
      encoding: { x: { value: left }, y: { value: -20 } },
    },
    note(text, left + 10, -20),
  ];
  const title = "Cold starts of eight runs on AWS in 2020";
  const finding = `AWS made ${sum((run) => run.recorded)} new environments in the eight runs, the preset of two clocks ${sum((run) => run.twoClocks).toFixed(0)}, one clock of ${FIXED_SECONDS.join(", ")} s ${FIXED_SECONDS.map((_, i) => sum((run) => run.fixed[i]!)).join(", ")}; one clock is farthest off in the busiest run.`;
  return {
    name: "cold-starts-2020",
    title,
    question: "Does the preset of 2020 have as many cold starts as AWS had?",
    finding,
    spec: specOf(
      title,
      `Recorded requests replayed, by date and rate · platform aws-2020, mean of ${SEEDS_2020} seeds`,
      finding,
      {
        width: WIDTH,
        height,
        layer: [
          ...runs.map((_, i) => ({
            data: { values: [{ from: 0, y: (i + 1) * ROW }] },
            mark: { type: "rule", color: COLOUR.grid },
            encoding: { x: { value: 0 }, x2: { value: WIDTH }, y },
          })),
          {
            data: {
              values: runs.map(({ recorded, twoClocks }, i) => ({
                value: recorded,
                to: twoClocks,
                y: (i + 0.5) * ROW - 9,
              })),
            },
            mark: { type: "rule", color: COLOUR.cold, strokeWidth: 2 },
            encoding: { x: x("value"), x2: { field: "to" }, y },
          },
          {
            data: {
              values: runs.map(({ fixed }, i) => ({
                value: Math.min(...fixed),
                to: Math.max(...fixed),
                y: (i + 0.5) * ROW + 10,
              })),
            },
            mark: { type: "rule", color: COLOUR.faint },
            encoding: { x: x("value"), x2: { field: "to" }, y },
          },
          ...FIXED_SECONDS.map((_, i) =>
            marks(
              at((run) => run.fixed[i]!, 10),
              looks.fixed(i),
            ),
          ),
          marks(
            at((run) => run.recorded, -9),
            looks.recorded,
          ),
          marks(
            at((run) => run.twoClocks, -9),
            looks.twoClocks,
          ),
          ...runs.map(({ trace, rate }, i) =>
            note(`${trace.slice(5)} · ${rate.toFixed(4)}/s`, -12, (i + 0.5) * ROW, {
              align: "right",
              color: COLOUR.faint,
            }),
          ),
          ...key(looks.recorded, "AWS", 6),
          ...key(looks.twoClocks, "two clocks", 70),
          ...FIXED_SECONDS.flatMap((s, i) =>
            key(looks.fixed(i), i === 0 ? `one clock of ${s} s` : `${s} s`, 175 + [0, 145, 215][i]!),
          ),
        ],
      },
    ),
  };
}
