import { printClock, printDuration, SECOND } from "../../sim/units.ts";
import type { Against } from "../../study/against.ts";
import { againstVerdict } from "../text/against.ts";
import { axisTop, type Chart, COLOUR, type Json, type Numbers, provenance, specOf, WIDTH } from "./chart.ts";
import { grouped, togetherFor, togetherInTables } from "./coarse.ts";
import { round } from "./latency-axis.ts";
import { timeX } from "./time-axis.ts";
import { beside, HEIGHT, type Panel, stepLine, stepPoints, yOf } from "./time-panels.ts";

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
  const { timeline } = lambda.account;
  const servers = fleet.timeline;
  return grouped(timeline, together, ({ t, end, rate, mean, most }) => ({
    t,
    end,
    // Of some intervals' percentiles the highest: nothing that stood out is lost.
    lambdaP99: most(timeline.latencyP99, SECOND),
    serversP99: most(servers.latencyP99, SECOND),
    concurrency: mean(timeline.concurrencyMean),
    busy: mean(servers.busy),
    slots: round(mean(servers.servers) * fleet.settings.slots),
    throttled: rate(timeline.throttles),
    refused: rate(servers.refused),
  }));
}

/** A panel with a line for each; `room`: what servers have room for, pale behind them. */
function pair(
  rows: readonly Row[],
  title: string,
  lambda: (row: Row) => number | null,
  servers: (row: Row) => number | null,
  room?: (row: Row) => number,
): Panel {
  const values = rows.flatMap((row) => [lambda(row) ?? 0, servers(row) ?? 0, room?.(row) ?? 0]);
  const top = axisTop(Math.max(...values));
  const y = yOf(title, top);
  const last = (read: (row: Row) => number | null) =>
    HEIGHT * (1 - (rows.map(read).findLast((v) => v !== null) ?? 0) / top);
  return (x) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(room ? [roomBehind(rows, room, x, y)] : []),
      stepLine({ rows, ...SERVERS }, servers, x, y),
      stepLine({ rows, ...LAMBDA }, lambda, x, y),
      ...beside([
        { text: "Lambda", at: last(lambda), colour: LAMBDA.colour },
        { text: "servers (dashed)", at: last(servers), colour: SERVERS.colour },
      ]),
    ],
  });
}

const roomBehind = (rows: readonly Row[], room: (row: Row) => number, x: Json, y: Json): Json => ({
  data: { values: stepPoints(rows, () => 0, room) },
  mark: { type: "area", interpolate: "step-after", color: SERVERS.colour, opacity: 0.14 },
  encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
});

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
    (row) => row.slots,
  );

const refusedPanel = (rows: readonly Row[]): Panel =>
  pair(
    rows,
    "refused per second",
    (row) => row.throttled,
    (row) => row.refused,
  );
