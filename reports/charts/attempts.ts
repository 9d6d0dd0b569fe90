import { RETRY_CAUSES, type RetryCause, retriesOf } from "../../sim/measure/entry.ts";
import type { Histogram } from "../../sim/measure/histogram.ts";
import { printCount, printDuration, printMean, printNumber, printShare } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import {
  axisTop,
  type Chart,
  COLOUR,
  type Json,
  note,
  PLAIN,
  provenance,
  shortName,
  specOf,
  WIDTH,
} from "./chart.ts";
import { type EntryPart, entryParts, shownOf } from "./entry-parts.ts";
import { round } from "./latency-axis.ts";
import { textWidth } from "./text-widths.ts";

/** So many attempts have a bar each; more are taken together. */
const APART = 8;
const BAR = 26;

const CAUSE_COLOURS: Record<RetryCause, string> = {
  throttle: COLOUR.throttled,
  error: COLOUR.amount,
  timeout: COLOUR.text,
};

/** How many attempts requests needed, and why they were tried again. */
export function attempts(study: Study): Chart | undefined {
  const { parts, all } = entryParts(study, ({ mean }) => mean(retriesOf));
  if (parts.length === 0) return undefined;
  const shown = parts.filter(({ laws }) => laws.attempts.count > 0);
  const tops = topsOf(shown.map(({ laws }) => laws.attempts));
  const several = parts.length > 1;
  const finding = findingOf(parts);
  const title = "Attempts";
  return {
    name: "attempts",
    title,
    question: "How often are requests tried again, and why?",
    finding,
    numbers: {
      columns: [
        "of",
        "requests",
        "attempts, mean",
        "attempts, most",
        ...RETRY_CAUSES.map((cause) => `retries ${AFTER[cause]}`),
      ],
      rows: parts.map(({ name, laws: { attempts: h }, mean }) => [
        name,
        printCount(h.count),
        h.count > 0 ? printNumber(h.mean) : null,
        h.count > 0 ? printCount(h.max) : null,
        ...RETRY_CAUSES.map((cause) => printMean(mean((c) => c.retriesByCause[cause]))),
      ]),
    },
    spec: specOf(
      title,
      `${provenance(study, printDuration(study.scenario.horizon))}${shownOf(parts.length, all, "ways to functions that are tried again")}`,
      finding,
      {
        spacing: 64,
        bounds: "flush",
        resolve: { scale: { x: "independent", y: "independent" } },
        vconcat: [
          ...shown.map((part, i) => attemptsPanel(part, tops, several, i === shown.length - 1)),
          causesPanel(parts, several),
        ],
      },
    ),
  };
}

interface Bar {
  readonly label: string;
  readonly share: number;
  readonly text: string;
}

/** The greatest number of attempts that each bar stands for: 1, 2 … 8, 16, 32 … */
function topsOf(laws: readonly Histogram[]): number[] {
  const most = Math.max(...laws.map((h) => h.max));
  const tops: number[] = [];
  for (let n = Math.min(1, ...laws.map((h) => h.min)); n <= APART && n <= most; n++) tops.push(n);
  for (let n = 2 * APART; tops.at(-1)! < most; n *= 2) tops.push(Math.min(n, most));
  return tops;
}

/** Shares of requests by attempts. */
function barsOf(h: Histogram, tops: readonly number[]): Bar[] {
  const counts = tops.map(() => 0);
  for (const { low, count } of h.buckets()) counts[tops.findIndex((top) => low <= top)]! += count;
  return tops.map((to, i) => {
    const from = i === 0 ? to : tops[i - 1]! + 1;
    const share = counts[i]! / h.count;
    return {
      label: from === to ? printCount(to) : `${printCount(from)}–${printCount(to)}`,
      share: round(share),
      text: share === 0 ? "" : share < 1e-4 ? "< 0.01 %" : `${printNumber(100 * share, 2)} %`,
    };
  });
}

function attemptsPanel(
  { name, laws, queues }: EntryPart,
  tops: readonly number[],
  several: boolean,
  last: boolean,
): Json {
  const h = laws.attempts;
  const values = barsOf(h, tops);
  const x = {
    field: "label",
    type: "nominal",
    sort: null,
    axis: { title: last ? "attempts" : null, labelAngle: 0 },
  };
  const top = Math.min(1, axisTop(Math.max(...values.map(({ share }) => share)), 2));
  const y = {
    field: "share",
    type: "quantitative",
    scale: { domain: [0, top], nice: false },
    axis: { title: null, minExtent: 50, format: ".0~%", tickCount: 2 },
  };
  const figures = `share of requests · mean ${printNumber(h.mean)} · p99 ${printCount(h.quantile(0.99))} · max ${printCount(h.max)}`;
  return {
    width: WIDTH,
    height: several ? 80 : 150,
    layer: [
      {
        data: { values },
        mark: { type: "bar", color: queues ? COLOUR.queued : COLOUR.all, width: { band: 0.7 } },
        encoding: { x, y },
      },
      {
        data: { values },
        mark: { type: "text", dy: -7, fontSize: 11, color: COLOUR.text },
        encoding: { x, y, text: { field: "text", type: "nominal" } },
      },
      note(shortName(name, 40), 0, -26, { fontWeight: 600, fontSize: 13 }),
      note(figures, WIDTH, -26, { color: COLOUR.faint, align: "right" }),
    ],
  };
}

function causesPanel(parts: readonly EntryPart[], several: boolean): Json {
  const values = parts.flatMap(({ name, mean }) =>
    RETRY_CAUSES.map((cause) => ({ cause, n: mean((c) => c.retriesByCause[cause]) }))
      .filter(({ n }) => n > 0)
      .map(({ cause, n }) => ({
        label: several ? `${shortName(name)} · ${cause}` : cause,
        n: round(n),
        cause,
        text: printMean(n),
      })),
  );
  const top = axisTop(Math.max(...values.map(({ n }) => n)) * 1.1);
  const gutter = Math.max(...values.map(({ label }) => textWidth(label, 12))) + 12;
  const y = {
    field: "label",
    type: "nominal",
    sort: null,
    title: null,
    axis: { labelLimit: 400, minExtent: Math.ceil(gutter), ticks: false, domain: true, grid: false },
  };
  const x = {
    field: "n",
    type: "quantitative",
    scale: { domain: [0, top], nice: false },
    axis: { title: "retries in the run, by cause", labelExpr: PLAIN, tickCount: 5, grid: true },
  };
  return {
    width: WIDTH,
    height: values.length * BAR,
    layer: [
      {
        data: { values },
        mark: { type: "bar", height: { band: 0.7 } },
        encoding: {
          x,
          y,
          color: {
            field: "cause",
            type: "nominal",
            scale: { domain: [...RETRY_CAUSES], range: RETRY_CAUSES.map((cause) => CAUSE_COLOURS[cause]) },
            legend: null,
          },
        },
      },
      {
        data: { values },
        mark: { type: "text", align: "left", dx: 6, fontWeight: 600, color: COLOUR.text },
        encoding: { x, y, text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

const AFTER: Record<RetryCause, string> = {
  throttle: "after a throttle",
  error: "after an error",
  timeout: "after a timeout",
};

/** Entries that the finding names, those with most retries first. */
const MOST_NAMED = 3;

function findingOf(parts: readonly EntryPart[]): string {
  const told = [...parts]
    .map((part) => ({ part, retries: part.mean(retriesOf) }))
    .sort((a, b) => b.retries - a.retries)
    .slice(0, MOST_NAMED)
    .map(({ part: { name, laws, mean }, retries }) => {
      const [main] = RETRY_CAUSES.map((cause) => ({ cause, n: mean((c) => c.retriesByCause[cause]) })).sort(
        (a, b) => b.n - a.n,
      ) as [{ cause: RetryCause; n: number }];
      const h = laws.attempts;
      const needed =
        h.count === 0
          ? ""
          : `, ${printNumber(h.mean)} attempts a request on average and ${printCount(h.max)} at most`;
      const why =
        main.n === retries
          ? `all of them ${AFTER[main.cause]}`
          : `${printShare(main.n / retries)} of them ${AFTER[main.cause]}`;
      return `${name}: ${printMean(retries)} retries, ${why}${needed}`;
    });
  return `${told.join("; ")}.`;
}
