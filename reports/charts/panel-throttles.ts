import { THROTTLE_REASONS, type ThrottleReason } from "../../sim/lambda/placement.ts";
import { printCount } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { REASON_LABELS } from "../reasons.ts";
import { axisTop, COLOUR, note, WIDTH } from "./chart.ts";
import type { CoarseRow } from "./coarse.ts";
import { everyRow, type Line, linesBefore } from "./line.ts";
import { meanOf } from "./parts.ts";
import { rateUnit } from "./time-axis.ts";
import { emptyPanel, HEIGHT, LABEL_X, type Panel, stepPoints, swatch, yOf } from "./time-panels.ts";

/** How reasons are coloured: shades of "throttled", told apart by the list beside the panel too. */
const REASON_COLOURS: Record<ThrottleReason, string> = {
  scalingRate: "#9E0F04",
  ConcurrentInvocationLimitExceeded: "#E2725B",
  ReservedFunctionConcurrentInvocationLimitExceeded: "#5A0A05",
  FunctionInvocationRateLimitExceeded: "#F2B5A7",
  ReservedFunctionInvocationRateLimitExceeded: "#B98A83",
};

/** Refused attempts of a replication, by THROTTLE_REASONS. */
export function refusedAttempts(study: Study): number[] {
  return THROTTLE_REASONS.map((_, r) =>
    meanOf(study, ({ functions }) => functions.reduce((sum, f) => sum + f.counters.throttledAttempts[r]!, 0)),
  );
}

/** Refused attempts by reason, the commonest at the bottom; `totals`: how many there were of each, by THROTTLE_REASONS. */
export function throttlesPanel(all: Line, totals: readonly number[]): Panel {
  const { rows } = all;
  const order = THROTTLE_REASONS.map((_, r) => r)
    .filter((r) => totals[r]! > 0)
    .sort((a, b) => totals[b]! - totals[a]!);
  const peak = Math.max(...everyRow([all]).map((row) => row.throttles));
  const unit = rateUnit(peak);
  const top = axisTop(peak * unit.seconds);
  return (x) => {
    const y = yOf(`throttles per ${unit.name}`, top);
    if (peak === 0) return emptyPanel("no throttles", x, y);
    const ghosts = linesBefore([all], (row) => row.throttles * unit.seconds, x, y);
    // Largest reason at the bottom. The heights are stacked here, so that the order is ours.
    const layers = order.map((r, k) => {
      const below = (row: CoarseRow) =>
        order.slice(0, k).reduce((sum, other) => sum + row.reasons[other]!, 0);
      const values = stepPoints(
        rows,
        (row) => below(row) * unit.seconds,
        (row) => (below(row) + row.reasons[r]!) * unit.seconds,
      );
      return {
        data: { values },
        mark: {
          type: "area",
          interpolate: "step-after",
          color: REASON_COLOURS[THROTTLE_REASONS[r]!],
          opacity: 1,
        },
        encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
      };
    });
    const key = order.flatMap((r, k) => {
      const reason = THROTTLE_REASONS[r]!;
      const at = HEIGHT - 10 - k * 32;
      return [
        swatch(REASON_COLOURS[reason], at - 7),
        note(REASON_LABELS[reason], LABEL_X + 14, at - 7, { fontWeight: 600 }),
        note(`${printCount(totals[r]!)} attempts`, LABEL_X + 14, at + 7, {
          color: COLOUR.faint,
          fontSize: 11,
        }),
      ];
    });
    return { width: WIDTH, height: HEIGHT, layer: [...layers, ...ghosts, ...key] };
  };
}
