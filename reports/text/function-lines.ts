import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { COLD_START_PHASES, type Counters, type FunctionFigures } from "../../sim/measure/result.ts";
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
import { functionBill } from "../../study/function-bill.ts";
import { provisionedCost } from "../../study/provisioned.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { estimate } from "../../study/statistics.ts";
import { REASON_LABELS } from "../reasons.ts";
import { numbered, plusMinus, row as rowOf } from "./cells.ts";
import { entryLines } from "./entry-lines.ts";
import type { Paint } from "./paint.ts";
import { payText } from "./pay-text.ts";
import { sparkline } from "./sparkline.ts";

/** A function's block of the summary: its settings, then a line for each thing to know. */
export function functionLines(study: Study, fn: number, paint: Paint): string[] {
  const { scenario, replications } = study;
  const settings = scenario.functions[fn]!;
  const parts = replications.map((r) => r.functions[fn]!);
  const of = (read: (part: (typeof parts)[number]) => number) => estimate(parts.map(read));
  const share = (...counts: [top: (c: Counters) => number, bottom: (c: Counters) => number]) =>
    printShare(shareOf(study, ...counts, fn).mean);
  const requests = of((p) => p.counters.requests);
  const concurrency = [
    settings.provisioning?.text ??
      (settings.provisionedConcurrency > 0
        ? `${printCount(settings.provisionedConcurrency)} provisioned`
        : "on-demand"),
    ...(settings.reservedConcurrency === undefined
      ? []
      : [`${printCount(settings.reservedConcurrency)} reserved`]),
  ];
  const facts = [
    settings.architecture,
    `${settings.memorySize} MB`,
    ...concurrency,
    `${printMean(requests.mean)} requests`,
  ];
  const lines = [`${paint.strong(settings.name)}   ${paint.dim(facts.join(" · "))}`];
  const row = (label: string, cells: readonly string[]) => {
    lines.push(rowOf(label, cells));
  };

  const entries = entryLines(study, fn);
  lines.push(...entries);
  // Requests that may wait and be tried again: an attempt refused is no request lost.
  const patient = scenario.entries.some(({ target }) => target === fn);
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
  row("throttles", patient ? refusals(study, fn) : throttles(study, fn));
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
  const dropped = of((p) => p.counters.dropped);
  if (dropped.mean > 0) {
    const kept = of((p) => p.counters.deadLettered);
    row("dropped", [
      `${printMean(dropped.mean)}${plusMinus(dropped.ci95)}`,
      share(
        (c) => c.dropped,
        (c) => c.requests,
      ),
      kept.mean > 0 ? `${printMean(kept.mean)} of them dead-lettered` : "",
    ]);
  }
  const unfinished = of((p) => p.counters.unfinished);
  if (unfinished.mean > 0)
    row("unfinished", [
      `${printMean(unfinished.mean)} still ${patient ? "waiting or running" : "running"} at the end`,
    ]);
  if (settings.provisionedConcurrency > 0) {
    const spilled = share(
      (c) => c.spillover,
      (c) => c.spillover + c.provisionedInvocations,
    );
    const allocated = of((p) => p.provisioned!.allocated.mean);
    const most = of((p) => p.provisioned!.allocated.max);
    row("provisioned", [
      settings.provisioning
        ? `${printNumber(allocated.mean)} allocated on average, ${printMean(most.mean)} at most`
        : "",
      `spillover ${spilled}`,
      `${printMoney(provisionedCost(study, fn).perHourUsd.mean)} an hour`,
    ]);
    row("", [payText(provisionedCost(study, fn))]);
  }
  const running = of((p) => p.concurrency.mean);
  const peak = of((p) => p.concurrency.max);
  const limit = settings.reservedConcurrency ?? scenario.account.concurrency;
  row("concurrency", [
    `mean ${printNumber(running.mean)}`,
    `peak ${printCount(peak.mean)}${Number.isFinite(limit) ? ` of ${printCount(limit)}` : ""}`,
    timeline ? sparkline(timeline.concurrencyMax) : "",
  ]);
  const usd = replications.map((r) => toUsd(functionBill(study, r, fn).total));
  const perMillion = estimate(usd.map((cost, r) => (cost / parts[r]!.counters.invocations) * 1e6));
  row("cost", [
    Number.isFinite(perMillion.mean) ? `${printMoney(perMillion.mean)} per million invocations` : "",
    `${printMoney(estimate(usd).mean)} this run`,
  ]);
  return lines;
}

/** Requests refused, their share, and why. */
function throttles(study: Study, fn: number): string[] {
  const parts = study.replications.map((r) => r.functions[fn]!);
  const { mean, ci95 } = estimate(parts.map((p) => p.counters.throttled));
  const share = shareOf(
    study,
    (c) => c.throttled,
    (c) => c.requests,
    fn,
  );
  return [`${printMean(mean)}${plusMinus(ci95)}`, printShare(share.mean), reasons(parts)];
}

/** The same where requests wait and are tried again: attempts refused, and the requests that were lost to it. */
function refusals(study: Study, fn: number): string[] {
  const parts = study.replications.map((r) => r.functions[fn]!);
  const refused = (c: Counters) => c.throttledAttempts.reduce((sum, n) => sum + n, 0);
  const attempts = estimate(parts.map((p) => refused(p.counters)));
  const [, lostShare, why] = throttles(study, fn) as [string, string, string];
  const lost = estimate(parts.map((p) => p.counters.throttled));
  if (attempts.mean === 0 && lost.mean === 0) return ["0", "0 %"];
  return [
    numbered(attempts, "attempt"),
    `${printShare(shareOf(study, refused, (c) => c.attempts, fn).mean)} of them`,
    why,
    // A gateway refuses requests of which Lambda never hears.
    // What grew too old in a queue may have been refused before: then nobody can say that none was lost to it.
    lost.mean > 0
      ? `${numbered(lost, "request")} lost, ${lostShare}`
      : parts.some((p) => p.counters.dropped > 0)
        ? ""
        : "no request lost",
  ];
}

/** What a cold start is made of, where that is more than one thing: "on average placement 100 ms + init 250 ms". */
function coldStartPhases(parts: readonly Pick<FunctionFigures, "counters">[]): string | undefined {
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

function reasons(parts: readonly Pick<FunctionFigures, "counters">[]): string {
  return THROTTLE_REASONS.map((reason, i) => ({
    reason,
    mean: estimate(parts.map((p) => p.counters.throttledAttempts[i]!)).mean,
  }))
    .filter(({ mean }) => mean > 0)
    .sort((a, b) => b.mean - a.mean)
    .map(({ reason, mean }) => `${REASON_LABELS[reason]} ${printCount(mean)}`)
    .join(", ");
}
