import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { one, run } from "../support/lab.ts";

/**
 * A path played by hand, one request after another: unlimited environments, the most recently finished first, kept for
 * `keepAlive`. All times in whole milliseconds.
 */
function byHand(calls: readonly Call[], keepAlive: number, init: number, horizon: number) {
  // Steps of N(t), the executions in progress: +1 at an arrival, −1 at its end.
  const ends: number[] = [];
  const steps: [t: number, up: boolean][] = [];
  let cold = 0;
  let busy = 0;
  /** The most executions at once during [t − keepAlive, t). */
  const mostSince = (t: number) => {
    const sorted = [...steps].sort((a, b) => a[0] - b[0] || Number(a[1]) - Number(b[1]));
    let n = 0;
    let most = 0;
    for (const [at, up] of sorted) {
      if (at >= t && up) break;
      if (at > t) break;
      // What N was until this step counts if the step lies in the window: idle for exactly keepAlive is alive.
      if (at >= t - keepAlive) most = Math.max(most, n);
      n += up ? 1 : -1;
    }
    return Math.max(most, n);
  };
  for (const { t, length } of calls) {
    const inProgress = ends.filter((end) => end > t).length;
    // Earlier arrivals of the same instant are in progress already.
    const most = Math.max(mostSince(t), inProgress);
    const isCold = inProgress === most;
    if (isCold) cold++;
    const took = length + (isCold ? init : 0);
    ends.push(t + took);
    steps.push([t, true], [t + took, false]);
    busy += Math.min(horizon, t + took) - t;
  }
  return { cold, busy, steps: steps.sort((a, b) => a[0] - b[0] || Number(a[1]) - Number(b[1])) };
}

/** ∫ max of N over [t − keepAlive, t] dt from 0 to the horizon, exactly: it changes only at steps and steps + keepAlive. */
function warmArea(steps: readonly [number, boolean][], keepAlive: number, horizon: number): number {
  const times = [0, ...steps.flatMap(([t]) => [t, t + keepAlive]), horizon].filter((t) => t <= horizon);
  const moments = [...new Set(times)].sort((a, b) => a - b);
  let area = 0;
  for (let m = 0; m + 1 < moments.length; m++) {
    const middle = (moments[m]! + moments[m + 1]!) / 2;
    let n = 0;
    let most = 0;
    for (const [at, up] of steps) {
      if (at > middle) break;
      if (at >= middle - keepAlive) most = Math.max(most, n);
      n += up ? 1 : -1;
      if (at >= middle - keepAlive) most = Math.max(most, n);
    }
    area += Math.max(most, n) * (moments[m + 1]! - moments[m]!);
  }
  return area;
}

interface Call {
  readonly t: number;
  readonly length: number;
}

const call = fc.record({ t: fc.integer({ min: 0, max: 3000 }), length: fc.integer({ min: 1, max: 400 }) });
const HORIZON = 5000;

function play(calls: readonly Call[], keepAlive: number, init: number) {
  const sorted = [...calls].sort((a, b) => a.t - b.t);
  const { f } = run(
    one(
      { keepAlive: `${keepAlive}ms`, initDuration: `${init}ms` },
      {
        type: "trace",
        timestamps: sorted.map(({ t }) => `${t}ms`),
        durations: sorted.map(({ length }) => `${length}ms`),
      },
      { horizon: `${HORIZON}ms` },
    ),
  );
  return { f, expected: byHand(sorted, keepAlive, init, HORIZON) };
}

describe("on any path, last finished first", () => {
  const paths = fc.tuple(
    fc.array(call, { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 0, max: 800 }),
    fc.constantFrom(0, 150),
  );

  test("the warm environments are the most executions of the last keep-alive; a call that makes a new most is cold", () => {
    fc.assert(
      fc.property(paths, ([calls, keepAlive, init]) => {
        const { f, expected } = play(calls, keepAlive, init);
        expect(f.counters.coldStarts).toBe(expected.cold);
        const area = f.environments.mean * HORIZON;
        expect(area).toBeCloseTo(warmArea(expected.steps, keepAlive, HORIZON), 5);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test("Little's law holds to the microsecond: mean concurrency is arrivals a second times mean latency", () => {
    fc.assert(
      fc.property(paths, ([calls, keepAlive, init]) => {
        const { f, expected } = play(calls, keepAlive, init);
        expect(f.concurrency.mean * HORIZON).toBeCloseTo(expected.busy, 6);
        const little = (f.counters.requests * f.latencyMean) / 1000;
        expect(f.concurrency.mean * HORIZON).toBeCloseTo(little, 6);
      }),
      { numRuns: 500, seed: 8 },
    );
  });
});
