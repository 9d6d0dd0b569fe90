// Do two jobs halve the time of a sweep? Pairs of the same sweep of 64 points, of about a second each, on one job and on two, by
// turns: the ratio of a pair says something about the program, where the times say something about the machine too.
//
//   npm run bench:sweep -- [pairs] [points]
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const PAIRS = Number(process.argv[2] ?? 3);
const POINTS = Number(process.argv[3] ?? 64);
const MOST_RATIO = 0.7;
const POINT_S = 1;

const LSIM = join(import.meta.dirname, "../bin/lsim.js");
if (!existsSync(join(import.meta.dirname, "../dist/cli.js"))) throw new Error("not built: npm run build");
const folder = mkdtempSync(join(tmpdir(), "lsim-bench-"));

/** One replication a point, so that points and not their parts are played side by side. */
const scenario = (horizonS: number) => ({
  lsim: 1,
  name: "bench",
  horizon: `${horizonS}s`,
  replications: 1,
  functions: {
    api: { memorySize: "512 MB", initDuration: "200ms", duration: { p50: "80ms", p99: "400ms" } },
  },
  traffic: [{ to: "api", arrivals: { type: "poisson", rate: "200/s" } }],
});

/** Seconds that a sweep takes, from the command to its end. */
function sweep(horizonS: number, points: number, jobs: number, out: string): number {
  writeFileSync(join(folder, "bench.json"), JSON.stringify(scenario(horizonS)));
  const vary = `api.reservedConcurrency=10..${9 + points}:1`;
  const args = ["sweep", "bench.json", "--vary", vary, "--jobs", String(jobs), "--out", out, "--quiet"];
  const started = performance.now();
  execFileSync(process.execPath, [LSIM, ...args], { cwd: folder });
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

try {
  // How long a simulated second takes here, from two lengths: start and charts cancel out.
  const [short, long] = [2_000, 10_000].map((horizon) => sweep(horizon, 4, 1, "trial")) as [number, number];
  const horizon = Math.round((POINT_S * 4 * 8_000) / Math.max(0.05, long - short));
  console.log(`${POINTS} points of ${horizon} simulated seconds, ${availableParallelism()} cores\n`);
  const ratios: number[] = [];
  for (let pair = 1; pair <= PAIRS; pair++) {
    const one = sweep(horizon, POINTS, 1, "one");
    const two = sweep(horizon, POINTS, 2, "two");
    if (
      readFileSync(join(folder, "one/sweep.json"), "utf8") !==
      readFileSync(join(folder, "two/sweep.json"), "utf8")
    )
      throw new Error("one job and two gave different results");
    ratios.push(two / one);
    console.log(
      `pair ${pair}   one job ${one.toFixed(1)} s   two jobs ${two.toFixed(1)} s   ratio ${(two / one).toFixed(3)}`,
    );
  }
  const ratio = median(ratios);
  console.log(
    `\nmedian ratio ${ratio.toFixed(3)}, at most ${MOST_RATIO}: ${ratio <= MOST_RATIO ? "ok" : "too much"}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
