import { printCount } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { axisTop, COLOUR, note, shortName, spread, WIDTH } from "./chart.ts";
import type { CoarseRow } from "./coarse.ts";
import { type Line, type Lines, linesBefore } from "./line.ts";
import { functionParts } from "./parts.ts";
import { HEIGHT, inside, LABEL_X, type Panel, stepLine, stepPoints, yOf } from "./time-panels.ts";

/** A limit of concurrency. */
export interface Limit {
  readonly label: string;
  readonly value: number;
  readonly colour: string;
}

/** The account's limit, and what functions have reserved or provisioned: of those that have lines, or of the only one. */
export function limitsOf(study: Study, functions: readonly Line[]): Limit[] {
  const { account, functions: settings } = study.scenario;
  const limits: Limit[] = [];
  if (Number.isFinite(account.concurrency)) {
    limits.push({ label: "account concurrency", value: account.concurrency, colour: COLOUR.limit });
  }
  (functions.length > 0 ? functions : functionParts(study).slice(0, 1)).forEach(({ fn }) => {
    const f = settings[fn!]!;
    const colour = functions.find((line) => line.fn === fn)?.colour ?? COLOUR.limit;
    const of = functions.length > 0 ? `${f.name} ` : "";
    if (f.reservedConcurrency !== undefined) {
      limits.push({ label: `${of}reserved`, value: f.reservedConcurrency, colour });
    }
    // What a policy makes of it has a chart of its own.
    if (f.provisionedConcurrency > 0 && !f.provisioning) {
      limits.push({ label: `${of}provisioned`, value: f.provisionedConcurrency, colour: COLOUR.provisioned });
    }
  });
  return limits;
}

/** Executions at a time, mean and (of all together, where it is known) most, under their limits. */
export function concurrencyPanel({ all, functions, lines }: Lines, limits: readonly Limit[]): Panel {
  const several = functions.length > 0;
  const shown = lines;
  const mean = (row: CoarseRow) => row.concurrencyMean;
  const peak = all
    ? Math.max(...all.rows.map((row) => row.concurrencyMax))
    : Math.max(...shown.flatMap(({ rows }) => rows.map(mean)));
  const meanBefore = Math.max(0, ...shown.flatMap(({ before }) => before.map(mean)));
  // A limit far above the use would press it flat: it is named instead.
  const near = limits.filter(({ value }) => value <= peak * 4);
  const far = limits.filter(({ value }) => value > peak * 4);
  const top = axisTop(Math.max(peak, meanBefore, ...near.map(({ value }) => value)));
  const pixel = (value: number) => HEIGHT * (1 - value / top);

  return (x) => {
    const y = yOf("concurrency", top);
    const bands = (all ? [all] : []).map(({ rows }) => ({
      data: { values: stepPoints(rows, several ? () => 0 : mean, (row) => row.concurrencyMax) },
      mark: { type: "area", interpolate: "step-after", color: COLOUR.all, opacity: several ? 0.1 : 0.16 },
      encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
    }));
    const rules = near.map(({ value, colour }) => ({
      data: { values: [{ value }] },
      mark: { type: "rule", color: colour, strokeDash: [5, 4], strokeWidth: 1.25 },
      encoding: { y: { field: "value", type: "quantitative", ...y } },
    }));
    const marks = [
      ...near.map(({ label, value, colour }) => ({
        text: `${label} ${printCount(value)}`,
        at: pixel(value),
        colour,
        weight: 400,
      })),
      ...shown.map((line) => ({
        text: several ? shortName(line.name) : "mean, and most (pale)",
        at: pixel(busiest(line.rows).concurrencyMean),
        colour: line.colour,
        weight: 600,
      })),
      ...(several && all
        ? [{ text: "all: most (pale)", at: pixel(peak) + 4, colour: COLOUR.faint, weight: 400 }]
        : []),
    ];
    const heights = inside(spread(marks.map(({ at }) => at)));
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...bands,
        ...linesBefore(shown, mean, x, y),
        ...shown.map((line) => stepLine(line, mean, x, y)),
        ...rules,
        ...marks.map(({ text, colour, weight }, i) =>
          note(text, LABEL_X, heights[i]!, { color: colour, fontWeight: weight }),
        ),
        ...(far.length > 0
          ? [
              note(
                `limit far above: ${far.map(({ label, value }) => `${label} ${printCount(value)}`).join(", ")}`,
                WIDTH,
                -18,
                { color: COLOUR.faint, align: "right", fontSize: 11.5 },
              ),
            ]
          : []),
      ],
    };
  };
}

function busiest(rows: readonly CoarseRow[]): CoarseRow {
  return rows.reduce((best, row) => (row.concurrencyMean > best.concurrencyMean ? row : best));
}
