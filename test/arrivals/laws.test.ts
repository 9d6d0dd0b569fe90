import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "../../sim/units.ts";
import { planOf, timesOf } from "../support/arrivals.ts";
import { meanOf, near, one, run, SEEDS, sum } from "../support/lab.ts";
import { SIGMAS, shareError } from "../support/theory.ts";

/** How many of the times lie in each stretch of `width`. */
function countsIn(times: readonly number[], width: number, stretches: number): number[] {
  const counts = new Array<number>(stretches).fill(0);
  for (const time of times) counts[Math.floor(time / width)]!++;
  return counts;
}

describe("a day", () => {
  const settings = { type: "daily", trough: "0.5/s", peak: "4/s", peakAt: "18:30" };
  /** The sine's own integral, by Simpson's rule: arrivals from a to b, in hours after midnight. */
  const area = (a: number, b: number, trough = 0.5, peak = 4, peakAt = 18.5) => {
    const rate = (h: number) =>
      (peak + trough) / 2 + ((peak - trough) / 2) * Math.cos((2 * Math.PI * (h - peakAt)) / 24);
    const steps = 2000;
    const h = (b - a) / steps;
    let total = rate(a) + rate(b);
    for (let i = 1; i < steps; i++) total += (i % 2 === 1 ? 4 : 2) * rate(a + i * h);
    return (total * h * 3600) / 3;
  };

  it.each(SEEDS)("has a Poisson number of arrivals in each hour of three days, seed %s", (seed) => {
    const counts = countsIn(timesOf(planOf(settings), 3 * DAY, seed), HOUR, 72);
    let chi = 0;
    counts.forEach((count, h) => {
      const mean = area(h, h + 1);
      expect(near(count, mean, SIGMAS * Math.sqrt(mean))).toBe(true);
      chi += (count - mean) ** 2 / mean;
    });
    // χ² of 72 hours: mean 72, variance 144.
    expect(near(chi, 72, SIGMAS * 12)).toBe(true);
    const day = ((4 + 0.5) / 2) * 86_400;
    expect(near(sum(counts), 3 * day, SIGMAS * Math.sqrt(3 * day))).toBe(true);
  });

  it("begins at the run's time of day and the entry's own start", () => {
    const even = { ...settings, evenly: true };
    const at = (starts: string | undefined, offset = 0) =>
      timesOf(planOf(even, { ...(starts && { starts }), offset }), HOUR).length;
    expect(near(at(undefined), area(0, 1), 1)).toBe(true);
    expect(near(at("2026-03-02T18:00Z"), area(18, 19), 1)).toBe(true);
    expect(near(at("2026-03-02T17:00Z", HOUR), area(18, 19), 1)).toBe(true);
    expect(near(at("2026-03-02T20:00+02:00"), area(18, 19), 1)).toBe(true);
    expect(near(at(undefined, 2 * DAY + 6 * HOUR), area(6, 7), 1)).toBe(true);
  });

  it.each([
    ["0/s", "0.2/s"],
    ["1/s", "30/s"],
    ["2/s", "2/s"],
  ])("evenly from %s to %s, puts the k-th arrival where the area under the rate is k", (trough, peak) => {
    const plan = planOf({ type: "daily", trough, peak, peakAt: "12:00", evenly: true });
    const [low, high] = [Number.parseFloat(trough), Number.parseFloat(peak)];
    const omega = (2 * Math.PI) / 86_400;
    const lambda = (s: number) =>
      ((high + low) / 2) * s + ((high - low) / 2 / omega) * Math.sin(omega * (s - 43_200));
    const rate = (s: number) => (high + low) / 2 + ((high - low) / 2) * Math.cos(omega * (s - 43_200));
    const times = timesOf(plan, 2 * DAY);
    expect(near(times.length, (high + low) * 86_400, 1)).toBe(true);
    for (let k = 0; k < times.length; k += 1 + Math.floor(times.length / 5000)) {
      const s = times[k]! / SECOND;
      // Half a microsecond of rounding, and the last digits of the sum above.
      const most = rate(s) * 0.6e-6 + 1e-9 * (1 + lambda(s));
      expect(near(lambda(s), k, Math.max(most, 1e-8))).toBe(true);
    }
  });

  it("has no arrivals at a rate of 0, and refuses a peak below its trough", () => {
    expect(timesOf(planOf({ ...settings, trough: "0/s", peak: "0/s" }), DAY)).toEqual([]);
    expect(() => planOf({ ...settings, trough: "5/s" })).toThrow(/are they swapped\?/);
    expect(() => planOf({ ...settings, peakAt: "25:00" })).toThrow(/write it like \\"18:30\\"/);
  });

  it("stays exact when gaps are longer than a day", () => {
    const rare = planOf({ type: "daily", trough: "0/s", peak: "0.1/d", peakAt: "06:00", evenly: true });
    const times = timesOf(rare, 100 * DAY);
    expect(times).toHaveLength(5);
    expect(times.slice(1).every((t, i) => near(t, (i + 1) * 20 * DAY, HOUR) === true)).toBe(true);
  });
});

describe("bursts", () => {
  it("come at once, the first at the start", () => {
    expect(timesOf(planOf({ type: "bursts", every: "10m", size: 3 }), 21 * MINUTE)).toEqual(
      [0, 0, 0, 10, 10, 10, 20, 20, 20].map((m) => m * MINUTE),
    );
  });

  it.each(SEEDS)("are spread uniformly over the given time, seed %s", (seed) => {
    const plan = planOf({ type: "bursts", every: "10m", size: 1000, within: "1m" });
    const times = timesOf(plan, 100 * MINUTE, seed);
    expect(countsIn(times, 10 * MINUTE, 10)).toEqual(new Array(10).fill(1000));
    const places = times.map((t) => (t % (10 * MINUTE)) / MINUTE);
    expect(places.every((p) => p < 1)).toBe(true);
    expect(near(sum(places) / 10_000, 0.5, SIGMAS * Math.sqrt(1 / 12 / 10_000))).toBe(true);
    for (const count of countsIn(places, 0.1, 10)) {
      expect(near(count, 1000, SIGMAS * Math.sqrt(900))).toBe(true);
    }
  });

  it("must end before the next", () => {
    expect(() => planOf({ type: "bursts", every: "1m", size: 3, within: "2m" })).toThrow(
      /a burst must end before the next begins/,
    );
  });
});

describe("renewal arrivals", () => {
  it("have no bias from rounding: a gap of a third of a microsecond more adds up", () => {
    const plan = planOf({ type: "renewal", gap: "1us" }).scaled(0.75);
    expect(timesOf(plan, 13)).toEqual([1, 3, 4, 5, 7, 8, 9, 11, 12]);
    expect(timesOf(planOf({ type: "renewal", gap: "7s" }), 30 * SECOND)).toEqual(
      [7, 14, 21, 28].map((s) => s * SECOND),
    );
  });

  it("refuse a gap that is always 0", () => {
    expect(() => planOf({ type: "renewal", gap: "0s" })).toThrow(/time would never pass/);
  });

  it.each(SEEDS)("with gamma gaps (k = 4, mean 500 s), kept 600 s: 0.2942 of all cold, seed %s", (seed) => {
    const gap = { type: "gamma", mean: "500s", cv: 0.5 };
    const n = 100_000;
    const scenario = one(
      { duration: "1ms", keepAlive: "600s" },
      { type: "renewal", gap },
      { horizon: `${n * 500}s` },
    );
    const { counters } = run(scenario, seed).f;
    // Q(4, 4 · 600 / 500), the upper incomplete gamma function.
    const share = 0.294229;
    expect(near(counters.requests, n, SIGMAS * 0.5 * Math.sqrt(n))).toBe(true);
    expect(near(counters.coldStarts / counters.requests, share, SIGMAS * shareError(share, n))).toBe(true);
  });
});

describe("a Markov-modulated Poisson process", () => {
  const states = [
    { rate: "40/s", mean: "2s" },
    { rate: "5/s", mean: "6s" },
  ];
  const RATE = (40 * 2 + 5 * 6) / 8;
  // Fischer and Meier-Hellstern (1993): variance over mean of the number in t, started in equilibrium.
  const [s1, s2] = [1 / 2, 1 / 6];
  const far = (2 * s1 * s2 * 35 ** 2) / ((s1 + s2) ** 2 * (40 * s2 + 5 * s1));
  const dispersion = (t: number) => 1 + far * (1 - (1 - Math.exp(-(s1 + s2) * t)) / ((s1 + s2) * t));

  it.each(SEEDS)("has its mean rate and its index of dispersion over 1, 10 and 60 s, seed %s", (seed) => {
    const times = timesOf(planOf({ type: "mmpp", states }), 20 * HOUR, seed);
    const n = RATE * 72_000;
    expect(near(times.length, n, SIGMAS * Math.sqrt(n * (1 + far)))).toBe(true);
    for (const t of [1, 10, 60]) {
      const counts = countsIn(times, t * SECOND, 72_000 / t);
      // The variance's own error from twenty stretches of an hour each, independent for all practical purposes.
      const perHour = Array.from({ length: 20 }, (_, h) => {
        const hour = counts.slice((h * 3600) / t, ((h + 1) * 3600) / t);
        return sum(hour.map((c) => (c - RATE * t) ** 2)) / hour.length / (RATE * t);
      });
      const { mean, tolerance } = meanOf(perHour);
      expect(near(mean, dispersion(t), tolerance)).toBe(true);
    }
  });

  it("starts in equilibrium: as many in the first second as in any", () => {
    const plan = planOf({ type: "mmpp", states });
    const firsts = Array.from({ length: 4000 }, (_, i) => timesOf(plan, SECOND, `e${i}`).length);
    const { mean, tolerance } = meanOf(firsts);
    expect(near(mean, RATE, tolerance)).toBe(true);
  });

  it.each(SEEDS)("of three states goes to either other with equal chance, seed %s", (seed) => {
    // Busy for 0.1 s, then silent: a short silence is one short state and back, half times a half of all silences.
    const three = [
      { rate: "1000/s", mean: "100ms" },
      { rate: "0/s", mean: "10s" },
      { rate: "0/s", mean: "100000s" },
    ];
    const times = timesOf(planOf({ type: "mmpp", states: three }), 4e8 * SECOND, seed);
    const silences = times
      .slice(1)
      .map((t, i) => (t - times[i]!) / SECOND)
      .filter((gap) => gap > 0.05);
    const short = silences.filter((gap) => gap < 200).length / silences.length;
    // One stay in a hundred brings no arrival, and a few stays of either kind are taken for the other.
    expect(near(short, 0.25, 0.015 + SIGMAS * shareError(0.25, silences.length))).toBe(true);
    expect(silences.length).toBeGreaterThan(3000);
  });

  it("of silent states only gives nothing, and needs two states", () => {
    const silent = { rate: "0/s", mean: "2s" };
    expect(timesOf(planOf({ type: "mmpp", states: [silent, silent] }), HOUR)).toEqual([]);
    expect(() => planOf({ type: "mmpp", states: [silent] })).toThrow(/use \\"poisson\\"/);
  });
});
