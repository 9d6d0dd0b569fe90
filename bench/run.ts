// How fast is lsim, beside the least that must be done anyway (floor.ts)? Ratios of two loops measured by turns say
// something about the program; absolute times say something about the machine too, and decide nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { forNode } from "../bundle.mjs";
import type { Comparison, Memory, Setup } from "./work.ts";
import { WORKLOADS, type Workload } from "./workloads.ts";

const ROUNDS = 7;
const MOST_RATIO = 2.2;
const MOST_MEMORY = 120;
const MOST_GROWTH = 10;

const folder = mkdtempSync(join(tmpdir(), "lsim-bench-"));
const bundle = join(folder, "work.mjs");

/** Does one job of work.ts in a process of its own. */
function run<T>(...job: (string | number)[]): T {
  const argv = ["--expose-gc", bundle, ...job.map(String)];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: "utf8" })) as T;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const millions = (n: number) => `${n / 1e6} M`;
const speed = (ns: number) => `${(1000 / ns).toFixed(2)} M`;
const pair = (a: number, b: number, unit: string) => `${a.toFixed(0)} / ${b.toFixed(0)} ${unit}`;
const share = (part: number) => (100 * part).toFixed(1);
const spread = (ns: readonly number[]) =>
  `${median(ns).toFixed(0)} (${Math.min(...ns).toFixed(0)}–${Math.max(...ns).toFixed(0)}) ns`;
const verdict = (good: boolean) => (good ? "ok" : "too much");

/** A workload's column of the table: label and value, the same labels for each. */
function column(workload: Workload): [label: string, value: string][] {
  const { name, gate, round } = workload;
  const { lsim, floor, shared, refused, floorRefused } = run<Comparison>("compare", name, ROUNDS);
  const setup = run<Setup>("setup", name);
  const [short, long] = workload.memoryRuns;
  const least = run<Memory>("memory", name, short).rss;
  const most = run<Memory>("memory", name, long).rss;
  const ns = median(lsim);
  const ratio = median(lsim.map((t, i) => t / floor[i]!));
  return [
    ["", name],
    ["requests a round", millions(round)],
    ["refused, lsim / floor", `${share(refused)} / ${share(floorRefused)} %`],
    ["", ""],
    ["lsim, a request", spread(lsim)],
    ["floor, a request", spread(floor)],
    ["ratio", ratio.toFixed(2)],
    [`  at most ${MOST_RATIO}`, verdict(ratio <= MOST_RATIO)],
    ["floor with shared streams", spread(shared)],
    ["  ratio", median(lsim.map((t, i) => t / shared[i]!)).toFixed(2)],
    ["", ""],
    ["requests a second", speed(ns)],
    ["  goal, on a quiet core", `${gate.toFixed(1)} M ${1000 / ns >= gate ? "reached" : "not reached"}`],
    ["invocations a second", speed(ns / (1 - refused))],
    ["", ""],
    ["parse / open, time", pair(setup.parseMs, setup.openMs, "ms")],
    ["  what they hold", pair(setup.parsedMB, setup.openMB, "MB")],
    ["a replication kept", `${setup.keptMB.toFixed(1)} MB`],
    ["runs compared", `${millions(short)} / ${millions(long)}`],
    ["  resident at most", pair(least, most, "MB")],
    [`  under ${MOST_MEMORY} MB`, verdict(most < MOST_MEMORY)],
    [`  at most ${MOST_GROWTH} MB apart`, verdict(most - least <= MOST_GROWTH)],
  ];
}

/** Columns side by side, under the labels of the first. */
function table(columns: [label: string, value: string][][]): string {
  return columns[0]!
    .map(([label], row) =>
      [label.padEnd(26), ...columns.map((cells) => cells[row]![1].padStart(22))].join("").trimEnd(),
    )
    .join("\n");
}

try {
  // Bundled as it is shipped: running the sources directly names every function at run time, which distorts.
  await build({
    entryPoints: [join(import.meta.dirname, "work.ts")],
    outfile: bundle,
    ...forNode,
  });

  const heading = WORKLOADS.map(({ name, about }) => `${name}  ${about}`);
  console.log(`${heading.join("\n")}\n`);
  console.log(table(WORKLOADS.map(column)));
  const file = join(import.meta.dirname, "../scenarios/spike.json");
  const spike = run<{ ms: number }>("replications", file, 10).ms;
  console.log(
    `
spike, 10 replications: ${spike.toFixed(0)} ms

Processor time, all measures on: lsim and the floors by turns in one process a workload, ${ROUNDS} rounds, median (least–most).
A request is an arrival, accepted or refused; an invocation is an accepted one. The floor draws the same from two streams
a source, as lsim promises; with shared streams (two in all) it does the very least. Opening and summing up
are part of a round, which is so long that they weigh little in what one request costs.`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
