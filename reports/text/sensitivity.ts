import { printCount, printDuration, printShare } from "../../sim/units.ts";
import type { Difference } from "../../study/compare.ts";
import { type Effect, ranked, type Sensitivity } from "../../study/sensitivity.ts";
import { nameOfStatistic, unitOf } from "../../study/statistic-words.ts";
import type { SensitivityData } from "../sensitivity-table.ts";
import { printerOf } from "./cells.ts";
import { changeText, enumerated, relativeText } from "./comparison.ts";
import { type Paint, plain } from "./paint.ts";

/** Assumptions shown for each statistic; the file holds all. */
const MOST_SHOWN = 12;
/** And named in the sentence. */
const MOST_NAMED = 3;

/** "total cost perMonth"; without the function where there is one only. */
export function titleOf({ base, on }: SensitivityData, i: number): string {
  const { of } = on[i]!;
  return `${base.functions.length > 1 || of === "total" ? `${of} ` : ""}${nameOfStatistic(on[i]!)}`;
}

/** What each statistic depends on most, in a sentence. */
export function sensitivitySentence(study: SensitivityData): string {
  return study.on
    .map((_, i) => {
      const clear = ranked(study, i).filter(({ effects }) => effects[i]!.clear);
      const title = titleOf(study, i);
      const [first, ...others] = clear;
      if (!first) return `${title} does not clearly depend on any assumption`;
      const next = others
        .slice(0, MOST_NAMED - 1)
        .map(({ name, effects }) => `${name} (${rangeText(effects[i]!, study, i)})`);
      const rest = next.length > 0 ? `, then on ${enumerated(next)}` : "";
      return `${title} depends most on ${first.name} (${rangeText(first.effects[i]!, study, i)})${rest}`;
    })
    .join("; ")
    .concat(".");
}

/** "-19.9 % to +20.1 %". */
function rangeText({ less, more }: Effect, { on }: SensitivityData, i: number): string {
  const text = (difference: Difference | undefined) =>
    difference === undefined
      ? []
      : [
          relativeText({ ...difference, relativeCi95: 0 }) ||
            changeText(unitOf(on[i]!), { ...difference, ci95: 0 }),
        ];
  return [...text(less), ...text(more)].join(" to ");
}

/** A sensitivity for the terminal: the sentence, then what each statistic depends on, strongest first. */
export function sensitivityText(
  study: Sensitivity,
  options: { readonly paint?: Paint; readonly seconds?: number } = {},
): string {
  const paint = options.paint ?? plain;
  const { base, by, on, assumptions, unmoved } = study;
  const about = [
    `each assumption ${printShare(by)} less and more`,
    `${printDuration(base.span)} measured`,
    `${printCount(base.seeds.length)} pairs of replications`,
    `seed ${base.seeds[0]}`,
    ...(options.seconds === undefined ? [] : [`took ${options.seconds.toFixed(1)} s`]),
  ];
  const lines = [
    paint.strong(sensitivitySentence(study)),
    `  ${base.name}   ${paint.dim(about.join(" · "))}`,
  ];
  on.forEach((statistic, i) => {
    const unit = unitOf(statistic);
    const rows = ranked(study, i);
    const now = base.read(statistic)!.value;
    const value = Number.isNaN(now) ? "no value" : printerOf(unit)(now);
    const cells = rows.slice(0, MOST_SHOWN).map(({ name, text, isDefault, effects }) => {
      const { less, more, clear } = effects[i]!;
      const cell = (d: Difference | undefined) =>
        d === undefined ? "–" : d.mark === "nil" ? "0" : relativeText(d) || changeText(unit, d);
      return {
        name,
        columns: [cell(less), cell(more)],
        end: `${clear ? "" : "unclear   "}${paint.dim(`${shortened(text)}${isDefault ? " (default)" : ""}`)}`,
      };
    });
    const name = Math.max(titleOf(study, i).length - 2, ...cells.map((c) => c.name.length));
    const headers = [`-${printShare(by)}`, `+${printShare(by)}`];
    const widths = headers.map((h, k) => Math.max(h.length, ...cells.map((c) => c.columns[k]!.length)));
    const lineOf = (columns: readonly string[]) => columns.map((c, k) => c.padStart(widths[k]!)).join("   ");
    lines.push(
      `${paint.strong(titleOf(study, i).padEnd(name + 2))}   ${paint.dim(`${lineOf(headers)}   now ${value}`)}`,
    );
    for (const { name: what, columns, end } of cells)
      lines.push(`  ${what.padEnd(name)}   ${lineOf(columns)}   ${end}`.trimEnd());
    if (rows.length > cells.length)
      lines.push(paint.dim(`  … and ${printCount(rows.length - cells.length)} with less effect`));
    const none = assumptions.filter((a) => !rows.includes(a)).map((a) => a.name);
    if (none.length > 0) lines.push(paint.dim(`  no effect: ${list(none)}`));
  });
  for (const [reason, names] of byReason(unmoved))
    lines.push(paint.dim(`note   not moved, since ${reason}: ${list(names)}`));
  return lines.join("\n");
}

function byReason(unmoved: Sensitivity["unmoved"]): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { name, reason } of unmoved) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return reasons;
}

const list = (names: readonly string[]) =>
  names.length <= MOST_SHOWN
    ? names.join(", ")
    : `${names.slice(0, MOST_SHOWN).join(", ")} and ${printCount(names.length - MOST_SHOWN)} more`;

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** The same as GitHub's Markdown. */
export function sensitivityMarkdown(study: Sensitivity): string {
  const tables = study.on.flatMap((statistic, i) => {
    const cell = (d: Difference | undefined) =>
      d === undefined ? "–" : d.mark === "nil" ? "0" : relativeText(d) || changeText(unitOf(statistic), d);
    return [
      "",
      `| ${titleOf(study, i)} | -${printShare(study.by)} | +${printShare(study.by)} | |`,
      "|---|--:|--:|---|",
      ...ranked(study, i).map(({ name, text, isDefault, effects }) => {
        const { less, more, clear } = effects[i]!;
        return `| ${name} | ${cell(less)} | ${cell(more)} | ${clear ? "" : "unclear; "}${text}${isDefault ? " (default)" : ""} |`;
      }),
    ];
  });
  return [`## What ${study.base.name} depends on`, "", `**${sensitivitySentence(study)}**`, ...tables].join(
    "\n",
  );
}
