import { type ColumnTable, table } from "arquero";
import { THROTTLE_REASONS } from "../sim/lambda/placement.ts";
import type { EntryTimeline } from "../sim/measure/entry.ts";
import type { ProvisionedTimeline } from "../sim/measure/provisioned.ts";
import type { Timeline } from "../sim/measure/timeline.ts";
import { type Bill, meanBill } from "../sim/pricing/bill.ts";
import { moneyText } from "../sim/pricing/money.ts";
import { firstPrice } from "../sim/pricing/price-list.ts";
import { HOUR, MILLISECOND, SECOND } from "../sim/units.ts";
import type { Study } from "../study/replicate.ts";

/** How the account is called where functions stand; no function can have this name. */
export const ACCOUNT = "account";

/**
 * timeline.csv: one row an interval and function, means over replications, in order of time. Where not every function
 * has a timeline of its own (see measure.detail), the account's rows come first in each interval.
 */
export function timelineTable(study: Study): ColumnTable {
  const parts = study.functions.flatMap(({ timeline, provisioned }, fn) =>
    timeline ? [{ name: study.scenario.functions[fn]!.name, timeline, provisioned }] : [],
  );
  if (parts.length < study.functions.length) parts.unshift({ name: ACCOUNT, ...study.account });
  const any = study.account.provisioned !== undefined;
  const tables = parts.map(({ name, timeline, provisioned }) =>
    timelineOf(name, timeline, any ? (provisioned ?? "none") : undefined),
  );
  return tables[0]!.concat(...tables.slice(1)).orderby("t_s");
}

/** timeline-account.csv: the same of the account alone. */
export function accountTable({ account }: Study): ColumnTable {
  return timelineOf(ACCOUNT, account.timeline, account.provisioned);
}

/**
 * One function's or the account's timeline, with the columns of timeline.csv. Those of provisioned concurrency are left
 * out unless it is given; "none": others have some, and they are 0.
 */
export function timelineOf(name: string, t: Timeline, p?: ProvisionedTimeline | "none"): ColumnTable {
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
    ...PROVISIONED_COLUMNS.flatMap(([column, key]): [string, (number | null)[]][] =>
      p === undefined ? [] : [[column, p === "none" ? at.map(() => 0) : numbers(p[key])]],
    ),
  ]);
}

const PROVISIONED_COLUMNS = [
  ["provisionedRequested", "requested"],
  ["provisionedAllocated", "allocated"],
  ["provisionedUsed", "used"],
  ["provisionedUsedMax", "usedMax"],
  ["spillover", "spillover"],
] as const;

/**
 * provisioned.csv: one row an hour (or longer interval) and function with provisioned concurrency, means over replications,
 * in order of time. `feeUsd` is for what was asked for, `durationUsd` and `onDemandUsd` for the time that it was in use,
 * not rounded up for each invocation as the bill does. Undefined where there is none.
 */
export function provisionedTable(study: Study): ColumnTable | undefined {
  const tables = study.functions.flatMap(({ provisioned }, fn) =>
    provisioned ? [provisionedOf(study, fn, provisioned)] : [],
  );
  return tables[0]?.concat(...tables.slice(1)).orderby("t_s");
}

function provisionedOf({ scenario }: Study, fn: number, t: ProvisionedTimeline): ColumnTable {
  const { name, memorySize, architecture } = scenario.functions[fn]!;
  const priceOf = (path: string) => firstPrice(scenario.pricing.table, `${architecture}.${path}`);
  const together = Math.max(1, Math.round(HOUR / t.interval));
  const end = scenario.horizon;
  const rows = Array.from({ length: Math.ceil(t.rows / together) }, (_, group) => {
    const from = t.start + group * together * t.interval;
    const to = Math.min(end, from + together * t.interval);
    const range = [group * together, Math.min(t.rows, (group + 1) * together)] as const;
    /** ∫ of a column of averages, in environment-seconds: the last interval may be shorter. */
    const area = (column: Float64Array) => {
      let sum = 0;
      for (let row = range[0]; row < range[1]; row++) {
        const at = t.start + row * t.interval;
        sum += (column[row]! * (Math.min(end, at + t.interval) - at)) / SECOND;
      }
      return sum;
    };
    const seconds = (to - from) / SECOND;
    const [requested, allocated, used] = [area(t.requested), area(t.allocated), area(t.used)];
    const usd = (price: string, area: number) => (Number(price) * area * memorySize) / 1024;
    return {
      t_s: from / SECOND,
      seconds,
      function: name,
      requested: requested / seconds,
      allocated: allocated / seconds,
      used: used / seconds,
      utilization: allocated > 0 ? used / allocated : null,
      spillover: t.spillover.subarray(...range).reduce((sum, n) => sum + n, 0),
      feeUsd: usd(priceOf("provisionedPerGbSecond"), requested),
      durationUsd: usd(priceOf("provisionedDurationPerGbSecond"), used),
      onDemandUsd: usd(priceOf("durationTiers"), used),
    };
  });
  const rounded = (value: string | number | null) =>
    typeof value === "number" ? Number(value.toPrecision(9)) : value;
  return table(
    Object.keys(rows[0]!).map((column): [string, (string | number | null)[]] => [
      column,
      rows.map((row) => rounded(row[column as keyof typeof row])),
    ]),
  );
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
 * has checked its price; `service`: who bills it.
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
    ["service", lines.map((line) => line.service)],
  ]);
}
