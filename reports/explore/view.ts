import { type Bill, type BillLine, meanBill } from "../../sim/pricing/bill.ts";
import { toUsd } from "../../sim/pricing/money.ts";
import {
  printCount,
  printDuration,
  printMean,
  printMoney,
  printNumber,
  printShare,
} from "../../sim/units.ts";
import { type Column, columnsOf } from "../../study/columns.ts";
import type { Study } from "../../study/replicate.ts";
import { digestOf } from "../../study/result-file.ts";
import { read } from "../../study/statistic.ts";
import { judge } from "../../study/thresholds.ts";
import { plusMinus } from "../text/cells.ts";
import { printValue } from "../text/summary.ts";
import { verdict } from "../text/verdict.ts";

/** A figure as text, beside that of the baseline where there is one. */
export interface Cell {
  readonly value: string;
  readonly before?: string | undefined;
  /** How much it is apart from the baseline's: "+12 %"; undefined where it is not. */
  readonly change?: string | undefined;
  readonly turn?: "better" | "worse" | undefined;
}

export interface Figure extends Cell {
  readonly label: string;
}

/** What the page says of a study, all as text: it is only put in its place. */
export interface View {
  readonly sentence: string;
  /** Whether all thresholds are met; undefined where there are none. */
  readonly good: boolean | undefined;
  readonly next: string | undefined;
  readonly thresholds: readonly {
    readonly what: string;
    readonly value: string;
    readonly ok: boolean;
    readonly straddles: boolean;
    readonly before?: { readonly value: string; readonly ok: boolean } | undefined;
  }[];
  /** The few figures that stand on top. */
  readonly cards: readonly Figure[];
  /** All figures, by function; with several functions "total" comes first. */
  readonly figures: readonly { readonly of: string; readonly rows: readonly Figure[] }[];
  readonly bill: {
    readonly title: string;
    readonly lines: readonly (Figure & { readonly quantity: string })[];
    readonly total: Cell;
    readonly month: Cell;
  };
  /** Where the figures come from. */
  readonly run: string;
  readonly notes: readonly string[];
}

/** Functions whose figures are listed; of more, those with the most requests. */
const MOST_LISTED = 20;

/** The words for a study; every figure beside that of `before`, a study of the same functions. */
export function viewOf(study: Study, command: string, before?: Study): View {
  const judgements = judge(study);
  const judgedBefore = before && judge(before);
  const { sentence, next } = verdict(study, judgements, command);
  return {
    sentence,
    good: judgements.length === 0 ? undefined : judgements.every(({ ok }) => ok),
    next: next && `${next.command} (${next.caveat})`,
    thresholds: judgements.map((judgement, i) => ({
      what: `${judgement.of} ${judgement.measure} ${judgement.expression}`,
      value: printValue(judgement),
      ok: judgement.ok,
      straddles: judgement.straddles,
      before: judgedBefore?.[i] && {
        value: printValue(judgedBefore[i]),
        ok: judgedBefore[i].ok,
      },
    })),
    cards: CARDS.flatMap((name) => {
      const column = columnsOf(study.scenario).find((c) => c.name === name);
      return column ? [figureOf(column, "total", study, before)] : [];
    }),
    figures: listed(study).map((of) => ({
      of,
      rows: columnsOf(study.scenario).map((column) => figureOf(column, of, study, before)),
    })),
    bill: billOf(study, before),
    run: runOf(study),
    notes: notesOf(study),
  };
}

const CARDS = [
  "latencyP99Ms",
  "throttleRate",
  "coldStartRate",
  "messageAgeMaxMs",
  "concurrencyMax",
  "costPerMonthUsd",
];

const LABELS: Readonly<Record<string, string>> = {
  requests: "Requests",
  invocations: "Invocations",
  throttleRate: "Throttled",
  errorRate: "Errors",
  coldStartRate: "Cold starts",
  spilloverRate: "Spillover",
  latencyMeanMs: "Latency, mean",
  latencyP50Ms: "Latency p50",
  latencyP90Ms: "Latency p90",
  latencyP95Ms: "Latency p95",
  latencyP99Ms: "Latency p99",
  latencyP999Ms: "Latency p99.9",
  latencyMaxMs: "Latency, longest",
  durationMeanMs: "Duration, mean",
  durationP50Ms: "Duration p50",
  durationP99Ms: "Duration p99",
  concurrencyMean: "Concurrency, mean",
  concurrencyMax: "Concurrency, peak",
  environmentsMean: "Environments, mean",
  droppedRate: "Dropped",
  messageAgeP99Ms: "Message age p99",
  messageAgeMaxMs: "Oldest message",
  queueDepthMax: "Queue depth, most",
  costPerRunUsd: "Cost of the run",
  costPerMonthUsd: "Cost a month",
  costPerMillionUsd: "Cost a million invocations",
};

function figureOf({ name, statistic, better }: Column, of: string, study: Study, before?: Study): Figure {
  const reading = read(study, { of, ...statistic });
  const print = printerOf(name);
  const known = (value: number) => (Number.isFinite(value) ? print(value) : "–");
  const label = LABELS[name] ?? name;
  const value = `${known(reading.value)}${Number.isFinite(reading.value) ? plusMinus(reading.ci95, print) : ""}`;
  if (!before) return { label, value };
  const was = read(before, { of, ...statistic }).value;
  return { label, value, before: known(was), ...changeOf(reading.value, was, name.endsWith("Rate"), better) };
}

function printerOf(name: string): (value: number) => string {
  if (name.endsWith("Ms")) return printDuration;
  if (name.endsWith("Rate")) return printShare;
  if (name.endsWith("Usd")) return printMoney;
  return printMean;
}

/** How far a figure is from the baseline's: in per cent of it, or for shares in percentage points. */
function changeOf(
  now: number,
  was: number,
  isShare: boolean,
  better: Column["better"],
): Pick<Cell, "change" | "turn"> {
  if (!Number.isFinite(now) || !Number.isFinite(was) || now === was) return {};
  const size = isShare ? 100 * (now - was) : was === 0 ? Number.NaN : 100 * (now / was - 1);
  const text = Number.isNaN(size)
    ? undefined
    : `${size > 0 ? "+" : "−"}${printNumber(Math.abs(size), 2)} ${isShare ? "points" : "%"}`;
  const turn =
    better === undefined
      ? undefined
      : now < was === (better === "less")
        ? ("better" as const)
        : ("worse" as const);
  return { change: text, turn };
}

function listed({ scenario, replications }: Study): string[] {
  const names = scenario.functions.map(({ name }) => name);
  if (names.length === 1) return names;
  const requests = replications[0]!.functions.map(({ counters }) => counters.requests);
  const order = [...names.keys()].sort((a, b) => requests[b]! - requests[a]! || a - b);
  const most = new Set(order.slice(0, MOST_LISTED));
  return ["total", ...names.filter((_, fn) => most.has(fn))];
}

function billOf(study: Study, before?: Study): View["bill"] {
  const { table, freeTier } = study.scenario.pricing;
  const bill = meanBill(study.replications.map((r) => r.bill));
  const was = before && meanBill(before.replications.map((r) => r.bill));
  const money = (now: number, then: number | undefined): Cell => ({
    value: printMoney(now),
    ...(then !== undefined && { before: printMoney(then), ...changeOf(now, then, false, "less") }),
  });
  const lineIn = (of: Bill | undefined, item: string) => of?.lines.find((line) => line.item === item);
  // Lines that only the baseline has come to nothing now.
  const gone = was?.lines.filter(({ item }) => !lineIn(bill, item)) ?? [];
  const line = ({ item, quantity, unit, unitPrice }: BillLine, cost: number) => ({
    label: item,
    quantity: `${Number.isInteger(quantity) ? printCount(quantity) : printNumber(quantity)} ${unit}${unitPrice === undefined ? ", not priced" : ` × $${unitPrice.replace(/0+$/, "")}`}`,
    ...money(cost, was && toUsd(lineIn(was, item)?.cost ?? 0n)),
  });
  const month = (of: Study) =>
    of.replications.reduce((sum, r) => sum + toUsd(r.monthly.total), 0) / of.replications.length;
  return {
    title: `${table.region} prices of ${table.date}, ${freeTier ? "after the free tier" : "free tier left out"}`,
    lines: [
      ...bill.lines.map((l) => line(l, toUsd(l.cost))),
      ...gone.map((l) => line({ ...l, quantity: 0 }, 0)),
    ],
    total: money(toUsd(bill.total), was && toUsd(was.total)),
    month: money(month(study), before && month(before)),
  };
}

function runOf(study: Study): string {
  const { scenario, replications } = study;
  const requests = replications.reduce(
    (sum, r) => sum + r.functions.reduce((all, { counters }) => all + counters.requests, 0),
    0,
  );
  return [
    `${printDuration(scenario.horizon)} simulated${scenario.warmup > 0 ? ` (first ${printDuration(scenario.warmup)} left out)` : ""}`,
    `${printCount(requests)} requests`,
    replications.length === 1 ? "1 replication" : `${replications.length} replications`,
    `seed ${scenario.seed}`,
    `digest ${digestOf(study)}`,
  ].join(" · ");
}

function notesOf({ scenario }: Study): string[] {
  return [...new Set(scenario.functions.flatMap(({ notes }) => notes))];
}
