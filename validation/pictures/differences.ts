import { type Chart, COLOUR, type Json, note, specOf } from "../../reports/charts/chart.ts";
import { GROUPS, type Group, type Verdict } from "../case.ts";
import { type Outcome, tally } from "../evaluate.ts";

/** Left: difference over tolerance, from −EDGE to EDGE; right: rows that leave nothing to chance. In pixels. */
const PLOT = 400;
const EDGE = 3;
const EXACT = 450;
const ACROSS = 14;
const STEP = 11;
const LINE = 24;

const NAMES: Record<Group, string> = { theory: "Theory", aws: "AWS", recorded: "Recorded" };

const LOOKS: Record<Verdict, { colour: string; shape: string; filled: boolean; size: number }> = {
  ok: { colour: COLOUR.warm, shape: "circle", filled: true, size: 34 },
  known: { colour: COLOUR.cold, shape: "diamond", filled: false, size: 50 },
  MISS: { colour: COLOUR.throttled, shape: "cross", filled: true, size: 90 },
  "not run": { colour: COLOUR.faint, shape: "circle", filled: false, size: 34 },
};

interface Dot {
  readonly x: number;
  y: number;
  readonly verdict: Verdict;
}

const across = (units: number) => (PLOT * (units + EDGE)) / (2 * EDGE);

/** The rows of one subject as dots, the first line of them at y = 0, and how many lines they take. */
function dotsOf(outcomes: readonly Outcome[]): { dots: Dot[]; height: number } {
  const rows = outcomes.flatMap((o) => o.rows);
  const exact = rows
    .filter(({ tolerance }) => tolerance === 0)
    .map(
      ({ verdict }, i): Dot => ({
        x: EXACT + (i % ACROSS) * STEP,
        y: Math.floor(i / ACROSS) * STEP,
        verdict,
      }),
    );
  const placed: Dot[] = [];
  for (const { expected, got, tolerance, verdict } of rows.filter((row) => row.tolerance > 0)) {
    const units = (got - expected) / tolerance;
    const x = across(Number.isNaN(units) ? EDGE : Math.max(-EDGE, Math.min(EDGE, units)));
    // Dots that would touch stand under each other.
    let y = 0;
    while (placed.some((dot) => dot.y === y && Math.abs(dot.x - x) < 7)) y += 8;
    placed.push({ x, y, verdict });
  }
  const dots = [...exact, ...placed];
  return { dots, height: Math.max(0, ...dots.map(({ y }) => y)) + LINE };
}

function points(dots: readonly Dot[], verdict: Verdict): Json {
  const { colour, shape, filled, size } = LOOKS[verdict];
  return {
    data: { values: dots.filter((dot) => dot.verdict === verdict).map(({ x, y }) => ({ x, y })) },
    mark: { type: "point", shape, filled, color: colour, size, opacity: 1, strokeWidth: 1.6 },
    encoding: pixels,
  };
}

const pixels = {
  x: { field: "x", type: "quantitative", scale: null, axis: null },
  y: { field: "y", type: "quantitative", scale: null, axis: null },
};

function rule(from: [number, number], to: [number, number], colour: string, dash: number[] = [1, 0]): Json {
  return {
    data: { values: [{}] },
    mark: { type: "rule", color: colour, strokeDash: dash, strokeWidth: 1 },
    encoding: {
      x: { value: from[0] },
      y: { value: from[1] },
      x2: { value: to[0] },
      y2: { value: to[1] },
    },
  };
}

/** Every row of the tables as a dot: how far off it is, in units of its tolerance. */
export function differences(outcomes: readonly Outcome[]): Chart {
  const labels: Json[] = [];
  const dots: Dot[] = [];
  let y = 0;
  for (const group of GROUPS) {
    const members = outcomes.filter((o) => o.case.group === group && o.rows.length > 0);
    if (members.length === 0) continue;
    labels.push(note(NAMES[group], -140, y, { fontWeight: 600, fontSize: 13 }));
    y += LINE;
    for (const subject of new Set(members.map((o) => o.case.subject))) {
      const { dots: own, height } = dotsOf(members.filter((o) => o.case.subject === subject));
      labels.push(note(subject, -12, y, { align: "right", color: COLOUR.faint }));
      labels.push(
        rule([0, y + height - LINE / 2], [EXACT + ACROSS * STEP, y + height - LINE / 2], COLOUR.grid),
      );
      for (const dot of own) dots.push({ ...dot, y: dot.y + y });
      y += height;
    }
    y += 8;
  }
  const bottom = y - 8;
  const ticks = [-3, -2, -1, 0, 1, 2, 3];
  const top = -14;
  const counts = tally(outcomes);
  const legend = (["ok", "known", "MISS"] as const).filter(
    (verdict) => counts[verdict] > 0 || verdict === "MISS",
  );
  const key = legend.flatMap((verdict, i): Json[] => [
    points([{ x: 4 + i * 120, y: -66, verdict }], verdict),
    note(`${verdict} (${counts[verdict]})`, 16 + i * 120, -66),
  ]);
  const title = "How far from expected, in units of the tolerance";
  const finding = `${counts.ok} rows lie within their tolerance (the grey band) or are the same value (right); ${counts.known} are known to be off, and lie within the band that is stated for each${counts.MISS > 0 ? `; ${counts.MISS} MISS` : ""}.`;
  return {
    name: "differences",
    title,
    question: "Does every figure lie within its tolerance?",
    finding,
    spec: specOf(
      title,
      "One mark a row · grey: within the tolerance · three tolerances off or more: at the edge",
      finding,
      {
        width: EXACT + ACROSS * STEP,
        height: bottom,
        layer: [
          {
            data: { values: [{ x: across(-1), x2: across(1), y: top, y2: bottom }] },
            mark: { type: "rect", color: COLOUR.grid, opacity: 0.55 },
            encoding: { ...pixels, x2: { field: "x2" }, y2: { field: "y2" } },
          },
          ...ticks.map((t) =>
            rule([across(t), top], [across(t), bottom], t === 0 ? COLOUR.faint : COLOUR.grid),
          ),
          ...ticks.map((t) =>
            note(`${t < 0 ? "−" : t > 0 ? "+" : ""}${Math.abs(t)}`, across(t), top - 10, {
              align: "center",
              color: COLOUR.faint,
            }),
          ),
          note("(got − expected) / tolerance", 0, top - 28, { fontWeight: 600 }),
          note("must be the same", EXACT - 4, top - 28, { fontWeight: 600 }),
          ...key,
          ...labels,
          ...(["ok", "known", "MISS"] as const).map((verdict) => points(dots, verdict)),
        ],
      },
    ),
  };
}
