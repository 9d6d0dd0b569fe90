import { packageStorage } from "../../sim/lambda/package-storage.ts";
import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { COLD_START_PHASES, type Counters, type FunctionResult } from "../../sim/measure/result.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { toUsd } from "../../sim/pricing/money.ts";
import {
  HOUR,
  MINUTE,
  printClock,
  printCount,
  printDuration,
  printMean,
  printMoney,
  printNumber,
  printShare,
} from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { estimate } from "../../study/statistics.ts";
import type { Judgement } from "../../study/thresholds.ts";
import { REASON_LABELS } from "../reasons.ts";
import { sparkline } from "./sparkline.ts";
import { verdict } from "./verdict.ts";

/** Colours for a terminal, or none. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

export const plain: Paint = { good: (t) => t, bad: (t) => t, dim: (t) => t, strong: (t) => t };

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
    ...(options.seconds === undefined ? [] : [`${options.seconds.toFixed(1)} s`]),
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

function functionLines(study: Study, fn: number, paint: Paint): string[] {
  const { scenario, replications } = study;
  const settings = scenario.functions[fn]!;
  const parts = replications.map((r) => r.functions[fn]!);
  const of = (read: (part: (typeof parts)[number]) => number) => estimate(parts.map(read));
  const share = (...counts: [top: (c: Counters) => number, bottom: (c: Counters) => number]) =>
    printShare(shareOf(study, ...counts, fn).mean);
  const requests = of((p) => p.counters.requests);
  const concurrency = [
    settings.provisionedConcurrency > 0
      ? `${printCount(settings.provisionedConcurrency)} provisioned`
      : "on-demand",
    ...(settings.reservedConcurrency === undefined
      ? []
      : [`${printCount(settings.reservedConcurrency)} reserved`]),
  ];
  const facts = [
    settings.architecture,
    `${settings.memorySize} MB`,
    ...concurrency,
    `${printCount(requests.mean)} requests`,
  ];
  const lines = [`${paint.strong(settings.name)}   ${paint.dim(facts.join(" · "))}`];
  const row = (label: string, cells: readonly string[]) => {
    lines.push(`  ${label.padEnd(12)} ${cells.filter(Boolean).join("   ")}`);
  };

  const { histograms, timeline } = study.functions[fn]!;
  if (histograms && histograms.latency.count > 0) {
    const { latency } = histograms;
    const tail = of((p) => p.quantiles!.latency.quantiles[4]!);
    row("latency", [
      `p50 ${printDuration(latency.quantile(0.5))}`,
      `p95 ${printDuration(latency.quantile(0.95))}`,
      `p99 ${printDuration(latency.quantile(0.99))}`,
      `p99.9 ${printDuration(latency.quantile(0.999))}${plusMinus(tail.ci95, printDuration)}`,
      `max ${printDuration(latency.max)}`,
    ]);
  } else if (histograms) {
    row("latency", ["no request was answered"]);
  } else {
    row("latency", [`mean ${printDuration(of((p) => p.latencyMean).mean)}`]);
  }

  const cold = of((p) => p.counters.coldStarts);
  row("cold starts", [
    `${printMean(cold.mean)}${plusMinus(cold.ci95)}`,
    share(
      (c) => c.coldStarts,
      (c) => c.invocations,
    ),
    histograms && histograms.coldLatency.count > 0
      ? `p50 ${printDuration(histograms.coldLatency.quantile(0.5))} when cold`
      : "",
    timeline ? worstStretch(timeline) : "",
  ]);
  const phases = coldStartPhases(parts);
  if (phases) row("", [phases]);
  const throttled = of((p) => p.counters.throttled);
  row("throttles", [
    `${printMean(throttled.mean)}${plusMinus(throttled.ci95)}`,
    share(
      (c) => c.throttled,
      (c) => c.requests,
    ),
    reasons(parts),
  ]);
  const failed = of((p) => p.counters.errors);
  if (failed.mean > 0) {
    const timeouts = of((p) => p.counters.timeouts);
    const resets = of((p) => p.counters.resets);
    row("errors", [
      `${printMean(failed.mean)}${plusMinus(failed.ci95)}`,
      share(
        (c) => c.errors,
        (c) => c.invocations,
      ),
      timeouts.mean > 0 ? `${printMean(timeouts.mean)} of them timeouts` : "",
      resets.mean > 0 ? `${printMean(resets.mean)} reset the environment` : "",
    ]);
  }
  const unfinished = of((p) => p.counters.unfinished);
  if (unfinished.mean > 0) row("unfinished", [`${printMean(unfinished.mean)} still running at the end`]);
  if (settings.provisionedConcurrency > 0) {
    const busy = of((p) => p.provisionedConcurrency.mean / settings.provisionedConcurrency);
    const spilled = share(
      (c) => c.spillover,
      (c) => c.spillover + c.provisionedInvocations,
    );
    row("provisioned", [`${printShare(busy.mean)} in use`, `spillover ${spilled}`]);
  }
  const running = of((p) => p.concurrency.mean);
  const peak = of((p) => p.concurrency.max);
  const limit = settings.reservedConcurrency ?? scenario.account.concurrency;
  row("concurrency", [
    `mean ${printNumber(running.mean)}`,
    `peak ${printCount(peak.mean)}${Number.isFinite(limit) ? ` of ${printCount(limit)}` : ""}`,
    timeline ? sparkline(timeline.concurrencyMax) : "",
  ]);
  const usd = replications.map((r) => toUsd(r.bills[fn]!.total));
  const perMillion = estimate(usd.map((cost, r) => (cost / parts[r]!.counters.invocations) * 1e6));
  row("cost", [
    Number.isFinite(perMillion.mean) ? `${printMoney(perMillion.mean)} per million invocations` : "",
    `${printMoney(estimate(usd).mean)} this run`,
  ]);
  return lines;
}

/** What a cold start is made of, where that is more than one thing: "on average placement 100 ms + init 250 ms". */
function coldStartPhases(parts: readonly Pick<FunctionResult, "counters">[]): string | undefined {
  const means = COLD_START_PHASES.map((phase) => ({
    phase,
    mean: estimate(parts.map(({ counters: c }) => c.coldStartTimes[phase] / c.coldStarts)).mean,
  })).filter(({ mean }) => mean > 0);
  if (means.length < 2) return undefined;
  return means.map(({ phase, mean }) => `${PHASE_NAMES[phase]} ${printDuration(mean)}`).join(" + ");
}

const PHASE_NAMES = {
  placement: "placement",
  download: "download",
  init: "init",
  firstHandler: "first handler run",
} as const;

function plusMinus(ci95: number, print: (value: number) => string = printMean): string {
  return Number.isFinite(ci95) && ci95 > 0 && !/^0(\.0+)?$/.test(print(ci95)) ? ` ± ${print(ci95)}` : "";
}

/** The minute (or longer interval) in which the largest share of invocations was cold. */
function worstStretch(timeline: Timeline): string {
  const step = Math.max(1, Math.round(MINUTE / timeline.interval));
  let worst = -1;
  let most = 0;
  for (let row = 0; row < timeline.rows; row += step) {
    let [invocations, cold] = [0, 0];
    for (let i = row; i < Math.min(row + step, timeline.rows); i++) {
      invocations += timeline.invocations[i]!;
      cold += timeline.coldStarts[i]!;
    }
    const share = invocations >= 1 ? cold / invocations : 0;
    if (share > most) [worst, most] = [row, share];
  }
  if (worst < 0) return "";
  const length = step * timeline.interval;
  const noun = length === MINUTE ? "minute" : length === HOUR ? "hour" : printDuration(length);
  return `worst ${noun} ${printShare(most)} at ${printClock(timeline.start + worst * timeline.interval)}`;
}

function reasons(parts: readonly Pick<FunctionResult, "counters">[]): string {
  return THROTTLE_REASONS.map((reason, i) => ({
    reason,
    mean: estimate(parts.map((p) => p.counters.throttledAttempts[i]!)).mean,
  }))
    .filter(({ mean }) => mean > 0)
    .sort((a, b) => b.mean - a.mean)
    .map(({ reason, mean }) => `${REASON_LABELS[reason]} ${printCount(mean)}`)
    .join(", ");
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
    const text = `${j.of.padEnd(of)}  ${j.measure.padEnd(measure)}  ${j.expression.padEnd(expression)}  ${printValue(j)}`;
    return `  ${mark} ${text}${j.straddles ? paint.dim("   the interval straddles the limit: more replications could turn this") : ""}`;
  });
}

/** A threshold's value in the unit its limit is written in. */
function printValue({ unit, value, ci95 }: Pick<Judgement, "unit" | "value" | "ci95">): string {
  if (Number.isNaN(value)) return "nothing to judge";
  const print = {
    duration: printDuration,
    share: printShare,
    money: printMoney,
    count: (v: number) => printCount(v),
    number: (v: number) => printNumber(v),
  }[unit];
  return `${print(value)}${plusMinus(ci95, print)}`;
}
