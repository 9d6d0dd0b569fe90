import { arrivalsCsv, evenly, exponential, one, poisson, run } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";
import { recorded } from "../data.ts";
import { mean } from "../runs.ts";

const RATES = [1, 5, 12] as const;

interface Call {
  readonly at: number;
  readonly ms: number;
  readonly environment: string;
}

/** The calls of a log by start: a stream is an environment. One call lacks its report and takes the mean duration. */
function calls(rate: number): Call[] {
  const starts = new Map<string, { at: number; environment: string }>();
  const durations = new Map<string, number>();
  for (const line of recorded(`cloudwatch_logs/aws_${rate}rps.log`).trim().split("\n")) {
    const [at, environment, ...rest] = line.split("\t");
    const message = rest.join("\t");
    const id = /RequestId: (\S+)/.exec(message)?.[1];
    if (id === undefined) continue;
    if (message.startsWith("START")) starts.set(id, { at: Number(at), environment: environment! });
    const duration = /^REPORT.*?\tDuration: ([\d.]+) ms/.exec(message)?.[1];
    if (duration !== undefined) durations.set(id, Number(duration));
  }
  const usual = mean([...durations.values()]);
  const all = [...starts].map(([id, { at, environment }]) => ({
    at,
    environment,
    ms: durations.get(id) ?? usual,
  }));
  return all.sort((a, b) => a.at - b.at);
}

/** Environments that a run with nothing warm makes. */
const made = (...[settings, arrivals, rest, read]: Parameters<typeof one>): number =>
  run(one(settings, arrivals, rest, read)).f.environments.created;

function replayed(rate: number): number {
  const all = calls(rate);
  const csv = arrivalsCsv(all.map(({ at, ms }) => ({ t: (at - all[0]!.at) / 1000, durationMs: ms })));
  return made({}, { type: "trace", file: "log.csv" }, { horizon: "10m" }, () => csv);
}

function evenlySpaced(rate: number): number {
  const duration = `${mean(calls(rate).map(({ ms }) => ms)).toFixed(3)}ms`;
  return made({ duration }, evenly(`${rate}/s`), { horizon: "120s" });
}

/** How often the environment that a call was given is the one that finished last of those that were idle. */
function lastFinished(all: readonly Call[]): { choices: number; last: number } {
  const ends = new Map<string, number>();
  let choices = 0;
  let last = 0;
  for (const { at, ms, environment } of all) {
    const idle = [...ends].filter(([, end]) => end <= at).sort((a, b) => b[1] - a[1]);
    if (idle.length > 1) {
      choices++;
      if (idle[0]![0] === environment) last++;
    }
    ends.set(environment, at + ms);
  }
  return { choices, last };
}

/** 20 a second of about 50 ms for an hour: environments made. */
const beat = (duration: unknown, arrivals: unknown = evenly("20/s")) =>
  made({ duration: duration as never }, arrivals, { horizon: "1h" });

/** One function called at a steady rate for two minutes each, in 2025. */
export const steadyRate: Case[] = [
  {
    id: "steady-replayed",
    group: "recorded",
    subject: "steady rate",
    title:
      "Environments that served 1, 5 and 12 calls a second, replayed with their recorded starts and durations",
    source: "cloudwatch_logs/aws_{1,5,12}rps.log (May 2025), a stream is an environment",
    unit: "environments",
    run: () =>
      RATES.map((rate) =>
        exactly(`${rate}/s`, new Set(calls(rate).map(({ environment }) => environment)).size, replayed(rate)),
      ),
  },
  {
    id: "steady-even",
    group: "recorded",
    subject: "steady rate",
    title: "The same, as a scenario would say it: exactly evenly spaced, each taking the mean duration",
    source: "cloudwatch_logs/aws_{1,5,12}rps.log",
    unit: "environments",
    run: () =>
      RATES.map((rate): Row => {
        const expected = new Set(calls(rate).map(({ environment }) => environment)).size;
        const row = exactly(`${rate}/s`, expected, evenlySpaced(rate));
        return rate < 12
          ? row
          : {
              ...row,
              known: {
                why: "real arrivals are not exactly even: two now and then come together",
                off: [-1, -1],
              },
            };
      }),
    off: {
      heading: "Evenly spaced arrivals, and rates that beat with the service time",
      say: (rows) => {
        const all = calls(12);
        const { choices, last } = lastFinished(all);
        const gaps = all.slice(1).map(({ at }, i) => at - all[i]!.at);
        const twelve = rows[2]!;
        return `Exactly even arrivals never come together, so a steady load needs ⌈λS⌉ environments and not one more. In the recorded two minutes at 12 a second the gaps ran from ${Math.min(...gaps)} to ${Math.max(...gaps)} ms around ${mean(gaps).toFixed(1)} ms, and ${twelve.expected} environments served where evenly spaced calls of the same mean duration need ${twelve.got}. Replayed with their recorded times the calls need ${replayed(12)}. Where more than one environment was idle, AWS took the one that had finished last in ${last} of ${choices} cases (${((100 * last) / choices).toFixed(1)} %), lsim always does.

Where the service time is a whole number of gaps the model stands on an edge: a call then ends at the very instant at which another arrives, and by rule the completion comes first. 20 calls a second of exactly 50 ms make ${beat("50ms")} environment, of 50.001 ms ${beat("50.001ms")}, of lognormal times with mean 50 ms and 10 % spread ${beat({ type: "lognormal", mean: "50ms", cv: 0.1 })}; exponential times ${beat(exponential("50ms"))}; with Poisson arrivals, an hour of 50 ms makes ${beat("50ms", poisson("20/s"))}. What AWS does at such a rate is not in these data (5/s and 12/s do not beat with about 155 ms), so nothing is claimed; use Poisson arrivals or a duration with some spread unless the real callers keep exact time.`;
      },
    },
  },
];
