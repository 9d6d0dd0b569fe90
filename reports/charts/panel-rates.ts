import { axisTop, type Json, WIDTH } from "./chart.ts";
import type { CoarseRow } from "./coarse.ts";
import { everyRow, type Line, linesBefore } from "./line.ts";
import { rateUnit } from "./time-axis.ts";
import { emptyPanel, HEIGHT, labels, type Panel, stepLine, yOf } from "./time-panels.ts";

/** How many of something there are by line, in the unit of time in which the rate reads best. */
export function ratesPanel(lines: readonly Line[], what: string, rate: (row: CoarseRow) => number): Panel {
  const peak = Math.max(...everyRow(lines).map(rate));
  const unit = rateUnit(peak);
  const top = axisTop(peak * unit.seconds);
  const y = (value: number) => HEIGHT * (1 - value / top);
  const scaled = (row: CoarseRow) => rate(row) * unit.seconds;
  const yAxis = yOf(`${what} per ${unit.name}`, top);
  return (x): Json => {
    if (peak === 0) return emptyPanel(`no ${what}`, x, yAxis);
    return {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...linesBefore(lines, scaled, x, yAxis),
        ...lines.map((line) => stepLine(line, scaled, x, yAxis)),
        ...(lines.length > 1 ? labels(lines, (row) => y(scaled(row))) : []),
      ],
    };
  };
}

/** Arrivals by line. */
export function arrivalsPanel(lines: readonly Line[]): Panel {
  return ratesPanel(lines, "arrivals", (row) => row.arrivals);
}
