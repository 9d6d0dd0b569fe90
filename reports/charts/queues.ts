import type { ColumnTable } from "arquero";
import { EntryTimeline } from "../../sim/measure/entry.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  printClock,
  printDuration,
  printMean,
  printNumber,
  SECOND,
} from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import {
  axisTop,
  type Chart,
  COLOUR,
  FUNCTION_STYLES,
  type Json,
  type Numbers,
  note,
  provenance,
  shortName,
  specOf,
  spread,
  WIDTH,
} from "./chart.ts";
import { grouped, knownMean, togetherFor, togetherInTables } from "./coarse.ts";
import { entryParts, shownOf } from "./entry-parts.ts";
import { heaviest, MOST_APART } from "./heaviest.ts";
import { meanOf } from "./parts.ts";
import { hasIntervals, intervalsOf, type Named, spanOf, type TidyIntervals } from "./tidy-intervals.ts";
import { rateUnit, timeX } from "./time-axis.ts";
import { HEIGHT, inside, LABEL_X, labels, type Panel, stepLine, stepPoints, yOf } from "./time-panels.ts";

/** Some intervals of a queue together: seconds, messages, events a second. */
interface QueueRow {
  readonly t: number;
  readonly end: number;
  readonly depthMean: number;
  readonly depthMax: number;
  /** The greatest of any one interval; 0 where nothing waits. */
  readonly oldestS: number;
  readonly arrives: number;
  readonly handled: number;
  readonly dropped: number;
}

/** A queue over time, how its lines are drawn, and how many messages wait over the whole time. */
interface Line {
  readonly name: string;
  readonly rows: readonly QueueRow[];
  readonly colour: string;
  readonly dash: readonly number[];
  readonly depth: { readonly mean: number; readonly max: number };
}

/** What the chart draws. */
interface QueuesData {
  readonly lines: readonly Line[];
  /** Of the time axis (microseconds). */
  readonly start: number;
  readonly end: number;
  /** What stands under the title: which runs these are, and how many queues are not shown. */
  readonly about: string;
  readonly hidden: string;
  readonly numbers: Numbers;
}

/** Backlogs: how many messages wait, how old the oldest is, and what comes in and goes out, on one time axis. */
export function queues(study: Study): Chart | undefined {
  const { parts, all } = entryParts(study, ({ e, queues, timeline }) =>
    queues && timeline ? meanOf(study, (r) => r.traffic.entries[e]!.depth.mean) : 0,
  );
  const [first, ...others] = parts;
  if (!first) return undefined;
  const together = togetherFor(study.account.timeline);
  const depth = (e: number, key: "mean" | "max") => meanOf(study, (r) => r.traffic.entries[e]!.depth[key]);
  const lines = parts.map(({ name, e, timeline }, i): Line => {
    const rows = coarseQueue(timeline!, together);
    return {
      name,
      rows,
      ...styleOf(i, others.length),
      depth: { mean: depth(e, "mean"), max: depth(e, "max") },
    };
  });
  const end = study.scenario.horizon;
  return queuesOf({
    lines,
    start: study.account.timeline.start,
    end,
    about: provenance(study, printDuration(end)),
    hidden: shownOf(parts.length, all, "queues"),
    numbers: numbersOf(parts.map(({ name, timeline }) => ({ name, intervals: timeline! }))),
  });
}

const QUEUES: TidyIntervals<EntryTimeline> = {
  by: "entry",
  make: (start, interval, end) => new EntryTimeline(start, interval, end),
  columns: [
    { name: "requests", into: (t) => t.requests },
    { name: "receives", into: (t) => t.receives },
    { name: "succeeded", into: (t) => t.succeeded },
    { name: "retries", into: (t) => t.retries },
    { name: "dropped", into: (t) => t.dropped },
    { name: "depthMean", into: (t) => t.depthMean },
    { name: "depthMax", into: (t) => t.depthMax },
    { name: "oldestAgeS", into: (t) => t.oldestAge, factor: SECOND, mayLack: true },
  ],
};

/** The table is one of queues over time: its columns say so. */
export function isQueuesTable(names: readonly string[]): boolean {
  return hasIntervals(names, QUEUES);
}

/** The same of a tidy table (queues.csv), or of some of its rows. Throws TypeError for rows that cannot be drawn. */
export function queuesTableChart(tidy: ColumnTable, name?: string): Chart {
  const read = intervalsOf(tidy, QUEUES);
  const meanDepth = ({ intervals }: Named<EntryTimeline>) => knownMean(intervals.depthMean);
  const waiting = read.filter((part) => meanDepth(part) > 0);
  const parts = waiting.length > 0 ? waiting : read;
  const shown = waiting.length > 0 ? heaviest(waiting, meanDepth) : read.slice(0, MOST_APART);
  const lines = shown.map((part, i): Line => {
    const { name, intervals } = part;
    const together = togetherFor({
      rows: intervals.rows,
      interval: intervals.interval,
      arrivals: intervals.requests,
    });
    const rows = coarseQueue(intervals, together);
    const depth = { mean: meanDepth(part), max: Math.max(...rows.map(({ depthMax }) => depthMax)) };
    return { name, rows, ...styleOf(i, shown.length - 1), depth };
  });
  return queuesOf({
    lines,
    ...spanOf(read),
    about: shortName(name ?? shown.map((part) => part.name).join(", "), 60),
    hidden: shownOf(shown.length, parts.length, "queues"),
    numbers: numbersOf(shown),
  });
}

const styleOf = (i: number, others: number) =>
  others === 0 ? { colour: COLOUR.queued, dash: [1, 0] } : FUNCTION_STYLES[i]!;

function queuesOf({ lines, start, end, about, hidden, numbers }: QueuesData): Chart {
  const [first] = lines as [Line, ...Line[]];
  const alone = lines.length === 1;
  const views: Panel[] = [
    depthPanel(lines),
    agePanel(lines),
    ...(alone
      ? [flowPanel(lines[0]!)]
      : [ratePanel("arrivals", lines, arrives), ratePanel("handled", lines, handled)]),
  ];
  const finding = findingOf(lines);
  const title = alone ? `The queue of ${shortName(first.name)}` : "Queues";
  const step = first.rows[0]!.end - first.rows[0]!.t;
  const subtitle = `${about} · points of ${printDuration(step * SECOND)}${hidden}`;
  return {
    name: "queues",
    title,
    numbers,
    question: "How much waits, for how long, and does it catch up?",
    finding,
    spec: specOf(title, subtitle, finding, {
      spacing: 44,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat: views.map((view, i) => view(timeX(start, end, i === views.length - 1))),
    }),
  };
}

/** Each queue over time. */
function numbersOf(queues: readonly Named<EntryTimeline>[]): Numbers {
  const { end } = spanOf(queues);
  const clock = (s: number) => printClock(s * SECOND, end);
  return {
    columns: [
      "queue",
      "from",
      "to",
      "waiting, mean",
      "waiting, most",
      "oldest (s)",
      "arrivals a second",
      "handled a second",
      "dropped a second",
    ],
    rows: queues.flatMap(({ name, intervals }) =>
      coarseQueue(intervals, togetherInTables(intervals)).map((row) => [
        name,
        clock(row.t),
        clock(row.end),
        row.depthMean,
        row.depthMax,
        row.oldestS,
        row.arrives,
        row.handled,
        row.dropped,
      ]),
    ),
  };
}

const arrives = (row: QueueRow) => row.arrives;
const handled = (row: QueueRow) => row.handled;

/** Where nothing is known there is no row. */
function coarseQueue(timeline: EntryTimeline, together: number): QueueRow[] {
  const rows = grouped(timeline, together, ({ t, end, rate, mean, most }) => ({
    t,
    end,
    depthMean: mean(timeline.depthMean),
    depthMax: most(timeline.depthMax)!,
    oldestS: most(timeline.oldestAge, SECOND) ?? 0,
    arrives: rate(timeline.requests),
    handled: rate(timeline.succeeded),
    dropped: rate(timeline.dropped),
  }));
  return rows.filter(({ arrives }) => !Number.isNaN(arrives));
}

function most(lines: readonly Line[], value: (row: QueueRow) => number): number {
  return Math.max(...lines.flatMap(({ rows }) => rows.map(value)));
}

/** Names at the lines' ends, where there are several. */
function named(lines: readonly Line[], value: (row: QueueRow) => number, top: number): Json[] {
  return lines.length > 1 ? labels(lines, (row) => HEIGHT * (1 - value(row) / top)) : [];
}

function depthPanel(lines: readonly Line[]): Panel {
  const [only] = lines.length === 1 ? lines : [];
  const top = axisTop(most(lines, only ? (row) => row.depthMax : (row) => row.depthMean));
  const y = yOf("messages waiting", top);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(only
        ? [
            {
              data: {
                values: stepPoints(
                  only.rows,
                  (row) => row.depthMean,
                  (row) => row.depthMax,
                ),
              },
              mark: { type: "area", interpolate: "step-after", color: COLOUR.queued, opacity: 0.2 },
              encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
            },
            note("mean, and most (pale)", LABEL_X, HEIGHT / 2, { color: COLOUR.queued, fontWeight: 600 }),
          ]
        : []),
      ...lines.map((line) => stepLine(line, (row) => row.depthMean, x, y)),
      ...named(lines, (row) => row.depthMean, top),
    ],
  });
}

/** In which unit the age of messages reads best. */
function ageUnit(seconds: number): { name: string; seconds: number } {
  if (seconds >= (2 * DAY) / SECOND) return { name: "days", seconds: DAY / SECOND };
  if (seconds >= (2 * HOUR) / SECOND) return { name: "h", seconds: HOUR / SECOND };
  return seconds >= (5 * MINUTE) / SECOND
    ? { name: "min", seconds: MINUTE / SECOND }
    : { name: "s", seconds: 1 };
}

function agePanel(lines: readonly Line[]): Panel {
  const unit = ageUnit(most(lines, (row) => row.oldestS));
  const value = (row: QueueRow) => row.oldestS / unit.seconds;
  const top = axisTop(most(lines, value));
  const y = yOf(`age of the oldest (${unit.name})`, top);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [...lines.map((line) => stepLine(line, value, x, y)), ...named(lines, value, top)],
  });
}

/** One rate of all queues. */
function ratePanel(what: string, lines: readonly Line[], value: (row: QueueRow) => number): Panel {
  const unit = rateUnit(most(lines, value));
  const scaled = (row: QueueRow) => value(row) * unit.seconds;
  const top = axisTop(most(lines, scaled));
  const y = yOf(`${what} per ${unit.name}`, top);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [...lines.map((line) => stepLine(line, scaled, x, y)), ...named(lines, scaled, top)],
  });
}

/** What comes into the one queue and what leaves it. */
function flowPanel(line: Line): Panel {
  const flows = [
    { name: "arrivals", value: arrives, colour: COLOUR.all, dash: [1, 0] },
    { name: "handled (dashed)", value: handled, colour: COLOUR.queued, dash: [5, 3] },
    { name: "dropped (dotted)", value: (row: QueueRow) => row.dropped, colour: COLOUR.amount, dash: [2, 2] },
  ].filter(({ value }) => most([line], value) > 0);
  const unit = rateUnit(Math.max(...flows.map(({ value }) => most([line], value))));
  const scaled = (value: (row: QueueRow) => number) => (row: QueueRow) => value(row) * unit.seconds;
  const top = axisTop(Math.max(...flows.map(({ value }) => most([line], scaled(value)))));
  const y = yOf(`messages per ${unit.name}`, top);
  const heights = inside(
    spread(flows.map(({ value }) => HEIGHT * (1 - scaled(value)(line.rows.at(-1)!) / top))),
  );
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...flows.map(({ value, colour, dash }) =>
        stepLine({ rows: line.rows, colour, dash }, scaled(value), x, y),
      ),
      ...flows.map(({ name, colour }, i) =>
        note(name, LABEL_X, heights[i]!, { color: colour, fontWeight: 600 }),
      ),
    ],
  });
}

/** Queues that the finding names, those with the longest backlog first. */
const MOST_NAMED = 3;

function findingOf(lines: readonly Line[]): string {
  const told = [...lines]
    .sort((a, b) => b.depth.mean - a.depth.mean)
    .slice(0, MOST_NAMED)
    .map(({ name, depth, rows }) => {
      const worst = rows.reduce((a, b) => (b.oldestS > a.oldestS ? b : a));
      const last = rows.at(-1)!;
      const left = last.depthMean >= 1 ? `, and ${printMean(last.depthMean)} still wait at the end` : "";
      const oldest =
        worst.oldestS > 0
          ? `, the oldest ${printDuration(Math.round(worst.oldestS * SECOND))}, by ${printClock(worst.end * SECOND)}`
          : "";
      return `up to ${printMean(depth.max)} messages of ${name} wait (${printNumber(depth.mean)} on average)${oldest}${left}`;
    });
  const text = told.join("; ");
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
