import { printCount, printDuration, printMoney, printShare } from "../../sim/units.ts";
import { type Assessment, figureOf, monthlyCost, p99Of, rowOf } from "../../study/assess.ts";
import type { PointResult } from "../../study/point.ts";
import { printValue } from "../../study/point-problems.ts";
import type { Sweep } from "../../study/sweep.ts";
import { meetsAll } from "../../study/thresholds.ts";
import { plusMinus } from "./cells.ts";
import { type Paint, plain } from "./paint.ts";

/** Beyond this many points the table shows the frontier and the best of the others. */
const MOST_ROWS = 40;
const MOST_SETTING = 28;
/** What a line of the table may take; columns that are asked for least are left out first. */
const MOST_WIDTH = 150;

const ms = (value: number) => printDuration(value * 1000);

interface TableColumn {
  readonly title: string;
  readonly column: string;
  readonly print: (value: number) => string;
  /** Shown only where it is not 0 everywhere. */
  readonly ifAny?: boolean;
  /** With its interval. */
  readonly ci?: boolean;
  /** Left out in this order where the table is too wide. */
  readonly rank: number;
}

const COLUMNS: readonly TableColumn[] = [
  { title: "p50", column: "latencyP50Ms", print: ms, rank: 3 },
  { title: "p99", column: "latencyP99Ms", print: ms, ci: true, rank: 0 },
  { title: "message age p99", column: "messageAgeP99Ms", print: ms, rank: 2 },
  { title: "throttles", column: "throttleRate", print: printShare, ifAny: true, rank: 1 },
  { title: "dropped", column: "droppedRate", print: printShare, ifAny: true, rank: 2 },
  { title: "errors", column: "errorRate", print: printShare, ifAny: true, rank: 5 },
  { title: "cold starts", column: "coldStartRate", print: printShare, ifAny: true, rank: 4 },
];

/** What a sweep came to in one sentence. */
export function sweepVerdict(sweep: Sweep, found: Assessment): string {
  const { judged, meeting, cheapest, fastest, nearest, subject } = found;
  const unsure =
    judged && cheapest?.thresholds.some(({ straddles }) => straddles)
      ? " The cheapest is too close to a limit to be sure: more replications would tell."
      : "";
  const all = sweep.points.length;
  const points = `${printCount(all)} point${all === 1 ? "" : "s"}`;
  const best = bestOf(cheapest, fastest, subject);
  if (!judged) return `${points}, and no thresholds to meet; ${best}.`;
  if (meeting.length === 0) {
    const missed = nearest?.thresholds
      .filter(({ ok }) => !ok)
      .map(({ of, measure, expression }) => `${of} ${measure} ${expression}`);
    return nearest
      ? `None of ${points} meets all thresholds; nearest is ${described(nearest, subject)}, which misses ${missed!.join(", ")}.`
      : `None of ${points} meets all thresholds.`;
  }
  return `${meeting.length === all ? (all === 1 ? "The one point meets" : `All ${points} meet`) : `${printCount(meeting.length)} of ${points} ${meeting.length === 1 ? "meets" : "meet"}`} all thresholds; ${best}.${unsure}`;
}

function bestOf(
  cheapest: PointResult | undefined,
  fastest: PointResult | undefined,
  subject: string,
): string {
  if (!cheapest) return "none has a cost";
  if (!fastest || fastest === cheapest)
    return `the cheapest${fastest ? ", which has the best p99 too," : ""} is ${described(cheapest, subject)}`;
  return `the cheapest is ${described(cheapest, subject)}; the best p99 has ${described(fastest, subject)}`;
}

/** "api.memorySize=512MB ($41.20 a month, p99 812 ms)". */
function described(point: PointResult, subject: string): string {
  const [cost, p99] = [monthlyCost(point), p99Of(point, subject)];
  const figures = [
    ...(cost === undefined ? [] : [`${printMoney(cost)} a month`]),
    ...(p99 === undefined ? [] : [`p99 ${ms(p99)}`]),
  ];
  return `${labelOf(point)}${figures.length > 0 ? ` (${figures.join(", ")})` : ""}`;
}

/** A point by its settings. */
export function labelOf({ settings }: PointResult): string {
  return Object.entries(settings)
    .map(([path, value]) => `${path}=${cut(printValue(value))}`)
    .join(", ");
}

/** The summary of a sweep: the verdict, then a table of its points. */
export function sweepSummary(sweep: Sweep, found: Assessment, paint: Paint = plain): string {
  const { points, sampling, name, seed } = sweep;
  const counts = new Set(points.map(({ replications }) => replications));
  const replications = counts.size === 1 ? [...counts][0]! : undefined;
  const title = [
    `${printCount(points.length)} point${points.length === 1 ? "" : "s"}${sampling ? ` (${sampling.sampling === "lhs" ? "Latin hypercube" : "random"} sample)` : ""}`,
    replications === undefined
      ? "replications vary"
      : `${replications} replication${replications === 1 ? "" : "s"} each`,
    `seed ${seed}`,
    ...(found.subject === "total" ? [] : [`latency and rates of ${found.subject}, cost of the account`]),
  ];
  const { lines, left } = tableOf(sweep, found);
  const marked = lines.map((line, i) =>
    i === 0
      ? paint.dim(line)
      : line.startsWith("x")
        ? line.replace(/^x /, paint.bad("x "))
        : line.replace(/^ok/, paint.good("ok")),
  );
  return [
    `${paint.strong(name)}   ${title.join(" · ")}`,
    sweepVerdict(sweep, found),
    "",
    ...marked,
    ...(left > 0 ? [`… and ${printCount(left)} more point${left === 1 ? "" : "s"} in sweep.csv`] : []),
    ...(found.frontier.size > 0
      ? [
          `*  on the frontier: no point${found.judged && found.meeting.length > 0 ? " that meets all thresholds" : ""} is both cheaper and faster`,
        ]
      : []),
  ].join("\n");
}

/** The same as Markdown. */
export function sweepMarkdown(sweep: Sweep, found: Assessment): string {
  const { head, rows, left } = cellsOf(sweep, found, Number.POSITIVE_INFINITY);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((c) => c.replaceAll("|", "\\|").replace(/^\*$/, "\\*")).join(" | ")} |`;
  return [
    `## ${sweep.name}`,
    "",
    sweepVerdict(sweep, found),
    "",
    line(head),
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map(line),
    ...(left > 0 ? ["", `… and ${printCount(left)} more in sweep.csv`] : []),
  ].join("\n");
}

function tableOf(sweep: Sweep, found: Assessment): { lines: string[]; left: number } {
  const { head, rows, left, words } = cellsOf(sweep, found, MOST_WIDTH);
  const widths = widthsOf([head, ...rows]);
  const lines = [head, ...rows].map((cells) =>
    cells
      .map((cell, i) => (words(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  return { lines, left };
}

/** The table's cells; where they would be wider than `most`, without the figures asked for least, then without the last settings. */
function cellsOf(sweep: Sweep, found: Assessment, most: number) {
  const shown = rowsOf(sweep, found);
  const all = sweep.points.map((point) => rowOf(point, found.subject));
  const missesAny = sweep.points.some((point) => !meetsAll(point));
  let axes = sweep.axes;
  let columns = COLUMNS.filter(({ column, ifAny }) => {
    const values = all.map((row) => figureOf(row, column) ?? 0);
    return all.some((row) => figureOf(row, column) !== undefined) && (!ifAny || values.some((v) => v > 0));
  });
  for (;;) {
    const isCut = axes.length < sweep.axes.length;
    const head = [
      "",
      "",
      "point",
      ...axes.map(({ path }) => cut(path)),
      ...(isCut ? ["…"] : []),
      ...columns.map((c) => c.title),
      "a month",
      ...(missesAny ? ["misses"] : []),
    ];
    const rows = shown.map((i) => {
      const point = sweep.points[i]!;
      const row = rowOf(point, found.subject);
      const cost = monthlyCost(point);
      return [
        found.judged ? (meetsAll(point) ? "ok" : "x ") : "  ",
        found.frontier.has(point.key) ? "*" : " ",
        String(i + 1),
        ...axes.map(({ path }) => cut(printValue(point.settings[path]))),
        ...(isCut ? ["…"] : []),
        ...columns.map(({ column, print, ci }) => {
          const value = figureOf(row, column);
          if (value === undefined) return "–";
          return `${print(value)}${ci ? plusMinus(figureOf(row, `${column}Ci95`) ?? Number.NaN, print) : ""}`;
        }),
        cost === undefined ? "–" : printMoney(cost),
        ...(missesAny ? [missesOf(point)] : []),
      ];
    });
    const width = widthsOf([head, ...rows]).reduce((a, b) => a + b + 2, 0);
    const last = Math.max(...columns.map((c) => c.rank));
    if (width > most && last > 0) columns = columns.filter((c) => c.rank < last);
    else if (width > most && axes.length > 1) axes = axes.slice(0, -1);
    else {
      const words = (i: number) => i < 3 + axes.length || (missesAny && i === head.length - 1);
      return { head, rows, words, left: sweep.points.length - shown.length };
    }
  }
}

/** Which measures miss their threshold; with several functions, whose. */
function missesOf({ thresholds, figures }: PointResult): string {
  const missed = thresholds.filter(({ ok }) => !ok);
  return cut(
    [...new Set(missed.map(({ of, measure }) => (figures.length > 1 ? `${of} ${measure}` : measure)))].join(
      ", ",
    ),
  );
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return rows[0]!.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
}

/** Which points the table shows: all, or the frontier and the cheapest of those that miss least; in their order. */
function rowsOf({ points }: Sweep, { frontier }: Assessment): number[] {
  const order = points.map((_, i) => i);
  if (points.length <= MOST_ROWS) return order;
  const missed = points.map(({ thresholds }) => thresholds.filter(({ ok }) => !ok).length);
  const cost = points.map((point) => monthlyCost(point) ?? Number.POSITIVE_INFINITY);
  const onFrontier = points.map(({ key }) => (frontier.has(key) ? 0 : 1));
  return order
    .sort(
      (a, b) => onFrontier[a]! - onFrontier[b]! || missed[a]! - missed[b]! || cost[a]! - cost[b]! || a - b,
    )
    .slice(0, MOST_ROWS)
    .sort((a, b) => a - b);
}

function cut(text: string): string {
  return text.length <= MOST_SETTING ? text : `${text.slice(0, 9)}…${text.slice(-(MOST_SETTING - 10))}`;
}
