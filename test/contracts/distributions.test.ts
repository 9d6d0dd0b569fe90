import { describe, expect, it } from "vitest";
import { DISTRIBUTIONS } from "../../sim/distributions/registry.ts";
import { RandomStreams } from "../../sim/random.ts";
import { noFiles } from "../../sim/scenario/files.ts";

/** Settings of each kind, as a scenario writes them, with what theory says (microseconds). A new kind adds a line. */
const CASES: {
  type: string;
  settings: object;
  mean: number;
  cv: number;
  quantiles?: Record<number, number>;
}[] = [
  { type: "constant", settings: { value: "30ms" }, mean: 30_000, cv: 0, quantiles: { 0.5: 30_000 } },
  {
    type: "exponential",
    settings: { mean: "20ms" },
    mean: 20_000,
    cv: 1,
    quantiles: { 0.5: 13_862.94, 0.99: 92_103.4 },
  },
  {
    type: "lognormal",
    settings: { mean: "200ms", cv: 1 },
    mean: 200_000,
    cv: 1,
    quantiles: { 0.5: 141_421.4 },
  },
  {
    type: "lognormal",
    settings: { p50: "180ms", p99: "1.2s" },
    mean: 180_000 * Math.exp((Math.log(1200 / 180) / 2.3263478740408408) ** 2 / 2),
    cv: Math.sqrt(Math.exp((Math.log(1200 / 180) / 2.3263478740408408) ** 2) - 1),
    quantiles: { 0.5: 180_000, 0.99: 1_200_000 },
  },
  {
    type: "gamma",
    settings: { mean: "500ms", cv: 0.5 },
    mean: 500_000,
    cv: 0.5,
    quantiles: { 0.5: 459_007.6 },
  },
  { type: "gamma", settings: { mean: "100ms", cv: 2 }, mean: 100_000, cv: 2 },
  {
    type: "uniform",
    settings: { min: "600s", max: "900s" },
    mean: 750e6,
    cv: 300 / Math.sqrt(12) / 750,
    quantiles: { 0.1: 630e6 },
  },
  {
    type: "empirical",
    settings: { values: ["10ms", "20ms", "60ms"] },
    mean: 30_000,
    cv: Math.sqrt(1400 / 3) / 30,
  },
  {
    type: "empirical",
    settings: { quantiles: { "0": "0s", "0.5": "1s", "1": "3s" } },
    mean: 1.25e6,
    cv: Math.sqrt((1 / 3 + (1 + 3 + 9) / 3) / 2 - 1.25 ** 2) / 1.25,
    quantiles: { 0.25: 0.5e6, 0.75: 2e6 },
  },
];

const DRAWS = 400_000;

describe("every kind of distribution", () => {
  it("has a case here", () => {
    expect(new Set(CASES.map((c) => c.type))).toEqual(new Set(DISTRIBUTIONS.map((kind) => kind.type)));
  });

  it.each(CASES)(
    "$type $settings draws by its law, the same in batches as one by one",
    ({ type, settings, mean, cv, quantiles }) => {
      const kind = DISTRIBUTIONS.find((k) => k.type === type)!;
      const parsed = kind.schema.parse({ type, ...settings });
      const law = kind.build(parsed as never, noFiles);
      expect(law.mean).toBeCloseTo(mean, -Math.log10(mean) + 6);
      for (const seed of ["1", "2", "3"]) {
        const draws = new Float64Array(DRAWS);
        law.sampler(new RandomStreams(seed).open("x")).fill(draws, 0, DRAWS);
        const single = law.sampler(new RandomStreams(seed).open("x"));
        for (let i = 0; i < 100; i++) expect(single.next()).toBe(draws[i]);
        const average = draws.reduce((a, b) => a + b) / DRAWS;
        // 4.5 standard errors, and the table's own error of at most 1e-5.
        expect(Math.abs(average / mean - 1)).toBeLessThan((4.5 * cv) / Math.sqrt(DRAWS) + 1e-5);
        expect(draws.every((x) => x >= law.minimum * (1 - 1e-12))).toBe(true);
        for (const [p, value] of Object.entries(quantiles ?? {})) {
          const below = draws.reduce((n, x) => n + (x <= value * (1 + 1e-9) ? 1 : 0), 0) / DRAWS;
          // A constant is all at its one value; any other law has the share p below its quantile.
          const share = cv === 0 ? 1 : Number(p);
          const tolerance = 4.5 * Math.sqrt((Number(p) * (1 - Number(p))) / DRAWS) + 1e-6;
          expect(Math.abs(below - share), `p${p} of ${type}, seed ${seed}: ${below}`).toBeLessThan(tolerance);
        }
      }
    },
  );
});
