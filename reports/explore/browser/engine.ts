import { applySettings } from "../../../sim/scenario/paths.ts";
import { printPath, ScenarioError } from "../../../sim/scenario/problem.ts";
import { replicateBy, type Study } from "../../../study/replicate.ts";
import { oneThread } from "../../../study/runner.ts";
import { openWith, type ScenarioSource } from "../../../study/source.ts";
import { type Chart, COLOUR, type VegaLiteSpec } from "../../charts/chart.ts";
import { charts } from "../../charts/registry.ts";
import type { Change } from "../control.ts";
import type { ChartMessage, FromEngine, Order, ToEngine } from "../messages.ts";
import { viewOf } from "../view.ts";
import { pause } from "./pause.ts";

/**
 * The engine in its worker: plays what the page orders, one order at a time. Of orders that come meanwhile the newest is
 * played next; a run that would still take long is left for it.
 */

/** How long it plays on before it looks for a newer order, in milliseconds. */
const SLICE_MS = 12;
/** With a newer order there, a run goes on if it will be over in this time: else a slow drag would never show anything. */
const PATIENCE_MS = 250;
/** A run that takes longer than this says how far it is. */
const SILENT_MS = 300;

class Superseded extends Error {}

let source: ScenarioSource | undefined;
let wanted: Order | undefined;
let playing = false;
/** Studies that may be asked for again: the one shown and its baseline, by what was played. */
let known = new Map<string, Study>();
let shown: { readonly id: number; readonly charts: readonly Chart[] } | undefined;

const tell = (message: FromEngine) => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToEngine>) => {
  if (data.type === "open") source = data.source;
  else if (data.type === "scenario") tell({ type: "scenario", text: scenarioText(data.changes) });
  else if (data.type === "spec") sendSpec(data.name);
  else {
    wanted = data.order;
    if (!playing) void playAll();
  }
});

function sendSpec(name: string): void {
  const chart = shown?.charts.find((c) => c.name === name);
  if (shown && chart) tell({ type: "spec", id: shown.id, chart: chartMessage(chart, true) });
}

function scenarioText(changes: readonly Change[]): string {
  return `${JSON.stringify(applySettings(source!.file, changes), null, 2)}\n`;
}

async function playAll(): Promise<void> {
  playing = true;
  while (wanted) {
    const order = wanted;
    wanted = undefined;
    try {
      await play(order);
    } catch (error) {
      if (error instanceof Superseded) continue;
      if (error instanceof ScenarioError)
        tell({ type: "problems", id: order.id, problems: error.problems.map(problemText) });
      else tell({ type: "fault", message: (error as Error).stack ?? String(error) });
    }
  }
  playing = false;
}

function problemText({ path, message }: ScenarioError["problems"][number]): string {
  return `${printPath(path)}: ${message}`;
}

async function play(order: Order): Promise<void> {
  const started = performance.now();
  const { id, changes, baseline, command } = order;
  const study = await studyOf(id, changes);
  const key = JSON.stringify(changes);
  const baseKey = JSON.stringify(baseline);
  // What is compared with itself has nothing beside it.
  const before = baseline && baseKey !== key ? await studyOf(id, baseline) : undefined;
  known = new Map([[key, study], ...(before ? [[baseKey, before] as const] : [])]);
  const ms = performance.now() - started;
  // The overview shows what the chart of the worst moment shows, beside the baseline.
  const drawn = charts(study, before).filter(({ name }) => name !== "capacity");
  shown = { id, charts: drawn };
  tell({
    type: "result",
    id,
    ms,
    view: viewOf(study, command, before),
    charts: drawn.map((chart) => chartMessage(chart, order.inView.includes(chart.name))),
  });
}

function chartMessage({ name, question, finding, spec }: Chart, withSpec: boolean): ChartMessage {
  return { name, question, finding, spec: withSpec ? JSON.stringify(untitled(spec)) : undefined };
}

/** The question stands over the chart already: of the title only the line below it is left. */
function untitled(spec: VegaLiteSpec): object {
  const { title } = spec as { title?: { subtitle?: unknown } };
  return {
    ...spec,
    title: { text: title?.subtitle ?? "", fontSize: 12.5, fontWeight: 400, color: COLOUR.faint },
  };
}

async function studyOf(id: number, changes: readonly Change[]): Promise<Study> {
  const old = known.get(JSON.stringify(changes));
  if (old) return old;
  const opened = openWith(source!, changes);
  const started = performance.now();
  let until = started + SLICE_MS;
  let share = 0;
  const breathe = () => {
    const now = performance.now();
    if (now < until) return undefined;
    const spent = now - started;
    const left = share > 0 ? (spent * (1 - share)) / share : Number.POSITIVE_INFINITY;
    if (spent > SILENT_MS) tell({ type: "progress", id, share });
    return pause().then(() => {
      if (wanted && left > PATIENCE_MS) throw new Superseded();
      until = performance.now() + SLICE_MS;
    });
  };
  return replicateBy(oneThread(breathe), opened, (done) => {
    share = done / opened.scenario.replications;
  });
}
