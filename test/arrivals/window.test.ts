import { describe, expect, it } from "vitest";
import { ArrivalWindow } from "../../sim/arrivals/window.ts";
import { RandomStreams } from "../../sim/random.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";

/** What the windows of these sources give, a function each: rows of time and source. */
function given(sources: ScenarioFile["traffic"][number]["arrivals"][], horizon: string) {
  const scenario = parseScenario({
    lsim: 1,
    name: "window",
    seed: 1,
    horizon,
    functions: Object.fromEntries(sources.map((_, i) => [`f${i}`, { duration: "1ms" }])),
    traffic: sources.map((arrivals, i) => ({ to: `f${i}`, arrivals })),
  } as ScenarioFile);
  const window = new ArrivalWindow(scenario, new RandomStreams("1"));
  const rows: [time: number, source: number][] = [];
  let before = 0;
  while (window.advance()) {
    const { times, functions, durations, count } = window.requests;
    for (let i = 0; i < count; i++) {
      if (times[i]! < before || times[i]! >= window.until || durations[i] !== 1000)
        throw new Error(`row ${i} at ${times[i]} is not in the window from ${before} to ${window.until}`);
      rows.push([times[i]!, functions[i]!]);
    }
    before = window.until;
  }
  return rows;
}

const inOrder = (rows: readonly [number, number][]) =>
  rows.every(([time, source], i) => {
    const [before, other] = rows[i - 1] ?? [-1, -1];
    return before < time || (before === time && other <= source);
  });

describe("the windows", () => {
  it("give arrivals of one instant by place in the traffic, however rare their sources are", () => {
    // All arrivals are on whole milliseconds: every one of the rare sources meets the busy ones.
    const rare = { type: "constant", rate: "360/h" } as const;
    const busy = { type: "constant", rate: "1000/s" } as const;
    const rows = given([rare, busy, rare, busy, rare], "10m");
    expect(inOrder(rows)).toBe(true);
    const counts = [0, 1, 2, 3, 4].map((source) => rows.filter(([, s]) => s === source).length);
    expect(counts).toEqual([60, 600_000, 60, 600_000, 60]);
  });

  it("give a rush of thousands of rare sources in order, and not all at once", () => {
    const sources = Array.from(
      { length: 4000 },
      () => ({ type: "bursts", size: 60, every: "30m", within: "1s" }) as const,
    );
    const rows = given(sources, "1h");
    expect(rows.length).toBe(2 * 4000 * 60);
    expect(inOrder(rows)).toBe(true);
  });
});
