import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { simulate } from "../../sim/simulate.ts";
import { replicate } from "../../study/replicate.ts";

const file: ScenarioFile = {
  lsim: 1,
  name: "three",
  horizon: "5m",
  seed: 42,
  replications: 3,
  account: { concurrency: 60, minimumUnreserved: 10, scaling: { type: "burst", burst: 20, perMinute: 60 } },
  functions: {
    a: {
      memorySize: "512 MB",
      errors: "1%",
      initDuration: { p50: "300ms", p99: "800ms" },
      duration: { type: "lognormal", mean: "300ms", cv: 1 },
    },
    b: { reservedConcurrency: 10, duration: { type: "gamma", mean: "1s", cv: 0.5 } },
    c: {
      provisionedConcurrency: 5,
      keepAlive: { type: "uniform", min: "5s", max: "9s" },
      duration: { p50: "200ms", p99: "2s" },
    },
  },
  traffic: [
    { to: "a", arrivals: { type: "poisson", rate: "80/s" } },
    { to: "b", arrivals: { type: "constant", rate: "12/s" } },
    {
      name: "rush",
      to: "c",
      start: "1m",
      arrivals: { type: "stages", start: "1/s", stages: [{ duration: "2m", target: "40/s" }] },
    },
  ],
};

const scenario = parseScenario(file);

describe("the same scenario, seed and version", () => {
  it("give the same digest twice", () => {
    expect(simulate(scenario).digest).toBe(simulate(scenario).digest);
  });

  it("give the same digest in a worker as in the main thread", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { parentPort, workerData } from "node:worker_threads";
          import { parseScenario } from "./sim/scenario/parse.ts";
          import { simulate } from "./sim/simulate.ts";
          parentPort.postMessage(simulate(parseScenario(workerData)).digest);`,
        resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
      },
      bundle: true,
      platform: "node",
      format: "cjs",
      write: false,
    });
    const digest = await new Promise((resolve, reject) => {
      const worker = new Worker(outputFiles[0]!.text, { eval: true, workerData: file });
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    expect(digest).toBe(simulate(scenario).digest);
  });

  it("give another digest with another seed", () => {
    expect(simulate(scenario, { seed: "43" }).digest).not.toBe(simulate(scenario).digest);
  });

  it("do not depend on what is recorded: interval and detail leave the digest as it is", () => {
    const coarse = parseScenario({ ...file, measure: { interval: "1m", detail: "total" } });
    expect(simulate(coarse).digest).toBe(simulate(scenario).digest);
  });
});

describe("replications", () => {
  it("leave the first ones as they were when more are added", () => {
    const three = replicate(scenario).replications.map((r) => r.digest);
    const five = replicate(parseScenario({ ...file, replications: 5 })).replications.map((r) => r.digest);
    expect(five.slice(0, 3)).toEqual(three);
    expect(new Set(five).size).toBe(5);
  });

  it("begin with what a single replication gives", () => {
    expect(replicate(scenario).replications[0]!.digest).toBe(simulate(scenario).digest);
  });
});

describe("common random numbers", () => {
  const arrivalsOf = (changed: ScenarioFile) => {
    const run = simulate(parseScenario(changed));
    return run.functions.map((f) => [...f.timeline!.arrivals]);
  };

  it("another memory size changes no arrival and no draw: only the bill", () => {
    const bigger = structuredClone(file);
    bigger.functions.a!.memorySize = "1024 MB";
    expect(simulate(parseScenario(bigger)).digest).toBe(simulate(scenario).digest);
  });

  it("another limit, or another entry, leaves every request's arrival as it was", () => {
    const before = arrivalsOf(file);
    const limited = structuredClone(file);
    limited.functions.b!.reservedConcurrency = 3;
    expect(arrivalsOf(limited)).toEqual(before);
    const joined = structuredClone(file);
    joined.traffic.unshift({ name: "more", to: "b", arrivals: { type: "poisson", rate: "5/s" } });
    const after = arrivalsOf(joined);
    expect(after[0]).toEqual(before[0]);
    expect(after[2]).toEqual(before[2]);
  });

  it("service times stay with their requests when throttling changes", () => {
    // With room for all, a's mean duration is that of all its draws; the draws do not move when b is stopped.
    const roomy = structuredClone(file);
    roomy.account = { concurrency: "unlimited", scaling: "unlimited" };
    const stopped = structuredClone(roomy);
    stopped.functions.b!.reservedConcurrency = 0;
    const [x, y] = [roomy, stopped].map((f) => simulate(parseScenario(f)).functions[0]!) as [never, never];
    expect((x as { durationMean: number }).durationMean).toBe((y as { durationMean: number }).durationMean);
  });
});
