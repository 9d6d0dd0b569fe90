import {
  COUNT_LAWS,
  ENTRY_LAWS,
  type EntryCounts,
  type EntryLaw,
  retriesOf,
} from "../../sim/measure/entry.ts";
import type { Histogram } from "../../sim/measure/histogram.ts";
import { printCount, printDuration, printMean, printNumber } from "../../sim/units.ts";
import type { EntryReplication } from "../../study/entries.ts";
import type { Study } from "../../study/replicate.ts";
import { type Estimate, estimate } from "../../study/statistics.ts";
import { numbered, plusMinus, row, words } from "./cells.ts";
import { sparkline } from "./sparkline.ts";

/** Of a function's ways in, so many are shown: those with the most requests. */
const MOST_SHOWN = 6;

/** Counts and laws that stand in lines of their own, or in those of the function; all others are listed as they are. */
const TOLD: readonly (keyof EntryCounts)[] = [
  "requests",
  "succeeded",
  "failed",
  "throttled",
  "dropped",
  "unfinished",
  "deadLettered",
  "receives",
  "batches",
  "retriesByCause",
];
const TOLD_LAWS: readonly EntryLaw[] = ["age", "queueWait", "latency", "batchSize", "attempts"];

/** What a function's invocation models did: a few lines for each entry that leads to it, nothing that is zero. */
export function entryLines(study: Study, fn: number): string[] {
  const { scenario, replications } = study;
  const own = scenario.entries.flatMap(({ target }, e) => {
    if (target !== fn) return [];
    return [{ e, requests: estimate(replications.map((r) => r.traffic.entries[e]!.counts.requests)).mean }];
  });
  const alone = own.length === 1 && !scenario.traffic.some((t) => t.target === fn && t.entry < 0);
  const busiest = new Set([...own].sort((a, b) => b.requests - a.requests).slice(0, MOST_SHOWN));
  const lines = own.filter((entry) => busiest.has(entry)).flatMap(({ e }) => linesOf(study, e, alone));
  if (own.length > busiest.size)
    lines.push(row("", [`… and ${printCount(own.length - busiest.size)} more ways in, with fewer requests`]));
  return lines;
}

/** `alone`: all of the function's requests come this way. */
function linesOf(study: Study, e: number, alone: boolean): string[] {
  const { scenario, replications, traffic } = study;
  const { name, target, from, invoke } = scenario.entries[e]!;
  const parts = replications.map((r) => r.traffic.entries[e]!);
  const { laws, timeline } = traffic.entries[e]!;
  const of = (read: (part: EntryReplication) => number) => estimate(parts.map(read));
  const to = scenario.functions[target]!.name;
  const requests = of((p) => p.counts.requests);
  if (requests.mean === 0) return [];

  const rows: string[][] = [];
  const tell = (...cells: (string | false)[]) => {
    const full = cells.filter((cell) => cell !== false && cell !== "");
    if (full.length > 0) rows.push(full as string[]);
  };
  if (invoke.queues) {
    const [mean, peak] = [of((p) => p.depth.mean), of((p) => p.depth.max)];
    // What is served at once has waited too, for no time.
    tell(
      mean.mean > 0 &&
        `depth mean ${printNumber(mean.mean)}   peak ${printMean(peak.mean)}${plusMinus(peak.ci95)}`,
      mean.mean > 0 && timeline !== undefined && sparkline(timeline.depthMax),
    );
    tell(laws.age.max > 0 && `age ${spread(laws.age, printDuration)}`);
    const batches = of((p) => p.counts.batches);
    const receives = of((p) => p.counts.receives);
    tell(
      batches.mean > 0 &&
        `${numbered(exactly(batches), "batch", "batches")} of ${printNumber(estimate(parts.map((p) => p.figures.batchSize.mean)).mean)} on average, ${printCount(laws.batchSize.max)} at most`,
      receives.mean !== requests.mean && numbered(exactly(receives), "receive"),
      ...moreCounts(parts),
    );
  } else {
    const { attempts } = laws;
    const lost = { throttled: of((p) => p.counts.throttled).mean, failed: of((p) => p.counts.failed).mean };
    tell(
      attempts.max > 1 &&
        `${printNumber(of((p) => p.figures.attempts.mean).mean)} attempts a request (p99 ${printCount(attempts.quantile(0.99))}, max ${printCount(attempts.max)})`,
      ...moreCounts(parts),
      counted("given up", lost),
    );
  }
  for (const law of ENTRY_LAWS) {
    if (TOLD_LAWS.includes(law) || laws[law].count === 0) continue;
    tell(`${words(law)} ${spread(laws[law], COUNT_LAWS.includes(law) ? printCount : printDuration)}`);
  }
  // A plain call, of which there is nothing to say.
  if (rows.length === 0 && alone && !invoke.queues && from === undefined) return [];
  const whence = from === undefined ? "" : ` from ${from}`;
  const named = name === to || name === `${from}-${to}` ? whence.trim() : `${name}${whence}`;
  const head = [
    `${named}${named && ": "}${invoke.text}`,
    alone ? "" : numbered(exactly(requests), "request"),
  ];
  return [head, ...rows].map((cells, i) => row(i > 0 ? "" : invoke.queues ? "queue" : "callers", cells));
}

/** A mean whose interval would say nothing new. */
const exactly = ({ mean }: Estimate): Estimate => ({ mean, ci95: Number.NaN });

/** "p50 0.2 s   p99 12 s   max 40 s" */
function spread(law: Histogram, print: (value: number) => string): string {
  return `p50 ${print(law.quantile(0.5))}   p99 ${print(law.quantile(0.99))}   max ${print(law.max)}`;
}

/** What there is beside the counts that are told elsewhere: retries, and counts by cause or code. */
function moreCounts(parts: readonly EntryReplication[]): string[] {
  const of = (read: (counts: EntryCounts) => number) => estimate(parts.map((p) => read(p.counts))).mean;
  const names = Object.keys(parts[0]!.counts) as (keyof EntryCounts)[];
  return ["retriesByCause" as const, ...names.filter((name) => !TOLD.includes(name))].map((name) => {
    const first = parts[0]!.counts[name];
    if (typeof first === "number") {
      const mean = of((counts) => counts[name] as number);
      return mean > 0 ? `${words(name)} ${printMean(mean)}` : "";
    }
    const means = Object.fromEntries(
      Object.keys(first).map((key) => [key, of((counts) => (counts[name] as Record<string, number>)[key]!)]),
    );
    const label = LABELS[name] ?? words(name);
    return counted(label, means, name === "retriesByCause" ? of(retriesOf) : undefined);
  });
}

const LABELS: Partial<Record<keyof EntryCounts, string>> = { dropsByCause: "dropped", statuses: "answers" };

/** "retries 31 (error 28, throttle 3)", the largest first; "" where nothing was counted. */
function counted(
  label: string,
  parts: Readonly<Record<string, number>>,
  total = Object.values(parts).reduce((a, b) => a + b, 0),
): string {
  const full = Object.entries(parts)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  if (full.length === 0) return "";
  const [[only]] = full as [[string, number]];
  const listed = full.length === 1 ? only : full.map(([key, n]) => `${key} ${printMean(n)}`).join(", ");
  return `${label} ${printMean(total)} (${listed})`;
}
