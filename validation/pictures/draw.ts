import type { Chart } from "../../reports/charts/chart.ts";
import { renderSvg } from "../../reports/charts/render.ts";
import type { Outcome } from "../evaluate.ts";
import type { Figure } from "../report.ts";
import { burstyLoss } from "./bursty.ts";
import { coldStarts2020 } from "./cold-starts-2020.ts";
import { differences } from "./differences.ts";
import { keepAliveProbe } from "./keep-alive-probe.ts";

/** The charts of the cases that were run. */
function charts(outcomes: readonly Outcome[]): Chart[] {
  const ran = (id: string) => outcomes.some((o) => o.case.id === id && o.rows.length > 0);
  return [
    differences(outcomes),
    ...(ran("bursty-loss") ? [burstyLoss()] : []),
    ...(ran("preset-2020") ? [coldStarts2020()] : []),
    ...(ran("keep-alive-2025") ? [keepAliveProbe()] : []),
  ];
}

/** All of them as SVG, and where they go. */
export async function drawFigures(
  outcomes: readonly Outcome[],
): Promise<(Figure & { readonly svg: string })[]> {
  const figures: (Figure & { readonly svg: string })[] = [];
  for (const { name, title, finding, spec } of charts(outcomes)) {
    figures.push({ file: `validation/charts/${name}.svg`, title, finding, svg: await renderSvg(spec) });
  }
  return figures;
}
