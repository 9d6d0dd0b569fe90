import { cloudWatchCounts } from "../../sim/measure/cloudwatch.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { one, run } from "../../test/support/lab.ts";
import { type Case, exactly } from "../case.ts";

const LIFECYCLE = "AWS Lambda developer guide, lambda-runtime-environment";

/** Calls at given seconds for given milliseconds. */
function calls(
  settings: ScenarioFile["functions"][string],
  ...at: readonly (readonly [t: number, ms: number])[]
) {
  const timestamps = at.map(([t]) => `${t}s`);
  const durations = at.map(([, ms]) => `${ms}ms`);
  return run(one(settings, { type: "trace", timestamps, durations }, { horizon: "1h" })).f;
}

/** Errors, timeouts, and environments that start again. */
export const failures: Case[] = [
  {
    id: "A27",
    group: "aws",
    subject: "failures",
    title: "100 requests of which 30 are throttled and 5 fail: what CloudWatch shows",
    source: "AWS Lambda developer guide, monitoring metrics",
    unit: "calls",
    run: () => {
      // The first five of a wave run into the timeout.
      const at = Array.from({ length: 100 }, (_, i) => [1, i < 5 ? 2000 : 100] as const);
      const { counters } = calls({ reservedConcurrency: 70, timeout: "1s" }, ...at);
      const { Invocations, Errors, Throttles } = cloudWatchCounts(counters);
      return [
        exactly("Invocations", 70, Invocations),
        exactly("Errors", 5, Errors),
        exactly("Throttles", 30, Throttles),
      ];
    },
  },
  {
    id: "A31",
    group: "aws",
    subject: "failures",
    title: "Timeout 3 s, init 0.5 s: calls of 5, 1 and 1 s on one environment",
    source: LIFECYCLE,
    unit: "ms",
    run: () => {
      const settings = { timeout: "3s", initDuration: "500ms" };
      const durations = (...lengths: number[]) => {
        const f = calls(settings, ...lengths.map((ms, i) => [10 * i, ms] as const));
        return { f, sum: (f.durationMean * lengths.length) / 1000 };
      };
      const [first, second, third] = [durations(5000), durations(5000, 1000), durations(5000, 1000, 1000)];
      return [
        exactly("Duration of the first", 3000, Math.round(first.sum)),
        exactly("Duration of the second (init inside)", 1500, Math.round(second.sum - first.sum)),
        exactly("Duration of the third", 1000, Math.round(third.sum - second.sum)),
        exactly("Errors", 1, third.f.counters.failed, "calls"),
        exactly("calls that show an Init Duration", 1, third.f.histograms!.init.count, "calls"),
      ];
    },
  },
  {
    id: "init-over-10s",
    group: "aws",
    subject: "failures",
    title: "An init of 12 s on demand is cut off at 10 s and runs again: 10 + 12 + 1 s",
    source: LIFECYCLE,
    unit: "ms",
    run: () => {
      const f = calls({ initDuration: "12s", timeout: "30s" }, [0, 1000]);
      return exactly("latency", 10_000 + 12_000 + 1000, f.latencyMean / 1000);
    },
  },
];
