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

/** Between these the preset's table has no value of its own: it goes in a straight line from 120 to 270 s. */
const STRAIGHT = { above: 120, below: 240 };

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
        const tolerance = Math.max(0.01, 3 * Math.sqrt((expected * (1 - expected)) / n));
        const early = idle > STRAIGHT.above && idle < STRAIGHT.below;
        return {
          what: `${idle} s idle`,
          expected,
          got,
          tolerance,
          from: "binomial",
          ...(early && { known: "the earliest 3 % of ends are spread evenly from 120 to 270 s" }),
        };
      }),
    off: {
      heading: "The first ends of an idle environment",
      say: (rows) => {
        const early = rows.filter(({ known }) => known !== undefined);
        const figures = early.map(
          ({ what, expected, got }) =>
            `after ${what} ${(100 * got).toFixed(1)} % are there, where ${(100 * expected).toFixed(0)} of 100 probes found theirs`,
        );
        return `The preset's table of 2025 has 3 % of environments end between 120 and 270 s, in a straight line: ${figures.join("; ")}. One hundred probes cannot tell these apart; from 240 s on every probed time agrees. The probe is of one function in one Region in 2025, called rarely: it says nothing of busy functions.`;
      },
    },
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
