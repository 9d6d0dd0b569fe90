import { type Chart, COLOUR, note, specOf, titledAbove, WIDTH } from "../../reports/charts/chart.ts";
import { probes, survives } from "../cases/keep-alive-2025.ts";

const HEIGHT = 300;
const LAST = 720;
const STEP = 15;
/** Enough for a line: half a percentage point. */
const PAIRS = 4000;
const Z = 1.96;
/** Shares of 0 and 100 % are ends of their intervals but for rounding. */
const ROUNDING = 1e-9;

/** Wilson's 95 % interval of a share. */
function interval(warm: number, n: number): { low: number; high: number } {
  const p = warm / n;
  const middle = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return { low: 100 * Math.max(0, middle - half), high: 100 * Math.min(1, middle + half) };
}

/** Which share of environments is still there after so long idle, in 2025 and by default. */
export function keepAliveProbe(): Chart {
  const recorded = probes().map(({ idle, warm, n }) => ({
    idle,
    warm: (100 * warm) / n,
    ...interval(warm, n),
  }));
  const curve = Array.from({ length: LAST / STEP }, (_, i) => (i + 1) * STEP).map((idle) => ({
    idle,
    warm: 100 * survives(idle, PAIRS),
  }));
  const x = {
    field: "idle",
    type: "quantitative",
    scale: { domain: [0, LAST + 20], nice: false },
    axis: { title: "idle before the next call (s)", values: recorded.map(({ idle }) => idle) },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [0, 100] },
    axis: titledAbove("environments still there (%)", { grid: true, tickCount: 5 }),
  });
  const title = "How long an idle environment is kept";
  const at = (idle: number) => recorded.find((probe) => probe.idle === idle)?.warm.toFixed(0);
  const inside = recorded.filter(({ idle, low, high }) => {
    const share = curve.find((point) => point.idle === idle)!.warm;
    return share >= low - ROUNDING && share <= high + ROUNDING;
  });
  const finding = `In 2025 ${at(240)} of 100 probes found their environment after 240 s, ${at(300)} after 300 s and ${at(360)} after 360 s; the default keep-alive lies within the 95 % interval at ${inside.length} of the ${recorded.length} times.`;
  return {
    name: "keep-alive-2025",
    title,
    question: "Does the default keep-alive end environments when AWS does?",
    finding,
    spec: specOf(
      title,
      "100 probes at each time with their 95 % interval (2025) · platform aws, simulated",
      finding,
      {
        width: WIDTH,
        height: HEIGHT,
        layer: [
          {
            data: { values: curve },
            mark: { type: "line", color: COLOUR.warm, strokeWidth: 2.5 },
            encoding: { x, y: y("warm") },
          },
          {
            data: { values: recorded },
            mark: { type: "rule", color: COLOUR.all, strokeWidth: 1.5 },
            encoding: { x, y: y("low"), y2: { field: "high" } },
          },
          {
            data: { values: recorded },
            mark: { type: "point", shape: "diamond", filled: true, size: 90, color: COLOUR.all, opacity: 1 },
            encoding: { x, y: y("warm") },
          },
          note("lsim", (WIDTH * 340) / (LAST + 20), HEIGHT * 0.5, { color: COLOUR.warm, fontWeight: 600 }),
          note("probes of AWS", (WIDTH * 312) / (LAST + 20), HEIGHT * 0.08, { fontWeight: 600 }),
        ],
      },
    ),
  };
}
