import { type ColumnTable, table } from "arquero";
import { THROTTLE_REASONS } from "../sim/lambda/placement.ts";
import type { EntryTimeline } from "../sim/measure/entry.ts";
import type { Timeline } from "../sim/measure/timeline.ts";
import { type Bill, meanBill } from "../sim/pricing/bill.ts";
import { moneyText } from "../sim/pricing/money.ts";
import { MILLISECOND, SECOND } from "../sim/units.ts";
import type { Study } from "../study/replicate.ts";

/** How the account is called where functions stand; no function can have this name. */
export const ACCOUNT = "account";

/**
 * timeline.csv: one row an interval and function, means over replications, in order of time. Where not every function
 * has a timeline of its own (see measure.detail), the account's rows come first in each interval.
 */
export function timelineTable(study: Study): ColumnTable {
  const parts = study.functions.flatMap(({ timeline }, fn) =>
    timeline ? [{ name: study.scenario.functions[fn]!.name, timeline }] : [],
  );
  if (parts.length < study.functions.length)
    parts.unshift({ name: ACCOUNT, timeline: study.account.timeline });
  const tables = parts.map(({ name, timeline }) => timelineOf(name, timeline));
  return tables[0]!.concat(...tables.slice(1)).orderby("t_s");
}

/** One function's or the account's timeline, with the columns of timeline.csv. */
export function timelineOf(name: string, t: Timeline): ColumnTable {
  const at = Array.from({ length: t.rows }, (_, row) => (t.start + row * t.interval) / SECOND);
  return table([
    ["t_s", at],
    ["function", at.map(() => name)],
    ["arrivals", numbers(t.arrivals)],
    ["invocations", numbers(t.invocations)],
    ["throttles", numbers(t.throttles)],
    ["errors", numbers(t.errors)],
    ["coldStarts", numbers(t.coldStarts)],
    ["concurrencyMean", numbers(t.concurrencyMean)],
    ["concurrencyMax", numbers(t.concurrencyMax)],
    ["environments", numbers(t.environments)],
    ["latencyP50Ms", numbers(t.latencyP50, 1 / MILLISECOND)],
    ["latencyP99Ms", numbers(t.latencyP99, 1 / MILLISECOND)],
    ...THROTTLE_REASONS.map((reason, r): [string, (number | null)[]] => [
      reason,
      numbers(t.throttlesByReason[r]!),
    ]),
  ]);
}

/**
 * queues.csv: one row an interval and entry that queues, means over replications, in order of time. Undefined where there
 * is no such entry.
 */
export function queuesTable({ scenario, traffic }: Study): ColumnTable | undefined {
  const tables = scenario.entries.flatMap(({ name, target, invoke }, e) => {
    const { timeline } = traffic.entries[e]!;
    return invoke.queues && timeline ? [queueOf(name, scenario.functions[target]!.name, timeline)] : [];
  });
  return tables[0]?.concat(...tables.slice(1)).orderby("t_s");
}

/** One queue's timeline, with the columns of queues.csv. */
export function queueOf(entry: string, to: string, t: EntryTimeline): ColumnTable {
  const at = Array.from({ length: t.rows }, (_, row) => (t.start + row * t.interval) / SECOND);
  return table([
    ["t_s", at],
    ["entry", at.map(() => entry)],
    ["function", at.map(() => to)],
    ["requests", numbers(t.requests)],
    ["receives", numbers(t.receives)],
    ["succeeded", numbers(t.succeeded)],
    ["retries", numbers(t.retries)],
    ["dropped", numbers(t.dropped)],
    ["depthMean", numbers(t.depthMean)],
    ["depthMax", numbers(t.depthMax)],
    ["oldestAgeS", numbers(t.oldestAge, 1 / SECOND)],
  ]);
}

/** Six decimals, and null where there is no value. */
function numbers(column: Float64Array, factor = 1): (number | null)[] {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : Math.round(value * factor * 1e6) / 1e6));
}

/**
 * bill.csv: the account's mean bill, costs as exact decimal text. A line without a price has no cost; `uncertain`: nobody
 * has checked its price.
 */
export function billTable(study: Study): ColumnTable {
  return billLines(meanBill(study.replications.map((r) => r.bill)));
}

export function billLines({ lines }: Bill): ColumnTable {
  return table([
    ["item", lines.map((line) => line.item)],
    ["quantity", lines.map((line) => line.quantity)],
    ["unit", lines.map((line) => line.unit)],
    ["unitPriceUsd", lines.map((line) => line.unitPrice ?? null)],
    ["costUsd", lines.map((line) => (line.unitPrice === undefined ? null : moneyText(line.cost)))],
    ["source", lines.map((line) => line.source || "not priced")],
    ["date", lines.map((line) => line.date || null)],
    ["uncertain", lines.map((line) => line.uncertain)],
  ]);
}
