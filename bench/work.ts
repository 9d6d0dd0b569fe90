// The jobs of run.ts, each done in a process of its own: what one run leaves behind in compiler and heap changes the next.
import "../cli/heap.ts";
import { readFileSync } from "node:fs";
import type { RunResult } from "../sim/measure/result.ts";
import { replicationSeed } from "../sim/random.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { Simulation, simulate } from "../sim/simulate.ts";
import { StudyPool } from "../study/pool.ts";
import { floor } from "./floor.ts";
import { WORKLOADS, type Workload } from "./workloads.ts";

/** Processor time a request of both loops, round by round, in nanoseconds; and what share of the requests was refused. */
export interface Comparison {
  readonly lsim: number[];
  readonly floor: number[];
  readonly shared: number[];
  readonly refused: number;
  readonly floorRefused: number;
}

/** What a workload needs before its first request, and after its last. */
export interface Setup {
  readonly parseMs: number;
  readonly openMs: number;
  /** What the parsed scenario holds, and a simulation of it that has not begun. */
  readonly parsedMB: number;
  readonly openMB: number;
  /** What a study keeps of one replication. */
  readonly keptMB: number;
}

/** The most memory that the process ever held, in MB. */
export interface Memory {
  readonly rss: number;
}

/** Processor time of `work` in nanoseconds, compiler and collector included. */
function cost<T>(work: () => T): { ns: number; done: T } {
  const before = process.cpuUsage();
  const done = work();
  const { user, system } = process.cpuUsage(before);
  return { ns: (user + system) * 1000, done };
}

function counts({ functions }: RunResult): { requests: number; refused: number } {
  let requests = 0;
  let refused = 0;
  for (const { counters } of functions) {
    requests += counters.requests;
    refused += counters.throttled;
  }
  return { requests, refused };
}

/** lsim and the floors by turns in one process. The first round of each is thrown away. */
function compare(workload: Workload, rounds: number): Comparison {
  const scenario = parseScenario(workload.scenario(workload.round));
  const times = { lsim: [] as number[], floor: [] as number[], shared: [] as number[] };
  let refused = 0;
  let floorRefused = 0;
  for (let round = -1; round < rounds; round++) {
    const seed = `${round}`;
    const run = cost(() => counts(simulate(scenario, { seed })));
    const own = cost(() => floor(workload, workload.round, seed, "own"));
    const shared = cost(() => floor(workload, workload.round, seed, "shared"));
    if (round < 0) continue;
    times.lsim.push(run.ns / run.done.requests);
    times.floor.push(own.ns / own.done.requests);
    times.shared.push(shared.ns / shared.done.requests);
    refused += run.done.refused / run.done.requests / rounds;
    floorRefused += own.done.turnedAway / own.done.requests / rounds;
  }
  return { ...times, refused, floorRefused };
}

/** MB in use once everything that nobody needs is collected; buffers go with the collections after the one that finds them dead. */
function held(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

/** Memory by the first parsing and opening, times by the second, which the compiler knows. */
function setup(workload: Workload): Setup {
  const file = workload.scenario(workload.round);
  const empty = held();
  const scenario = parseScenario(file);
  const parsed = held();
  const alive = [file, scenario, new Simulation(scenario)];
  const opened = held();
  const parse = cost(() => parseScenario(file));
  const open = cost(() => new Simulation(parse.done));
  // Read here, so that nothing of it is collected before it is counted.
  alive.length = 0;
  return {
    parseMs: parse.ns / 1e6,
    openMs: open.ns / 1e6,
    parsedMB: parsed - empty,
    openMB: opened - parsed,
    keptMB: kept(workload),
  };
}

/** MB that a second replication adds to what a study keeps. */
function kept(workload: Workload): number {
  const scenario = parseScenario(workload.scenario(workload.memoryRuns[0]));
  const pool = new StudyPool(scenario);
  const [first, second] = [0, 1].map((index) => {
    pool.add(simulate(scenario, { seed: replicationSeed(scenario.seed, index) }));
    return held();
  });
  // Read here, so that it is still there when it is counted.
  pool.study();
  return second! - first!;
}

function memory(workload: Workload, requests: number): Memory {
  simulate(parseScenario(workload.scenario(requests)));
  return { rss: process.resourceUsage().maxRSS / 1024 };
}

/** Milliseconds of all replications of a scenario file, one after another. */
function replications(file: string, count: number): { ms: number } {
  const scenario = parseScenario(JSON.parse(readFileSync(file, "utf8")));
  const start = performance.now();
  for (let i = 0; i < count; i++) simulate(scenario, { seed: replicationSeed(scenario.seed, i) });
  return { ms: performance.now() - start };
}

function answer(job: string, subject: string, number: number): unknown {
  if (job === "replications") return replications(subject, number);
  const workload = WORKLOADS.find(({ name }) => name === subject)!;
  if (job === "compare") return compare(workload, number);
  if (job === "memory") return memory(workload, number);
  return setup(workload);
}

const [job, subject, number] = process.argv.slice(2);
process.stdout.write(JSON.stringify(answer(job!, subject!, Number(number))));
