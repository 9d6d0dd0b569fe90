import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { type ColdStartRow, coldStartRow, coldStartRows } from "../../sim/lambda/cold-start-rows.ts";
import type { FunctionSettings } from "../../sim/lambda/settings.ts";
import { normalQuantile } from "../../sim/math/functions.ts";
import { RandomStreams } from "../../sim/random.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { MILLISECOND } from "../../sim/units.ts";

/** A function as the scenario parser completes it. */
function completed(settings: object, platform = "aws"): FunctionSettings {
  const { functions } = parseScenario({
    lsim: 1,
    name: "presets",
    platform,
    horizon: "1m",
    functions: { f: { duration: "10ms", ...settings } },
    traffic: [{ to: "f", arrivals: { type: "poisson", rate: "1/s" } }],
  });
  return functions[0]!;
}

const preset = (row: ColdStartRow) =>
  completed({
    runtime: row.runtime,
    architecture: row.architecture,
    memorySize: `${row.memorySize} MB`,
    package: { type: row.packageType },
  }).coldStart;

/**
 * As many draws as it takes for the tolerances to be 3.5 standard errors wide. The error of a quantile is √(pq/n) over
 * the density there, which goes with the slope of log time on the normal quantile z, the steeper on either side.
 */
function drawsFor({ n, min, p50, p90, p99, max }: ColdStartRow): Float64Array {
  const z = { p90: 1.2816, p99: 2.3263, last: normalQuantile(1 - 0.5 / n) };
  const [low, middle, high, last] = [
    Math.log(p50 / min) / z.last,
    Math.log(p90 / p50) / z.p90,
    Math.log(p99 / p90) / (z.p99 - z.p90),
    Math.log(max / p99) / (z.last - z.p99),
  ] as const;
  const needed = (p: number, density: number, slope: number, tolerance: number) =>
    p * (1 - p) * ((3.5 * slope) / density / tolerance) ** 2;
  const median = needed(0.5, 0.39894, Math.max(low, middle), 0.02);
  const tail = needed(0.99, 0.026652, Math.max(high, last), 0.0488);
  return new Float64Array(Math.ceil(Math.max(20_000, median, tail)));
}

/** Whether the q-quantile of the draws is within a share of `value` (ms): as many draws lie below as that takes. */
function holds(draws: Float64Array, q: number, value: number, tolerance: number): boolean {
  const [low, high] = [value * (1 - tolerance) * MILLISECOND, value * (1 + tolerance) * MILLISECOND];
  let [below, upTo] = [0, 0];
  for (const draw of draws) {
    if (draw < low) below++;
    if (draw <= high) upTo++;
  }
  return below < q * draws.length && upTo >= q * draws.length;
}

/** Draws init for a row and compares it with its median and 99th percentile; says what is off. */
function compare(row: ColdStartRow): string[] {
  const name = `${row.runtime}, ${row.architecture}, ${row.packageType}, ${row.memorySize} MB`;
  const draws = drawsFor(row);
  preset(row)
    .init.sampler(new RandomStreams("presets").open(`${name}/init`))
    .fill(draws, 0, draws.length);
  return [
    ...(holds(draws, 0.5, row.p50, 0.02) ? [] : [`${name}: p50 is not within 2 % of ${row.p50} ms`]),
    ...(holds(draws, 0.99, row.p99, 0.05) ? [] : [`${name}: p99 is not within 5 % of ${row.p99} ms`]),
  ];
}

describe("the default cold start of every measured function", () => {
  const rows = coldStartRows();

  it("has 620 rows, each of at least 500 cold starts", () => {
    expect(rows).toHaveLength(620);
    expect(rows.every((row) => row.n >= 500)).toBe(true);
  });

  test("draws init with the measured median within 2 % and 99th percentile within 5 %", () => {
    expect(rows.flatMap(compare)).toEqual([]);
  }, 300_000);

  it("takes the first handler run of the row", () => {
    for (const row of rows) expect(preset(row).firstHandler.mean).toBeCloseTo(row.firstHandler * MILLISECOND);
  });
});

const data = process.env.LSIM_DATA;

test.skipIf(!data)("the table is that of lambda-perf-coldstart.csv (needs LSIM_DATA)", () => {
  const [head, ...lines] = readFileSync(join(data!, "lambda-perf-coldstart.csv"), "utf8").trim().split("\n");
  const columns = head!.split(",");
  const given = lines.map((line) => {
    const cells = line.split(",");
    const cell = (name: string) => cells[columns.indexOf(name)]!;
    return {
      runtime: cell("runtime"),
      architecture: cell("arch"),
      packageType: cell("package"),
      memorySize: Number(cell("memory_mb")),
      n: Number(cell("n")),
      min: Number(cell("min_ms")),
      p50: Number(cell("p50_ms")),
      p90: Number(cell("p90_ms")),
      p99: Number(cell("p99_ms")),
      max: Number(cell("max_ms")),
      firstHandler: Number(cell("first_handler_mean_ms")),
    };
  });
  expect(coldStartRows()).toEqual(given);
});

describe("the row that stands for a function", () => {
  const row = (runtime: string, memorySize = 512, packageType: "zip" | "image" = "zip") =>
    coldStartRow(runtime, "x86_64", packageType, memorySize);

  test.each([
    ["python3.12", "python3.12"],
    ["python3.7", "python3.9"],
    ["python3.15", "python3.14"],
    ["nodejs18.x", "nodejs20.x"],
    ["java8", "java8.al2"],
    ["dotnetcore3.1", "dotnet8"],
    ["ruby2.7", "ruby3.2"],
    ["provided.al2023", "go (prov.al2023)"],
    ["go1.x", "go (prov.al2)"],
    ["rust", "rust (prov.al2023)"],
    ["rust (prov.al2)", "rust (prov.al2)"],
    ["dotnet8 aot", "dotnet8 aot (prov.al2023)"],
    ["bun", "bun (prov.al2)"],
    ["nodejs24.x", "nodejs24.x"],
    ["nodejs30.x", "nodejs24.x"],
    ["provided.al2031", "go (prov.al2023)"],
    ["constructor", "nodejs22.x"],
    ["cobol", "nodejs22.x"],
  ])("of %s is that of %s", (runtime, measured) => {
    expect(row(runtime).runtime).toBe(measured);
  });

  it("is Node.js's for a runtime of no known family: a default that is listed, and a note for the reader", () => {
    const parsed = (settings: object) =>
      parseScenario({
        lsim: 1,
        name: "presets",
        horizon: "1m",
        functions: { f: { duration: "10ms", ...settings } },
        traffic: [{ to: "f", arrivals: { type: "poisson", rate: "1/s" } }],
      });
    const cobol = parsed({ runtime: "cobol" });
    expect(cobol.functions[0]!.notes).toEqual([
      expect.stringContaining('for the runtime "cobol", so those of Node.js stand in'),
    ]);
    expect(cobol.defaults).toContainEqual(
      expect.objectContaining({
        path: "functions.f.runtime",
        value: "nodejs22.x",
        source: expect.stringContaining('"cobol"'),
      }),
    );
    for (const settings of [
      { runtime: "cobol", initDuration: "1s", placement: "1s" },
      { runtime: "provided.al2023" },
      { runtime: "nodejs24.x" },
      { runtime: "python3.14" },
      { runtime: "python3.99" },
      { runtime: "java11" },
    ]) {
      const known = parsed(settings);
      expect(known.functions[0]!.notes, settings.runtime).toEqual([]);
      expect(known.defaults.map((d) => d.path)).not.toContain("functions.f.runtime");
    }
  });

  it("is of the nearest memory size, by ratio", () => {
    expect([128, 180, 182, 300, 1024, 10_240].map((mb) => row("java21", mb).memorySize)).toEqual([
      128, 128, 256, 256, 1024, 1024,
    ]);
  });

  it("shrinks the first handler run beyond the measured sizes, and leaves init", () => {
    const of = (memorySize: string) => completed({ runtime: "dotnet8", memorySize }).coldStart;
    expect(of("2048 MB").firstHandler.mean).toBe(of("1024 MB").firstHandler.mean / 2);
    expect(of("2048 MB").init).toBe(of("1024 MB").init);
  });
});

describe("placement and download", () => {
  const waits = (settings: object, platform?: string) => {
    const { placement, download } = completed(settings, platform).coldStart;
    return (placement.mean + download.mean) / MILLISECOND;
  };
  const packaged = (type: string, size: string, runtime = "python3.12") => ({
    runtime,
    package: { type, size },
  });

  it("take 150 ms, and 9 ms for each MB of a zip package beyond 10", () => {
    expect(waits({})).toBe(150);
    expect(waits(packaged("zip", "10 MB"))).toBe(150);
    expect(waits(packaged("zip", "110 MB"))).toBe(1050);
  });

  it("take 150 ms more from an image, unless it is a static binary, whatever its size", () => {
    expect(waits(packaged("image", "2 GB"))).toBe(300);
    expect(waits(packaged("image", "2 GB", "rust"))).toBe(150);
    expect(waits(packaged("image", "2 GB", "provided.al2023"))).toBe(150);
  });

  it("are those of the seed document's timeline under its platform", () => {
    expect(waits({ runtime: "python3.12" }, "seed")).toBe(300);
    expect(completed({ runtime: "python3.12" }, "seed").coldStart.init.mean).toBe(350 * MILLISECOND);
  });

  it("stand within init for Python in 2020, whose logs do not divide them", () => {
    const { placement, init } = completed({ runtime: "python3.6" }, "aws-2020").coldStart;
    expect(placement.mean).toBe(0);
    expect(init.quantile?.(0.5, 0.5)).toBeCloseTo(295.9 * MILLISECOND);
  });
});
