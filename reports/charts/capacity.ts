import { MILLISECOND, printDuration, SECOND } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { type WorstMoment, worstMoment } from "../text/worst-moment.ts";
import { type Chart, COLOUR, type Json, provenance, specOf, WIDTH } from "./chart.ts";
import { type Line, linesOf } from "./line.ts";
import { timeNumbers } from "./overview.ts";
import { concurrencyPanel, limitsOf } from "./panel-concurrency.ts";
import { latencyPanel, type Target } from "./panel-latency.ts";
import { arrivalsPanel } from "./panel-rates.ts";
import { refusedAttempts, throttlesPanel } from "./panel-throttles.ts";
import { accountPart } from "./parts.ts";
import { textWidth } from "./text-widths.ts";
import { timeX } from "./time-axis.ts";
import { LABEL_X, type Panel } from "./time-panels.ts";

/** Functions whose medians have room beside their p99. */
const MOST_MEDIANS = 1;
const TITLE_SIZE = 15;

/** Where capacity was short: load, concurrency under its limits and latency under its targets, and the worst moment in all. */
export function capacity(study: Study): Chart | undefined {
  if (accountPart(study).requests === 0) return undefined;
  const drawn = linesOf(study);
  const { all, functions, lines } = drawn;
  const worst = worstMoment(study, all.rows);
  const throttled = all.rows.some((row) => row.throttles > 0);
  const targets = targetsOf(study, functions.length > 0 ? functions : []);
  const panels = [
    throttled ? throttlesPanel(all, refusedAttempts(study)) : arrivalsPanel(lines),
    concurrencyPanel(drawn, limitsOf(study, functions)),
    latencyPanel(lines, { medians: lines.length <= MOST_MEDIANS, targets }),
  ].filter((panel) => panel !== undefined);
  const { start } = study.account.timeline;
  const end = study.scenario.horizon;
  const views = panels.map((panel, i) => marked(panel, worst)(timeX(start, end, i === panels.length - 1)));
  const finding = `Worst ${worst.when}: ${worst.text}.`;
  const step = (all.rows[0]!.end - all.rows[0]!.t) * SECOND;
  const spec = specOf(
    "",
    `${provenance(study, printDuration(end))} · points of ${printDuration(step)} · shaded: the worst of them`,
    finding,
    { spacing: 44, bounds: "flush", resolve: { scale: { x: "independent" } }, vconcat: views },
  );
  const { subtitle } = spec.title as unknown as { subtitle: string };
  return {
    name: "capacity",
    title: "When it was worst",
    question: "When was it worst, and why?",
    finding,
    numbers: timeNumbers(study.account.timeline),
    spec: { ...spec, title: { text: wrapped(finding), fontSize: TITLE_SIZE, subtitle } } as typeof spec,
  };
}

/** A text in lines that have room above the panels. */
function wrapped(text: string): string[] {
  const most = LABEL_X + 170;
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (textWidth(longer, TITLE_SIZE, true) <= most || lines.at(-1) === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), `${lines[2]} …`];
}

/** A panel in which the worst moment is shaded, never narrower than one sees. */
function marked(panel: Panel, { t, end }: WorstMoment): Panel {
  return (x) => {
    const view = panel(x);
    const { domain } = x.scale as { domain: [number, number] };
    const least = ((domain[1] - domain[0]) * 5) / WIDTH;
    const middle = (t + end) / 2;
    const half = Math.max((end - t) / 2, least / 2);
    const low = Math.max(domain[0], middle - half);
    const high = Math.min(domain[1], middle + half);
    const band: Json = {
      data: { values: [{ t: low, end: high }] },
      mark: { type: "rect", color: COLOUR.cold, opacity: 0.28 },
      encoding: {
        x: { ...x, field: "t" },
        x2: { field: "end" },
        y: { value: 0 },
        y2: { value: view.height },
      },
    };
    return { ...view, layer: [band, ...(view.layer as Json[])] };
  };
}

/** What latency is judged by: of the functions that have lines, and of the total where the account is drawn. */
function targetsOf({ scenario }: Study, functions: readonly Line[]): Target[] {
  const alone = scenario.functions.length === 1 ? scenario.functions[0]!.name : undefined;
  return scenario.thresholds.flatMap(({ of, measure, expression, limit }): Target[] => {
    if (measure !== "latency" || !expression.includes("<")) return [];
    const line = functions.find(({ name }) => name === of);
    if (functions.length > 0 ? !line : of !== "total" && of !== alone) return [];
    const aggregate = expression.split(/[<>]/)[0]!.trim();
    const label = `${line ? `${line.name} ` : "target "}${aggregate} ${printDuration(limit)}`;
    return [{ label, ms: limit / MILLISECOND, colour: line?.colour ?? COLOUR.limit }];
  });
}
