import { readFileSync } from "node:fs";
import { replicationSeed } from "../sim/random.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { simulate } from "../sim/simulate.ts";
import { floor } from "./floor.ts";

/** W1: one function, Poisson 1,000/s, 200 ms of work, cold start 400 ms, all measures on. */
function w1(arrivals: number): Scenario {
  return parseScenario({
    lsim: 1,
    name: "w1",
    seed: 1,
    horizon: `${arrivals / 1000}s`,
    account: { concurrency: 1000 },
    functions: {
      api: {
        timeout: "15m",
        initDuration: { type: "constant", value: "400ms" },
        duration: { type: "lognormal", mean: "200ms", cv: 1 },
        keepAlive: { type: "fixed", value: "10m" },
      },
    },
    traffic: [{ to: "api", arrivals: { type: "poisson", rate: "1000/s" } }],
    measure: { detail: "all" },
  });
}

/** Processor time of `work` in nanoseconds, compiler and collector included. */
function cost(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/** The two loops by turns in one process; nanoseconds an invocation. The first round of each is thrown away. */
function compare(rounds: number, arrivals: number): { lsim: number[]; floor: number[] } {
  const times = { lsim: [] as number[], floor: [] as number[] };
  const scenario = w1(arrivals);
  for (let round = -1; round < rounds; round++) {
    const lsim = cost(() => simulate(scenario, { seed: `${round}` })) / arrivals;
    const bare = cost(() => floor(arrivals, `${round}`)) / arrivals;
    if (round < 0) continue;
    times.lsim.push(lsim);
    times.floor.push(bare);
  }
  return times;
}

/** Resident memory after a run, in MB: the most there was. */
function memory(arrivals: number): { rss: number } {
  simulate(w1(arrivals));
  return { rss: process.resourceUsage().maxRSS / 1024 };
}

/** Milliseconds of all replications of a scenario file, one after another. */
function replications(file: string, count: number): { ms: number } {
  const scenario = parseScenario(JSON.parse(readFileSync(file, "utf8")));
  const start = performance.now();
  for (let i = 0; i < count; i++) simulate(scenario, { seed: replicationSeed(scenario.seed, i) });
  return { ms: performance.now() - start };
}

const [job, a, b] = process.argv.slice(2);
const answer =
  job === "compare"
    ? compare(Number(a), Number(b))
    : job === "memory"
      ? memory(Number(a))
      : replications(String(a), Number(b));
process.stdout.write(JSON.stringify(answer));
