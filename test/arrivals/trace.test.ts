import { describe, expect, it } from "vitest";
import { HOUR, MILLISECOND, MINUTE, SECOND } from "../../sim/units.ts";
import { planOf, play, timesOf } from "../support/arrivals.ts";
import { near, SEEDS } from "../support/lab.ts";
import { SIGMAS } from "../support/theory.ts";

const trace = (settings: object, csv?: string, target = "f") =>
  planOf({ type: "trace", ...settings }, { target, ...(csv !== undefined && { read: () => csv }) });
const file = (csv: string, settings: object = {}, target = "f") =>
  trace({ file: "t.csv", spread: "even", ...settings }, csv, target);
const seconds = (times: readonly number[]) => times.map((t) => t / SECOND);
const ALL = 1000 * HOUR;

describe("a piece of a recording", () => {
  const at = ["1s", "5s", "9s", "14s"];

  it("is cut out and shifted to the start", () => {
    const cut = (settings: object) => seconds(timesOf(trace({ timestamps: at, ...settings }), ALL));
    expect(cut({ from: "5s" })).toEqual([0, 4, 9]);
    expect(cut({ to: "9s" })).toEqual([1, 5]);
    expect(cut({ from: "2s", to: "10s" })).toEqual([3, 7]);
    const counted = { counts: [1, 2, 0, 1], interval: "10s", spread: "even" };
    const cutCounts = (settings: object) => seconds(timesOf(trace({ ...counted, ...settings }), ALL));
    expect(cutCounts({})).toEqual([5, 12.5, 17.5, 35]);
    expect(cutCounts({ from: "10s" })).toEqual([2.5, 7.5, 25]);
    expect(cutCounts({ from: "10s", to: "30s" })).toEqual([2.5, 7.5]);
  });

  it("keeps each request's own duration", () => {
    const batch = play(file("t_s,duration_ms\n3,30\n1,10\n2,20", { from: "2s" }), ALL);
    expect([...batch.durations.subarray(0, batch.count)]).toEqual([20 * MILLISECOND, 30 * MILLISECOND]);
  });

  it("repeats, one piece's length apart, or one period", () => {
    const repeated = (settings: object) => seconds(timesOf(trace({ timestamps: at, ...settings }), ALL));
    expect(repeated({ to: "10s", repeat: 3 })).toEqual([1, 5, 9, 11, 15, 19, 21, 25, 29]);
    expect(repeated({ from: "9s", period: "20s", repeat: 3 })).toEqual([0, 5, 20, 25, 40, 45]);
    expect(repeated({ from: "4s", to: "6s", period: "10s", repeat: 2 })).toEqual([1, 11]);
    const day = trace({ counts: [7, 0, 5], interval: "8h", repeat: 7 });
    expect(timesOf(day, ALL)).toHaveLength(84);
    expect(timesOf(day, 7 * 24 * HOUR)).toHaveLength(84);
    for (let d = 0; d < 7; d++) expect(day.expected(d * 24 * HOUR)).toBe(12 * d);
    // Each day is drawn anew.
    const times = timesOf(day, ALL);
    expect(times.slice(12, 24).map((t) => t - 24 * HOUR)).not.toEqual(times.slice(0, 12));
  });

  it.each([
    [{ timestamps: at, repeat: 2 }, /"repeat" needs to know how long was recorded: give "period"/],
    [{ timestamps: at, repeat: 2, period: "14s" }, /"period": 14 s is shorter than what is repeated/],
    [{ timestamps: at, period: "20s" }, /"period" goes with "repeat"/],
    [{ timestamps: at, from: "15s" }, /nothing was recorded from 15 s on; .* the last at 14 s/],
    [{ timestamps: at, from: "6s", to: "8s" }, /nothing was recorded from 6 s until 8 s/],
    [{ timestamps: at, from: "6s", to: "6s" }, /"to": 6 s is not after "from": 6 s/],
    [{ timestamps: at, interval: "6s" }, /"interval" goes with "counts"/],
    [{ timestamps: at, function: "f" }, /"function" goes with "file"/],
    [{ counts: [1, 2], interval: "10s", from: "4s" }, /"from": 4 s lies inside an interval \(0 s to 10 s\)/],
    [{ counts: [1, 2], interval: "10s", from: "30s" }, /"from": 30 s leaves nothing .* ends at 20 s/],
    [{ counts: [1, 2], interval: "10s", repeat: 2, period: "19s" }, /shorter than what is repeated, 20 s/],
    [{ counts: [1, 2] }, /"counts" needs the "interval"/],
    [{ counts: [1, 2], timestamps: at }, /give one of "file", "timestamps" and "counts"/],
  ])("refuses %o", (settings, message) => {
    expect(() => trace(settings)).toThrow(message);
  });
});

describe("recorded traffic, scaled", () => {
  it("keeps every arrival at a whole factor, adds others before the next, and keeps durations", () => {
    const plan = file("t_s,duration_ms\n1,10\n4,40\n10,100").scaled(3);
    const batch = play(plan, ALL);
    const rows = Array.from({ length: batch.count }, (_, i) => [
      batch.times[i]! / SECOND,
      batch.durations[i]! / MILLISECOND,
    ]);
    expect(rows).toHaveLength(9);
    for (const [i, [from, to, ms]] of [
      [1, 4, 10],
      [4, 10, 40],
      [10, 16, 100],
    ].entries()) {
      const group = rows.slice(3 * i, 3 * i + 3);
      expect(group[0]).toEqual([from, ms]);
      expect(group.every(([t, d]) => t! >= from! && t! < to! && d === ms)).toBe(true);
    }
  });

  it.each(SEEDS)("rounds by lot otherwise, and keeps the mean, seed %s", (seed) => {
    const timestamps = Array.from({ length: 20_000 }, (_, i) => `${i}s`);
    for (const factor of [0.3, 1.6]) {
      const n = timesOf(trace({ timestamps }).scaled(factor), ALL, seed).length;
      const part = factor - Math.floor(factor);
      expect(near(n, 20_000 * factor, SIGMAS * Math.sqrt(20_000 * part * (1 - part)))).toBe(true);
    }
  });

  it("multiplies counts, and what arrives at once, where it stands", () => {
    const counts = trace({ counts: [5, 0, 7], interval: "1m" }).scaled(4);
    const times = timesOf(counts, ALL);
    expect(times.filter((t) => t < MINUTE)).toHaveLength(20);
    expect(times.filter((t) => t >= 2 * MINUTE)).toHaveLength(28);
    const waves = planOf({ type: "times", at: ["0s", { t: "9s", count: 3 }] }).scaled(2);
    expect(seconds(timesOf(waves, ALL))).toEqual([0, 0, 9, 9, 9, 9, 9, 9]);
  });

  it("leaves a factor of 1 as it was", () => {
    const plan = trace({ counts: [5, 0, 7], interval: "1m" });
    expect(timesOf(plan.scaled(1), ALL)).toEqual(timesOf(plan, ALL));
  });
});

describe("files with several functions", () => {
  const ROWS = "owner,fn,m480,m481,m482,duration_ms\nx,a,2,0,1,120\ny,b,0,4,0,30.5\n";
  const COLUMNS = "t_s,a,b\n0,2,0\n60,0,4\n120,1,0\n";
  const A = [15, 45, 150];
  const B = [67.5, 82.5, 97.5, 112.5];

  it("have one row a function, or one column", () => {
    for (const csv of [
      ROWS,
      COLUMNS,
      `\uFEFF${ROWS.replaceAll("\n", "\r\n")}`,
      COLUMNS.replaceAll("\n", "\r\n\r\n"),
    ]) {
      expect(seconds(timesOf(file(csv, {}, "a"), ALL))).toEqual(A);
      expect(seconds(timesOf(file(csv, {}, "b"), ALL))).toEqual(B);
      expect(seconds(timesOf(file(csv, { function: "b" }, "a"), ALL))).toEqual(B);
    }
  });

  it("give constant durations where they have the column", () => {
    const plan = file(ROWS, {}, "b");
    expect(plan.carriesDurations).toBe(true);
    const batch = play(plan, ALL);
    expect([...batch.durations.subarray(0, batch.count)]).toEqual(new Array(4).fill(30_500));
    expect(file(COLUMNS, {}, "b").carriesDurations).toBe(false);
  });

  it("count by the minute unless an interval is given", () => {
    expect(seconds(timesOf(file(ROWS, { interval: "10s" }, "a"), ALL))).toEqual([2.5, 7.5, 25]);
  });

  it("in the layout of the Azure traces: a row for each trigger, hashes for names, quotes allowed", () => {
    const csv = [
      "HashOwner,HashApp,HashFunction,Trigger,1,2,3",
      "o,p,0f18,http,1,0,0",
      'o,p,"0f18",timer,0,0,2',
      "o,p,77aa,queue,0,1,0",
    ].join("\n");
    expect(seconds(timesOf(file(csv, {}, "0f18"), ALL))).toEqual([30, 135, 165]);
    expect(timesOf(file(csv, {}, "77aa"), ALL)).toHaveLength(1);
  });

  it("can be cut, repeated and scaled like any recording", () => {
    const day = file(ROWS, { from: "1m", repeat: 2 }, "b");
    expect(seconds(timesOf(day, ALL))).toEqual([...B.map((t) => t - 60), ...B.map((t) => t + 60)]);
    expect(timesOf(day.scaled(3), ALL)).toHaveLength(24);
  });
});

describe("a trace file that cannot be used", () => {
  it.each([
    ["", /"t.csv" is empty/],
    ["\n\n", /"t.csv" is empty/],
    ["t_s\n", /no rows of data after its header/],
    ["t_s\n1\nx\n", /"t.csv" line 3, column "t_s": "x" is not a number/],
    ["t_s\r\n1\r\n\r\n-2\r\n", /line 4, column "t_s": -2 is negative/],
    ["t_s,duration_ms\n1,\n", /line 2, column "duration_ms": is empty/],
    ["t_s,duration_ms\n1\n", /line 2 has 1 cell, but the header has 2/],
    ["t_s;duration_ms\n1;2\n", /is separated by semicolons; expected commas/],
    ["t_s,t_s\n1,2\n", /has two columns "t_s"/],
    ["time,count\n1,2\n", /no column "t_s" \(arrival seconds\), nor "fn" .*found time, count/],
    ["t_s,count\n0,1\n", /one row does not show the interval's length/],
    ["t_s,count\n0,1\n60,1.5\n", /line 3, column "count": 1.5 is not a whole number/],
    ["t_s,count\n0,1\n\n60,-1\n", /line 4, column "count": -1 is negative/],
    ["t_s,count\n0,1\n120,2\n60,2\n", /line 4: t_s does not increase; sort the rows/],
    ["t_s,f\n0,1\n60,1.5\n", /line 3, column "f": 1.5 is not a whole number/],
    ["t_s,one,two\n0,1,1\n60,1,1\n", /has no function "f"; known: one, two/],
    ["t_s,ff\n0,1\n60,1\n", /has no function "f"; did you mean "ff"\?/],
    ["t_s,user\n0,bob\n60,eve\n", /"bob" is not a number \(columns beside "t_s" are taken for functions/],
    ["fn,1,2\nf,1\n", /line 2 has 2 cells, but the header has 3/],
    ["fn,1,2\nf,1,2,3\n", /line 2 has 4 cells, but the header has 3/],
    ["fn,1,2\ng,1,2\nf,1,-2\n", /line 3, column "2": -2 is negative/],
    ["fn,1,2\nf,1,\n", /line 2, column "2": is empty/],
    ["fn,1,2\nf,1,2e10\n", /line 2, column "2": 2e10 is more than 1,000,000,000/],
    ["fn,1,3\nf,1,2\n", /column "3" does not follow "1"; the intervals must be consecutive/],
    ["fn,calls\nf,1\n", /a row for each function but no columns of counts \(found fn, calls\)/],
    ["fn,1\n,1\n", /line 2, column "fn": is empty/],
    ["fn,1,duration_ms\nf,1,x\n", /line 2, column "duration_ms": "x" is not a number/],
    ["fn,1,duration_ms\nf,1,5\nf,1,6\n", /line 3: "f" has a row already, with another duration_ms/],
  ])("%j", (csv, message) => {
    expect(() => file(csv)).toThrow(message);
  });

  it("says what does not go with it", () => {
    expect(() => file("t_s\n1\n", { function: "f" })).toThrow(/"function" has no meaning/);
    expect(() => file("t_s\n1\n", { interval: "1m" })).toThrow(
      /"interval" does not go with a file that has "t_s"/,
    );
    expect(() => file("t_s,f\n1,1\n2,2\n", { interval: "1m" })).toThrow(/"interval" does not go with/);
  });
});
