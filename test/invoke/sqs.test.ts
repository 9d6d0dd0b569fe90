import { describe, expect, test } from "vitest";
import type { EntryResult } from "../../sim/measure/entry.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import { lab, near, run, sum, waves } from "../support/lab.ts";

/** One function behind one queue; times in seconds come out of the laws. */
function queue(
  invoke: object,
  arrivals: unknown,
  settings: object = {},
  rest: { horizon?: string; [key: string]: unknown } = {},
) {
  const scenario = lab({
    horizon: "1h",
    ...rest,
    functions: { f: { duration: "1s", timeout: "10s", ...settings } },
    traffic: [{ to: "f", invoke: { type: "sqs", ...invoke }, arrivals }],
  } as Parameters<typeof lab>[0]);
  const { f, result } = run(scenario);
  return { f, queue: result.entries[0]!, text: scenario.traffic[0]!.invoke.text };
}

const S = 1e6;
const ages = ({ laws }: EntryResult) => ({ mean: laws.age.mean / S, max: laws.age.max / S });
const lastAnswer = ({ laws }: EntryResult) => laws.latency.max / S;
const atOnce = (count: number) => waves(["0s", count]);

describe("the number of pollers", () => {
  // Work of Q batches of s seconds by c + r t pollers: Q s = c t + r t² / 2.
  const drained = (work: number, perSecond: number) =>
    (-5 + Math.sqrt(25 + 2 * perSecond * work)) / perSecond;

  test.each([
    ["aws", 100_000, 1, 199.0],
    ["2022", 100_000, 1, 442.2],
    ["2022", 100_000, 0.5, 311.3],
    ["aws", 40_000, 0.25, 62.3],
  ])("%s: a backlog of %d, batch 1, %d s each, is gone after %d s", (scaling, count, s, seconds) => {
    const { queue: q } = queue({ batchSize: 1, scaling }, atOnce(count), { duration: `${s}s` });
    const perSecond = scaling === "aws" ? 5 : 1;
    const fluid = drained(count * s, perSecond);
    expect(Math.abs(fluid - seconds)).toBeLessThan(0.06);
    // To the fluid answer: at the end work is half done on average, and of what has grown half a poller is not whole.
    const whole = fluid + s / 2 + fluid / 2 / (5 + perSecond * fluid);
    expect(near(lastAnswer(q), whole, s / 2)).toBe(true);
    expect(near(lastAnswer(q), seconds, 0.005 * seconds)).toBe(true);
    expect(q.counts.receives).toBe(count);
  });

  test.each([
    ["aws", 249, 1250],
    ["2022", 995, 1000],
  ])("%s: from 5 to the cap in %d s, and no further", (scaling, seconds, cap) => {
    const peak = (horizon: number) =>
      queue(
        { batchSize: 1, scaling },
        atOnce(3000),
        { duration: "15m", timeout: "15m" },
        { horizon: `${horizon}ms` },
      ).f.concurrency.max;
    expect(peak(0.5)).toBe(5);
    expect(peak(1000 * seconds - 1)).toBe(cap - 1);
    expect(peak(1000 * seconds + 1)).toBe(cap);
    expect(peak(1000 * seconds + 60_000)).toBe(cap);
  });

  test("is limited by maximumConcurrency, and by what is reserved", () => {
    const peak = (invoke: object, settings: object = {}) =>
      queue({ batchSize: 1, ...invoke }, atOnce(3000), settings).f.concurrency.max;
    expect(peak({ maximumConcurrency: 2 })).toBe(2);
    expect(peak({ maximumConcurrency: 37 })).toBe(37);
    expect(peak({}, { reservedConcurrency: 12 })).toBe(12);
    expect(peak({ maximumConcurrency: 20 }, { reservedConcurrency: 12 })).toBe(12);
  });

  test("starts where the scenario says", () => {
    const { queue: q } = queue({ batchSize: 1, maximumConcurrency: 25, initialConcurrency: 25 }, atOnce(100));
    expect(lastAnswer(q)).toBe(4);
  });

  test("falls back to five when there is little to do", () => {
    const second = (at: string, horizon: string) =>
      queue({ batchSize: 1 }, waves(["0s", 400], [at, 200]), { duration: "1s" }, { horizon, warmup: at }).f
        .concurrency.max;
    // The first wave takes some 12 s, at the end with over fifty at once.
    expect(second("20s", "20100ms")).toBeGreaterThan(50);
    expect(second("150s", "150100ms")).toBe(5);
  });

  test("provisioned pollers have ten invokes each, which poll once a second", () => {
    const pollers = { minimum: 2, maximum: 2 };
    const quick = queue({ batchSize: 1, provisionedPollers: pollers }, atOnce(100), { duration: "100ms" });
    expect(quick.f.concurrency.max).toBe(20);
    expect(lastAnswer(quick.queue)).toBe(4.1);
    const slow = queue({ batchSize: 1, provisionedPollers: pollers }, atOnce(100), { duration: "3s" });
    expect(lastAnswer(slow.queue)).toBe(15);
    // A batch of 25 takes three polls.
    const batches = queue(
      { batchSize: 25, maximumBatchingWindow: "1s", provisionedPollers: pollers },
      atOnce(1000),
      { duration: "100ms" },
    );
    expect(lastAnswer(batches.queue)).toBe(3.1);
  });

  test("provisioned pollers gain a concurrency of a thousand a minute", () => {
    const { queue: q } = queue(
      { batchSize: 1, provisionedPollers: { minimum: 2, maximum: 200 } },
      atOnce(300),
      { duration: "1m", timeout: "2m" },
    );
    expect(ages(q).max).toBeCloseTo((280 / 1000) * 60, 5);
  });
});

describe("batches", () => {
  test("take what came together, up to their size", () => {
    const { queue: q } = queue({ batchSize: 10 }, atOnce(24));
    expect(q.counts.batches).toBe(3);
    expect([...q.laws.batchSize.buckets()].map((b) => [b.low, b.count])).toEqual([
      [4, 1],
      [10, 2],
    ]);
    expect(lastAnswer(q)).toBe(1);
  });

  test("take what waits when a poller is free", () => {
    const { queue: q } = queue({ maximumConcurrency: 2 }, waves(["0s", 20], ["100ms", 3], ["500ms", 4]));
    expect(q.counts.batches).toBe(3);
    expect(q.laws.batchSize.quantile(0)).toBe(7);
    expect(lastAnswer(q)).toBe(1.9);
  });

  test("wait for their window, counted from their first message, or until they are full", () => {
    const invoke = { batchSize: 10, maximumBatchingWindow: "5s" };
    const early = queue(invoke, waves(["0s", 3], ["4s", 2], ["20s", 9], ["22s", 1], ["23s", 1]));
    expect([...early.queue.laws.batchSize.buckets()].map((b) => b.low)).toEqual([1, 5, 10]);
    // 3 × 5 s + 2 × 1 s + 9 × 2 s + 0 s, and the last one alone 5 s.
    expect(ages(early.queue).mean).toBeCloseTo(40 / 16, 6);
  });

  test("a message that comes at the very end of the window comes along", () => {
    const { queue: q } = queue(
      { batchSize: 10, maximumBatchingWindow: "5s" },
      waves(["0s", 1], ["5s", 1], ["5000001us", 1]),
    );
    expect([...q.laws.batchSize.buckets()].map((b) => b.low)).toEqual([1, 2]);
  });

  test("each message may add to the handler's time, up to the timeout", () => {
    const invoke = { batchSize: 10, messageDuration: "200ms", visibilityTimeout: "1m", maxReceiveCount: 1 };
    const fine = queue(invoke, atOnce(10), { duration: "500ms" });
    expect(lastAnswer(fine.queue)).toBe(2.5);
    const late = queue(invoke, atOnce(10), { duration: "500ms", timeout: "2s" });
    expect(late.f.counters).toMatchObject({ timeouts: 1, deadLettered: 10 });
    expect(late.queue.counts.deadLettersByCause.timeout).toBe(10);
  });

  test("no more than 120,000 messages are in flight", () => {
    const invoke = {
      batchSize: 10_000,
      maximumBatchingWindow: "1s",
      visibilityTimeout: "10m",
      messageErrors: "100%",
      reportBatchItemFailures: true,
    };
    const { queue: q } = queue(invoke, atOnce(125_000), {}, { horizon: "19m" });
    // In ten minutes all that are in flight come back, and as many are received again.
    expect(q.counts.receives).toBe(240_000);
  });

  test("delayed messages can be received after their delay", () => {
    const { queue: q } = queue({ batchSize: 2, delay: "90s" }, atOnce(3));
    expect(ages(q)).toEqual({ mean: 90, max: 90 });
    expect(q.depth.max).toBe(3);
  });

  test("batches of one take the durations of a trace", () => {
    const trace = { type: "trace", timestamps: ["0s", "1s"], durations: ["200ms", "7s"] };
    expect(lastAnswer(queue({ batchSize: 1 }, trace).queue)).toBe(7);
  });
});

describe("failures", () => {
  test("message 50 of 100 fails once: 200 deliveries, or 101 where failures are reported", () => {
    const invoke = {
      batchSize: 100,
      maximumBatchingWindow: "1s",
      failing: [{ message: 50, times: 1 }],
    };
    const whole = queue(invoke, atOnce(100));
    expect(whole.queue.counts).toMatchObject({ receives: 200, batches: 2, succeeded: 100 });
    expect(whole.queue.counts.retriesByCause.error).toBe(100);
    expect(whole.f.counters).toMatchObject({ invocations: 2, errors: 1, succeeded: 100 });
    const partial = queue({ ...invoke, reportBatchItemFailures: true }, atOnce(100));
    expect(partial.queue.counts).toMatchObject({ receives: 101, batches: 2, succeeded: 100 });
    expect(partial.queue.counts.retriesByCause.error).toBe(1);
    expect(partial.f.counters).toMatchObject({ invocations: 2, errors: 0, succeeded: 100 });
    // 6 × 10 s + 1 s of visibility, the window of 1 s, and 1 s of work.
    expect(lastAnswer(partial.queue)).toBe(63);
    expect(lastAnswer(whole.queue)).toBe(62);
  });

  describe("a poison message in a batch of ten, three receives, visible again after 30 s", () => {
    const invoke = {
      batchSize: 10,
      maxReceiveCount: 3,
      visibilityTimeout: "30s",
      failing: [{ message: 7, times: "always" }],
    };
    const until = (reportBatchItemFailures: boolean, horizon: string) =>
      queue({ ...invoke, reportBatchItemFailures }, atOnce(10), {}, { horizon }).queue.counts;

    test("takes the other nine along: three invocations, ten dead letters", () => {
      expect(until(false, "2m")).toMatchObject({ batches: 3, receives: 30, succeeded: 0, deadLettered: 10 });
    });

    test("goes alone where failures are reported: twelve deliveries, one dead letter", () => {
      expect(until(true, "2m")).toMatchObject({ batches: 3, receives: 12, succeeded: 9, deadLettered: 1 });
      expect(until(true, "2m").deadLettersByCause.error).toBe(1);
    });

    test("is dead-lettered at the next receive, 90 s after the first", () => {
      expect(until(true, "89999ms")).toMatchObject({ deadLettered: 0, unfinished: 1 });
      expect(until(true, "90001ms")).toMatchObject({ deadLettered: 1, unfinished: 0 });
    });
  });

  test("during an outage every message fails", () => {
    const invoke = {
      batchSize: 1,
      visibilityTimeout: "60s",
      maxReceiveCount: 3,
      reportBatchItemFailures: true,
      outages: [{ start: "100s", end: "300s" }],
    };
    // Three receives, a minute apart, must all begin in it: those from 100 s to 179 s.
    const everySecond = { type: "constant", rate: "1/s" };
    const { queue: q } = queue(invoke, everySecond, {}, { horizon: "1h" });
    expect(q.counts.deadLettered).toBe(80);
    // From 240 s on the second receive is after it; up to then, the third is, or there is no fourth.
    expect(q.counts.receives).toBe(3400 + 3 * 140 + 2 * 60);
  });

  test.each([
    ["9s", { succeeded: 1, receives: 1 }, 7],
    ["13s", { succeeded: 1, receives: 2 }, 67],
  ])("a batch that is refused until 12 s, in an outage until %s", (end, counts, age) => {
    // Tried at 5, 6, 8 and 12 s; where it fails then, it is visible again and goes well at 72 s.
    const invoke = { type: "sqs", batchSize: 1, visibilityTimeout: "67s", outages: [{ start: "0s", end }] };
    const scenario = lab({
      horizon: "10m",
      functions: { f: { duration: "1s", timeout: "30s", reservedConcurrency: 1 } },
      traffic: [
        { name: "other", to: "f", duration: "12s", arrivals: waves(["0s", 1]) },
        { name: "queue", to: "f", invoke, arrivals: waves(["5s", 1]) },
      ],
    });
    const entry = run(scenario).result.entries[0]!;
    expect(entry.counts).toMatchObject(counts);
    expect(ages(entry).max).toBe(age);
  });

  test("functions that fail or run into their timeout fail the whole batch, reported or not", () => {
    const invoke = { maxReceiveCount: 2, visibilityTimeout: "20s", reportBatchItemFailures: true };
    const failing = queue(invoke, atOnce(10), { errors: "100%" });
    expect(failing.queue.counts).toMatchObject({ receives: 20, deadLettered: 10 });
    expect(failing.queue.counts.deadLettersByCause.error).toBe(10);
    expect(failing.f.counters.errors).toBe(2);
    const late = queue(invoke, atOnce(10), { duration: "15s" });
    expect(late.queue.counts.deadLettersByCause.timeout).toBe(10);
    expect(late.f.counters.timeouts).toBe(2);
  });

  test("without a dead-letter queue messages come back until they are too old", () => {
    const invoke = { visibilityTimeout: "25s", retentionPeriod: "60s" };
    const { queue: q } = queue(invoke, atOnce(1), { errors: "100%" });
    expect(q.counts).toMatchObject({ receives: 3, dropped: 1, deadLettered: 0 });
    expect(q.counts.dropsByCause.age).toBe(1);
    expect(queue(invoke, atOnce(1), { errors: "100%" }, { horizon: "74s" }).queue.counts.dropped).toBe(0);
  });

  test("messages that wait are deleted when they are too old", () => {
    const invoke = { batchSize: 1, maximumConcurrency: 2, retentionPeriod: "60s", visibilityTimeout: "15m" };
    const counts = (horizon: string) =>
      queue(invoke, waves(["0s", 10], ["1s", 10]), { duration: "50s", timeout: "15m" }, { horizon }).queue
        .counts;
    expect(counts("59999ms").dropped).toBe(0);
    // Two are done and two run.
    expect(counts("60001ms").dropped).toBe(6);
    expect(counts("61001ms").dropped).toBe(16);
    expect(counts("1h")).toMatchObject({ succeeded: 4, dropped: 16 });
  });

  test("what was dead-lettered is moved back, with its receives forgotten", () => {
    const invoke = {
      batchSize: 1,
      maxReceiveCount: 2,
      visibilityTimeout: "10s",
      redrive: { at: "5m" },
      failing: [
        { message: 1, times: 3 },
        { message: 2, times: "always" },
      ],
    };
    const { queue: q } = queue(invoke, atOnce(3));
    expect(q.counts).toMatchObject({ succeeded: 2, redriven: 2, deadLettered: 1, dropped: 1 });
    // The first: two receives, then two more. The second: twice two. The third: one.
    expect(q.counts.receives).toBe(9);
    expect(lastAnswer(q)).toBe(311);
  });

  test("errors make pollers fewer, unless failed messages are reported", () => {
    const invoke = { batchSize: 1, visibilityTimeout: "10m" };
    const at60 = (more: object, settings: object) =>
      queue({ ...invoke, ...more }, atOnce(20_000), settings, { horizon: "60s" }).f.concurrency.max;
    expect(at60({}, { errors: "0%" })).toBe(304);
    expect(at60({}, { errors: "100%" })).toBeLessThan(15);
    expect(at60({ reportBatchItemFailures: true }, { errors: "100%" })).toBe(304);
  });
});

describe("refused batches", () => {
  test("are tried again until their messages are visible again, and each receive counts", () => {
    // Tries at 0, 1, 3, 7 and 15 s; at 18 s the message is back.
    const { queue: q, f } = queue({ maxReceiveCount: 2, visibilityTimeout: "18s" }, atOnce(1), {
      reservedConcurrency: 0,
    });
    expect(sum(f.counters.throttledAttempts)).toBe(10);
    expect(q.counts).toMatchObject({ receives: 0, batches: 0, deadLettered: 1 });
    expect(q.counts.deadLettersByCause.throttle).toBe(1);
    expect(q.laws.attempts.max).toBe(2);
    // Four times within each of the two receives, and the second receive itself.
    expect(q.counts.retriesByCause.throttle).toBe(9);
  });

  test("wait twice as long each time, up to a minute", () => {
    // At 0, 1, 3, 7, 15, 31, 63, 123 and 183 s.
    const { f } = queue({ maxReceiveCount: 1, visibilityTimeout: "4m" }, atOnce(1), {
      reservedConcurrency: 0,
    });
    expect(sum(f.counters.throttledAttempts)).toBe(9);
  });

  test("make pollers fewer", () => {
    const { f, queue: q } = queue(
      { batchSize: 1, visibilityTimeout: "15m" },
      atOnce(2000),
      { duration: "10m", timeout: "15m" },
      { horizon: "60s", account: { concurrency: 20, minimumUnreserved: 0 } },
    );
    expect(q.counts.receives).toBe(20);
    // Each takes back what a fifth of a second has added.
    const refusals = sum(f.counters.throttledAttempts);
    expect(refusals).toBeGreaterThan(200);
    expect(refusals).toBeLessThanOrEqual(5 * 60);
  });

  test("less reserved than there are pollers takes messages to the dead-letter queue, maximumConcurrency keeps them", () => {
    const settings = { duration: "5s", reservedConcurrency: 2 };
    const invoke = { batchSize: 1, maxReceiveCount: 2, visibilityTimeout: "10s" };
    const many = queue(invoke, atOnce(200), settings);
    expect(many.queue.counts.deadLettersByCause.throttle).toBeGreaterThan(0);
    const few = queue({ ...invoke, maximumConcurrency: 2 }, atOnce(200), settings);
    expect(few.queue.counts).toMatchObject({ succeeded: 200, dropped: 0 });
    expect(sum(few.f.counters.throttledAttempts)).toBe(0);
  });
});

describe("visibility", () => {
  test("a message that is visible while it is processed is processed again, and only its last receive counts", () => {
    // Cold runs take 5 + 18 s of the 20; the third receive is on the environment that is warm by then.
    const { queue: q } = queue({ batchSize: 1, visibilityTimeout: "20s" }, atOnce(1), {
      duration: "18s",
      timeout: "20s",
      initDuration: "5s",
    });
    expect(q.counts).toMatchObject({ receives: 3, duplicates: 2, succeeded: 1 });
    expect(lastAnswer(q)).toBe(58);
  });

  test("what ends exactly with the visibility timeout ends in time", () => {
    const { queue: q } = queue({ batchSize: 1, visibilityTimeout: "20s" }, atOnce(3), {
      duration: "20s",
      timeout: "20s",
    });
    expect(q.counts).toMatchObject({ receives: 3, duplicates: 0, succeeded: 3 });
  });

  test("a window longer than the visibility timeout receives its messages again and again", () => {
    const { queue: q } = queue(
      { batchSize: 10, visibilityTimeout: "10s", maximumBatchingWindow: "25s", maxReceiveCount: 2 },
      atOnce(1),
    );
    expect(q.counts).toMatchObject({ receives: 0, deadLettered: 1 });
  });

  test("the age of the oldest message counts those in flight", () => {
    const { queue: q } = queue(
      { batchSize: 1, visibilityTimeout: "10m", failing: [{ message: 1, times: 1 }] },
      waves(["0s", 2]),
      {},
      { horizon: "11m", measure: { interval: "1m" } },
    );
    expect([...q.timeline!.oldestAge].slice(0, 3).map((us) => us / S)).toEqual([60, 120, 180]);
    expect(q.depth.max).toBe(1);
    expect(q.counts.succeeded).toBe(2);
    expect(q.timeline!.oldestAge[10]).toBeNaN();
  });
});

describe("FIFO queues", () => {
  const fifo = { fifo: true, batchSize: 1, visibilityTimeout: "30s" };

  test("one group is served one after another, and a message that fails keeps those behind it", () => {
    const fine = queue({ ...fifo, messageGroups: 1 }, atOnce(5));
    expect(lastAnswer(fine.queue)).toBe(5);
    expect(fine.f.concurrency.max).toBe(1);
    const failing = queue({ ...fifo, messageGroups: 1, failing: [{ message: 1 }] }, atOnce(5));
    expect(lastAnswer(failing.queue)).toBe(35);
    expect(failing.queue.counts.receives).toBe(6);
    expect(failing.f.concurrency.max).toBe(1);
  });

  test("no more run at once than there are groups, and the others go on when one is blocked", () => {
    const invoke = { ...fifo, messageGroups: 3, initialConcurrency: 50 };
    const fine = queue(invoke, atOnce(300));
    expect(fine.f.concurrency.max).toBe(3);
    const blocked = queue({ ...invoke, visibilityTimeout: "20m", failing: [{ message: 1 }] }, atOnce(300));
    const after = 1200 + lastAnswer(fine.queue);
    expect(lastAnswer(blocked.queue)).toBeGreaterThan(1250);
    expect(lastAnswer(blocked.queue)).toBeLessThanOrEqual(after);
    const early = queue(
      { ...invoke, visibilityTimeout: "20m", failing: [{ message: 1 }] },
      atOnce(300),
      {},
      { horizon: "10m" },
    ).queue.counts;
    expect(early.succeeded).toBeGreaterThan(150);
    expect(early.unfinished).toBeGreaterThan(50);
  });

  test("batches keep the order: from the first failure on everything comes back", () => {
    const invoke = {
      ...fifo,
      batchSize: 10,
      messageGroups: 1,
      reportBatchItemFailures: true,
      failing: [{ message: 4 }],
    };
    const { queue: q } = queue(invoke, atOnce(10));
    expect(q.counts).toMatchObject({ receives: 17, batches: 2, succeeded: 10 });
    const standard = queue({ ...invoke, fifo: false, messageGroups: undefined }, atOnce(10));
    expect(standard.queue.counts).toMatchObject({ receives: 11, batches: 2, succeeded: 10 });
  });

  test("a batch may hold several groups", () => {
    const { queue: q } = queue({ ...fifo, batchSize: 10, messageGroups: 100_000 }, atOnce(30));
    expect(q.counts.batches).toBe(3);
    expect(q.laws.batchSize.mean).toBe(10);
  });

  test("a dead letter lets its group go on", () => {
    const { queue: q } = queue(
      { ...fifo, messageGroups: 1, maxReceiveCount: 1, failing: [{ message: 1, times: "always" }] },
      atOnce(3),
    );
    expect(q.counts).toMatchObject({ deadLettered: 1, succeeded: 2 });
    expect(lastAnswer(q)).toBe(32);
  });
});

describe("settings", () => {
  const problems = (invoke: object, more: object = {}) => {
    try {
      lab({
        horizon: "1h",
        functions: { f: { duration: "1s", timeout: "30s" } },
        traffic: [{ to: "f", arrivals: atOnce(1), invoke: { type: "sqs", ...invoke }, ...more }],
      } as never);
    } catch (error) {
      if (error instanceof ScenarioError)
        return error.problems.map((p) => `${p.path.join(".")} ${p.message}`);
      throw error;
    }
    return [];
  };

  test("that make no sense are refused at their place, all at once", () => {
    expect(problems({ visibilityTimeout: "29s", batchSize: 11, redrive: { at: "2h" } })).toEqual([
      expect.stringMatching(/^traffic\.0\.invoke\.visibilityTimeout 29 s .*timeout of 30 s/),
      expect.stringMatching(/^traffic\.0\.invoke\.batchSize .*"maximumBatchingWindow" of at least 1s/),
      expect.stringMatching(/^traffic\.0\.invoke\.redrive needs "maxReceiveCount"/),
      expect.stringMatching(/^traffic\.0\.invoke\.redrive is not before the horizon/),
    ]);
  });

  test.each([
    [{ batchSize: 11, maximumBatchingWindow: "900ms" }, /maximumBatchingWindow .*at least 1s/],
    [{ batchSize: 10_001 }, /batchSize 10001 is too large/],
    [{ maximumConcurrency: 1 }, /maximumConcurrency 1 is too small: .* from 2 to 1000/],
    [{ maximumBatchingWindow: "301s" }, /maximumBatchingWindow "301s" is out of range/],
    [{ retentionPeriod: "15d" }, /retentionPeriod "15d" is out of range/],
    [{ messageGroups: 3 }, /messageGroups needs "fifo": true/],
    [{ fifo: true }, /messageGroups is missing/],
    [{ fifo: true, messageGroups: 3, batchSize: 20 }, /batchSize 20 is too large: .*FIFO/],
    [{ fifo: true, messageGroups: 3, maximumBatchingWindow: "1s" }, /Window is not supported for FIFO/],
    [{ provisionedPollers: {}, maximumConcurrency: 50 }, /maximumConcurrency cannot be combined/],
    [{ provisionedPollers: {}, scaling: "2022" }, /scaling cannot be combined/],
    [{ provisionedPollers: { minimum: 20, maximum: 10 } }, /provisionedPollers has a minimum of 20/],
    [{ initialConcurrency: 30, maximumConcurrency: 20 }, /initialConcurrency 30 is out of range/],
    [{ failing: [{ message: 2 }, { message: 2 }] }, /failing lists message 2 twice/],
    [{ outages: [{ start: "5m", end: "5m" }] }, /outages has one that ends at 5 min, not after/],
    [{ failing: [{ message: 0 }] }, /failing\.0\.message 0 is too small/],
    [
      { failing: [{ message: 1, times: "never" }] },
      /failing\.0\.times expected a whole number from 1 to 1000000 or "always"/,
    ],
    [{ maxReceiveCunt: 3 }, /maxReceiveCunt unknown setting; did you mean "maxReceiveCount"/],
  ])("%j", (invoke, message) => {
    const found = problems(invoke);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test("callers do not retry what a queue holds", () => {
    expect(problems({}, { retry: "standard" })).toEqual([
      expect.stringMatching(/^traffic\.0\.retry .*"sqs"/),
    ]);
  });

  test("that are not written are noted with what they are", () => {
    const { defaults } = lab({
      horizon: "1h",
      functions: { f: { duration: "1s", timeout: "30s" } },
      traffic: [{ to: "f", arrivals: atOnce(1), invoke: { type: "sqs", maximumBatchingWindow: "20s" } }],
    });
    const noted = new Map(defaults.map((d) => [d.path, d.value]));
    expect(noted.get("traffic.0.invoke.visibilityTimeout")).toBe("200 s");
    expect(noted.get("traffic.0.invoke.batchSize")).toBe(10);
    expect(noted.get("traffic.0.invoke.retentionPeriod")).toBe("4 d");
  });

  test("are told in a line", () => {
    const { text } = queue({ batchSize: 50, maximumBatchingWindow: "5s", maxReceiveCount: 3 }, atOnce(1));
    expect(text).toBe("sqs, batches of up to 50, window 5 s, dead letters after 3 receives");
  });
});
