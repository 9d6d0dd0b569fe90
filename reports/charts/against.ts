import { printClock, printDuration, SECOND } from "../../sim/units.ts";
import type { Against } from "../../study/against.ts";
import { againstVerdict } from "../text/against.ts";
import {
  axisTop,
  type Chart,
  COLOUR,
  type Json,
  type Numbers,
  note,
  provenance,
  specOf,
  spread,
  WIDTH,
} from "./chart.ts";
import { togetherFor, togetherInTables } from "./coarse.ts";
import { round } from "./latency-axis.ts";
import { timeX } from "./time-axis.ts";
import { HEIGHT, inside, LABEL_X, type Panel, stepLine, stepPoints, yOf } from "./time-panels.ts";

/** Some intervals together. Latency in seconds, refusals a second, executions and slots at a time. */
interface Row {
  readonly t: number;
  readonly end: number;
  readonly lambdaP99: number | null;
  readonly serversP99: number | null;
  readonly concurrency: number;
  readonly busy: number;
  readonly slots: number;
  readonly throttled: number;
  readonly refused: number;
}

const LAMBDA = { colour: COLOUR.warm, dash: [1, 0] };
const SERVERS = { colour: COLOUR.queued, dash: [6, 3] };

/** Lambda and servers on one time axis: what those who wait see, what there is room for, and who is refused. */
export function againstChart(compared: Against): Chart {
  const { lambda, fleet } = compared;
  const rows = rowsOf(compared);
  const { start } = lambda.account.timeline;
  const end = lambda.scenario.horizon;
  const panels = [latencyPanel(rows), roomPanel(rows), refusedPanel(rows)];
  const finding = againstVerdict(compared);
  const title = `Lambda and ${fleet.settings.instanceType}`;
  const subtitle = `${provenance(lambda, printDuration(end))} · the same requests on both`;
  return {
    name: "against",
    title,
    question: "What does the same traffic see on Lambda and on servers?",
    finding,
    numbers: numbersOf(compared),
    spec: specOf(title, subtitle, finding, {
      spacing: 44,
      bounds: "flush",
      resolve: { scale: { x: "independent" } },
      vconcat: panels.map((panel, i) => panel(timeX(start, end, i === panels.length - 1))),
    }),
  };
}

function numbersOf(compared: Against): Numbers {
  const clock = (s: number) => printClock(s * SECOND, compared.lambda.scenario.horizon);
  return {
    columns: [
      "from",
      "to",
      "Lambda: p99 (s)",
      "servers: p99 (s)",
      "Lambda: concurrency",
      "servers: busy",
      "servers: slots",
      "Lambda: refused a second",
      "servers: refused a second",
    ],
    rows: rowsOf(compared, togetherInTables(compared.lambda.account.timeline)).map((row) => [
      clock(row.t),
      clock(row.end),
      row.lambdaP99,
      row.serversP99,
      row.concurrency,
      row.busy,
      row.slots,
      row.throttled,
      row.refused,
    ]),
  };
}

function rowsOf({ lambda, fleet }: Against, together = togetherFor(lambda.account.timeline)): Row[] {
  const t = lambda.account.timeline;
  const f = fleet.timeline;
  const seconds = t.interval / SECOND;
  return Array.from({ length: Math.ceil(t.rows / together) }, (_, group) => {
    const from = group * together;
    const to = Math.min(t.rows, from + together);
    const sum = (column: Float64Array) => column.subarray(from, to).reduce((a, b) => a + b, 0);
    const mean = (column: Float64Array) => round(sum(column) / (to - from));
    /** Of some intervals' percentiles the highest: nothing that stood out is lost. */
    const highest = (column: Float64Array) => {
      const known = column.subarray(from, to).filter((v) => !Number.isNaN(v));
      return known.length === 0 ? null : round(Math.max(...known) / SECOND);
    };
    return {
      t: round(t.start / SECOND + from * seconds),
      end: round(t.start / SECOND + to * seconds),
      lambdaP99: highest(t.latencyP99),
      serversP99: highest(f.latencyP99),
      concurrency: mean(t.concurrencyMean),
      busy: mean(f.busy),
      slots: round(mean(f.servers) * fleet.settings.slots),
      throttled: round(sum(t.throttles) / ((to - from) * seconds)),
      refused: round(sum(f.refused) / ((to - from) * seconds)),
    };
  });
}

/** Names beside the ends of lines. */
function named(lines: readonly { text: string; at: number; colour: string }[]): Json[] {
  const heights = inside(spread(lines.map(({ at }) => Math.min(HEIGHT, Math.max(0, at)))));
  return lines.map(({ text, colour }, i) =>
    note(text, LABEL_X, heights[i]!, { color: colour, fontWeight: 600 }),
  );
}

function pair(
  rows: readonly Row[],
  title: string,
  lambda: (row: Row) => number | null,
  servers: (row: Row) => number | null,
  more: (x: Json, y: Json, pixel: (value: number) => number) => Json[] = () => [],
): Panel {
  const values = rows.flatMap((row) => [lambda(row) ?? 0, servers(row) ?? 0]);
  const slots = title.startsWith("busy") ? rows.map(({ slots }) => slots) : [];
  const top = axisTop(Math.max(...values, ...slots));
  const y = yOf(title, top);
  const pixel = (value: number) => HEIGHT * (1 - value / top);
  const last = (read: (row: Row) => number | null) => pixel(rows.map(read).findLast((v) => v !== null) ?? 0);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...more(x, y, pixel),
      stepLine({ rows, ...SERVERS }, servers, x, y),
      stepLine({ rows, ...LAMBDA }, lambda, x, y),
      ...named([
        { text: "Lambda", at: last(lambda), colour: LAMBDA.colour },
        { text: "servers (dashed)", at: last(servers), colour: SERVERS.colour },
      ]),
    ],
  });
}

const latencyPanel = (rows: readonly Row[]): Panel =>
  pair(
    rows,
    "p99 latency (s)",
    (row) => row.lambdaP99,
    (row) => row.serversP99,
  );

const roomPanel = (rows: readonly Row[]): Panel =>
  pair(
    rows,
    "busy at a time; slots of the servers (pale)",
    (row) => row.concurrency,
    (row) => row.busy,
    (x, y) => [
      {
        data: {
          values: stepPoints(
            rows,
            () => 0,
            (row) => row.slots,
          ),
        },
        mark: { type: "area", interpolate: "step-after", color: SERVERS.colour, opacity: 0.14 },
        encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
      },
    ],
  );

const refusedPanel = (rows: readonly Row[]): Panel =>
  pair(
    rows,
    "refused per second",
    (row) => row.throttled,
    (row) => row.refused,
  );
