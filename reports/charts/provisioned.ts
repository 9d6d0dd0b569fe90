import type { ProvisionedTimeline } from "../../sim/measure/provisioned.ts";
import { printClock, printDuration, printLimit, printNumber, printShare, SECOND } from "../../sim/units.ts";
import { provisionedCost } from "../../study/provisioned.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { payText } from "../text/pay-text.ts";
import {
  axisTop,
  type Chart,
  COLOUR,
  type Json,
  type Numbers,
  provenance,
  shortName,
  specOf,
  WIDTH,
} from "./chart.ts";
import { grouped, togetherFor, togetherInTables } from "./coarse.ts";
import { meanOf } from "./parts.ts";
import { rateUnit, timeX } from "./time-axis.ts";
import { beside, emptyPanel, HEIGHT, type Panel, stepLine, stepPoints, yOf } from "./time-panels.ts";

/** Functions shown, each with panels of its own: those with most allocated. */
const MOST_SHOWN = 2;

/** Some intervals together: environments, and spillover a second. */
interface Row {
  /** Seconds. */
  readonly t: number;
  readonly end: number;
  readonly requested: number;
  readonly allocated: number;
  readonly used: number;
  readonly usedMax: number;
  readonly spillover: number;
}

interface Part {
  readonly fn: number;
  readonly name: string;
  readonly rows: readonly Row[];
  readonly allocated: number;
}

/** Provisioned concurrency over time: what was ready, what used it and what it did not take, and whether it pays. */
export function provisioned(study: Study): Chart | undefined {
  const together = togetherFor(study.account.timeline);
  const all = study.functions.flatMap(({ provisioned: timeline }, fn): Part[] => {
    if (!timeline) return [];
    const allocated = meanOf(study, (r) => r.functions[fn]!.provisioned!.allocated.mean);
    const { name } = study.scenario.functions[fn]!;
    return [{ fn, name, rows: coarseRows(timeline, together), allocated }];
  });
  const most = [...all].sort((a, b) => b.allocated - a.allocated).slice(0, MOST_SHOWN);
  const parts = all.filter((part) => most.includes(part));
  const [first] = parts;
  if (!first) return undefined;
  const alone = all.length === 1;
  const views = parts.flatMap((part) => {
    const of = alone ? "" : `${shortName(part.name)}: `;
    return [capacityPanel(part, of), utilizationPanel(study, part, of), spilloverPanel(part, of)];
  });
  const { start } = study.account.timeline;
  const end = study.scenario.horizon;
  const finding = `${parts.map((part) => findingOf(study, part, alone)).join("; ")}.`;
  const title = alone ? `Provisioned concurrency of ${shortName(first.name)}` : "Provisioned concurrency";
  const step = first.rows[0]!.end - first.rows[0]!.t;
  const some = parts.length < all.length ? ` · ${parts.length} of ${all.length} functions` : "";
  const subtitle = `${provenance(study, printDuration(end))} · points of ${printDuration(step * SECOND)}${some}`;
  return {
    name: "provisioned",
    title,
    question: "What was ready, what used it, and does it pay?",
    numbers: numbersOf(study, parts),
    finding: `${finding[0]!.toUpperCase()}${finding.slice(1)}`,
    spec: specOf(title, subtitle, `${finding[0]!.toUpperCase()}${finding.slice(1)}`, {
      spacing: 44,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat: views.map((view, i) => view(timeX(start, end, i === views.length - 1))),
    }),
  };
}

/** Each function over time. */
function numbersOf(study: Study, parts: readonly Part[]): Numbers {
  const clock = (s: number) => printClock(s * SECOND, study.scenario.horizon);
  const together = togetherInTables(study.account.timeline);
  return {
    columns: [
      "function",
      "from",
      "to",
      "asked for",
      "allocated",
      "in use, mean",
      "in use, most",
      "spillover a second",
    ],
    rows: parts.flatMap(({ fn, name }) =>
      coarseRows(study.functions[fn]!.provisioned!, together).map((row) => [
        name,
        clock(row.t),
        clock(row.end),
        row.requested,
        row.allocated,
        row.used,
        row.usedMax,
        row.spillover,
      ]),
    ),
  };
}

function coarseRows(timeline: ProvisionedTimeline, together: number): Row[] {
  return grouped(timeline, together, ({ t, end, rate, mean, most }) => ({
    t,
    end,
    requested: mean(timeline.requested),
    allocated: mean(timeline.allocated),
    used: mean(timeline.used),
    usedMax: most(timeline.usedMax)!,
    spillover: rate(timeline.spillover),
  }));
}

/** A band between two values. */
function band(rows: readonly Row[], low: keyof Row | 0, high: keyof Row, mark: Json, x: Json, y: Json): Json {
  const value = (key: keyof Row | 0) => (row: Row) => (key === 0 ? 0 : row[key]);
  return {
    data: { values: stepPoints(rows, value(low), value(high)) },
    mark: { type: "area", interpolate: "step-after", ...mark },
    encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
  };
}

function capacityPanel({ rows }: Part, of: string): Panel {
  const last = rows.at(-1)!;
  const top = axisTop(Math.max(...rows.map((row) => Math.max(row.requested, row.allocated, row.usedMax))));
  const pixel = (value: number) => HEIGHT * (1 - value / top);
  const y = yOf(`${of}provisioned concurrency`, top);
  const waits = rows.some((row) => row.requested > row.allocated);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      band(rows, 0, "allocated", { color: COLOUR.provisioned, opacity: 0.22 }, x, y),
      band(rows, "used", "usedMax", { color: COLOUR.all, opacity: 0.14 }, x, y),
      stepLine({ rows, colour: COLOUR.provisioned, dash: [3, 3] }, (row) => row.requested, x, y),
      stepLine({ rows, colour: COLOUR.provisioned, dash: [1, 0] }, (row) => row.allocated, x, y),
      stepLine({ rows, colour: COLOUR.all, dash: [1, 0] }, (row) => row.used, x, y),
      ...beside([
        {
          text: waits ? "allocated; asked for (dotted)" : "allocated",
          at: pixel(last.allocated),
          colour: COLOUR.provisioned,
        },
        { text: "in use: mean, and most (pale)", at: pixel(last.used), colour: COLOUR.all },
      ]),
    ],
  });
}

function utilizationPanel(study: Study, { fn, rows }: Part, of: string): Panel {
  const { target } = study.scenario.functions[fn]!.provisioning ?? {};
  const { breakEven } = provisionedCost(study, fn);
  const share = (row: Row) => (row.allocated > 0 ? (100 * row.used) / row.allocated : null);
  const top = 100;
  const y = yOf(`${of}utilisation (%)`, top);
  const pixel = (value: number) => HEIGHT * (1 - value / top);
  const lines = [
    ...(target === undefined
      ? []
      : [{ text: `target ${printLimit(target)}`, value: 100 * target, colour: COLOUR.limit, dash: [5, 4] }]),
    ...(breakEven <= 1
      ? [
          {
            text: `break-even ${printLimit(breakEven)}`,
            value: 100 * breakEven,
            colour: COLOUR.amount,
            dash: [2, 3],
          },
        ]
      : []),
  ];
  const known = rows.map(share).filter((value) => value !== null);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      stepLine({ rows, colour: COLOUR.provisioned, dash: [1, 0] }, share, x, y),
      ...lines.map(({ value, colour, dash }) => ({
        data: { values: [{ value }] },
        mark: { type: "rule", color: colour, strokeDash: dash, strokeWidth: 1.5 },
        encoding: { y: { field: "value", type: "quantitative", ...y } },
      })),
      ...beside([
        ...lines.map(({ text, value, colour }) => ({ text, at: pixel(value), colour, weight: 400 })),
        { text: "utilisation", at: pixel(known.at(-1) ?? 0), colour: COLOUR.provisioned },
      ]),
    ],
  });
}

function spilloverPanel({ rows }: Part, of: string): Panel {
  const peak = Math.max(...rows.map((row) => row.spillover));
  const unit = rateUnit(peak);
  const top = axisTop(peak * unit.seconds);
  const scaled = rows.map((row) => ({ ...row, spillover: row.spillover * unit.seconds }));
  return (x) => {
    const y = yOf(`${of}spillover per ${unit.name}`, top);
    if (peak === 0) return emptyPanel(`${of}no spillover`, x, y);
    return {
      width: WIDTH,
      height: HEIGHT * 0.7,
      layer: [band(scaled, 0, "spillover", { color: COLOUR.amount, opacity: 1 }, x, y)],
    };
  };
}

function findingOf(study: Study, { fn, name, rows, allocated }: Part, alone: boolean): string {
  const of = alone ? "" : `of ${name} `;
  const used = meanOf(study, (r) => r.functions[fn]!.provisionedConcurrency.mean);
  const spilled = shareOf(
    study,
    (c) => c.spillover,
    (c) => c.spillover + c.provisionedInvocations,
    fn,
  ).mean;
  const worst = rows.reduce((a, b) => (b.spillover > a.spillover ? b : a));
  const when = spilled > 0 ? `, most from ${printClock(worst.t * SECOND)}` : "";
  return `${of}${printNumber(allocated)} environments are allocated on average and ${printNumber(used)} in use: ${payText(provisionedCost(study, fn))}; ${printShare(spilled)} of invocations spill over${when}`;
}
