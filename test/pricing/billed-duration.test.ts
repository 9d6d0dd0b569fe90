import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";
import { evenly, exponential, near, one, run, SEEDS } from "../support/lab.ts";
import { ceiledExponential, SIGMAS } from "../support/theory.ts";

/** One cold call, with the init and handler times of a log line. */
function oneCall(init: string, duration: string, billInit = true) {
  const scenario = parseScenario({
    lsim: 1,
    name: "one",
    horizon: "10m",
    functions: { f: { timeout: "1m", initDuration: init, duration } },
    traffic: [{ to: "f", arrivals: { type: "times", at: ["0s"] } }],
    pricing: { billInit },
  });
  return simulate(scenario).functions[0]!;
}

describe("billed milliseconds", () => {
  it.each([
    ["80.00ms", "133.61ms", true, 214],
    ["84.00ms", "3016.78ms", true, 3101],
    ["89.14ms", "41.27ms", true, 131],
    ["0ms", "12.02ms", true, 13],
    ["91.60ms", "38.90ms", false, 39],
    ["0ms", "1.000ms", true, 1],
    ["0ms", "0.01ms", true, 1],
    ["0ms", "100ms", true, 100],
    ["0ms", "100.001ms", true, 101],
  ])("init %s and duration %s (init billed: %s) make %i", (init, duration, billInit, billed) => {
    expect(oneCall(init, duration, billInit).counters.billedMs).toBe(billed);
  });

  it("exponential times of mean 10 ms are billed 10.50833 ms on average: 1/(1 − e^(−1/10))", () => {
    for (const seed of ["1", "2", "3"]) {
      const scenario = parseScenario({
        lsim: 1,
        name: "exponential",
        horizon: "1000s",
        account: { concurrency: "unlimited", scaling: "unlimited" },
        functions: { f: { initDuration: "0s", duration: { type: "exponential", mean: "10ms" } } },
        traffic: [{ to: "f", arrivals: { type: "poisson", rate: "1000/s" } }],
      });
      const { counters } = simulate(scenario, { seed }).functions[0]!;
      expect(Math.abs(counters.billedMs / counters.invocations - 10.50833)).toBeLessThan(0.044);
    }
  });

  it.each([0.4, 3.7, 25])(
    "exponential times of mean %d ms are billed 1/(1 − e^(−1/m)) on average",
    (mean) => {
      const requests = 400_000;
      const scenario = one({ duration: exponential(`${mean}ms`) }, evenly("1000/s"), {
        horizon: `${requests / 1000}s`,
        account: { concurrency: "unlimited" },
      });
      // ⌈X⌉ is geometric: its variance is q / (1 − q)², with q = e^(−1/m); times are whole microseconds, rounded.
      const q = Math.exp(-1 / mean);
      const tolerance = (SIGMAS * Math.sqrt(q)) / (1 - q) / Math.sqrt(requests) + 0.0005 / mean;
      for (const seed of SEEDS) {
        const { counters } = run(scenario, seed).f;
        expect(near(counters.billedMs / counters.invocations, ceiledExponential(mean), tolerance)).toBe(true);
      }
    },
  );
});
