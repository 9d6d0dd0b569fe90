import type { Unit } from "../../sim/scenario/threshold.ts";
import { MILLISECOND, printCount, printDuration, printShare, SECOND } from "../../sim/units.ts";
import { plusMinus, printChange, printerOf } from "../text/cells.ts";
import { chartSections, section, written } from "./cells.ts";
import type { Objective, ReviewPart, SavedStudy, TableBlock } from "./review.ts";
import { againBlocks } from "./run-part.ts";

interface SideRow {
  readonly label: string;
  readonly scenario: string;
  readonly seed: string;
  readonly replications: number;
  readonly measuredS: number;
}

interface StatisticRow {
  readonly function: string;
  readonly statistic: string;
  readonly unit: string;
  readonly a: number | null;
  readonly b: number | null;
  readonly difference: number | null;
  readonly differenceCi95: number | null;
  readonly relative: number | null;
  readonly relativeCi95: number | null;
  readonly mark: string;
  readonly verdict: string | null;
  readonly judged: boolean;
}

/** What a report reads of compare.json. */
interface ComparisonFile {
  readonly version: string;
  readonly a: SideRow;
  readonly b: SideRow;
  readonly settings?: readonly { readonly path: string; readonly a: unknown; readonly b: unknown }[];
  readonly paired: boolean;
  readonly statistics: readonly StatisticRow[];
  readonly failOn: readonly {
    readonly of: string;
    readonly expression: string;
    readonly met: boolean;
    readonly straddles: boolean;
    readonly relative: number | null;
    readonly relativeCi95: number | null;
  }[];
}

/** Rows of the table; compare.csv has all. */
const MOST_ROWS = 120;

/** Units as files name them. */
const UNITS: Readonly<Record<string, Unit>> = {
  ms: "duration",
  share: "share",
  USD: "money",
  count: "count",
  number: "number",
};

/** How values of a unit of files are printed. */
export function printerOfFile(unit: string): {
  print: (value: number) => string;
  change: (value: number) => string;
} {
  const known = UNITS[unit] ?? "number";
  const factor = known === "duration" ? MILLISECOND : 1;
  return {
    print: (value) => printerOf(known)(value * factor),
    change: (value) => printChange(known, value * factor),
  };
}

/** A comparison of two sides as a part of a review. */
export function comparisonPart({ file, words, charts, label }: SavedStudy, prefix: string): ReviewPart {
  const compared = file as ComparisonFile;
  const { a, b, settings = [], paired, statistics } = compared;
  const [picture, ...others] = charts;
  return {
    name: words?.name ?? label,
    what: "comparison",
    verdict: words?.sentence ?? `${b.label} against ${a.label}.`,
    objectivesTitle:
      compared.failOn.length > 0 ? "Limits on what may change" : "What thresholds judge, A → B",
    objectives: objectivesOf(compared),
    settings: settings.map(({ path, a, b }) => ({ path, now: written(a), proposed: written(b) })),
    settingsTitle: "Settings, A → B",
    provenance: [
      ["A", a.label],
      ["B", b.label],
      ["seed", String(a.seed)],
      [
        "replications",
        `${printCount(a.replications)} and ${printCount(b.replications)} of ${printDuration(a.measuredS * SECOND)}, ${paired ? "paired" : "not paired"}`,
      ],
      ["lsim", compared.version],
    ],
    picture,
    why: [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}statistics`, "Every statistic of both sides", [statisticsTable(statistics)]),
      ...section(`${prefix}notes`, "What to keep in mind", [
        {
          kind: "list",
          items: [
            {
              text: paired
                ? "the differences are paired: replication by replication both sides met the same requests"
                : "the sides met different requests: their intervals are wider than those of pairs",
            },
            { text: "± is half the width of the 95 % interval of the difference; unclear: it holds 0" },
          ],
        },
      ]),
      ...section(`${prefix}again`, "Make it again", againBlocks(words)),
    ],
  };
}

/** What was to fail on; else what thresholds judge, with what B makes of it. */
function objectivesOf({ failOn, statistics }: ComparisonFile): Objective[] {
  if (failOn.length > 0)
    return failOn.map(({ of, expression, met, straddles, relative, relativeCi95 }) => ({
      asked: `fails on ${expression.startsWith(of) ? expression : `${of} ${expression}`}`,
      found:
        relative === null
          ? "no value"
          : `${relative > 0 ? "+" : ""}${printShare(relative)}${plusMinus(relativeCi95 ?? Number.NaN, printShare)}`,
      standing: straddles ? "unsure" : met ? "missed" : "met",
      word: met ? "fails" : "holds",
    }));
  return statistics
    .filter(({ judged, difference }) => judged && difference !== null)
    .map((row) => {
      const { print } = printerOfFile(row.unit);
      const text = (value: number | null) => (value === null ? "–" : print(value));
      return {
        asked: `${row.function} ${row.statistic}`,
        found: `${text(row.a)} → ${text(row.b)}`,
        standing: row.verdict === "worse" ? "missed" : row.verdict === "better" ? "met" : "unsure",
        word: row.mark === "nil" ? "same" : (row.verdict ?? (row.mark === "unclear" ? "unclear" : "slight")),
      } as const;
    });
}

function statisticsTable(statistics: readonly StatisticRow[]): TableBlock {
  const told = statistics.filter(({ a, b, judged }) => judged || !(isNothing(a) && isNothing(b)));
  return {
    kind: "table",
    ...(told.length > MOST_ROWS && {
      caption: `The first ${MOST_ROWS} of ${printCount(told.length)} rows; compare.csv has all.`,
    }),
    columns: ["of", "statistic", "A", "B", "B − A", "relative", ""],
    numeric: [false, false, true, true, true, true, false],
    rows: told.slice(0, MOST_ROWS).map((row) => {
      const { print, change } = printerOfFile(row.unit);
      const text = (value: number | null) => (value === null ? "–" : print(value));
      const same = row.mark === "nil";
      return [
        row.function,
        row.statistic,
        text(row.a),
        text(row.b),
        row.difference === null
          ? "–"
          : same
            ? "0"
            : `${change(row.difference)}${plusMinus(row.differenceCi95 ?? Number.NaN, (v) => change(v).replace(/^\+/, ""))}`,
        row.relative === null || same
          ? ""
          : `${row.relative > 0 ? "+" : ""}${printShare(row.relative)}${plusMinus(row.relativeCi95 ?? Number.NaN, printShare)}`,
        same ? "same" : row.mark === "unclear" ? "unclear" : (row.verdict ?? ""),
      ];
    }),
  };
}

const isNothing = (value: number | null) => value === null || value === 0;
