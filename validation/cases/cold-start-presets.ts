import { RandomStreams } from "../../sim/random.ts";
import { MILLISECOND } from "../../sim/units.ts";
import { evenly } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";
import { type CsvRow, dataset } from "../data.ts";
import { presetFunction, quantile } from "../runs.ts";

const DRAWS = 400_000;
const LEAST_N = 500;

/** Init Duration as the default platform draws it for a row of the table. */
function init({ runtime, arch, memory_mb, package: type }: CsvRow) {
  const settings = {
    runtime: runtime!,
    architecture: arch as "x86_64" | "arm64",
    memorySize: `${memory_mb} MB`,
    package: { type: type as "zip" | "image" },
    duration: "10ms",
  };
  return presetFunction("aws", settings, evenly("1/s"), "1m").functions[0]!.coldStart.init;
}

const nameOf = ({ runtime, arch, memory_mb, package: type }: CsvRow) =>
  `${runtime}, ${arch}, ${type}, ${memory_mb} MB`;

/** The value that would stand at place k if the values were sorted (Hoare's selection); reorders them. */
function select(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[k]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      [values[i], values[j]] = [values[j]!, values[i]!];
      i++;
      j--;
    }
    if (j < k) low = i;
    if (i > k) high = j;
  }
  return values[k]!;
}

/** How far the p50 and p99 of the draws are from a row's, as shares. */
function misses(row: CsvRow, draws: Float64Array): { name: string; p50: number; p99: number } {
  init(row)
    .sampler(new RandomStreams("validation").open(`${nameOf(row)}/init`))
    .fill(draws, 0, draws.length);
  const off = (q: number, ms: string) =>
    select(draws, Math.ceil(q * draws.length) - 1) / (Number(ms) * MILLISECOND) - 1;
  return { name: nameOf(row), p50: off(0.5, row.p50_ms!), p99: off(0.99, row.p99_ms!) };
}

/** Cold starts by runtime, architecture, memory size and package. */
export const coldStartPresets: Case[] = [
  {
    id: "cold-start-presets",
    group: "recorded",
    subject: "cold start",
    title: `Init Duration by default: p50 within 2 % and p99 within 5 % in ${(DRAWS / 1000).toFixed(0)},000 draws of each measured row of at least ${LEAST_N} cold starts`,
    source: "lambda-perf-coldstart.csv (maxday/lambda-perf, June to August 2026)",
    unit: "",
    run: (): Row[] => {
      const draws = new Float64Array(DRAWS);
      const rows = dataset("lambda-perf-coldstart.csv").filter(({ n }) => Number(n) >= LEAST_N);
      const off = rows.map((row) => misses(row, draws));
      const worst = (key: "p50" | "p99") =>
        off.reduce((a, b) => (Math.abs(b[key]) > Math.abs(a[key]) ? b : a));
      const inside = (key: "p50" | "p99", tolerance: number) =>
        off.filter((row) => Math.abs(row[key]) <= tolerance).length;
      const worstRow = (key: "p50" | "p99", tolerance: number): Row => ({
        what: `${key}, the worst row (${worst(key).name})`,
        expected: 0,
        got: worst(key)[key],
        tolerance,
        from: "goal",
        unit: "%",
      });
      return [
        exactly("rows with p50 inside", rows.length, inside("p50", 0.02)),
        exactly("rows with p99 inside", rows.length, inside("p99", 0.05)),
        worstRow("p50", 0.02),
        worstRow("p99", 0.05),
      ];
    },
  },
  {
    id: "cold-start-2025",
    group: "recorded",
    subject: "cold start",
    title:
      "The same presets against a day a year earlier (ten cold starts of each configuration): median Init Duration",
    source: "cold_start_lambda_perf/2025-09-15.csv",
    unit: "%",
    run: (): Row[] => {
      const measured = new Set(dataset("lambda-perf-coldstart.csv").map(nameOf));
      const ratios = dataset("cold_start_lambda_perf/2025-09-15.csv")
        .filter((row) => measured.has(nameOf(row)))
        .flatMap((row) => {
          const ten = Array.from({ length: 10 }, (_, i) => row[`init_ms_${i + 1}`])
            .filter(Boolean)
            .map(Number);
          const preset = init(row).quantile?.(0.5, 0.5);
          return ten.length === 0 || preset === undefined
            ? []
            : [preset / MILLISECOND / quantile(ten, 0.5) - 1];
        });
      const row = (what: string, got: number): Row => ({
        what,
        expected: 0,
        got,
        tolerance: 0.05,
        from: "goal",
      });
      return [
        row(`median of ${ratios.length} configurations`, quantile(ratios, 0.5)),
        row("lower quartile", quantile(ratios, 0.25)),
        {
          ...row("upper quartile", quantile(ratios, 0.75)),
          known: { why: "another year than the presets'", off: [0.075, 0.095] },
        },
      ];
    },
    off: {
      heading: "Cold starts change from year to year",
      say: ([middle, low, high]) =>
        `The presets of 2026 give a median Init Duration that differs from that of one day in September 2025 by ${signed(middle!.got)} in the median configuration, and by ${signed(low!.got)} to ${signed(high!.got)} between the quartiles. A forecast from a preset is no better than that; your own logs are.`,
    },
  },
];

const signed = (share: number) => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)} %`;
