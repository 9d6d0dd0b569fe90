import { describe, expect, it } from "vitest";
import { ArrivalBatch, type ArrivalPlan } from "../../sim/arrivals/contract.ts";
import { ARRIVALS } from "../../sim/arrivals/registry.ts";
import { RandomStreams } from "../../sim/random.ts";
import { SECOND } from "../../sim/units.ts";
import { type Place, planOf } from "../support/arrivals.ts";
import { SEEDS } from "../support/lab.ts";
import { SIGMAS } from "../support/theory.ts";

const CSV = ["t_s,f,g", "0,5,1", "10,0,1", "20,70,1"].join("\n");

/**
 * One way to write each kind; a new kind adds a line. `variance`: of the number of arrivals, over its mean, where it is
 * more than a Poisson process's.
 */
const CASES: { type: string; settings: object; place?: Place; variance?: number }[] = [
  { type: "poisson", settings: { rate: "50/s" } },
  { type: "constant", settings: { rate: "3/s" } },
  {
    type: "stages",
    settings: {
      start: "0/s",
      stages: [
        { duration: "60s", target: "40/s" },
        { duration: "0s", target: "5/s" },
        { duration: "40s", target: "5/s" },
      ],
    },
  },
  {
    type: "stages",
    settings: { start: "0/s", evenly: true, stages: [{ duration: "100s", target: "30/s" }] },
  },
  { type: "times", settings: { at: ["3s", "1s", { t: "1s", count: 4 }] } },
  { type: "trace", settings: { timestamps: ["5s", "2s"], durations: ["1s", "2s"] } },
  { type: "trace", settings: { counts: [5, 0, 70], interval: "10s", spread: "even" } },
  { type: "trace", settings: { counts: [5, 0, 70], interval: "10s" } },
  { type: "trace", settings: { file: "t.csv" }, place: { read: () => CSV } },
  { type: "trace", settings: { counts: [5, 0, 70], interval: "1s", from: "2s", repeat: 30, period: "3s" } },
  { type: "trace", settings: { timestamps: ["5s", "2s", "900ms"], from: "1s", repeat: 9, period: "11s" } },
  { type: "daily", settings: { trough: "20/s", peak: "40/s", peakAt: "18:30" } },
  {
    type: "daily",
    settings: { trough: "0/s", peak: "60/s", peakAt: "12:00", evenly: true },
    place: { starts: "2026-03-02T06:00Z" },
  },
  { type: "bursts", settings: { every: "7s", size: 40 } },
  { type: "bursts", settings: { every: "7s", size: 40, within: "7s" } },
  { type: "renewal", settings: { gap: { type: "gamma", mean: "40ms", cv: 0.5 } } },
  { type: "renewal", settings: { gap: "30ms" } },
  // The index of dispersion is 1 + 2 (r₁ − r₂)² m₁² m₂² / ((m₁ + m₂)² (r₁ m₁ + r₂ m₂)).
  {
    type: "mmpp",
    settings: {
      states: [
        { rate: "90/s", mean: "1s" },
        { rate: "10/s", mean: "2s" },
      ],
    },
    variance: 1 + (2 * 80 ** 2 * 4) / (9 * 110),
  },
  { type: "schedule", settings: { every: "3s", count: 2 } },
  {
    type: "schedule",
    settings: { cron: "* * * * *", count: 3 },
    place: { starts: "2026-03-02T00:00:30Z", offset: 7 * SECOND },
  },
  { type: "closed", settings: { clients: 3, thinkTime: "1s" } },
];

const HORIZON = 100 * SECOND;

function play(plan: ArrivalPlan, seed: string, windows: number): number[] {
  const process = plan.open(new RandomStreams(seed).open("a"));
  const batch = new ArrivalBatch();
  for (let w = 1; w <= windows; w++) {
    const promised = process.next;
    const before = batch.count;
    const until = (HORIZON * w) / windows;
    process.fill(until, batch);
    if (batch.count > before) expect(batch.times[before]).toBe(promised);
    expect(process.next).toBeGreaterThanOrEqual(until);
  }
  return [...batch.times.subarray(0, batch.count)];
}

describe("every arrival process", () => {
  it("has a case here", () => {
    expect(new Set(CASES.map((c) => c.type))).toEqual(new Set(ARRIVALS.map((kind) => kind.type)));
  });

  it.each(CASES)(
    "$type $settings gives whole, ordered times, the same however it is cut into windows, also when scaled",
    ({ type, settings, place, variance = 1 }) => {
      const written = planOf({ type, ...settings }, place);
      for (const factor of [undefined, 0.3, 1, 2.75]) {
        const plan = factor === undefined ? written : written.scaled(factor);
        expect(plan.carriesDurations).toBe(written.carriesDurations);
        for (const seed of SEEDS) {
          const times = play(plan, seed, 1);
          expect(play(plan, seed, 37)).toEqual(times);
          expect(
            times.every((t, i) => Number.isInteger(t) && t >= 0 && t < HORIZON && t >= (times[i - 1] ?? 0)),
          ).toBe(true);
          if (plan.clients) continue;
          const expected = written.expected(HORIZON) * (factor ?? 1);
          expect(plan.expected(HORIZON)).toBeCloseTo(expected, 6);
          // Dense traffic of few and large clusters varies with the factor.
          const error = Math.sqrt(expected * Math.max(1, 1 + (variance - 1) * (factor ?? 1)));
          expect(Math.abs(times.length - expected)).toBeLessThanOrEqual(1 + SIGMAS * error);
        }
      }
    },
  );

  it("evenly spaced arrivals begin at the start and do not drift", () => {
    const times = play(planOf({ type: "constant", rate: "3/s" }), "1", 5);
    expect(times.slice(0, 4)).toEqual([0, 333_333, 666_667, 1_000_000]);
    expect(times).toHaveLength(300);
  });

  it("an even ramp from 0 puts the k-th arrival where the area under the rate is k", () => {
    const ramp = { start: "0/s", evenly: true, stages: [{ duration: "100s", target: "30/s" }] };
    const times = play(planOf({ type: "stages", ...ramp }), "1", 5);
    times.forEach((t, k) => {
      expect(Math.abs(t - Math.sqrt((2 * k) / 0.3) * SECOND)).toBeLessThanOrEqual(1);
    });
  });
});
