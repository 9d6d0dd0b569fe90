import { describe, expect, it } from "vitest";
import { differenceOf } from "../../study/compare.ts";
import { replicate } from "../../study/replicate.ts";
import { type Reading, read, type Statistic } from "../../study/statistic.ts";
import { exponential, lab, poisson } from "../support/lab.ts";
import { erlangB } from "../support/theory.ts";

/**
 * Whether "95 %" is 95 %: over a thousand small studies, how often the interval holds the answer that theory gives. By
 * chance alone the share varies by 0.7 % (one standard error), so 93 to 97 % is within three of them.
 *
 * Functions that share no limit know nothing of each other and draw from streams of their own, so that a hundred of them
 * in one scenario are a hundred studies.
 */
const FUNCTIONS = 100;
const SEEDS = 10;

interface Experiment {
  readonly function: object;
  readonly rate: string;
  readonly horizon: string;
  readonly warmup: string;
  readonly replications: number;
}

/** The same statistic of a thousand independent studies. */
function readings(
  { function: settings, rate, ...rest }: Experiment,
  of: Pick<Statistic, "measure" | "aggregate">,
): Reading[] {
  const names = Array.from({ length: FUNCTIONS }, (_, i) => `f${i}`);
  return Array.from({ length: SEEDS }, (_, seed) => {
    const study = replicate(
      lab({
        ...rest,
        seed: `coverage-${seed}`,
        measure: { interval: rest.horizon, detail: "total" },
        functions: Object.fromEntries(names.map((name) => [name, settings])),
        traffic: names.map((to) => ({ to, arrivals: poisson(rate) })),
      }),
    );
    return names.map((name) => read(study, { of: name, quantile: undefined, ...of }));
  }).flat();
}

const coverage = (found: readonly { value: number; ci95: number }[], answer: number) =>
  found.filter(({ value, ci95 }) => Math.abs(value - answer) <= ci95).length / found.length;

/** A loss system at an offered load of 5. It starts empty, and ten service times later it has forgotten that. */
const loss = (places: number): Experiment => ({
  function: { reservedConcurrency: places, duration: exponential("1s") },
  rate: "5/s",
  horizon: "90s",
  warmup: "10s",
  replications: 8,
});
const LOSS = { measure: "throttles", aggregate: "rate" } as const;

describe("a 95 % interval holds the true value 95 % of the time", () => {
  const eight = readings(loss(8), LOSS);

  it("of Erlang's loss", () => {
    const share = coverage(eight, erlangB(8, 5));
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });

  it("of the mean number busy without a limit", () => {
    const infinite = {
      function: { duration: exponential("250ms") },
      rate: "20/s",
      horizon: "15s",
      warmup: "3s",
      replications: 6,
    };
    const share = coverage(readings(infinite, { measure: "concurrency", aggregate: "mean" }), 5);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });

  it("of a difference in pairs, and there with a third of the width that independent samples have", () => {
    const seven = readings(loss(7), LOSS);
    const pairs = seven.map((a, i) => differenceOf(a, eight[i]!, true));
    const apart = seven.map((a, i) => differenceOf(a, eight[i]!, false));
    const share = coverage(pairs, erlangB(8, 5) - erlangB(7, 5));
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
    const width = (differences: typeof pairs) => differences.reduce((sum, { ci95 }) => sum + ci95, 0);
    expect(width(pairs)).toBeLessThan(0.4 * width(apart));
    expect(pairs.filter(({ ci95 }, i) => ci95 < apart[i]!.ci95).length).toBeGreaterThan(0.98 * pairs.length);
  });
});
