import { axisTop, WIDTH } from "./chart.ts";
import type { CoarseRow } from "./coarse.ts";
import { everyRow, type Line, linesBefore } from "./line.ts";
import { rateUnit } from "./time-axis.ts";
import { HEIGHT, labels, type Panel, stepLine, yOf } from "./time-panels.ts";

/** Arrivals by line, in the unit of time in which the rate reads best. */
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
