import { packageStorage } from "../../sim/lambda/package-storage.ts";
import { toUsd } from "../../sim/pricing/money.ts";
import {
  printCount,
  printDuration,
  printMean,
  printMoney,
  printNumber,
  printShare,
} from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { estimate } from "../../study/statistics.ts";
import type { Judgement } from "../../study/thresholds.ts";
import { plusMinus } from "./cells.ts";
import { functionLines } from "./function-lines.ts";
import { type Paint, plain } from "./paint.ts";
import { verdict } from "./verdict.ts";

/** What the summary says about the run itself. */
export interface SummaryOptions {
  readonly digest: string;
  readonly judgements: readonly Judgement[];
  /** Wall time of the simulation, where it is known. */
  readonly seconds?: number;
  /** The scenario as the user named it, for the commands that are suggested. */
  readonly command: string;
  readonly paint?: Paint;
}

/** Functions shown one by one; of more than this, those with the most requests. */
const MOST_SHOWN = 12;

/** The summary one pastes into a review: what was run, each function's figures, thresholds, and the verdict. */
export function summary(study: Study, options: SummaryOptions): string {
  const { scenario, replications } = study;
  const paint = options.paint ?? plain;
  const head = [
    `${printDuration(scenario.horizon)} simulated${scenario.warmup > 0 ? ` (first ${printDuration(scenario.warmup)} left out)` : ""}`,
    replications.length === 1 ? "1 replication" : `${replications.length} replications`,
    ...(options.seconds === undefined ? [] : [`took ${options.seconds.toFixed(1)} s`]),
    `seed ${scenario.seed}`,
    `digest ${options.digest}`,
  ];
  const lines = [`${paint.strong(scenario.name)}   ${paint.dim(head.join(" · "))}`];
  const order = scenario.functions
    .map((_, fn) => ({ fn, requests: replications[0]!.functions[fn]!.counters.requests }))
    .sort((a, b) => b.requests - a.requests || a.fn - b.fn);
  const shown =
    order.length <= MOST_SHOWN
      ? order.map(({ fn }) => fn).sort((a, b) => a - b)
      : order.slice(0, MOST_SHOWN).map(({ fn }) => fn);
  for (const fn of shown) lines.push(...functionLines(study, fn, paint));
  if (order.length > shown.length)
    lines.push(paint.dim(`… and ${printCount(order.length - shown.length)} functions with fewer requests`));
  lines.push(...billLines(study));
  lines.push(...storageLines(study));
  lines.push(...thresholdLines(options.judgements, paint));
  lines.push(...noteLines(study, paint));
  const { sentence, next } = verdict(study, options.judgements, options.command);
  lines.push(paint.strong(sentence));
  if (next) lines.push(`Next: ${next.command}`, paint.dim(`      ${next.caveat}`));
  return lines.join("\n");
}

/** What the reader should know about how settings were taken, each once, with the functions that it is about. */
function noteLines({ scenario }: Study, paint: Paint): string[] {
  const about = new Map<string, string[]>();
  for (const { name, notes } of scenario.functions) {
    for (const note of notes) about.set(note, [...(about.get(note) ?? []), name]);
  }
  return [...about].map(([note, names]) =>
    paint.dim(`note   ${names.length <= 3 ? names.join(", ") : `${names.length} functions`}: ${note}`),
  );
}

function billLines(study: Study): string[] {
  const { replications, scenario } = study;
  const run = estimate(replications.map((r) => toUsd(r.bill.total))).mean;
  const month = estimate(replications.map((r) => toUsd(r.monthly.total)));
  const tier = scenario.pricing.freeTier ? "after the free tier" : "free tier left out";
  const { table } = scenario.pricing;
  return [
    `bill   ${printMoney(run)} this run · ${printMoney(month.mean)} a month of 730 h if it went on like this · ${tier} · ${table.region} prices of ${table.date}`,
  ];
}

/** What packages take, where the scenario says how large they are. */
function storageLines({ scenario }: Study): string[] {
  const storage = packageStorage(scenario.functions);
  if (!storage) return [];
  const { storedMb, storedWithoutLayersMb, uploadedMb, uploadedWithoutLayersMb } = storage;
  const without = (mb: number, instead: number) =>
    mb === instead ? "" : ` (${printNumber(instead)} MB without layers)`;
  return [
    `code   ${printNumber(storedMb)} MB stored${without(storedMb, storedWithoutLayersMb)} · ${printNumber(uploadedMb)} MB uploaded when all code is deployed${without(uploadedMb, uploadedWithoutLayersMb)}`,
  ];
}

function thresholdLines(judgements: readonly Judgement[], paint: Paint): string[] {
  const [of, measure, expression] = (["of", "measure", "expression"] as const).map((key) =>
    Math.max(0, ...judgements.map((j) => j[key].length)),
  ) as [number, number, number];
  return judgements.map((j) => {
    const mark = j.ok ? paint.good("ok") : paint.bad("x ");
    const text = `${j.of.padEnd(of)}  ${j.measure.padEnd(measure)}  ${j.expression.padEnd(expression)}  ${printThreshold(j)}`;
    return `  ${mark} ${text}${j.straddles ? paint.dim("   the interval straddles the limit: more replications could turn this") : ""}`;
  });
}

/** A threshold's value in the unit its limit is written in. */
export function printThreshold({ unit, value, ci95 }: Pick<Judgement, "unit" | "value" | "ci95">): string {
  if (Number.isNaN(value)) return "nothing to judge";
  const print = {
    duration: printDuration,
    share: printShare,
    money: printMoney,
    count: printMean,
    number: (v: number) => printNumber(v),
  }[unit];
  return `${print(value)}${plusMinus(ci95, print)}`;
}
