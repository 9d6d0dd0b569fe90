import { exponential, lab, poisson, run, SEEDS, waves } from "../../test/support/lab.ts";
import { type Case, farthest, type Row } from "../case.ts";

const S = 1e6;

/** One function `f` behind an invocation model; its entry's results. */
function entry(
  invoke: object,
  arrivals: unknown,
  settings: Record<string, unknown>,
  times: { horizon: string; warmup?: string; end?: string },
  seed?: string,
) {
  const { end, ...rest } = times;
  const scenario = lab({
    ...rest,
    measure: { interval: "1d" },
    functions: { f: settings },
    traffic: [{ to: "f", invoke, arrivals, ...(end && { end }) }],
  } as never);
  return run(scenario, seed).result.entries[0]!;
}

/** What waits, is tried again and passes on. */
export const queues: Case[] = [
  {
    id: "queue-mmc",
    group: "theory",
    subject: "queues",
    title: "8 messages a second of 1 s, served by at most 10 at once",
    source: "Erlang's C; Crommelin's equations for constant service; stated errors for 1,000,000 messages",
    unit: "s",
    run: () =>
      (
        [
          ["exponential service", exponential("1s"), 0.20459, 0.017],
          ["constant service", "1s", 0.109828, 0.0064],
        ] as const
      ).map(([law, duration, expected, tolerance]): Row => {
        const messages = 250_000;
        const means = SEEDS.map(
          (seed) =>
            entry(
              { type: "sqs", batchSize: 1, maximumConcurrency: 10, initialConcurrency: 10 },
              poisson("8/s"),
              { duration },
              { warmup: "1000s", horizon: `${1000 + messages / 8}s` },
              seed,
            ).laws.queueWait.mean / S,
        );
        return {
          what: `mean wait, ${law}`,
          expected,
          got: farthest(expected, means),
          tolerance: tolerance * Math.sqrt(1e6 / messages),
          from: "stated",
        };
      }),
  },
  {
    id: "queue-batches",
    group: "theory",
    subject: "queues",
    title: "4 messages a second in batches of up to 5, open for 1 s",
    source: "P(size = k) = Poisson(k − 1; λW) below the full size; stated errors for 200,000 batches",
    unit: "",
    run: () => {
      const seconds = 52_000;
      const batches = seconds / 1.0546;
      const means = SEEDS.map(
        (seed) =>
          entry(
            { type: "sqs", batchSize: 5, maximumBatchingWindow: "1s", initialConcurrency: 50 },
            poisson("4/s"),
            { duration: "10ms" },
            { horizon: `${seconds}s` },
            seed,
          ).laws.batchSize.mean,
      );
      return [
        {
          what: "mean size of a batch",
          expected: 4.21853,
          got: farthest(4.21853, means),
          tolerance: 0.0094 * Math.sqrt(200_000 / batches),
          from: "stated",
        },
      ];
    },
  },
  {
    id: "queue-retries",
    group: "theory",
    subject: "queues",
    title: "events of which 30 % of runs fail, two retries",
    source: "1 + p + p² runs each; p³ are given up; stated errors for 1,000,000 events",
    unit: "",
    run: () => {
      const events = 100_000;
      const runs = SEEDS.map((seed) =>
        entry(
          { type: "async", onFailure: "dead-letter" },
          poisson("100/s"),
          { duration: "10ms", errors: "30%" },
          { horizon: "20m", end: `${events / 100}s` },
          seed,
        ),
      );
      const wider = Math.sqrt(1e6 / events);
      return [
        {
          what: "runs of an event",
          expected: 1.39,
          got: farthest(
            1.39,
            runs.map(({ laws }) => laws.attempts.mean),
          ),
          tolerance: 0.003 * wider,
          from: "stated",
        },
        {
          what: "share that is dead-lettered",
          expected: 0.027,
          got: farthest(
            0.027,
            runs.map(({ counts }) => counts.deadLettered / counts.requests),
          ),
          tolerance: 0.0009 * wider,
          from: "stated",
          unit: "%",
        },
      ];
    },
  },
  {
    id: "queue-throttled-event",
    group: "aws",
    subject: "queues",
    title: "an event that is refused for six hours",
    source: "Lambda developer guide: 1 s doubling to 5 minutes, events up to 6 h old",
    unit: "calls",
    run: () => {
      const scenario = lab({
        horizon: "7h",
        measure: { interval: "1d" },
        account: { concurrency: 1, minimumUnreserved: 0 },
        functions: { other: { duration: "15m" }, f: { duration: "1s" } },
        traffic: [
          { to: "other", arrivals: { type: "constant", rate: "1/s" } },
          { to: "f", invoke: "async", arrivals: { type: "times", at: ["500ms"] } },
        ],
      } as never);
      const { result } = run(scenario);
      return [
        {
          what: "attempts",
          expected: 80,
          got: result.functions[1]!.counters.attempts,
          tolerance: 0,
          from: "exact",
        },
      ];
    },
  },
  {
    id: "queue-drain-2018",
    group: "recorded",
    subject: "queues",
    title: "100,000 messages of about 500 ms one by one, pollers growing by 60 a minute",
    source: "mikhail.io, 2018-11-19: 5.5 minutes measured; 311 s as a fluid",
    unit: "s",
    run: () => {
      const { laws } = entry(
        { type: "sqs", batchSize: 1, scaling: "2022" },
        waves(["0s", 100_000]),
        { duration: "500ms" },
        { horizon: "10m" },
      );
      const got = laws.latency.max / S;
      return [
        { what: "until all are done, beside the fluid", expected: 311.3, got, tolerance: 3.3, from: "goal" },
        { what: "… beside the measurement", expected: 330, got, tolerance: 22, from: "goal" },
      ];
    },
  },
  {
    id: "stream-age",
    group: "theory",
    subject: "queues",
    title: "a stream that gets 1,000 records a second and takes 800",
    source: "fluid: the age grows by 0.2 s a second",
    unit: "s",
    run: () => {
      const { laws } = entry(
        { type: "kinesis", shards: 4, batchSize: 100, keys: "even", pollInterval: "0s" },
        { type: "constant", rate: "1000/s" },
        { duration: "500ms" },
        { horizon: "10m" },
      );
      return [
        {
          what: "IteratorAge after 10 minutes",
          expected: 120,
          got: laws.iteratorAge.max / S,
          // A batch is sent every half second.
          tolerance: 0.2,
          from: "goal",
        },
      ];
    },
  },
  {
    id: "gateway-bucket",
    group: "aws",
    subject: "queues",
    title: "12,000 requests a second for 10 s at API Gateway's 10,000 with bursts of 5,000",
    source: "API Gateway quotas: a bucket that starts full",
    unit: "calls",
    run: () => {
      const { counts } = entry(
        "api-gateway" as never,
        { type: "constant", rate: "12000/s" },
        { duration: "10ms" },
        { horizon: "11s", end: "10s" },
      );
      // The last one comes 1/12,000 s before the end, so that a token less has come by then.
      return [{ what: "refused", expected: 15_000, got: counts.statuses[429], tolerance: 1, from: "goal" }];
    },
  },
];
