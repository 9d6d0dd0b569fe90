import { describe, expect, it } from "vitest";
import { ArrivalBatch } from "../../sim/arrivals/contract.ts";
import { ARRIVALS } from "../../sim/arrivals/registry.ts";
import { RandomStreams } from "../../sim/random.ts";
import { noFiles } from "../../sim/scenario/files.ts";
import { SECOND } from "../../sim/units.ts";

/** One way to write each kind; a new kind adds a line. */
const CASES: { type: string; settings: object }[] = [
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
];

const HORIZON = 100 * SECOND;

function play(type: string, settings: object, seed: string, windows: number) {
  const kind = ARRIVALS.find((k) => k.type === type)!;
  const plan = kind.build(kind.schema.parse({ type, ...settings }) as never, noFiles);
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
  return { plan, times: [...batch.times.subarray(0, batch.count)] };
}

describe("every arrival process", () => {
  it("has a case here", () => {
    expect(new Set(CASES.map((c) => c.type))).toEqual(new Set(ARRIVALS.map((kind) => kind.type)));
  });

  it.each(CASES)(
    "$type $settings gives whole, ordered times, the same however it is cut into windows",
    ({ type, settings }) => {
      for (const seed of ["1", "2", "3"]) {
        const { plan, times } = play(type, settings, seed, 1);
        expect(play(type, settings, seed, 37).times).toEqual(times);
        expect(
          times.every((t, i) => Number.isInteger(t) && t >= 0 && t < HORIZON && t >= (times[i - 1] ?? 0)),
        ).toBe(true);
        const expected = plan.expected(HORIZON);
        expect(Math.abs(times.length - expected)).toBeLessThanOrEqual(1 + 4.5 * Math.sqrt(expected));
      }
    },
  );

  it("evenly spaced arrivals begin at the start and do not drift", () => {
    const { times } = play("constant", { rate: "3/s" }, "1", 5);
    expect(times.slice(0, 4)).toEqual([0, 333_333, 666_667, 1_000_000]);
    expect(times).toHaveLength(300);
  });

  it("an even ramp from 0 puts the k-th arrival where the area under the rate is k", () => {
    const { times } = play(
      "stages",
      { start: "0/s", evenly: true, stages: [{ duration: "100s", target: "30/s" }] },
      "1",
      5,
    );
    times.forEach((t, k) => {
      expect(Math.abs(t - Math.sqrt((2 * k) / 0.3) * SECOND)).toBeLessThanOrEqual(1);
    });
  });
});
