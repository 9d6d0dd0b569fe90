import fc from "fast-check";
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import { comparisonCharts } from "../../reports/charts/comparison.ts";
import { comparisonMarkdown, comparisonSentence, comparisonText } from "../../reports/text/comparison.ts";
import { judgeChange, parseChangeLimit } from "../../study/change-limit.ts";
import { canPair, compare, differenceOf } from "../../study/compare.ts";
import { comparisonFile } from "../../study/comparison-file.ts";
import { replicate, type Study } from "../../study/replicate.ts";
import { histogramFile, resultFile } from "../../study/result-file.ts";
import { oneThread } from "../../study/runner.ts";
import { playBoth } from "../../study/sequential.ts";
import { savedSide, studySide } from "../../study/side.ts";
import { openScenario } from "../../study/source.ts";
import { parseStatistic } from "../../study/statistic-words.ts";
import { estimate, welch } from "../../study/statistics.ts";

const file = (settings: object = {}, top: object = {}) => ({
  lsim: 1,
  name: "t",
  horizon: "60s",
  replications: 6,
  account: { concurrency: 110, scaling: "unlimited" },
  functions: {
    f: {
      reservedConcurrency: 10,
      memorySize: "512 MB",
      timeout: "1m",
      initDuration: "200ms",
      duration: { type: "exponential", mean: "1s" },
      ...settings,
    },
  },
  traffic: [{ to: "f", arrivals: { type: "poisson", rate: "10/s" } }],
  thresholds: { f: { latency: ["p(97) < 8s"], throttles: ["rate < 20%"] } },
  ...top,
});
const play = (settings: object = {}, top: object = {}): Study =>
  replicate(openScenario(file(settings, top)).scenario);
const reading = (values: readonly number[]) => ({
  ...estimate(values),
  value: estimate(values).mean,
  values,
});

const base = play();
const wider = play({ reservedConcurrency: 9 });
const labels = ["one", "other"] as const;

describe("a difference", () => {
  it("of pairs has Student's interval over the differences", () => {
    // Differences 1, 2, 3, 4, 5: t(0.975, 4) = 2.776445, s² = 2.5.
    const d = differenceOf(reading([10, 20, 30, 40, 50]), reading([11, 22, 33, 44, 55]), true);
    expect(d.value).toBe(3);
    expect(d.ci95).toBeCloseTo(2.7764451 * Math.sqrt(2.5 / 5), 6);
    expect(d.mark).toBe("clear");
    // Each B is exactly a tenth more, so the ratio is known exactly though the amounts vary.
    expect(d.relative).toBeCloseTo(0.1, 12);
    expect(d.relativeCi95).toBeCloseTo(0, 9);
  });

  it("of independent samples has Welch's", () => {
    // By hand: means 2 and 6, variances 1 and 4, n 3 and 5; degrees (1/3 + 4/5)² / ((1/3)²/2 + (4/5)²/4) = 5.9577.
    const d = welch([1, 2, 3], [4, 4.5, 5.5, 7, 9]);
    expect(d.mean).toBeCloseTo(4, 12);
    const [u, v] = [1 / 3, 4.125 / 5];
    const degrees = (u + v) ** 2 / (u ** 2 / 2 + v ** 2 / 4);
    expect(degrees).toBeGreaterThan(5.8);
    expect(degrees).toBeLessThan(6);
    // t(0.975, 5.9…) lies between those of 5 and of 6 degrees.
    expect(d.ci95 / Math.sqrt(u + v)).toBeGreaterThan(2.4469);
    expect(d.ci95 / Math.sqrt(u + v)).toBeLessThan(2.5706);
  });

  it("is nil where no pair differs, unclear where the interval holds 0, unknown where there is none", () => {
    expect(differenceOf(reading([1, 2, 3]), reading([1, 2, 3]), true).mark).toBe("nil");
    expect(differenceOf(reading([0.3, 0.3]), reading([0.1 + 0.2, 0.3]), true).mark).toBe("nil");
    expect(differenceOf(reading([1, 2, 3]), reading([2, 1, 4]), true).mark).toBe("unclear");
    expect(differenceOf(reading([1]), reading([2]), true).mark).toBe("unknown");
    expect(differenceOf(reading([Number.NaN]), reading([2]), true).mark).toBe("unknown");
    // From nothing to something is no share of nothing.
    expect(differenceOf(reading([0, 0]), reading([1, 2]), true).relative).toBeNaN();
  });

  it("turns its sign with its sides", () => {
    const values = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(values, values, fc.boolean(), (x, y, paired) => {
        const n = Math.min(x.length, y.length);
        const [a, b] = [reading(x.slice(0, n)), reading(y.slice(0, n))];
        const [forth, back] = [differenceOf(a, b, paired), differenceOf(b, a, paired)];
        expect(back.value).toBeCloseTo(-forth.value, 9);
        expect(back.ci95).toBeCloseTo(forth.ci95, 9);
        expect(back.mark).toBe(forth.mark);
      }),
    );
  });
});

describe("a comparison", () => {
  it("pairs replications of the same seeds, which makes its intervals narrower", () => {
    const [a, b] = [studySide(base), studySide(wider)];
    const paired = compare(a, b);
    expect(paired.paired).toBe(true);
    const other = compare(a, studySide(play({ reservedConcurrency: 9 }, { seed: 99 })));
    expect(other.paired).toBe(false);
    const ci = ({ statistics }: typeof paired, measure: string, aggregate: string) =>
      statistics.find((s) => s.statistic.measure === measure && s.statistic.aggregate === aggregate)!
        .difference.ci95;
    for (const [measure, aggregate] of [
      ["throttles", "rate"],
      ["concurrency", "mean"],
      ["cost", "perMonth"],
    ] as const)
      expect(ci(paired, measure, aggregate)).toBeLessThan(0.5 * ci(other, measure, aggregate));
    const throttles = paired.statistics.find((s) => s.statistic.measure === "throttles")!;
    expect(throttles.verdict).toBe("worse");
    expect(paired.statistics.find((s) => s.statistic.measure === "requests")!.difference.mark).toBe("nil");
  });

  it("is all the same against itself", () => {
    const same = compare(studySide(base), studySide(play()));
    expect(same.statistics.every(({ difference }) => difference.mark === "nil")).toBe(true);
    expect(comparisonSentence(same, { labels, limits: [] })).toContain("does not differ");
  });

  it("reads saved results like the studies they are of", () => {
    const saved = (study: Study) =>
      savedSide(JSON.parse(JSON.stringify(resultFile(study, "t"))), histogramFile(study));
    const about = { labels, limits: [] };
    const direct = comparisonFile(compare(studySide(base), studySide(wider)), about, "t") as Record<
      string,
      unknown
    >;
    for (const [a, b] of [
      [saved(base), saved(wider)],
      [studySide(base), saved(wider)],
    ] as const) {
      expect(canPair(a, b)).toBe(true);
      const read = comparisonFile(compare(a, b), about, "t") as Record<string, unknown>;
      const rows = (json: Record<string, unknown>) => json.statistics as Record<string, unknown>[];
      expect(rows(read).map((r) => `${r.function} ${r.statistic} ${r.mark}`)).toEqual(
        rows(direct).map((r) => `${r.function} ${r.statistic} ${r.mark}`),
      );
      rows(read).forEach((row, i) => {
        for (const key of ["a", "b", "difference", "differenceCi95"])
          if (rows(direct)[i]![key] !== null) {
            const [found, wanted] = [row[key] as number, rows(direct)[i]![key] as number];
            expect(Math.abs(found - wanted), `${row.statistic} ${key}`).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(wanted)),
            );
          }
      });
    }
    expect(saved(base).latency!.quantile(0.99)).toBe(base.account.histograms.latency.quantile(0.99));
    expect(() => savedSide({ lsimResult: 1, byReplication: [{}], functions: {}, thresholds: [] })).toThrow(
      /run the scenario again/,
    );
  });

  it("lists functions that one side only has, and says so in every format", () => {
    const more = replicate(
      openScenario({
        ...file(),
        functions: { ...file().functions, g: { duration: "1s", initDuration: "0s" } },
        traffic: [...file().traffic, { to: "g", arrivals: { type: "poisson", rate: "1/s" } }],
      }).scenario,
    );
    const found = compare(studySide(base), studySide(more));
    expect([found.onlyA, found.onlyB]).toEqual([[], ["g"]]);
    expect(new Set(found.statistics.map(({ statistic }) => statistic.of))).toEqual(new Set(["f", "total"]));
    // f draws what it drew before: another entry changes nothing for it.
    expect(
      found.statistics
        .filter(({ statistic }) => statistic.of === "f")
        .every((s) => s.difference.mark === "nil"),
    ).toBe(true);
    const text = comparisonText(found, { labels, limits: [] });
    expect(text.split("\n")[0]).toMatch(/^B is worse in total cost perMonth/);
    expect(text).toContain("only in B: g");
    expect(comparisonMarkdown(found, { labels, limits: [] })).toContain("| function | statistic | A | B |");
    for (const { spec } of comparisonCharts(found, labels)) expect(() => compile(spec)).not.toThrow();
    expect(comparisonCharts(found, labels).map(({ name }) => name)).toEqual([
      "differences",
      "latency-compared",
    ]);
  });
});

describe("a limit on a change", () => {
  const [a, b] = [studySide(base), studySide(wider)];
  const judged = (text: string) => judgeChange(a, b, parseChangeLimit(text, ["f"], "--fail-on"), true);

  it("is met only beyond it, in a share of A, in the statistic's unit, or in percentage points", () => {
    const { relative, value } = judged("throttles rate > 0%").difference;
    expect(relative).toBeGreaterThan(0.05);
    expect(judged(`throttles rate > +${relative * 99}%`).met).toBe(true);
    expect(judged(`throttles rate > +${relative * 101}%`).met).toBe(false);
    expect(judged(`f throttles rate > +${value * 99}pp`).met).toBe(true);
    expect(judged(`f throttles rate > ${value * 101} pp`).met).toBe(false);
    expect(judged("throttles rate < -1%").met).toBe(false);
    expect(judged("cost perMonth < -1%").met).toBe(true);
    expect(judged("cost perMonth < -$100,000".replace(",", "")).met).toBe(false);
    expect(judged("latency p(99) > +200ms").met).toBe(false);
    expect(judged("requests count > 0").met).toBe(false);
  });

  it("says when the interval straddles it", () => {
    const { value, ci95 } = judged("throttles rate > 0%").difference;
    expect(judged(`throttles rate > ${(value - ci95 / 2) * 100}pp`)).toMatchObject({
      met: true,
      straddles: true,
    });
    expect(judged("throttles rate > 0%").straddles).toBe(false);
  });

  it.each([
    ["latency p(99)", /write \[FUNCTION\] MEASURE AGGREGATE > CHANGE/],
    ["latnecy p(99) > 5%", /did you mean "latency"/],
    ["g latency p(99) > 5%", /there is no function "g"/],
    ["f latency > 5%", /write latency p\(99\)|write f latency p\(99\)/],
    ["latency p(99) > 5", /has no unit/],
    ["throttles rate > 5ms", /percentage points/],
    ["cost perMonth > 5", /expected dollars/],
    ["latency p(99) >= 5%", /write >/],
    ["latency p(101) > 5%", /percentile from 0 to 100/],
    ["throttles p(99) > 5%", /throttles has no "p\(99\)"/],
  ])("%s is refused in words", (text, message) => {
    expect(() => parseChangeLimit(text, ["f"], "--fail-on")).toThrow(message);
  });
});

describe("playing on until a difference is known", () => {
  const opened = openScenario(file({}, { replications: 2, horizon: "20s" }));
  const other = openScenario(file({ reservedConcurrency: 9 }, { replications: 2, horizon: "20s" }));
  const on = [parseStatistic("throttles rate", ["f"], "--on")];

  it("stops at the first look that is narrow enough, and no sooner than after ten", async () => {
    const easy = await playBoth(oneThread(), [opened, other], { share: 0.9, on, most: 500 });
    expect(easy.stopped).toMatchObject({ reached: true, replications: 10 });
    const { stopped, studies } = await playBoth(oneThread(), [opened, other], { share: 0.02, on, most: 500 });
    expect(stopped!.reached).toBe(true);
    expect(stopped!.replications).toBeGreaterThan(10);
    expect(studies[0].replications).toHaveLength(stopped!.replications);
    const [row] = compare(studySide(studies[0]), studySide(studies[1])).statistics.filter(
      (s) => s.statistic.measure === "throttles",
    );
    expect(row!.difference.ci95 / Math.max(row!.a.value, row!.b.value)).toBeLessThanOrEqual(0.02);
    // The same replications as if they had been asked for at once.
    const at = replicate({ ...opened.scenario, replications: stopped!.replications });
    expect(at.replications.map((r) => r.digest)).toEqual(studies[0].replications.map((r) => r.digest));
  });

  it("gives up at the most, and says so", async () => {
    const { stopped } = await playBoth(oneThread(), [opened, other], { share: 1e-6, on, most: 13 });
    expect(stopped).toMatchObject({ reached: false, replications: 13 });
    expect(stopped!.worst).toEqual(on[0]);
  });
});
