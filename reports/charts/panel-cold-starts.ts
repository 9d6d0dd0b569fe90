import { axisTop, COLOUR, WIDTH } from "./chart.ts";
import { everyRow, type Line, linesBefore } from "./line.ts";
import { rateUnit } from "./time-axis.ts";
import { emptyPanel, HEIGHT, type Panel, stepPoints, yOf } from "./time-panels.ts";

/** Cold starts of all functions. */
export function coldStartsPanel(all: Line): Panel {
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
