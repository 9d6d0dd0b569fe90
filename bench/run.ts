// How fast is lsim, beside the least that must be done anyway (floor.ts)? Ratios of two loops measured by turns say
// something about the program; absolute times say something about the machine, and decide nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const ROUNDS = 9;
const ARRIVALS = 2_000_000;
const MOST_RATIO = 2.5;
const MOST_GROWTH = 10;

const folder = mkdtempSync(join(tmpdir(), "lsim-bench-"));
const bundle = join(folder, "work.mjs");

/** Does one job of work.ts in a process of its own. */
function run<T>(...job: (string | number)[]): T {
  return JSON.parse(execFileSync(process.execPath, [bundle, ...job.map(String)], { encoding: "utf8" })) as T;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

try {
  // Bundled as it is shipped: running the sources directly names every function at run time, which distorts.
  await build({
    entryPoints: [join(import.meta.dirname, "work.ts")],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: "warning",
  });

  const times = run<{ lsim: number[]; floor: number[] }>("compare", ROUNDS, ARRIVALS);
  const ratio = median(times.lsim.map((ns, i) => ns / times.floor[i]!));
  const small = run<{ rss: number }>("memory", 1_000_000).rss;
  const large = run<{ rss: number }>("memory", 20_000_000).rss;
  const spike = run<{ ms: number }>(
    "replications",
    join(import.meta.dirname, "../scenarios/spike.json"),
    10,
  ).ms;

  const speed = (ns: number) =>
    `${(1000 / ns).toFixed(2)} M/s`.padStart(10) + `${ns.toFixed(0)} ns`.padStart(9);
  const verdict = (good: boolean) => (good ? "ok" : "TOO MUCH");
  const lines = [
    `W1, ${ROUNDS} rounds of ${ARRIVALS / 1e6} million invocations by turns, one process, median processor time`,
    "",
    `  lsim                      ${speed(median(times.lsim))}`,
    `  floor                     ${speed(median(times.floor))}`,
    `  ratio in time             ${ratio.toFixed(2).padStart(10)}   at most ${MOST_RATIO}: ${verdict(ratio <= MOST_RATIO)}`,
    "",
    `  memory,  1 million        ${`${small.toFixed(0)} MB`.padStart(10)}`,
    `  memory, 20 million        ${`${large.toFixed(0)} MB`.padStart(10)}   at most ${MOST_GROWTH} MB more: ${verdict(large - small <= MOST_GROWTH)}`,
    "",
    `  spike, 10 replications    ${`${spike.toFixed(0)} ms`.padStart(10)}`,
  ];
  console.log(lines.join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
