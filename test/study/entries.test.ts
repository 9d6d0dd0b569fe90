import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queueCounts } from "../../sim/measure/cloudwatch.ts";
import { noCounts } from "../../sim/measure/entry.ts";
import type { ScenarioError } from "../../sim/scenario/problem.ts";
import { replicate, type Study } from "../../study/replicate.ts";
import { histogramFile, resultFile } from "../../study/result-file.ts";
import { judge } from "../../study/thresholds.ts";
import { TimelineMean } from "../../study/timeline-mean.ts";
import { type Experiment, evenly, lab, waves } from "../support/lab.ts";

type Numbers = Record<string, number>;
interface Result {
  readonly traffic: Record<string, Record<string, Numbers & number & string>>;
  readonly functions: Record<string, Record<string, Numbers> & { cloudWatch: Record<string, Numbers> }>;
  readonly byReplication: readonly { readonly traffic: Record<string, Record<string, Numbers>> }[];
}

const studied = (experiment: Experiment): Study => replicate(lab({ replications: 2, ...experiment }));
const resultOf = (study: Study) => resultFile(study, "test") as unknown as Result;
const judged = (study: Study) =>
  Object.fromEntries(judge(study).map((j) => [`${j.of} ${j.measure} ${j.expression}`, [j.value, j.ok]]));

/** Ten events at once, of which one at a time is served, a second each: they are 0, 1 … 9 s old then. */
const TEN: Experiment = {
  horizon: "20s",
  functions: { f: { duration: "1s", reservedConcurrency: 1 }, plain: { duration: "1s" } },
  traffic: [
    { to: "f", invoke: "async", name: "events", arrivals: waves(["0s", 10]) },
    { to: "plain", arrivals: waves(["0s", 1]) },
  ],
  account: { concurrency: 1000 },
};

describe("entries of several replications", () => {
  const study = studied({
    ...TEN,
    thresholds: {
      f: {
        messageAge: ["max < 9.5s", "p(50) < 3s", "mean < 4.6s"],
        queueDepth: ["max <= 9", "mean < 2"],
        queueWait: ["max < 10s"],
        attempts: ["max < 3"],
        retries: ["count < 100"],
      },
      total: { queueDepth: ["max <= 9"] },
    },
  });
  const result = resultOf(study);

  it("are pooled: laws added, counts kept apart", () => {
    const { laws } = study.traffic.entries[0]!;
    expect(laws.age).toMatchObject({ count: 20, min: 0, max: 9e6 });
    expect(study.traffic.functions[0]!.age).toBe(laws.age);
    expect(study.traffic.functions[1]).toBeUndefined();
    expect(study.replications.map((r) => r.traffic.entries[0]!.counts.requests)).toEqual([10, 10]);
    expect(study.replications[0]!.traffic.total!.age.max).toBe(9e6);
  });

  it("have the mean of their timelines", () => {
    const { depthMean, requests, oldestAge } = study.traffic.entries[0]!.timeline!;
    expect([...depthMean.slice(0, 11)]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
    expect(requests[0]).toBe(10);
    // At the end of the first second the next is taken, and the others have waited for that second.
    expect([oldestAge[0], oldestAge[12]]).toEqual([1e6, Number.NaN]);
  });

  it("stand in result.json under their names", () => {
    expect(Object.keys(result.traffic)).toEqual(["events"]);
    expect(result.traffic.events).toMatchObject({
      type: "async",
      to: "f",
      requests: 10,
      requestsCi95: 0,
      succeeded: 10,
      receives: 10,
      dropsByCause: {},
      statuses: {},
      ageMs: { mean: 4500, max: 9000, meanCi95: 0 },
      queueWaitMs: { mean: 4500, max: 9000 },
      latencyMs: { mean: 5500, max: 10_000 },
      batchSize: {},
      depth: { mean: 45 / 20, max: 9 },
    });
    const { f, plain } = result.functions;
    expect(f!.messageAgeMs).toEqual(result.traffic.events!.ageMs);
    expect(f!.queueWaitMs).toEqual(result.traffic.events!.queueWaitMs);
    expect(f!.cloudWatch).toMatchObject({
      AsyncEventsReceived: 10,
      AsyncEventsDropped: 0,
      AsyncEventAge: { mean: 4500, max: 9000 },
    });
    expect(plain!.queueWaitMs).toEqual({});
    expect(plain).not.toHaveProperty("messageAgeMs");
    expect(Object.keys(plain!.cloudWatch).filter((name) => /Async|Iterator|Event/.test(name))).toEqual([]);
    expect(result.byReplication[1]!.traffic.events).toMatchObject({ requests: 10, dropsByCause: {} });
  });

  it("have their laws in histograms.json, and nothing is there where there are none", () => {
    const { traffic } = histogramFile(study) as { traffic: Record<string, Record<string, unknown>> };
    expect(traffic.events!.attempts).toMatchObject({ unit: "count" });
    expect(traffic.events!.age).toMatchObject({ unit: "us", buckets: expect.arrayContaining([[0, 1, 2]]) });
    const plain = studied({ ...TEN, traffic: [TEN.traffic[1]!] });
    for (const file of [resultOf(plain), resultOf(plain).byReplication[0]!, histogramFile(plain)])
      expect(file).not.toHaveProperty("traffic");
  });

  it("are judged: percentiles and maxima of the pooled law, depths and counts as means", () => {
    expect(judged(study)).toEqual({
      "f messageAge max < 9.5s": [9e6, true],
      "f messageAge p(50) < 3s": [expect.closeTo(4e6, -5), false],
      "f messageAge mean < 4.6s": [4.5e6, true],
      "f queueDepth max <= 9": [9, true],
      "f queueDepth mean < 2": [2.25, false],
      "f queueWait max < 10s": [9e6, true],
      "f attempts max < 3": [expect.any(Number), expect.any(Boolean)],
      "f retries count < 100": [expect.any(Number), true],
      "total queueDepth max <= 9": [9, true],
    });
  });
});

describe("a function's entries taken together", () => {
  it("are one law each, without the age of callers that wait, and depths added up", () => {
    const study = studied({
      ...TEN,
      functions: {
        f: { duration: "1s", reservedConcurrency: 1 },
        g: { duration: "1s", reservedConcurrency: 1 },
      },
      traffic: [
        { to: "f", invoke: "async", name: "a", arrivals: waves(["0s", 2]) },
        { to: "f", invoke: "async", name: "b", arrivals: waves(["10s", 3]) },
        { to: "g", retry: { attempts: 3, backoff: "5s", jitter: "none" }, arrivals: waves(["0s", 2]) },
      ],
      thresholds: {
        f: { queueDepth: ["max < 9"], messageAge: ["max < 9s"] },
        g: {
          queueWait: ["max < 9s"],
          attempts: ["mean < 9", "max < 2"],
          retries: ["rate < 10%", "count < 2"],
        },
        total: { messageAge: ["max < 1s"], attempts: ["max < 9"], queueDepth: ["max < 3"] },
      },
    });
    const { functions, total, entries } = study.traffic;
    expect(functions[0]!.age.count).toBe(entries[0]!.laws.age.count + entries[1]!.laws.age.count);
    expect(entries[2]!.laws.age.max).toBe(5e6);
    expect(functions[1]!.age.count).toBe(0);
    expect(total!.age.max).toBe(2e6);
    expect(judged(study)).toMatchObject({
      "f queueDepth max < 9": [3, true],
      "f messageAge max < 9s": [2e6, true],
      // The second call of two is refused, comes back after 5 s, and is answered.
      "g queueWait max < 9s": [5e6, true],
      "g attempts mean < 9": [1.5, true],
      "g attempts max < 2": [2, false],
      "g retries rate < 10%": [0.5, false],
      "g retries count < 2": [1, true],
      "total messageAge max < 1s": [2e6, false],
      "total attempts max < 9": [expect.any(Number), true],
      "total queueDepth max < 3": [3, false],
    });
  });

  it("keep what failed in the dead-letter queue, by cause", () => {
    const invoke = { type: "async", maximumRetryAttempts: 0, onFailure: "dead-letter" };
    const study = studied({
      ...TEN,
      functions: { f: { duration: "1s", errors: "100%" } },
      traffic: [{ to: "f", invoke, arrivals: waves(["0s", 4]) }],
      thresholds: {
        f: { deadLettered: ["rate < 1%", "count <= 4"], dropped: ["count < 4"], latency: ["max < 1s"] },
      },
    });
    expect(judged(study)).toEqual({
      "f deadLettered rate < 1%": [1, false],
      "f deadLettered count <= 4": [4, true],
      "f dropped count < 4": [4, false],
      // No request is answered: there is nothing that could be met.
      "f latency max < 1s": [Number.NaN, false],
    });
    expect(resultOf(study).traffic.f).toMatchObject({
      dropped: 4,
      deadLettered: 4,
      deadLettersByCause: { error: 4, errorCi95: 0 },
      retriesByCause: {},
    });
    expect(resultOf(study).functions.f!.cloudWatch).toMatchObject({
      AsyncEventsReceived: 4,
      AsyncEventsDropped: 4,
    });
  });

  it("have an end-to-end time where functions emit: 100 ms and the 500 ms of the mail", () => {
    const study = studied({
      ...TEN,
      functions: { api: { duration: "100ms", emits: [{ to: "mail" }] }, mail: { duration: "500ms" } },
      traffic: [{ to: "api", arrivals: evenly("1/s") }],
      thresholds: { api: { endToEnd: ["p(99) < 610ms", "max < 600ms"], latency: ["max <= 100ms"] } },
    });
    expect(judged(study)).toMatchObject({
      "api endToEnd p(99) < 610ms": [expect.closeTo(600_000, -4), true],
      "api endToEnd max < 600ms": [600_000, false],
      "api latency max <= 100ms": [100_000, true],
    });
    expect(resultOf(study).traffic["api-mail"]).toMatchObject({ from: "api", to: "mail", endToEndMs: {} });
  });
});

describe("a threshold on what cannot be measured", () => {
  const problems = (thresholds: object, traffic: object = {}) => {
    try {
      lab({ ...TEN, traffic: [{ to: "f", arrivals: evenly("1/s"), ...traffic }], thresholds } as Experiment);
      return [];
    } catch (error) {
      return (error as ScenarioError).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
    }
  };

  it("is a problem at its place, all at once, with what it needs", () => {
    const f = {
      messageAge: ["max < 1s"],
      attempts: ["max < 2"],
      endToEnd: ["max < 1s"],
      latency: ["max < 1s"],
    };
    expect(problems({ f, total: { queueDepth: ["max < 1"] } })).toEqual([
      expect.stringMatching(
        /^thresholds\.f\.messageAge: cannot be measured here: no message waits .*"async"/,
      ),
      expect.stringMatching(/^thresholds\.f\.attempts: .* needs a "retry"/),
      expect.stringMatching(/^thresholds\.f\.endToEnd: .* "emits"/),
      expect.stringMatching(/^thresholds\.total\.queueDepth: cannot be/),
    ]);
  });

  it("depends on how requests come", () => {
    const retry = { retry: { attempts: 2, backoff: "1s" } };
    expect(problems({ f: { attempts: ["max < 2"], retries: ["rate < 1%"] } }, retry)).toEqual([]);
    expect(problems({ f: { messageAge: ["max < 2s"] } }, retry)).toHaveLength(1);
    expect(problems({ f: { messageAge: ["max < 2s"] } }, { invoke: "async" })).toEqual([]);
    expect(problems({ plain: { messageAge: ["max < 2s"] } }, { invoke: "async" })).toHaveLength(1);
    expect(
      problems({ f: { batchSize: ["mean > 2"], iteratorAge: ["max < 1s"] } }, { invoke: "async" }),
    ).toEqual([
      expect.stringMatching(/batchSize: .*several messages/),
      expect.stringMatching(/iteratorAge: .*"messageAge"/),
    ]);
  });

  it("says nothing more where traffic itself has a problem", () => {
    expect(problems({ f: { messageAge: ["max < 2s"] } }, { invoke: "async", retry: "standard" })).toEqual([
      expect.stringMatching(/^traffic\.0\.retry/),
    ]);
  });
});

describe("CloudWatch's names for queues", () => {
  const counts = (more: object) => ({ ...noCounts(), requests: 10, succeeded: 6, dropped: 3, ...more });

  it("are those of the source", () => {
    const one = (source: "events" | "queue" | "stream" | undefined, more = {}) =>
      queueCounts([{ source, counts: counts(more) }]);
    expect(one("events")).toEqual({ AsyncEventsReceived: 10, AsyncEventsDropped: 3 });
    expect(one("queue")).toEqual({ DeletedEventCount: 6 });
    expect(one("stream")).toEqual({ DroppedEventCount: 3 });
    expect(one(undefined)).toEqual({});
    const loop = { dropsByCause: { ...noCounts().dropsByCause, loop: 2 } };
    expect(one("events", loop)).toEqual({
      AsyncEventsReceived: 8,
      AsyncEventsDropped: 1,
      RecursiveInvocationsDropped: 2,
    });
  });
});

describe("the mean of timelines", () => {
  it("is that of the rows that have a value, whatever the columns", () => {
    const row = fc.array(fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -9, max: 9 })), {
      minLength: 3,
      maxLength: 3,
    });
    const of = (values: readonly number[]) => {
      const column = Float64Array.from(values);
      return { start: 0, interval: 1, rows: 3, columns: () => [column] };
    };
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (all) => {
        const mean = new TimelineMean((_start, _interval, end) => of(new Array<number>(end).fill(0)));
        for (const values of all) mean.add(of(values));
        const [column] = mean.mean()!.columns();
        column!.forEach((value, i) => {
          const known = all.map((values) => values[i]!).filter((v) => !Number.isNaN(v));
          if (known.length === 0) expect(value).toBeNaN();
          else expect(value).toBeCloseTo(known.reduce((a, b) => a + b, 0) / known.length, 12);
        });
      }),
    );
    expect(new TimelineMean(() => of([])).mean()).toBeUndefined();
  });
});
