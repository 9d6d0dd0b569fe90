import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { simulate } from "../../sim/simulate.ts";
import { SEEDS, sum } from "../support/lab.ts";

/** The shipped scenario, with another rule of retries. */
function storm(name: string, retry: object = {}, spike = "200/s") {
  const file = JSON.parse(readFileSync(new URL(`../../scenarios/${name}.json`, import.meta.url), "utf8"));
  const [traffic] = file.traffic;
  Object.assign(traffic.retry, retry);
  traffic.arrivals.stages[1].target = traffic.arrivals.stages[2].target = spike;
  return parseScenario(file);
}

/** Of what arrives in the last two minutes, two and a half after the spike, what share is answered well; and per second. */
function end(scenario: ReturnType<typeof storm>, seed: string) {
  const { entries, functions } = simulate(scenario, { seed });
  const { succeeded, requests, interval } = entries[0]!.timeline!;
  const from = 240e6 / interval;
  const stock = functions[1]!.timeline!;
  return {
    good: sum(succeeded, from) / sum(requests, from),
    perSecond: sum(stock.invocations, 240e6 / stock.interval) / 120,
  };
}

describe.each(SEEDS)("a spike that clients meet with retries (seed %s)", (seed) => {
  test("leaves the service full of work that nobody waits for, long after it, when they try again at once", () => {
    const { good, perSecond } = end(storm("retry-storm"), seed);
    expect(good).toBeLessThan(0.5);
    // It does all it can, 100 a second, for 80 that want something.
    expect(perSecond).toBeGreaterThan(97);
  });

  test("is over when it is over with an SDK's backoff and quota, and without the spike nothing happens", () => {
    for (const scenario of [storm("retry-storm-backoff"), storm("retry-storm", {}, "80/s")]) {
      const { good, perSecond } = end(scenario, seed);
      expect(good).toBeGreaterThan(0.95);
      expect(perSecond).toBeLessThan(90);
    }
  });

  test("needs the quota, not the backoff: requests keep coming, and waits only shift their retries", () => {
    expect(end(storm("retry-storm-backoff", { quota: "unlimited" }), seed).good).toBeLessThan(0.5);
    expect(end(storm("retry-storm-backoff", { backoff: "0s" }), seed).good).toBeGreaterThan(0.95);
  });
});
