import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { parquetReadObjects } from "hyparquet";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { lifelines } from "../../reports/charts/lifelines.ts";
import { csvCell } from "../../reports/csv-cell.ts";
import { EnvironmentsCsv, InvocationsCsv } from "../../reports/records/csv.ts";
import { InvocationsParquet } from "../../reports/records/parquet.ts";
import { MOST_EVENTS, PerfettoTrace } from "../../reports/records/perfetto.ts";
import { RECORDED_ENDS, RECORDED_OUTCOMES, type Window } from "../../sim/measure/record-batch.ts";
import { RecordedSimulation } from "../../sim/recorded.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { printCount, SECOND } from "../../sim/units.ts";
import { LifelineCollector, MOST_LANES } from "../../study/lifelines.ts";
import { StudyPool } from "../../study/pool.ts";
import { one, poisson, waves } from "../support/lab.ts";
import { listen, record } from "../support/records.ts";

const whole = ({ warmup, horizon }: Scenario): Window => ({ from: warmup, to: horizon });

function csvOf(scenario: Scenario, window = whole(scenario)): [invocations: string, environments: string] {
  let [a, b] = ["", ""];
  listen(scenario, new InvocationsCsv(scenario, window, (text) => (a += text)), window);
  listen(scenario, new EnvironmentsCsv(scenario, (text) => (b += text)), window);
  return [a, b];
}

/** The most recently used of three environments is used. */
const MRU = one(
  { initDuration: "500ms", keepAlive: "12s" },
  { type: "trace", timestamps: ["0s", "1s", "2s", "10s", "20s"], durations: ["5s", "5s", "5s", "1s", "1s"] },
  { horizon: "30s" },
);

/** Some of everything: cold starts, provisioned concurrency, refusals. */
const MIXED = one(
  {
    duration: { type: "exponential", mean: "200ms" },
    initDuration: "300ms",
    keepAlive: "3s",
    provisionedConcurrency: 2,
  },
  poisson("20/s"),
  { horizon: "2m", warmup: "10s", account: { concurrency: 106, minimumUnreserved: 100 } },
);

describe("CSV", () => {
  test("invocations and environments of the three, word for word", () => {
    const [invocations, environments] = csvOf(MRU);
    expect(
      invocations,
    ).toBe(`t_s,function,entry,placement,reason,waitMs,durationMs,initMs,billedMs,outcome,environment
0,f,f,cold,,500,5000,500,5500,succeeded,1
1,f,f,cold,,500,5000,500,5500,succeeded,2
2,f,f,cold,,500,5000,500,5500,succeeded,3
10,f,f,warm,,0,1000,0,1000,succeeded,3
20,f,f,warm,,0,1000,0,1000,succeeded,3
`);
    // In the order in which it is found out.
    expect(environments).toBe(`environment,function,kind,bornS,firstUseS,lastUseS,endedS,why,invocations,busyS
2,f,onDemand,1,1,6.5,18.5,idle,1,5.5
1,f,onDemand,0,0,5.5,17.5,idle,1,5.5
3,f,onDemand,2,2,21,,endOfRun,3,7.5
`);
  });

  test("a refusal has a reason and no figures; what began before the window is left out", () => {
    const scenario = one({ duration: "5s", reservedConcurrency: 1 }, waves(["1s", 1], ["4s", 1]), {
      horizon: "10s",
      account: { concurrency: 1000 },
    });
    const [invocations] = csvOf(scenario, { from: 3 * SECOND, to: 5 * SECOND });
    expect(invocations.split("\n").slice(1)).toEqual([
      "4,f,f,throttled,ReservedFunctionConcurrentInvocationLimitExceeded,,,,,throttled,",
      "",
    ]);
  });

  test("microseconds are kept, without an exponent", () => {
    const [invocations] = csvOf(one({ duration: "1us" }, { type: "times", at: ["1us"] }, { horizon: "10s" }));
    expect(invocations.split("\n")[1]).toBe("0.000001,f,f,cold,,0,0.001,0,1,succeeded,1");
  });

  test.each([
    ["=1+1", "'=1+1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["a,b", '"a,b"'],
    ['a"b', '"a""b"'],
    ["a\nb", '"a\nb"'],
    ["orders-api_2", "orders-api_2"],
  ])("%j is text in a spreadsheet", (name, cell) => {
    expect(csvCell(name)).toBe(cell);
    const [read] = csvParse(`${cell},x\n`).columns;
    expect(read!.replace(/^'/, "")).toBe(name);
    expect(["=", "+", "-", "@", "\t"]).not.toContain(read![0]);
  });

  test("names that a scenario cannot have, but another caller of the engine may", () => {
    const hostile = '=cmd|"/C calc"!A0,\n</script>';
    const renamed: Scenario = {
      ...MRU,
      functions: MRU.functions.map((f) => ({ ...f, name: hostile })),
      traffic: MRU.traffic.map((t) => ({ ...t, name: hostile })),
    };
    const [invocations, environments] = csvOf(renamed);
    for (const row of csvParse(invocations))
      expect([row.function, row.entry]).toEqual([`'${hostile}`, `'${hostile}`]);
    for (const row of csvParse(environments)) expect(row.function).toBe(`'${hostile}`);
    const { traceEvents } = traceOf(renamed).json;
    expect(traceEvents[0]).toMatchObject({ name: "process_name", args: { name: hostile } });
  });
});

describe("Parquet", () => {
  test("holds the rows of the CSV, in more row groups than one", async () => {
    const scenario = one({ duration: "20ms", reservedConcurrency: 30 }, poisson("1200/s"), {
      horizon: "3m",
      account: { concurrency: 1000 },
    });
    const pieces: Uint8Array[] = [];
    const file = new InvocationsParquet(scenario, whole(scenario), (bytes) => pieces.push(bytes));
    listen(scenario, file);
    file.close();
    // What is written at a time does not grow with the run.
    expect(pieces.length).toBe(4);
    const bytes = Buffer.concat(pieces);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file: buffer });
    const expected = csvParse(csvOf(scenario)[0]);
    expect(rows.length).toBeGreaterThan(200_000);
    expect(rows.length).toBe(expected.length);
    const asText = (value: unknown) => (value === null || value === undefined ? "" : String(value));
    let different = 0;
    rows.forEach((row, i) => {
      for (const column of expected.columns) if (asText(row[column]) !== expected[i]![column]) different++;
    });
    expect(different).toBe(0);
    expect(expected.some(({ placement }) => placement === "throttled")).toBe(true);
  });

  test("of nothing is a whole file", async () => {
    const scenario = one({ duration: "1s" }, waves(["5s", 1]), { horizon: "10s" });
    const pieces: Uint8Array[] = [];
    const window = { from: 0, to: 1 };
    const file = new InvocationsParquet(scenario, window, (bytes) => pieces.push(bytes));
    listen(scenario, file, window);
    file.close();
    const bytes = Buffer.concat(pieces);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    expect(await parquetReadObjects({ file: buffer })).toEqual([]);
  });
});

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, unknown>;
}

function traceOf(scenario: Scenario, window = whole(scenario), most?: number) {
  let text = "";
  const trace = new PerfettoTrace(scenario, window, (piece) => (text += piece), most);
  listen(scenario, trace, window);
  trace.close();
  const json = JSON.parse(text) as { traceEvents: TraceEvent[]; otherData: Record<string, unknown> };
  return { json, fullAt: trace.fullAt };
}

describe("the trace", () => {
  test("of the three: a process, three threads, their slices and the counters", () => {
    const { traceEvents, otherData } = traceOf(MRU).json;
    const slices = traceEvents
      .filter(({ ph }) => ph === "X")
      .map(({ name, tid, ts, dur }) => [tid, ts / SECOND, name, dur / SECOND])
      .sort((a, b) => (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number));
    expect(slices).toEqual([
      [1, 0, "init", 0.5],
      [1, 0.5, "handler", 5],
      [1, 5.5, "idle", 12],
      [2, 1, "init", 0.5],
      [2, 1.5, "handler", 5],
      [2, 6.5, "idle", 12],
      [3, 2, "init", 0.5],
      [3, 2.5, "handler", 5],
      [3, 7.5, "idle", 2.5],
      [3, 10, "handler", 1],
      [3, 11, "idle", 9],
      [3, 20, "handler", 1],
      [3, 21, "idle", 9],
    ]);
    const concurrency = traceEvents.filter(({ ph, name }) => ph === "C" && name === "concurrency");
    expect(concurrency.map(({ ts, args }) => [ts / SECOND, args.concurrency])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [5.5, 2],
      [6.5, 1],
      [7.5, 0],
      [10, 1],
      [11, 0],
      [20, 1],
      [21, 0],
    ]);
    const meta = (name: string) => traceEvents.filter((event) => event.ph === "M" && event.name === name);
    expect(meta("process_name").map(({ pid, args }) => [pid, args.name])).toEqual([[1, "f"]]);
    expect(meta("thread_name").map(({ tid, args }) => [tid, args.name])).toEqual([
      [2, "environment 2"],
      [1, "environment 1"],
      [3, "environment 3"],
    ]);
    expect(otherData).toEqual({ scenario: "lab", seed: "1", fromUs: 0, toUs: 30 * SECOND });
  });

  test("every event has what its phase needs", () => {
    const { traceEvents } = traceOf(MIXED).json;
    for (const { ph, name, pid, tid, ts, dur, args } of traceEvents) {
      expect(["X", "C", "M"]).toContain(ph);
      expect(typeof name).toBe("string");
      expect(pid).toBe(1);
      if (ph === "X") expect([tid, ts, dur].every((n) => Number.isInteger(n) && n >= 0)).toBe(true);
      if (ph === "C") expect(Object.values(args)).toEqual([expect.any(Number)]);
      if (ph === "C") expect(Number.isInteger(ts)).toBe(true);
    }
    expect(traceEvents.some(({ args }) => args?.name === "environment 1 (provisioned)")).toBe(true);
    expect(traceEvents.some(({ name, args }) => name === "handler" && args.placement === "provisioned")).toBe(
      true,
    );
  });

  test("a window cuts slices at its ends", () => {
    const { traceEvents } = traceOf(MRU, { from: 4 * SECOND, to: 10.5 * SECOND }).json;
    const third = traceEvents.filter(({ ph, tid }) => ph === "X" && tid === 3);
    expect(third.map(({ name, ts, dur }) => [name, ts / SECOND, dur / SECOND])).toEqual([
      ["handler", 4, 3.5],
      ["idle", 7.5, 2.5],
      ["handler", 10, 0.5],
    ]);
  });

  test("stops at its limit, is still whole, and says when", () => {
    const all = traceOf(MIXED);
    expect(all.fullAt).toBeUndefined();
    const { json, fullAt } = traceOf(MIXED, whole(MIXED), 1000);
    expect(fullAt).toBeGreaterThan(MIXED.warmup);
    expect(json.otherData.stoppedAtUs).toBe(fullAt);
    const count = json.traceEvents.filter(({ ph }) => ph !== "M").length;
    expect(count).toBeGreaterThan(500);
    expect(count).toBeLessThan(1010);
    // What there is of it is what the whole one has.
    const key = (event: TraceEvent) => JSON.stringify(event);
    const known = new Set(all.json.traceEvents.map(key));
    expect(json.traceEvents.filter((event) => event.ph === "X" && !known.has(key(event)))).toEqual([]);
  });
});

/** A study of one replication, and its lifelines. */
function drawn(scenario: Scenario, window = whole(scenario), most = MOST_LANES) {
  const collector = new LifelineCollector(window, most);
  const simulation = new RecordedSimulation(scenario, scenario.seed, collector, window);
  while (simulation.step());
  const pool = new StudyPool(scenario);
  pool.add(simulation.result());
  const lines = collector.lifelines();
  return { lines, chart: lifelines(pool.study(), lines) };
}

describe("lifelines", () => {
  test("of the three: a lane each, by birth", () => {
    const { lines, chart } = drawn(MRU);
    expect(
      lines.lanes.map(({ number, born, ended, pieces }) => [
        number,
        born / SECOND,
        ended === undefined ? "lives on" : ended / SECOND,
        ...pieces.map(({ kind, start, end }) => `${kind} ${start / SECOND}–${end / SECOND}`),
      ]),
    ).toEqual([
      [1, 0, 17.5, "init 0–0.5", "warm 0.5–5.5"],
      [2, 1, 18.5, "init 1–1.5", "warm 1.5–6.5"],
      [3, 2, "lives on", "init 2–2.5", "warm 2.5–7.5", "warm 10–11", "warm 20–21"],
    ]);
    expect(chart.finding).toBe(
      "From 0:00 to 0:30 there were 3 environments and 3 cold starts; 2 ended: 2 idle too long; they were busy for 29.4 % of that time.",
    );
    expect(() => compile(chart.spec)).not.toThrow();
  });

  test("of many: the lowest numbers in the window, whichever are seen first, and all their busy time", () => {
    const window = { from: 60 * SECOND, to: 90 * SECOND };
    const { lines } = drawn(MIXED, window, 5);
    const { environments } = record(MIXED, window);
    expect(environments.length).toBeGreaterThan(10);
    expect(lines.environments).toBe(environments.length);
    const first = environments.slice(0, 5);
    expect(lines.lanes.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      first.map(({ number }) => number),
    );
    for (const { number, pieces } of lines.lanes) {
      const busy = pieces.reduce((sum, piece) => sum + piece.busy, 0) / SECOND;
      expect(busy).toBeCloseTo(first.find((row) => row.number === number)!.busy, 6);
    }
  });

  test("a long window stays small: what is too short to be seen is put together, and is paler", () => {
    const scenario = one({ duration: "100ms", keepAlive: "10m" }, poisson("5/s"), { horizon: "6h" });
    const { lines, chart } = drawn(scenario);
    const pieces = lines.lanes.flatMap((lane) => lane.pieces);
    for (const lane of lines.lanes) expect(lane.pieces.length).toBeLessThan(800);
    const busy = pieces.reduce((sum, piece) => sum + piece.busy, 0) / SECOND;
    const { environments } = record(scenario);
    const known = new Set(lines.lanes.map(({ number }) => number));
    const own = environments.filter(({ number }) => known.has(number));
    expect(busy).toBeCloseTo(
      own.reduce((sum, row) => sum + row.busy, 0),
      3,
    );
    expect(JSON.stringify(chart.spec)).toContain("paler: busy at times");
    expect(JSON.stringify(chart.spec).length).toBeLessThan(1_500_000);
  });

  test("of nothing says so", () => {
    const scenario = one({ duration: "1s" }, waves(["20s", 1]), { horizon: "30s" });
    const { lines, chart } = drawn(scenario, { from: 0, to: 10 * SECOND });
    expect(lines.lanes).toEqual([]);
    expect(chart.finding).toBe("From 0:00 to 0:10 there were 0 environments and 0 cold starts; none ended.");
    expect(JSON.stringify(chart.spec)).toContain("no environment existed");
    expect(() => compile(chart.spec)).not.toThrow();
  });

  test("a deploy, several functions and provisioned concurrency are named", () => {
    const scenario = parseScenario({
      lsim: 1,
      name: "two",
      horizon: "1m",
      deploys: [{ at: "30s" }],
      account: { concurrency: 200 },
      functions: {
        api: { duration: "100ms", provisionedConcurrency: 1 },
        mail: { duration: "1s", initDuration: "300ms", keepAlive: "5s" },
      },
      traffic: [
        { to: "api", arrivals: { type: "constant", rate: "2/s" } },
        { to: "mail", arrivals: { type: "times", at: ["1s", "29s"] } },
      ],
    });
    const text = JSON.stringify(drawn(scenario).chart.spec);
    for (const label of [
      "api 1",
      "mail 2",
      "busy, provisioned",
      "idle, provisioned",
      "init (cold start)",
      "ended: deploy",
    ])
      expect(text).toContain(label);
    expect(text).toContain('"strokeDash"');
  });
});

test("docs/records.md names every column, outcome and ending", () => {
  const page = readFileSync(new URL("../../docs/records.md", import.meta.url), "utf8");
  const columns = csvOf(MRU).flatMap((text) => text.slice(0, text.indexOf("\n")).split(","));
  for (const name of [...columns, ...RECORDED_OUTCOMES, ...RECORDED_ENDS])
    expect(page).toContain(`\`${name}\``);
  expect(page).toContain(printCount(MOST_EVENTS));
  expect(page).toContain(`the ${MOST_LANES} with`);
});

test("a listener changes nothing", () => {
  const { result } = record(MIXED);
  expect(result.digest).toBe(simulate(MIXED).digest);
});
