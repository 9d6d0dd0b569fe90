import { THROTTLE_REASONS, type ThrottleReason } from "../../sim/lambda/placement.ts";
import type { Counters } from "../../sim/measure/result.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import {
  MILLISECOND,
  printClock,
  printCount,
  printDuration,
  printNumber,
  printShare,
  SECOND,
} from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { REASON_LABELS } from "../reasons.ts";
import {
  axisTop,
  BEFORE_DASH,
  type Chart,
  COLOUR,
  FUNCTION_STYLES,
  type Json,
  type Numbers,
  note,
  PLAIN,
  provenance,
  shortName,
  specOf,
  spread,
  titledAbove,
  WIDTH,
} from "./chart.ts";
import { type CoarseRow, coarse, togetherFor, togetherInTables } from "./coarse.ts";
import { logTicks } from "./latency-axis.ts";
import { accountPart, functionParts, meanOf, type Part } from "./parts.ts";
import { rateUnit, timeX } from "./time-axis.ts";
import {
  emptyPanel,
  HEIGHT,
  inside,
  LABEL_X,
  labels,
  type Panel,
  stepLine,
  stepPoints,
  swatch,
  yOf,
} from "./time-panels.ts";

/** How reasons are coloured: shades of "throttled", told apart by the list beside the panel too. */
const REASON_COLOURS: Record<ThrottleReason, string> = {
  scalingRate: "#9E0F04",
  ConcurrentInvocationLimitExceeded: "#E2725B",
  ReservedFunctionConcurrentInvocationLimitExceeded: "#5A0A05",
  FunctionInvocationRateLimitExceeded: "#F2B5A7",
  ReservedFunctionInvocationRateLimitExceeded: "#B98A83",
};

/** The account or a function, with its rows and how its lines are drawn. */
export interface Line extends Part {
  readonly rows: CoarseRow[];
  /** The same of the study that this one is compared with; empty where there is none. */
  readonly before: readonly CoarseRow[];
  readonly colour: string;
  readonly dash: readonly number[];
}

/**
 * What arrives and what happens to it: aligned panels on one time axis. Of `before`, a study of the same functions, every
 * line stands beside it, dotted.
 */
export function overview(study: Study, before?: Study): Chart | undefined {
  const account = accountPart(study);
  if (account.requests === 0) return undefined;
  const { all, functions, lines } = linesOf(study, account, before);

  const { start } = study.account.timeline;
  const end = study.scenario.horizon;
  const views = [
    arrivalsPanel(lines),
    throttlesPanel(study, all),
    concurrencyPanel(study, all, functions),
    coldStartsPanel(all),
    latencyPanel(lines),
  ].filter((view) => view !== undefined);
  const last = views.length - 1;
  const vconcat = views.map((view, i) => view(timeX(start, end, i === last)));

  const finding = findingOf(study, all);
  const title = "What arrives, and what happens to it";
  const step = all.rows[0]!.end - all.rows[0]!.t;
  const subtitle = `${provenance(study, printDuration(end))} · points of ${printDuration(step * SECOND)}${before ? " · dotted: baseline" : ""}`;
  return {
    name: "overview",
    title,
    question: "What arrives, and what happens to it?",
    finding,
    numbers: timeNumbers(study),
    spec: specOf(title, subtitle, finding, {
      spacing: 44,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat,
    }),
  };
}

/** The account's line, those of its functions where it has several, and of both the ones that rates are drawn of. */
export function linesOf(
  study: Study,
  account: Part,
  before?: Study,
): { all: Line; functions: Line[]; lines: readonly Line[] } {
  const together = togetherFor(study.account.timeline);
  const rowsBefore = (timeline: Timeline | undefined) =>
    before && timeline ? coarse(timeline, togetherFor(before.account.timeline)) : [];
  const all: Line = {
    ...account,
    rows: coarse(account.timeline, together),
    before: rowsBefore(before?.account.timeline),
    colour: COLOUR.all,
    dash: [1, 0],
  };
  const parts = functionParts(study);
  const shown = parts.length < study.functions.length ? parts.slice(0, -1) : parts;
  const functions: Line[] =
    study.functions.length === 1 || parts.length < 2
      ? []
      : shown.map((part, i) => {
          const { colour, dash } = FUNCTION_STYLES[i]!;
          return {
            ...part,
            rows: coarse(part.timeline, together),
            before: rowsBefore(before?.functions[part.fn!]?.timeline),
            colour,
            dash,
          };
        });
  const lines = functions.length > 0 ? functions : [all];
  return { all, functions, lines };
}

/** The account over time as a table. */
export function timeNumbers({ account: { timeline }, scenario }: Study): Numbers {
  const rows = coarse(timeline, togetherInTables(timeline));
  const clock = (s: number) => printClock(s * SECOND, scenario.horizon);
  return {
    columns: [
      "from",
      "to",
      "arrivals a second",
      "throttles a second",
      "cold starts a second",
      "concurrency, mean",
      "concurrency, most",
      "p50 (ms)",
      "p99 (ms)",
    ],
    rows: rows.map((row) => [
      clock(row.t),
      clock(row.end),
      row.arrivals,
      row.throttles,
      row.coldStarts,
      row.concurrencyMean,
      row.concurrencyMax,
      row.p50Ms,
      row.p99Ms,
    ]),
  };
}

/** All rows that a panel's axis must hold. */
function everyRow(lines: readonly Line[]): CoarseRow[] {
  return lines.flatMap(({ rows, before }) => [...rows, ...before]);
}

/** The lines of the study that this one is compared with. */
function linesBefore(
  lines: readonly Line[],
  value: (row: CoarseRow) => number | null,
  x: Json,
  y: Json,
): Json[] {
  const lone = lines.length === 1;
  return lines
    .filter(({ before }) => before.length > 0)
    .map(({ before, colour }) =>
      stepLine({ rows: before, colour: lone ? COLOUR.faint : colour, dash: BEFORE_DASH }, value, x, y),
    );
}

export function arrivalsPanel(lines: readonly Line[]): Panel {
  const peak = Math.max(...everyRow(lines).map((row) => row.arrivals));
  const unit = rateUnit(peak);
  const top = axisTop(peak * unit.seconds);
  const y = (value: number) => HEIGHT * (1 - value / top);
  const scaled = (row: CoarseRow) => row.arrivals * unit.seconds;
  const yAxis = yOf(`arrivals per ${unit.name}`, top);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...linesBefore(lines, scaled, x, yAxis),
      ...lines.map((line) => stepLine(line, scaled, x, yAxis)),
      ...(lines.length > 1 ? labels(lines, (row) => y(scaled(row))) : []),
    ],
  });
}

export function throttlesPanel(study: Study, all: Line): Panel {
  const { rows } = all;
  const totals = THROTTLE_REASONS.map((_, r) =>
    meanOf(study, ({ functions }) => functions.reduce((sum, f) => sum + f.counters.throttledAttempts[r]!, 0)),
  );
  const order = THROTTLE_REASONS.map((_, r) => r)
    .filter((r) => totals[r]! > 0)
    .sort((a, b) => totals[b]! - totals[a]!);
  const peak = Math.max(...everyRow([all]).map((row) => row.throttles));
  const unit = rateUnit(peak);
  const top = axisTop(peak * unit.seconds);
  return (x) => {
    const y = yOf(`throttles per ${unit.name}`, top);
    if (peak === 0) return emptyPanel("no throttles", x, y);
    const ghosts = linesBefore([all], (row) => row.throttles * unit.seconds, x, y);
    // Largest reason at the bottom. The heights are stacked here, so that the order is ours.
    const layers = order.map((r, k) => {
      const below = (row: CoarseRow) =>
        order.slice(0, k).reduce((sum, other) => sum + row.reasons[other]!, 0);
      const values = stepPoints(
        rows,
        (row) => below(row) * unit.seconds,
        (row) => (below(row) + row.reasons[r]!) * unit.seconds,
      );
      return {
        data: { values },
        mark: {
          type: "area",
          interpolate: "step-after",
          color: REASON_COLOURS[THROTTLE_REASONS[r]!],
          opacity: 1,
        },
        encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
      };
    });
    const key = order.flatMap((r, k) => {
      const reason = THROTTLE_REASONS[r]!;
      const at = HEIGHT - 10 - k * 32;
      return [
        swatch(REASON_COLOURS[reason], at - 7),
        note(REASON_LABELS[reason], LABEL_X + 14, at - 7, { fontWeight: 600 }),
        note(`${printCount(totals[r]!)} attempts`, LABEL_X + 14, at + 7, {
          color: COLOUR.faint,
          fontSize: 11,
        }),
      ];
    });
    return { width: WIDTH, height: HEIGHT, layer: [...layers, ...ghosts, ...key] };
  };
}

export function concurrencyPanel(study: Study, all: Line, functions: readonly Line[]): Panel {
  const { account, functions: settings } = study.scenario;
  const peak = Math.max(...all.rows.map((row) => row.concurrencyMax));
  const several = functions.length > 0;
  const shown = several ? functions : [all];
  const mean = (row: CoarseRow) => row.concurrencyMean;
  const meanBefore = Math.max(0, ...shown.flatMap(({ before }) => before.map(mean)));
  const limits: { label: string; value: number; colour: string }[] = [];
  if (Number.isFinite(account.concurrency)) {
    limits.push({ label: "account concurrency", value: account.concurrency, colour: COLOUR.limit });
  }
  (functions.length > 0 ? functions : functionParts(study).slice(0, 1)).forEach(({ fn }) => {
    const f = settings[fn!]!;
    const colour = functions.find((line) => line.fn === fn)?.colour ?? COLOUR.limit;
    const of = functions.length > 0 ? `${f.name} ` : "";
    if (f.reservedConcurrency !== undefined) {
      limits.push({ label: `${of}reserved`, value: f.reservedConcurrency, colour });
    }
    // What a policy makes of it has a chart of its own.
    if (f.provisionedConcurrency > 0 && !f.provisioning) {
      limits.push({ label: `${of}provisioned`, value: f.provisionedConcurrency, colour: COLOUR.provisioned });
    }
  });
  // A limit far above the use would press it flat: it is named instead.
  const near = limits.filter(({ value }) => value <= peak * 4);
  const far = limits.filter(({ value }) => value > peak * 4);
  const top = axisTop(Math.max(peak, meanBefore, ...near.map(({ value }) => value)));
  const pixel = (value: number) => HEIGHT * (1 - value / top);

  return (x) => {
    const y = yOf("concurrency", top);
    const band = {
      data: {
        values: stepPoints(
          all.rows,
          (row) => row.concurrencyMean,
          (row) => row.concurrencyMax,
        ),
      },
      mark: { type: "area", interpolate: "step-after", color: COLOUR.all, opacity: 0.16 },
      encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
    };
    const rules = near.map(({ value, colour }) => ({
      data: { values: [{ value }] },
      mark: { type: "rule", color: colour, strokeDash: [5, 4], strokeWidth: 1.25 },
      encoding: { y: { field: "value", type: "quantitative", ...y } },
    }));
    const marks = [
      ...near.map(({ label, value, colour }) => ({
        text: `${label} ${printCount(value)}`,
        at: pixel(value),
        colour,
        weight: 400,
      })),
      ...shown.map((line) => ({
        text: several ? line.name : "mean, and most (pale)",
        at: pixel(busiest(line.rows).concurrencyMean),
        colour: line.colour,
        weight: 600,
      })),
      ...(several
        ? [{ text: "all: most (pale)", at: pixel(peak) + 4, colour: COLOUR.faint, weight: 400 }]
        : []),
    ];
    const heights = inside(spread(marks.map(({ at }) => at)));
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        several
          ? {
              ...band,
              data: {
                values: stepPoints(
                  all.rows,
                  () => 0,
                  (row) => row.concurrencyMax,
                ),
              },
              mark: { ...band.mark, opacity: 0.1 },
            }
          : band,
        ...linesBefore(shown, mean, x, y),
        ...shown.map((line) => stepLine(line, mean, x, y)),
        ...rules,
        ...marks.map(({ text, colour, weight }, i) =>
          note(text, LABEL_X, heights[i]!, { color: colour, fontWeight: weight }),
        ),
        ...(far.length > 0
          ? [
              note(
                `limit far above: ${far.map(({ label, value }) => `${label} ${printCount(value)}`).join(", ")}`,
                WIDTH,
                -18,
                { color: COLOUR.faint, align: "right", fontSize: 11.5 },
              ),
            ]
          : []),
      ],
    };
  };
}

function coldStartsPanel(all: Line): Panel {
  const { rows } = all;
  const peak = Math.max(...everyRow([all]).map((row) => row.coldStarts));
  const unit = rateUnit(peak);
  const top = axisTop(peak * unit.seconds);
  return (x) => {
    const y = yOf(`cold starts per ${unit.name}`, top);
    if (peak === 0) return emptyPanel("no cold starts", x, y);
    return {
      width: WIDTH,
      height: HEIGHT * 0.7,
      layer: [
        {
          data: {
            values: stepPoints(
              rows,
              () => 0,
              (row) => row.coldStarts * unit.seconds,
            ),
          },
          mark: { type: "area", interpolate: "step-after", color: COLOUR.cold, opacity: 1 },
          encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
        },
        ...linesBefore([all], (row) => row.coldStarts * unit.seconds, x, y),
      ],
    };
  };
}

/** A limit that latency is judged by, in milliseconds. */
export interface Target {
  readonly label: string;
  readonly ms: number;
  readonly colour: string;
}

/** The p99 of each line; `medians`: of the p50 a dotted line as well. Targets are dashed. */
export function latencyPanel(
  lines: readonly Line[],
  { medians = false, targets = [] }: { medians?: boolean; targets?: readonly Target[] } = {},
): Panel | undefined {
  const known = (read: (row: CoarseRow) => number | null) =>
    everyRow(lines).flatMap((row) => read(row) ?? []);
  const p99s = known(({ p99Ms }) => p99Ms);
  if (p99s.length === 0) return undefined;
  const most = Math.max(...p99s);
  // A target far above what happens would press it flat: it is named instead.
  const near = targets.filter(({ ms }) => ms <= most * 4);
  const far = targets.filter(({ ms }) => ms > most * 4);
  const values = [
    ...p99s,
    ...near.map(({ ms }) => ms),
    ...(medians ? known(({ p50Ms }) => p50Ms).filter((ms) => ms > 0) : []),
  ];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const log = low > 0 && high / low > 20;
  const unit = high >= 2000 && (!log || low >= 100) ? { name: "s", size: 1000 } : { name: "ms", size: 1 };
  const [bottom, top] = log
    ? [low / unit.size / 1.15, (high / unit.size) * 1.15]
    : [0, axisTop(high / unit.size)];
  const share = (v: number) => (log ? Math.log(v / bottom) / Math.log(top / bottom) : v / top);
  const scale = { domain: [bottom, top], nice: false, type: log ? "log" : "linear" };
  const title = `${medians ? "p50 and p99" : "p99"} latency (${unit.name}${log ? ", log scale" : ""})`;
  const axis = titledAbove(title, {
    tickCount: log ? 30 : 3,
    labelExpr: PLAIN,
    ...(log ? { values: logTicks(bottom, top, 1), labelOverlap: false } : {}),
  });
  const y = { scale, axis };
  const scaled = (ms: number | null) => (ms === null ? null : ms / unit.size);
  const of = (row: CoarseRow) => scaled(row.p99Ms);
  const pixel = (value: number) => HEIGHT * (1 - share(value));
  const lastOf = ({ rows }: Line, read: (row: CoarseRow) => number | null) =>
    pixel((rows.map(read).findLast((ms) => ms !== null) ?? 0) / unit.size || bottom);
  const named = lines.length > 1 || medians;
  const marks = [
    ...near.map(({ label, ms, colour }) => ({
      text: label,
      at: pixel(ms / unit.size),
      colour,
      weight: 400,
    })),
    ...(named
      ? lines.flatMap((line) => [
          {
            text: lines.length > 1 ? shortName(line.name) : "p99",
            at: lastOf(line, ({ p99Ms }) => p99Ms),
            colour: line.colour,
            weight: 600,
          },
          ...(medians && lines.length === 1
            ? [
                {
                  text: "p50 (dotted)",
                  at: lastOf(line, ({ p50Ms }) => p50Ms),
                  colour: line.colour,
                  weight: 400,
                },
              ]
            : []),
        ])
      : []),
  ];
  const heights = inside(spread(marks.map(({ at }) => Math.min(HEIGHT, Math.max(0, at)))));
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...linesBefore(lines, of, x, y),
      ...lines.flatMap((line) => {
        // A short stroke for each interval as well: a lone one would have no line.
        const strokes = line.rows.flatMap((row) =>
          row.p99Ms === null ? [] : [{ t: row.t, t2: row.end, value: of(row) }],
        );
        return [
          ...(strokes.length < line.rows.length
            ? [
                {
                  data: { values: strokes },
                  mark: { type: "rule", color: line.colour, strokeWidth: 2 },
                  encoding: { x, x2: { field: "t2" }, y: { field: "value", type: "quantitative", ...y } },
                },
              ]
            : []),
          stepLine({ ...line, dash: [1, 0] }, of, x, y),
        ];
      }),
      ...(medians
        ? lines.map((line) => stepLine({ ...line, dash: [1.5, 2.5] }, (row) => scaled(row.p50Ms), x, y))
        : []),
      ...near.map(({ ms, colour }) => ({
        data: { values: [{ value: ms / unit.size }] },
        mark: { type: "rule", color: colour, strokeDash: [5, 4], strokeWidth: 1.25 },
        encoding: { y: { field: "value", type: "quantitative", ...y } },
      })),
      ...marks.map(({ text, colour, weight }, i) =>
        note(text, LABEL_X, heights[i]!, { color: colour, fontWeight: weight }),
      ),
      ...(far.length > 0
        ? [
            note(`far below the target: ${far.map(({ label }) => label).join(", ")}`, WIDTH, -18, {
              color: COLOUR.faint,
              align: "right",
              fontSize: 11.5,
            }),
          ]
        : []),
    ],
  });
}

function busiest(rows: readonly CoarseRow[]): CoarseRow {
  return rows.reduce((best, row) => (row.concurrencyMean > best.concurrencyMean ? row : best));
}

function findingOf(study: Study, { rows, requests }: Line): string {
  const count = (pick: (c: Counters) => number) =>
    meanOf(study, ({ functions }) => functions.reduce((sum, f) => sum + pick(f.counters), 0));
  const refused = (c: Counters) => c.throttledAttempts.reduce((a, b) => a + b, 0);
  const throttled = shareOf(study, refused, (c) => c.attempts).mean;
  const attempts = count((c) => c.attempts);
  const [cold, invocations] = [count((c) => c.coldStarts), count((c) => c.invocations)];
  const coldShare = shareOf(
    study,
    (c) => c.coldStarts,
    (c) => c.invocations,
  ).mean;
  const limit = study.scenario.account.concurrency;
  const peak = meanOf(study, (r) => r.account.concurrency.max);
  const worst = rows.reduce((best, row) => ((row.p99Ms ?? -1) > (best.p99Ms ?? -1) ? row : best));
  const hit = rows.filter((row) => row.throttles > 0);
  const share = invocations === 0 ? "" : ` (${printShare(coldShare)} of invocations)`;
  return [
    throttled === 0
      ? `None of ${printCount(requests)} requests is throttled`
      : `${printShare(throttled)} of ${printCount(attempts)} attempts are throttled, between ${printClock(hit[0]!.t * SECOND)} and ${printClock(hit.at(-1)!.end * SECOND)}`,
    `concurrency peaks at ${printCount(peak)}${Number.isFinite(limit) ? ` of ${printCount(limit)}` : ""}`,
    `${cold < 10 && cold % 1 ? printNumber(cold) : printCount(cold)} cold starts${share}`,
    ...(worst.p99Ms === null
      ? []
      : [
          `the worst p99 latency is ${printDuration(worst.p99Ms * MILLISECOND)}, at ${printClock(worst.t * SECOND)}`,
        ]),
  ]
    .join("; ")
    .concat(".");
}
