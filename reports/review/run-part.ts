import { parseThreshold } from "../../sim/scenario/threshold.ts";
import {
  MILLISECOND,
  printCount,
  printDuration,
  printLimit,
  printMean,
  printMoney,
  printNumber,
  printShare,
  SECOND,
} from "../../sim/units.ts";
import type { Finding } from "../../study/advice/contract.ts";
import type { JudgementRow } from "../../study/thresholds.ts";
import { plusMinus, printerOf } from "../text/cells.ts";
import { chartSections, section, written } from "./cells.ts";
import type { Block, Objective, ReviewPart, SavedStudy, SettingChange, TableBlock } from "./review.ts";

type Numbers = Readonly<Record<string, number | null>>;

/** What a report reads of result.json. */
interface ResultFile {
  readonly version: string;
  readonly seed: number | string;
  readonly replications: number;
  readonly digest: string;
  readonly priceDate: string;
  readonly percentileRelativeError: number;
  readonly measuredS: number;
  readonly scenario: {
    readonly name: string;
    readonly about?: string;
    readonly account?: Readonly<Record<string, unknown>>;
    readonly functions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly defaults: readonly {
    readonly path: string;
    readonly value: unknown;
    readonly source: string;
    readonly date: string;
  }[];
  readonly functions: Readonly<
    Record<
      string,
      { readonly latencyMs: Numbers; readonly concurrency: Numbers } & Readonly<Record<string, unknown>>
    >
  >;
  readonly bill: {
    readonly lines: readonly BillRow[];
    readonly totalUsd: number;
    readonly totalUsdCi95?: number;
    readonly monthlyUsd: number;
    readonly monthlyUsdCi95?: number;
    readonly unverifiedPrices?: readonly unknown[] | number;
  };
  readonly thresholds: readonly JudgementRow[];
  readonly alarms?: readonly {
    readonly name: string;
    readonly of: string;
    readonly when: string;
    readonly firedIn: number;
    readonly times: number;
    readonly byReplication: readonly (readonly { readonly atS: number; readonly state: string }[])[];
  }[];
  readonly advice?: readonly Finding[];
  readonly notes?: readonly string[];
}

interface BillRow {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly unitPriceUsd: number | null;
  readonly costUsd: number | null;
  readonly source?: string;
  readonly date?: string;
  readonly uncertain: boolean;
}

/** Functions listed one by one; of more, those with the most requests. */
const MOST_FUNCTIONS = 50;
/** Settings of the first screen. */
const MOST_SETTINGS = 7;

/** A run as a part of a review. `prefix` goes before the ids of its sections. */
export function runPart({ file, words, charts }: SavedStudy, prefix: string): ReviewPart {
  const result = file as ResultFile;
  const { scenario } = result;
  const about = words?.about ?? scenario.about;
  const picture = charts.find(({ name }) => name === "capacity");
  const others = charts.filter((chart) => chart !== picture);
  return {
    name: scenario.name,
    what: "run",
    ...(about && { about }),
    verdict: words?.sentence ?? verdictOf(result.thresholds),
    objectivesTitle: "Objectives",
    objectives: result.thresholds.map(objectiveOf),
    settings: settingsNow(result),
    settingsTitle: "Settings",
    ...(words?.next && { next: words.next }),
    provenance: [
      ["seed", String(result.seed)],
      ["replications", `${printCount(result.replications)} of ${printDuration(result.measuredS * SECOND)}`],
      ["lsim", result.version],
      ["prices of", result.priceDate],
      ["digest", result.digest],
    ],
    picture,
    why: words?.explanations ?? [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}functions`, "What each function came to", [functionsTable(result)]),
      ...section(`${prefix}bill`, "The bill", billBlocks(result)),
      ...section(`${prefix}advice`, "What is worth changing", adviceBlocks(result.advice ?? [])),
      ...section(`${prefix}alarms`, "Which alarms would go off", alarmBlocks(result)),
      ...section(`${prefix}notes`, "What to keep in mind", noteBlocks(result)),
      ...section(`${prefix}assumptions`, "What was assumed", [defaultsTable(result)]),
      ...section(`${prefix}again`, "Make it again", againBlocks(words)),
    ],
  };
}

/** Without words of the run's own: how many thresholds were met. */
function verdictOf(thresholds: readonly JudgementRow[]): string {
  if (thresholds.length === 0) return "No thresholds were set.";
  const missed = thresholds.filter(({ ok }) => !ok);
  return missed.length === 0
    ? `All ${thresholds.length} thresholds are met.`
    : `${missed.length} of ${thresholds.length} thresholds missed: ${missed
        .map(({ of, measure, expression }) => `${of} ${measure} ${expression}`)
        .join(", ")}.`;
}

/** A judgement as an objective, in the unit its limit is written in. */
export function objectiveOf({
  of,
  measure,
  expression,
  value,
  ci95,
  ok,
  straddles,
}: Omit<JudgementRow, "straddles" | "ci95"> & {
  readonly ci95?: number | null;
  readonly straddles?: boolean;
}): Objective {
  const parsed = parseThreshold(measure, expression);
  const unit = parsed.ok ? parsed.value.unit : "number";
  const factor = unit === "duration" ? MILLISECOND : 1;
  const print = printerOf(unit);
  const found =
    value === null
      ? "nothing to judge"
      : `${print(value * factor)}${plusMinus((ci95 ?? Number.NaN) * factor, print)}`;
  return {
    asked: `${of} ${measure} ${expression}`,
    found: straddles ? `${found}, the interval straddles the limit` : found,
    standing: straddles ? "unsure" : ok ? "met" : "missed",
    word: ok ? "met" : "missed",
  };
}

/** The settings that capacity is about, as written. */
function settingsNow({ scenario }: ResultFile): SettingChange[] {
  const { account = {}, functions = {} } = scenario;
  const wanted = (block: Readonly<Record<string, unknown>>, keys: readonly string[], path: string) =>
    keys.flatMap((key) =>
      block[key] === undefined ? [] : [{ path: `${path}.${key}`, now: written(block[key]) }],
    );
  const all = [
    ...wanted(account, ["concurrency", "scaling"], "account"),
    ...Object.entries(functions).flatMap(([name, block]) =>
      wanted(block, ["memorySize", "timeout", "reservedConcurrency", "provisionedConcurrency"], name),
    ),
  ];
  return all.slice(0, MOST_SETTINGS);
}

function functionsTable({ functions }: ResultFile): TableBlock {
  const number = (value: unknown) => (typeof value === "number" ? value : Number.NaN);
  const all = Object.entries(functions).sort(([, a], [, b]) => number(b.requests) - number(a.requests));
  const shown = all.slice(0, MOST_FUNCTIONS);
  const ms = (value: number | null | undefined) => (value == null ? "–" : printDuration(value * MILLISECOND));
  const withCi = (
    block: Readonly<Record<string, unknown>>,
    key: string,
    print: (value: number) => string,
  ) => {
    const value = number(block[key]);
    return Number.isNaN(value) ? "–" : `${print(value)}${plusMinus(number(block[`${key}Ci95`]), print)}`;
  };
  const share = (part: unknown, whole: unknown) =>
    number(whole) > 0 ? printShare(number(part) / number(whole)) : "–";
  const time = (value: number) => printDuration(value * MILLISECOND);
  return {
    kind: "table",
    ...(all.length > shown.length && {
      caption: `The ${shown.length} of ${printCount(all.length)} functions with the most requests.`,
    }),
    columns: [
      "function",
      "requests",
      "p50",
      "p99",
      "p99.9",
      "longest",
      "cold",
      "attempts refused",
      "errors",
      "concurrency, mean",
      "most",
      "cost of the run",
    ],
    numeric: [false, ...Array.from({ length: 11 }, () => true)],
    rows: shown.map(([name, f]) => [
      name,
      printMean(number(f.requests)),
      ms(f.latencyMs.p50),
      withCi(f.latencyMs, "p99", time),
      withCi(f.latencyMs, "p999", time),
      ms(f.latencyMs.max),
      share(f.coldStarts, f.invocations),
      share(f.throttledAttempts, f.attempts),
      share((f.cloudWatch as Numbers | undefined)?.Errors, f.invocations),
      printNumber(number(f.concurrency.mean)),
      printMean(number(f.concurrency.max)),
      withCi(f, "costUsd", printMoney),
    ]),
  };
}

function billBlocks({ bill, priceDate }: ResultFile): Block[] {
  const unsure = bill.lines.filter(({ uncertain }) => uncertain).length;
  const total = `${printMoney(bill.totalUsd)}${plusMinus(bill.totalUsdCi95 ?? Number.NaN, printMoney)}`;
  const month = `${printMoney(bill.monthlyUsd)}${plusMinus(bill.monthlyUsdCi95 ?? Number.NaN, printMoney)}`;
  return [
    {
      kind: "text",
      text: `The run costs ${total}; a month of 730 hours, if it went on like this, ${month}. Prices of ${priceDate}.${
        unsure > 0
          ? ` ${unsure} ${unsure === 1 ? "price is" : "prices are"} marked: nobody has checked ${unsure === 1 ? "it" : "them"}.`
          : ""
      }`,
    },
    {
      kind: "table",
      columns: ["item", "quantity", "unit", "unit price", "cost", "source of the price", "date", "checked"],
      numeric: [false, true, false, true, true, false, false, false],
      rows: [
        ...bill.lines.map((line) => [
          line.item,
          printNumber(line.quantity, 6),
          line.unit,
          line.unitPriceUsd === null ? "not priced" : `$${plain(line.unitPriceUsd)}`,
          line.costUsd === null ? "–" : printMoney(line.costUsd),
          line.source ?? "–",
          line.date ?? "–",
          line.uncertain ? "no (unverified)" : "yes",
        ]),
        ["total", "", "", "", printMoney(bill.totalUsd), "", "", ""],
      ],
    },
  ];
}

/** A price without an exponent: 0.0000002. */
function plain(value: number): string {
  return value.toFixed(12).replace(/\.?0+$/, "");
}

function adviceBlocks(advice: readonly Finding[]): Block[] {
  return advice.length === 0
    ? []
    : [
        {
          kind: "list",
          items: advice.map(({ of, sentence, change }) => ({
            term: of,
            text: `${sentence}. Try:`,
            code: change,
          })),
        },
      ];
}

function alarmBlocks({ alarms = [], replications }: ResultFile): Block[] {
  if (alarms.length === 0) return [];
  const clock = (atS: number) => printDuration(atS * SECOND);
  return [
    {
      kind: "table",
      columns: ["alarm", "of", "goes off when", "went off in", "times a run", "first at"],
      numeric: [false, false, false, true, true, true],
      rows: alarms.map(({ name, of, when, firedIn, times, byReplication }) => {
        const first = byReplication.flatMap((history) =>
          history.filter(({ state }) => state === "ALARM").slice(0, 1),
        );
        return [
          name,
          of,
          when,
          `${firedIn} of ${printCount(replications)} replications`,
          printMean(times),
          first.length > 0 ? clock(first.reduce((sum, { atS }) => sum + atS, 0) / first.length) : "never",
        ];
      }),
    },
  ];
}

function noteBlocks({ notes = [], percentileRelativeError, replications }: ResultFile): Block[] {
  const own =
    replications > 1
      ? "± is half the width of the 95 % interval over replications; it does not say how right the assumptions are"
      : "one replication gives no intervals: run several with --replications";
  return [
    {
      kind: "list",
      items: [
        ...notes.map((text) => ({ text })),
        { text: own },
        {
          text: `percentiles are read off histograms, within ${printLimit(percentileRelativeError)} of the true value`,
        },
      ],
    },
  ];
}

function defaultsTable({ defaults }: ResultFile): TableBlock | undefined {
  if (defaults.length === 0) return undefined;
  return {
    kind: "table",
    caption: "Settings that the scenario leaves open, what was taken for them, and where that comes from.",
    columns: ["setting", "taken as", "source", "date"],
    numeric: [false, false, false, false],
    rows: defaults.map(({ path, value, source, date }) => [path, written(value), source, date]),
  };
}

/** The command, and the summary as the terminal shows it. */
export function againBlocks(words: SavedStudy["words"]): Block[] {
  if (!words) return [];
  return [
    ...(words.command
      ? [
          { kind: "text" as const, text: "The same scenario, seed and version give the same digest:" },
          { kind: "code" as const, text: words.command },
        ]
      : []),
    { kind: "code", text: words.summary.trimEnd(), folded: "The summary, as text" },
  ];
}
