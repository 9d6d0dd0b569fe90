import type { Timeline } from "../../sim/measure/timeline.ts";
import type { Study } from "../../study/replicate.ts";
import { BEFORE_DASH, COLOUR, FUNCTION_STYLES, type Json } from "./chart.ts";
import { type CoarseRow, coarse, togetherFor } from "./coarse.ts";
import { functionParts } from "./parts.ts";
import { stepLine } from "./time-panels.ts";

/** The account or a function over time, and how its lines are drawn. */
export interface Line {
  readonly name: string;
  /** Index of the function; undefined for the account. */
  readonly fn: number | undefined;
  readonly rows: readonly CoarseRow[];
  /** The same of the study that this one is compared with; empty where there is none. */
  readonly before: readonly CoarseRow[];
  readonly colour: string;
  readonly dash: readonly number[];
}

/** What panels over time draw. */
export interface Lines {
  /** Undefined where it is not known what all come to together. */
  readonly all: Line | undefined;
  /** Those of functions, where there are several; empty where the account says it all. */
  readonly functions: readonly Line[];
  /** The ones that rates are drawn of: functions, or else the account. */
  readonly lines: readonly Line[];
}

/** How the account is drawn, or what stands alone. */
export const PLAIN_LINE = { colour: COLOUR.all, dash: [1, 0] } as const;

/** The account's line, those of its functions where it has several, and of both the ones that rates are drawn of. */
export function linesOf(study: Study, before?: Study): Lines & { readonly all: Line } {
  const together = togetherFor(study.account.timeline);
  const rowsBefore = (timeline: Timeline | undefined) =>
    before && timeline ? coarse(timeline, togetherFor(before.account.timeline)) : [];
  const all: Line = {
    name: "account",
    fn: undefined,
    rows: coarse(study.account.timeline, together),
    before: rowsBefore(before?.account.timeline),
    ...PLAIN_LINE,
  };
  const parts = functionParts(study);
  const shown = parts.length < study.functions.length ? parts.slice(0, -1) : parts;
  const functions: Line[] =
    study.functions.length === 1 || parts.length < 2
      ? []
      : shown.map(({ name, fn, timeline }, i) => ({
          name,
          fn,
          rows: coarse(timeline, together),
          before: rowsBefore(before?.functions[fn!]?.timeline),
          ...FUNCTION_STYLES[i]!,
        }));
  return { all, functions, lines: functions.length > 0 ? functions : [all] };
}

/** All rows that a panel's axis must hold. */
export function everyRow(lines: readonly Line[]): CoarseRow[] {
  return lines.flatMap(({ rows, before }) => [...rows, ...before]);
}

/** The lines of the study that this one is compared with. */
export function linesBefore(
  lines: readonly Line[],
  value: (row: CoarseRow) => number | null,
  x: Json,
  y: Json,
): Json[] {
  const lone = lines.length === 1;
  return lines
    .filter(({ before }) => before.length > 0)
    .map(({ before, colour }) =>
      stepLine({ rows: before, colour: lone ? COLOUR.faint : colour, dash: BEFORE_DASH }, value, x, y),
    );
}
