import { type QueueCounts, queueCounts } from "../sim/measure/cloudwatch.ts";
import { COUNT_LAWS, ENTRY_LAWS, type EntryCounts, type EntryLaw, retriesOf } from "../sim/measure/entry.ts";
import { ITEM_KEYS, ITEMS } from "../sim/pricing/items.ts";
import { entriesTo } from "../sim/scenario/lookup.ts";
import { MILLISECOND } from "../sim/units.ts";
import type { EntryReplication } from "./entries.ts";
import type { Replication, Study } from "./replicate.ts";
import { bucketsOf, byKey, type Json, level, mean, summary } from "./result-parts.ts";

/** A law as results name and measure it: times in milliseconds, counts as they are. */
const nameOf = (law: EntryLaw): string => (COUNT_LAWS.includes(law) ? law : `${law}Ms`);
const unitOf = (law: EntryLaw): number => (COUNT_LAWS.includes(law) ? 1 : MILLISECOND);

/** `traffic` of result.json: what came through invocation models, by entry; nothing where there are none. */
export function trafficResult(study: Study): Json {
  const { entries } = study.scenario;
  if (entries.length === 0) return {};
  return { traffic: Object.fromEntries(entries.map(({ name }, e) => [name, entryResult(study, e)])) };
}

function entryResult(study: Study, e: number): Json {
  const { scenario, replications, traffic } = study;
  const { target, invoke, from } = scenario.entries[e]!;
  const parts = replications.map((r) => r.traffic.entries[e]!);
  const { laws } = traffic.entries[e]!;
  return {
    type: invoke.type,
    to: scenario.functions[target]!.name,
    ...(from !== undefined && { from }),
    text: invoke.text,
    ...billedOf(study, e),
    ...countsOf(parts),
    ...Object.assign(
      {},
      ...ENTRY_LAWS.map((law) => ({
        [nameOf(law)]: summary(
          laws[law],
          unitOf(law),
          parts.map((p) => p.figures[law]),
        ),
      })),
    ),
    depth: level(parts.map((p) => p.depth)),
  };
}

/** What the entry's service and queue bill, in priced units, by the keys of lines on its function's bill. */
function billedOf({ replications }: Study, e: number): Json {
  const usages = replications.map((r) => r.usage.run.entries[e]!);
  const keys = ITEM_KEYS.filter((key) => usages.some((usage) => usage[key] !== undefined));
  const billed = keys.map((key) => {
    const { per } = ITEMS[key];
    return mean(
      key,
      usages.map((usage) => (usage[key] ?? 0) / per),
    );
  });
  return keys.length === 0 ? {} : { billed: Object.assign({}, ...billed) };
}

/** Counts under their names; those by cause or code without what never happened. */
function countsOf(parts: readonly EntryReplication[]): Json {
  const names = Object.keys(parts[0]!.counts) as (keyof EntryCounts)[];
  const json: Json = {};
  for (const name of names) {
    const values = parts.map((p) => p.counts[name]);
    if (typeof values[0] === "number") Object.assign(json, mean(name, values as number[]));
    else json[name] = byKey(values as Record<string, number>[]);
  }
  return {
    ...json,
    ...mean(
      "retries",
      parts.map((p) => retriesOf(p.counts)),
    ),
  };
}

/** One replication's counts of each entry, for `byReplication`. */
export function trafficReplication({ scenario }: Study, { traffic }: Replication): Json {
  if (scenario.entries.length === 0) return {};
  return {
    traffic: Object.fromEntries(
      scenario.entries.map(({ name }, e) => {
        const { counts, depth } = traffic.entries[e]!;
        return [
          name,
          {
            ...Object.fromEntries(
              Object.entries(counts).map(([key, value]) => [
                key,
                typeof value === "number" ? value : withoutZeros(value),
              ]),
            ),
            retries: retriesOf(counts),
            depth,
          },
        ];
      }),
    ),
  };
}

function withoutZeros(counts: Readonly<Record<string, number>>): Json {
  return Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
}

/** A function's law over all its entries (see EntryPool), in milliseconds; empty where there is none. */
export function functionLaw(study: Study, fn: number, law: EntryLaw): Json {
  const laws = study.traffic.functions[fn];
  if (!laws) return {};
  return summary(
    laws[law],
    unitOf(law),
    study.replications.map((r) => r.traffic.functions[fn]![law]),
  );
}

/**
 * A function's metrics of queues and streams, as CloudWatch names them; only those that its traffic gives it. The age of
 * events includes that of those which still wait at the end, whom CloudWatch would show when their time comes.
 */
export function queueMetrics({ scenario, replications, traffic }: Study, fn: number): Json {
  const own = entriesTo(scenario, fn).map((e) => ({ e, source: scenario.entries[e]!.invoke.source }));
  if (own.length === 0) return {};
  const counted = replications.map((r) =>
    queueCounts(own.map(({ e, source }) => ({ source, counts: r.traffic.entries[e]!.counts }))),
  );
  // Loops may have been stopped in some replications only.
  const names = Object.keys(Object.assign({}, ...counted)) as (keyof QueueCounts)[];
  /** Mean (over replications, of each one's own) and maximum of a law over some of the entries. */
  const age = (metric: string, law: EntryLaw, some: typeof own): Json => {
    const full = some.filter(({ e }) => traffic.entries[e]!.laws[law].count > 0);
    if (full.length === 0) return {};
    const means = replications.map((r) => {
      const figures = full
        .map(({ e }) => r.traffic.entries[e]!.figures[law])
        .filter(({ count }) => count > 0);
      const count = figures.reduce((sum, f) => sum + f.count, 0);
      return figures.reduce((sum, f) => sum + f.mean * f.count, 0) / count / MILLISECOND;
    });
    const max = Math.max(...full.map(({ e }) => traffic.entries[e]!.laws[law].max)) / MILLISECOND;
    return { [metric]: { ...mean("mean", means), max } };
  };
  return {
    ...Object.assign(
      {},
      ...names.map((name) =>
        mean(
          name,
          counted.map((c) => c[name] ?? 0),
        ),
      ),
    ),
    ...age(
      "AsyncEventAge",
      "age",
      own.filter(({ source }) => source === "events"),
    ),
    ...age("IteratorAge", "iteratorAge", own),
  };
}

/** The entries' laws of histograms.json; nothing where there are none. */
export function trafficHistograms({ scenario, traffic }: Study): Json {
  if (scenario.entries.length === 0) return {};
  return {
    traffic: Object.fromEntries(
      scenario.entries.map(({ name }, e) => [
        name,
        Object.fromEntries(
          ENTRY_LAWS.map((law) => [
            law,
            {
              unit: COUNT_LAWS.includes(law) ? "count" : "us",
              buckets: bucketsOf(traffic.entries[e]!.laws[law]),
            },
          ]),
        ),
      ]),
    ),
  };
}
