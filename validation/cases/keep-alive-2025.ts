import type { Scenario } from "../../sim/scenario/scenario.ts";
import { one, run, waves } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";
import { dataset } from "../data.ts";
import { presetFunction } from "../runs.ts";

const PAIRS = 20_000;
const HOUR_S = 3600;

/** Probes of AWS: after so many seconds idle, so many of them found their environment. */
export function probes(): { idle: number; warm: number; n: number }[] {
  return dataset("keep_alive/idle_survival_2025_big_step.csv")
    .filter(({ provider }) => provider === "aws")
    .map(({ idle_s, warm, cold }) => ({
      idle: Number(idle_s),
      warm: Number(warm),
      n: Number(warm) + Number(cold),
    }));
}

/** Two calls so far apart, an hour before the next two: the first of each pair makes the environment. */
const pairsOf = (idleSeconds: number, count: number) =>
  waves(
    ...Array.from({ length: count }, (_, i): [string, number][] => [
      [`${i * HOUR_S}s`, 1],
      [`${i * HOUR_S + idleSeconds}s`, 1],
    ]).flat(),
  );

const shareWarm = (scenario: Scenario, pairs: number): number => run(scenario).f.counters.warmStarts / pairs;

/** The share of environments of the default platform that are still there after so long. */
export function survives(idleSeconds: number, pairs = PAIRS): number {
  const settings = { duration: "0s", initDuration: "0s" };
  const scenario = presetFunction("aws", settings, pairsOf(idleSeconds, pairs), `${pairs * HOUR_S}s`);
  return shareWarm(scenario, pairs);
}

/** How long an idle environment is there, probed in 2025 and in 2019. */
export const keepAlive2025: Case[] = [
  {
    id: "keep-alive-2025",
    group: "recorded",
    subject: "keep-alive",
    title: 'Share of environments that survive an idle time, platform "aws"',
    source: "keep_alive/idle_survival_2025_big_step.csv, 100 probes each",
    unit: "%",
    run: () =>
      probes().map(({ idle, warm, n }): Row => {
        const expected = warm / n;
        const got = survives(idle);
        // Of 100 probes that all agree, the recorded share alone would say that no other share is possible.
        const spread = (share: number) => Math.sqrt((share * (1 - share)) / n);
        const tolerance = Math.max(0.01, 3 * spread(expected), 3 * spread(got));
        return { what: `${idle} s idle`, expected, got, tolerance, from: "binomial" };
      }),
  },
  {
    id: "keep-alive-2019",
    group: "recorded",
    subject: "keep-alive",
    title: "Calls after idle times of up to 30 min, a fixed keep-alive of 10 min: which are cold",
    source: "keep_alive/mikhailio_aws_2019-08_scatter.csv",
    unit: "calls",
    run: () => {
      const points = dataset("keep_alive/mikhailio_aws_2019-08_scatter.csv");
      const agree = points.filter(({ idle_min, cold }) => {
        const gap = `${Math.round(Number(idle_min) * 60e3)}ms`;
        const { f } = run(
          one({ duration: "0s", keepAlive: "10m" }, waves(["0s", 1], [gap, 1]), { horizon: "1d" }),
        );
        return f.counters.coldStarts === 1 + Number(cold);
      });
      return exactly("as recorded", points.length, agree.length);
    },
  },
];
