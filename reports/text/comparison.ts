import { printCount, printDuration, printNumber, printShare } from "../../sim/units.ts";
import type { LimitJudgement } from "../../study/change-limit.ts";
import {
  type ComparedStatistic,
  type Comparison,
  type Difference,
  isNegligible,
} from "../../study/compare.ts";
import type { ComparisonAbout } from "../../study/comparison-file.ts";
import { nameOfStatistic, unitOf } from "../../study/statistic-words.ts";
import { plusMinus, printChange, printerOf } from "./cells.ts";
import { type Paint, plain } from "./paint.ts";

/** Functions shown one by one; of more, those with the most requests. */
const MOST_SHOWN = 12;

/** Statistics that the sentence names of each sort. */
const MOST_NAMED = 4;

/** A comparison for the terminal: the verdict, then what was compared, then each function's table. */
export function comparisonText(
  comparison: Comparison,
  about: ComparisonAbout,
  options: { readonly paint?: Paint; readonly seconds?: number } = {},
): string {
  const paint = options.paint ?? plain;
  const lines = [paint.strong(comparisonSentence(comparison, about))];
  for (const [i, label] of about.labels.entries()) lines.push(`  ${"AB"[i]}  ${label}`);
  lines.push(paint.dim(`     ${provenanceOf(comparison, options.seconds)}`));
  const tables = groupsOf(comparison);
  const shown = tables.map(({ of, rows }) => ({ of, cells: rows.map(cellsOf) }));
  const header = ["A", "B", "B - A", "relative", ""];
  const all = shown.flatMap(({ cells }) => cells);
  const name = Math.max(...all.map((c) => c.name.length), ...shown.map(({ of }) => of.length - 2), 0);
  const widths = header.map((h, i) => Math.max(h.length, ...all.map((c) => c.values[i]!.length)));
  const lineOf = (values: readonly string[]) =>
    values
      .map((v, i) => (i < 4 ? v.padStart(widths[i]!) : v))
      .join("   ")
      .trimEnd();
  for (const { of, cells } of shown) {
    lines.push(`${paint.strong(of.padEnd(name + 2))}   ${paint.dim(lineOf(header))}`);
    for (const { name: what, values, verdict } of cells) {
      const text = `  ${what.padEnd(name)}   ${lineOf(values)}`;
      lines.push(verdict === "better" ? paint.good(text) : verdict === "worse" ? paint.bad(text) : text);
    }
  }
  const hidden = new Set(comparison.statistics.map(({ statistic }) => statistic.of)).size - shown.length;
  if (hidden > 0) lines.push(paint.dim(`… and ${printCount(hidden)} functions with fewer requests`));
  for (const [side, names] of [
    ["A", comparison.onlyA],
    ["B", comparison.onlyB],
  ] as const)
    if (names.length > 0) lines.push(`only in ${side}: ${names.slice(0, MOST_SHOWN).join(", ")}`);
  lines.push(...about.limits.map((limit) => limitLine(limit, paint)));
  lines.push(...notesOn(comparison, about).map((note) => paint.dim(`note   ${note}`)));
  return lines.join("\n");
}

/** The statistics of each function that are worth a row: not those that are nothing on both sides. */
function groupsOf({ statistics }: Comparison): { of: string; rows: ComparedStatistic[] }[] {
  const groups = new Map<string, ComparedStatistic[]>();
  for (const row of statistics) {
    const rows = groups.get(row.statistic.of) ?? [];
    groups.set(row.statistic.of, rows);
    const nothing = [row.a.value, row.b.value].every((v) => v === 0 || Number.isNaN(v));
    if (!nothing || row.judged) rows.push(row);
  }
  const all = [...groups].map(([of, rows]) => ({ of, rows }));
  const requests = (rows: readonly ComparedStatistic[]) =>
    rows.find(({ statistic }) => statistic.measure === "requests")?.a.value ?? 0;
  const busiest = all
    .filter(({ of }) => of !== "total")
    .sort((x, y) => requests(y.rows) - requests(x.rows))
    .slice(0, MOST_SHOWN);
  return all.filter((group) => group.of === "total" || busiest.includes(group));
}

function cellsOf({ statistic, a, b, difference, verdict }: ComparedStatistic) {
  const unit = unitOf(statistic);
  const print = (value: number) => (Number.isNaN(value) ? "–" : printerOf(unit)(value));
  return {
    name: nameOfStatistic(statistic),
    values: [
      print(a.value),
      print(b.value),
      changeText(unit, difference),
      relativeText(difference),
      markText(difference, verdict),
    ],
    verdict,
  };
}

/** "+1.60 pp ± 0.06 pp", in the unit of the statistic. */
export function changeText(unit: ReturnType<typeof unitOf>, { value, ci95, mark }: Difference): string {
  if (Number.isNaN(value)) return "–";
  if (mark === "nil") return "0";
  return `${printChange(unit, value)}${plusMinus(ci95, (v) => printChange(unit, v).replace(/^\+/, ""))}`;
}

/** "-30.2 % ± 0.4 %"; nothing where A is 0. */
export function relativeText({ relative, relativeCi95, mark }: Difference): string {
  if (mark === "nil" || Number.isNaN(relative)) return "";
  return `${relative > 0 ? "+" : ""}${printShare(relative)}${plusMinus(relativeCi95, printShare)}`;
}

/** A word on a difference: better or worse, more or less, unclear, the same; "slight" is clear, and under 0.1 %. */
export function markText(difference: Difference, verdict: ComparedStatistic["verdict"]): string {
  const { mark, value } = difference;
  if (mark === "nil") return "same";
  if (mark === "unclear") return "unclear";
  if (mark === "unknown") return "";
  return verdict ?? (isNegligible(difference) ? "slight" : value > 0 ? "more" : "less");
}

/** What the comparison says, in a sentence: of what thresholds judge, and of the cost. */
export function comparisonSentence({ statistics }: Comparison, { labels }: ComparisonAbout): string {
  const several = new Set(statistics.map(({ statistic }) => statistic.of)).size > 1;
  const headline = headlineOf(statistics);
  const named = (row: ComparedStatistic) => {
    const { statistic, a, b } = row;
    const print = printerOf(unitOf(statistic));
    const of = several ? `${statistic.of} ` : "";
    const change = relativeText(row.difference) || changeText(unitOf(statistic), row.difference);
    return {
      of: `${of}${nameOfStatistic(statistic)}`,
      how: `${print(a.value)} to ${print(b.value)}, ${change}`,
    };
  };
  const list = (rows: readonly ComparedStatistic[], figures: boolean) => {
    const texts = rows.slice(0, MOST_NAMED).map((row) => {
      const { of, how } = named(row);
      return figures ? `${of} (${how})` : of;
    });
    const more = rows.length - texts.length;
    return enumerated([...texts, ...(more > 0 ? [`${more} more`] : [])]);
  };
  const only = (pick: (row: ComparedStatistic) => boolean) => headline.filter(pick);
  const parts = [
    ["better in", only((r) => r.verdict === "better"), true],
    ["worse in", only((r) => r.verdict === "worse"), true],
    ["different in", only((r) => isChange(r) && r.verdict === undefined), true],
    ["not clearly different in", only((r) => r.difference.mark === "unclear"), false],
    ["the same in", only((r) => r.difference.mark === "nil" || isSlight(r)), false],
  ] as const;
  const said = parts.flatMap(([how, rows, figures]) =>
    rows.length > 0 ? [`${how} ${list(rows, figures)}`] : [],
  );
  if (statistics.length > 0 && statistics.every(({ difference }) => difference.mark === "nil"))
    return `B does not differ from A: every replication came to the same.`;
  if (said.length === 0)
    return `${labels[1]} against ${labels[0]}: one replication each tells no difference from chance.`;
  return `B is ${said.join("; ")}.`;
}

const isSlight = ({ difference }: ComparedStatistic) =>
  difference.mark === "clear" && isNegligible(difference);
const isChange = ({ difference }: ComparedStatistic) =>
  difference.mark === "clear" && !isNegligible(difference);

/** "a, b and c". */
export function enumerated(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** What the sentence is about: what thresholds judge and a month's cost; without thresholds the usual questions. */
export function headlineOf(statistics: readonly ComparedStatistic[]): ComparedStatistic[] {
  // Of one function alone the total says only what it costs.
  const last = statistics.findLast(({ statistic }) => statistic.measure === "latency")?.statistic.of;
  const chosen = statistics.some(({ judged }) => judged)
    ? (row: ComparedStatistic) => row.judged
    : ({ statistic: s }: ComparedStatistic) =>
        s.of === last &&
        ((s.measure === "latency" && s.quantile === 0.99) ||
          (["throttles", "coldStarts"].includes(s.measure) && s.aggregate === "rate"));
  const cost = ({ statistic: s }: ComparedStatistic) =>
    s.measure === "cost" && s.aggregate === "perMonth" && s.of === "total";
  return statistics.filter((row) => chosen(row) || cost(row));
}

function provenanceOf({ a, b, paired }: Comparison, seconds: number | undefined): string {
  const n = a.seeds.length;
  const runs = paired
    ? n === 1
      ? "1 replication each, of the same seed"
      : `${n} pairs of replications with the same seeds`
    : `${n} and ${b.seeds.length} replications`;
  return [
    `${printDuration(a.span)} measured`,
    runs,
    `seed ${a.seeds[0]}`,
    ...(seconds === undefined ? [] : [`took ${seconds.toFixed(1)} s`]),
  ].join(" · ");
}

/** "x  latency p(99) > +5%   +7.1 % ± 0.3 %". */
function limitLine(
  { expression, statistic, difference, relative, met, straddles }: LimitJudgement,
  paint: Paint,
) {
  const unit = unitOf(statistic);
  const change = (relative && relativeText(difference)) || changeText(unit, difference);
  const mark = met ? paint.bad("x ") : paint.good("ok");
  const doubt = straddles ? "   the interval straddles the limit: more replications could turn this" : "";
  return `  ${mark} ${expression}   ${change}${met ? "   beyond the limit" : ""}${paint.dim(doubt)}`;
}

/** What one should know before one believes the table. */
function notesOn({ a, b, paired }: Comparison, { precision }: ComparisonAbout): string[] {
  const notes: string[] = [];
  if (!paired)
    notes.push(
      "the seeds differ: the intervals are those of independent samples (Welch), wider than of pairs",
    );
  if (Math.min(a.seeds.length, b.seeds.length) < 2)
    notes.push("one replication gives no interval; take more with --replications");
  if (a.span !== b.span)
    notes.push(
      `A measures ${printDuration(a.span)}, B ${printDuration(b.span)}: counts and costs of a run differ by that`,
    );
  if (precision) {
    const { reached, replications, worst, worstShare, share } = precision;
    const last = worst ? `${worst.of} ${nameOfStatistic(worst)}` : "all";
    notes.push(
      reached
        ? `± ${printShare(share)} reached after ${printCount(replications)} replications; stopping when it looks narrow leaves a little less than 95 % coverage`
        : `± ${printShare(share)} not reached in ${printCount(replications)} replications: ${last} is known to ± ${Number.isFinite(worstShare) ? printShare(worstShare) : printNumber(worstShare)}; --most allows more`,
    );
  }
  return notes;
}

/** The same as GitHub's Markdown. */
export function comparisonMarkdown(comparison: Comparison, about: ComparisonAbout): string {
  const rows = groupsOf(comparison).flatMap(({ of, rows }) =>
    rows.map((row) => {
      const { name, values } = cellsOf(row);
      return `| ${[of, name, ...values].join(" | ")} |`;
    }),
  );
  return [
    `## ${about.labels[1]} against ${about.labels[0]}`,
    "",
    `**${comparisonSentence(comparison, about)}**`,
    "",
    "| function | statistic | A | B | B - A | relative | |",
    "|---|---|--:|--:|--:|--:|---|",
    ...rows,
    ...(about.limits.length > 0 ? ["", ...about.limits.map((limit) => `-${limitLine(limit, plain)}`)] : []),
    "",
    ...notesOn(comparison, about).map((note) => `> ${note}`),
  ]
    .join("\n")
    .trimEnd();
}
