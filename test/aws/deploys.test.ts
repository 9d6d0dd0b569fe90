import { describe, expect, test } from "vitest";
import { evenly, lab, near, one, poisson, run, SEEDS } from "../support/lab.ts";

describe("a deploy", () => {
  const settings = { duration: "10ms", initDuration: "100ms" };
  const times = (...at: string[]) => ({ type: "times", at });

  test("makes the next call cold; the idle environment has ended at that instant", () => {
    const { f } = run(
      one(settings, times("0s", "10s", "30s"), { horizon: "100s", deploys: [{ at: "20s" }] }),
    );
    expect(f.counters).toMatchObject({ coldStarts: 2, warmStarts: 1 });
    expect(f.environments.mean * 100).toBeCloseTo(20 + 70, 6);
  });

  test("counts for a call of the same instant", () => {
    const { f } = run(one(settings, times("0s", "20s"), { horizon: "100s", deploys: [{ at: "20s" }] }));
    expect(f.counters.coldStarts).toBe(2);
  });

  test("lets a running call finish, on an environment that is not used again", () => {
    const { f } = run(
      one({ ...settings, duration: "5s" }, times("0s", "10s"), { horizon: "100s", deploys: [{ at: "2s" }] }),
    );
    expect(f.counters).toMatchObject({ succeeded: 2, coldStarts: 2 });
    // The old one ends with its call at 5.1 s; the new one lives from 10 s on.
    expect(f.environments.mean * 100).toBeCloseTo(5.1 + 90, 6);
  });

  test("of one function leaves the others as they are", () => {
    const scenario = lab({
      horizon: "100s",
      functions: { a: settings, b: settings },
      traffic: [
        { to: "a", arrivals: times("0s", "50s") },
        { to: "b", arrivals: times("0s", "50s") },
      ],
      deploys: [{ at: "20s", functions: ["b"] }],
    });
    const { functions } = run(scenario).result;
    expect(functions.map((f) => f.counters.coldStarts)).toEqual([1, 2]);
  });

  test("in the middle of steady traffic makes as many cold starts as there are calls in progress", () => {
    for (const seed of SEEDS) {
      const cold = (deploys: { at: string }[]) =>
        run(
          one({ duration: "1s", initDuration: "0s" }, poisson("50/s"), {
            horizon: "200s",
            warmup: "50s",
            deploys,
          }),
          seed,
        ).f;
      const f = cold([{ at: "100s" }]);
      // The new pool grows to the most in progress from then on: about 50 + 3 standard deviations.
      const more = f.counters.coldStarts - cold([]).counters.coldStarts;
      expect(near(more, 70, 20)).toBe(true);
    }
  });

  test("does not touch provisioned environments", () => {
    const { f } = run(
      one({ ...settings, provisionedConcurrency: 2 }, evenly("1/s"), {
        horizon: "100s",
        deploys: [{ at: "20s" }],
      }),
    );
    expect(f.counters.coldStarts).toBe(0);
  });
});
