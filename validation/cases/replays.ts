import type { FunctionResult } from "../../sim/measure/function-result.ts";
import { one, run } from "../../test/support/lab.ts";
import { type Case, exactly, type Row } from "../case.ts";
import { AWS_2020, requests2020 } from "../runs.ts";

function replayed(trace: string, settings: object): FunctionResult {
  const csv = requests2020(trace);
  const arrivals = { type: "trace", file: `${trace}.csv` };
  return run(one(settings, arrivals, { horizon: "40h", measure: { interval: "1d" } }, () => csv)).f;
}

/** The first row found its environment warm; here it makes it, and is not counted. */
const coldKept = (trace: string, seconds: number) =>
  replayed(trace, { keepAlive: `${seconds}s`, maximumLifetime: "2h" }).counters.coldStarts - 1;

/** A 20-line model of another author, to be matched exactly: LIFO, kept 640 s, at most 7,200 s. */
const REPLAY_COLD: Record<(typeof AWS_2020)[number], number> = {
  "2020-05-28": 60,
  "2020-06-04": 51,
  "2020-06-06": 43,
  "2020-06-09": 34,
  "2020-06-10": 29,
  "2020-06-13": 26,
  "2020-06-18": 28,
  "2020-05-26": 36,
};
const FIRST_SIX = AWS_2020.slice(0, 6);

/** The runs of 2020 replayed request by request, against other models of the same rules. */
export const replays: Case[] = [
  {
    id: "A32",
    group: "recorded",
    subject: "replays 2020",
    title: "Cold starts of a replay, last finished first, kept 640 s and at most 2 h",
    source: "aws-2020-replay.csv; separate 20-line model",
    unit: "cold starts",
    run: () => AWS_2020.map((trace) => exactly(trace, REPLAY_COLD[trace], coldKept(trace, 640))),
  },
  {
    id: "A32-pooled",
    group: "recorded",
    subject: "replays 2020",
    title: "The first six runs together, by keep-alive",
    source: "aws-2020-replay.csv; separate 20-line model",
    unit: "cold starts",
    run: () =>
      (
        [
          [300, 687],
          [600, 271],
          [640, 243],
          [900, 146],
          [1620, 91],
        ] as const
      ).map(([seconds, expected]) =>
        exactly(
          `kept ${seconds} s`,
          expected,
          FIRST_SIX.reduce((n, trace) => n + coldKept(trace, seconds), 0),
        ),
      ),
  },
  {
    id: "replay-reuse",
    group: "recorded",
    subject: "replays 2020",
    title: "Cold starts and peak concurrency of a replay that starts with nothing warm",
    source: "aws-2020-replay.csv; separate model, exact integers",
    unit: "cold starts",
    run: () =>
      (
        [
          ["2020-05-26", 33, 32, 2, 2],
          ["2020-05-28", 66, 57, 66, 2],
          ["2020-06-18", 24, 22, 17, 3],
        ] as const
      ).flatMap(([trace, at600, at660, lru, peak]): Row[] => {
        const kept600 = replayed(trace, { keepAlive: "600s" });
        return [
          exactly(`${trace}, kept 600 s`, at600, kept600.counters.coldStarts),
          exactly(`${trace}, kept 660 s`, at660, replayed(trace, { keepAlive: "660s" }).counters.coldStarts),
          exactly(
            `${trace}, least recently used`,
            lru,
            replayed(trace, { keepAlive: "600s", reuse: "lru" }).counters.coldStarts,
          ),
          exactly(`${trace}, peak concurrency`, peak, kept600.concurrency.max, ""),
        ];
      }),
  },
];
