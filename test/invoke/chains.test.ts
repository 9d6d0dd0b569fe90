import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EntryResult } from "../../sim/measure/entry.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { ScenarioFile } from "../../sim/scenario/schema.ts";
import { MILLISECOND, MINUTE, SECOND } from "../../sim/units.ts";
import { type Experiment, lab, near, of, poisson, run, SEEDS, waves } from "../support/lab.ts";
import { SIGMAS } from "../support/theory.ts";

const MS = MILLISECOND;
const two = waves(["0s", 1], ["10s", 1]);

/** Plays it with traffic to the first function, two requests far apart unless something else is written. */
function play(functions: Experiment["functions"], entry: object = {}, more: object = {}, seed?: string) {
  const to = Object.keys(functions)[0]!;
  const scenario = lab({
    horizon: "1h",
    functions,
    traffic: [{ to, arrivals: two, ...entry } as ScenarioFile["traffic"][number]],
    ...more,
  });
  const { result } = run(scenario, seed);
  const f = (name: string) => of(result, scenario, name);
  const entryOf = (name: string): EntryResult =>
    result.entries[scenario.entries.findIndex((e) => e.name === name)]!;
  return { scenario, result, f, entry: entryOf };
}

describe("a handler that sends mail", () => {
  it("takes 600 ms when it waits for the mail, and both are billed for it", () => {
    const { f, entry } = play({
      api: { duration: "100ms", calls: [{ to: "mail" }] },
      mail: { duration: "500ms" },
    });
    expect(entry("api").laws.latency.sum).toBe(2 * 600 * MS);
    expect(f("api").counters).toMatchObject({ succeeded: 2, invocations: 2, billedMs: 1200 });
    expect(f("mail").counters).toMatchObject({ succeeded: 2, invocations: 2, billedMs: 1000 });
    expect(f("api").concurrency).toMatchObject({ mean: 1.2 / 3600, max: 1 });
    expect(f("mail").concurrency.mean).toBeCloseTo(1 / 3600, 12);
  });

  it("takes 110 ms when a queue takes 10 ms to put it in, and the work is 10 ms more", () => {
    const { f, entry } = play({
      api: { duration: "110ms", emits: [{ to: "mail" }] },
      mail: { duration: "500ms" },
    });
    expect(entry("api").laws.latency.sum).toBe(2 * 110 * MS);
    expect(entry("api").laws.endToEnd.sum).toBe(2 * 610 * MS);
    expect(f("api").counters.billedMs).toBe(220);
    expect(f("mail").counters).toMatchObject({ requests: 2, succeeded: 2, billedMs: 1000 });
    expect(entry("api-mail").counts).toMatchObject({ requests: 2, succeeded: 2 });
    expect(entry("api-mail").laws.endToEnd.count).toBe(0);
  });
});

describe("what a function emits", () => {
  it("is whole numbers of messages exactly, through several functions", () => {
    const { f } = play({
      a: { duration: "1s", emits: [{ to: "b", count: 3 }, { to: "c" }] },
      b: { duration: "1s", emits: [{ to: "c", count: 2, name: "bc" }] },
      c: { duration: "1s" },
    });
    expect(f("b").counters.requests).toBe(6);
    expect(f("c").counters.requests).toBe(2 * (1 + 3 * 2));
  });

  it.each([
    { share: "40%", count: 1 },
    { share: "100%", count: 2.5 },
    { share: "25%", count: 0.3 },
    { share: "70%", count: 3.2 },
  ])("is $share of the times $count on average", ({ share, count }) => {
    const q = Number.parseFloat(share) / 100;
    const part = count % 1;
    const variance = q * (count ** 2 + part * (1 - part)) - (q * count) ** 2;
    for (const seed of SEEDS) {
      const { f } = play(
        { a: { duration: "1ms", emits: [{ to: "b", share, count }] }, b: { duration: "1ms" } },
        { arrivals: poisson("20/s"), end: "20m" },
        {},
        seed,
      );
      const n = f("a").counters.succeeded;
      expect(near(f("b").counters.requests / n, q * count, SIGMAS * Math.sqrt(variance / n))).toBe(true);
    }
  });

  it("comes of every run that goes well, also when its caller has given up, and of no other", () => {
    const functions = (settings: object) => ({
      a: { duration: "3s", ...settings, emits: [{ to: "b" }] },
      b: { duration: "1s" },
    });
    const hasty = play(functions({}), {
      invoke: { type: "sync", timeout: "1s" },
      retry: { attempts: 3, backoff: "1s", jitter: "none" },
    });
    expect(hasty.f("a").counters).toMatchObject({ requests: 2, failed: 2, invocations: 6 });
    expect(hasty.f("b").counters).toMatchObject({ requests: 6, succeeded: 6 });
    expect(hasty.entry("a").laws.endToEnd.count).toBe(0);
    const failing = play(functions({ errors: "100%" }));
    expect(failing.f("b").counters.requests).toBe(0);
  });

  it("leaves a chain open for a run that its caller has given up, though others have begun since", () => {
    // The first request is given up after 1 s; until it ends after 3 s, the second is in its place.
    const { entry, f } = play(
      {
        a: { duration: "3s", calls: [{ to: "b" }], emits: [{ to: "c" }] },
        b: { duration: "1s" },
        c: { duration: "1s" },
      },
      {
        invoke: { type: "sync", timeout: "3500ms" },
        arrivals: { type: "times", at: ["0s", "3600ms", "20s"] },
      },
    );
    expect(f("a").counters).toMatchObject({ failed: 3, invocations: 3 });
    expect(f("c").counters.succeeded).toBe(3);
    expect(entry("a").laws.endToEnd.count).toBe(0);
  });

  it("waits in one queue with what others send into it", () => {
    const { entry, f } = play(
      {
        a: { duration: "1s", emits: [{ to: "c", name: "mails", count: 2 }, { to: "b" }] },
        b: { duration: "1s", emits: [{ into: "mails", count: 3 }] },
        c: { duration: "1s", reservedConcurrency: 1 },
      },
      { arrivals: waves(["0s", 1]) },
    );
    expect(f("c").counters).toMatchObject({ requests: 5, succeeded: 5 });
    // Two come after 1 s and three after 2 s; one is done each second from 1 s on.
    expect(entry("mails").laws.latency.sum).toBe((1 + 2 + 2 + 3 + 4) * SECOND);
    expect(entry("a").laws.endToEnd.sum).toBe(6 * SECOND);
  });

  it("joins the events of traffic", () => {
    const scenario = lab({
      horizon: "1h",
      functions: { a: { duration: "1s", emits: [{ into: "uploads" }] }, b: { duration: "1s" } },
      traffic: [
        { to: "a", arrivals: two },
        { to: "b", name: "uploads", invoke: "s3", arrivals: waves(["5s", 4]) },
      ],
    });
    const { result } = run(scenario);
    expect(scenario.entries.map((e) => e.name)).toEqual(["a", "uploads"]);
    expect(result.entries[1]!.counts).toMatchObject({ requests: 6, succeeded: 6 });
    expect(result.entries[0]!.laws.endToEnd.sum).toBe(4 * SECOND);
  });
});

describe("from end to end", () => {
  it("a chain takes as long as its longest way", () => {
    const { entry } = play({
      a: { duration: "100ms", emits: [{ to: "b" }, { to: "c" }] },
      b: { duration: "200ms", emits: [{ to: "d" }] },
      c: { duration: "900ms" },
      d: { duration: "1s", calls: [{ to: "e" }] },
      e: { duration: "50ms", emits: [{ to: "g" }] },
      g: { duration: "70ms" },
    });
    // The call is answered before what comes of it is done.
    expect(entry("a").laws.endToEnd.count).toBe(2);
    expect(entry("a").laws.endToEnd.sum).toBe(2 * (100 + 200 + 1000 + 50 + 70) * MS);
  });

  it("is measured of those alone that came through, retries included", () => {
    for (const seed of SEEDS) {
      const { entry, result } = play(
        { a: { duration: "1s", emits: [{ to: "b" }] }, b: { duration: "1s", errors: "50%" } },
        { arrivals: { type: "constant", rate: "2/s" }, end: "50m" },
        {},
        seed,
      );
      const { counts } = entry("a-b");
      const { endToEnd } = entry("a").laws;
      expect(counts.unfinished).toBe(0);
      expect(endToEnd.count).toBe(counts.succeeded);
      // An error costs its second and a minute, the next one two minutes.
      const inOne = 2 * SECOND;
      expect(endToEnd.max).toBe(inOne + SECOND + MINUTE + SECOND + 2 * MINUTE);
      expect(endToEnd.sum).toBe(counts.succeeded * SECOND + entry("a-b").laws.latency.sum);
      expect(result.functions[0]!.counters.succeeded).toBe(6000);
      expect(near(counts.succeeded / 6000, 7 / 8, SIGMAS * Math.sqrt(7 / 64 / 6000))).toBe(true);
    }
  });

  it("leaves out chains that are not done when the run ends", () => {
    const { entry } = play(
      { a: { duration: "1s", emits: [{ to: "b" }] }, b: { duration: "10s" } },
      { arrivals: { type: "times", at: ["0s", "49s", "50s"] } },
      { horizon: "1m" },
    );
    expect(entry("a").laws.endToEnd.count).toBe(1);
    expect(entry("a-b").counts).toMatchObject({ requests: 3, succeeded: 1, unfinished: 2 });
  });
});

describe("a function that calls another", () => {
  const api = { duration: "100ms", calls: [{ to: "mail" }] };

  it("makes its calls one after another, and some of them by lot", () => {
    const { f } = play({
      api: {
        duration: "100ms",
        calls: [{ to: "a" }, { to: "b", share: "0%" }, { to: "c" }, { to: "a", name: "more" }],
      },
      a: { duration: "1s" },
      b: { duration: "7s" },
      c: { duration: "3s" },
    });
    expect(f("api").counters.billedMs).toBe(2 * 5100);
    expect(f("a").counters.requests).toBe(4);
    expect(f("b").counters.requests).toBe(0);
    for (const seed of SEEDS) {
      const calling = {
        api: { duration: "1ms", calls: [{ to: "a", share: "30%" }] },
        a: { duration: "1ms" },
      };
      const some = play(calling, { arrivals: poisson("20/s"), end: "20m" }, {}, seed);
      const n = some.f("api").counters.succeeded;
      expect(near(some.f("a").counters.requests / n, 0.3, SIGMAS * Math.sqrt(0.21 / n))).toBe(true);
    }
  });

  it("has its environment busy all the while, and is refused at its limit", () => {
    const { f } = play(
      { api: { ...api, reservedConcurrency: 3 }, mail: { duration: "900ms" } },
      { arrivals: waves(["0s", 5], ["999ms", 2], ["1001ms", 4]) },
    );
    expect(f("api").counters).toMatchObject({ succeeded: 6, throttled: 5, billedMs: 6000 });
    expect(f("api").concurrency).toMatchObject({ mean: 6 / 3600, max: 3 });
    expect(f("mail").concurrency.mean).toBeCloseTo((6 * 0.9) / 3600, 12);
  });

  it("takes cold starts of what it calls into its own time", () => {
    const { f } = play({
      api: { ...api, initDuration: "2s" },
      mail: { duration: "500ms", initDuration: "1s" },
    });
    expect(f("api").counters.billedMs).toBe(1600 + 600 + 2000);
    expect(f("mail").counters).toMatchObject({ coldStarts: 1, billedMs: 2000 });
  });

  it("runs into its timeout while what it called runs on", () => {
    const { f, entry } = play(
      { api: { ...api, timeout: "1s", initDuration: "300ms" }, mail: { duration: "5s" } },
      { arrivals: waves(["0s", 1]) },
    );
    expect(f("api").counters).toMatchObject({ failed: 1, timeouts: 1, resets: 1, billedMs: 1300 });
    expect(entry("api").laws.latency.sum).toBe(1300 * MS);
    expect(f("mail").counters).toMatchObject({ succeeded: 1, billedMs: 5000 });
    expect(entry("api-mail").laws.latency.sum).toBe(5 * SECOND);
  });

  it("is reset by such a timeout: its next run has to start the runtime again", () => {
    const { f } = play({
      api: { ...api, timeout: "1s", initDuration: "300ms" },
      mail: { duration: "5s" },
    });
    expect(f("api").counters).toMatchObject({
      timeouts: 2,
      coldStarts: 1,
      warmStarts: 1,
      suppressedInits: 1,
    });
  });

  it.each([
    ["is refused", { duration: "1s", reservedConcurrency: 0 }, { throttled: 2 }, 100],
    ["fails", { duration: "1s", errors: "100%" }, { failed: 2 }, 1100],
    ["times out", { duration: "10s", timeout: "2s" }, { failed: 2 }, 2100],
  ])("fails when the other %s", (_, mail, counts, each) => {
    const { f, entry } = play({ api, mail });
    expect(f("mail").counters).toMatchObject(counts);
    expect(f("api").counters).toMatchObject({ failed: 2, errors: 2, resets: 0, billedMs: 2 * each });
    expect(entry("api").laws.latency.sum).toBe(2 * each * MS);
  });

  it("tries its calls again as it is told", () => {
    const retry = { attempts: 3, backoff: "400ms", jitter: "none", on: ["throttle"] };
    const calls = [{ to: "mail", retry }];
    const scenario = lab({
      horizon: "1h",
      functions: { api: { duration: "100ms", calls }, mail: { duration: "1s", reservedConcurrency: 1 } },
      traffic: [
        { to: "api", arrivals: waves(["0s", 1]) },
        { to: "mail", arrivals: waves(["0s", 1]) },
      ],
    } as Experiment);
    const { result } = run(scenario);
    // Tries at 100, 500 and 1,300 ms.
    expect(of(result, scenario, "api").counters).toMatchObject({ succeeded: 1, billedMs: 2300 });
    expect(of(result, scenario, "mail").counters).toMatchObject({
      succeeded: 2,
      attempts: 4,
      invocations: 2,
    });
    expect(result.entries[1]!.counts.retriesByCause.throttle).toBe(2);
  });

  it("comes back as an event when it was one: a call inside an event inside an emission", () => {
    const { f, entry } = play(
      {
        a: { duration: "1s", emits: [{ to: "b" }] },
        b: { duration: "1s", calls: [{ to: "c" }] },
        c: { duration: "1s", errors: "100%" },
      },
      { arrivals: waves(["0s", 1]) },
    );
    expect(f("a").counters).toMatchObject({ succeeded: 1 });
    expect(f("b").counters).toMatchObject({
      requests: 1,
      dropped: 1,
      invocations: 3,
      errors: 3,
      billedMs: 6000,
    });
    expect(f("c").counters).toMatchObject({ requests: 3, failed: 3 });
    expect(entry("a-b").laws.age.sum).toBe((0 + 62 + 184) * SECOND);
  });

  it("is still busy when the run ends, and billed up to then", () => {
    const { f } = play(
      { api: { ...api, duration: "1s" }, mail: { duration: "10m" } },
      { arrivals: waves(["59m", 1]) },
    );
    expect(f("api").counters).toMatchObject({ unfinished: 1, billedMs: 60_000 });
    expect(f("api").concurrency.mean).toBeCloseTo(60 / 3600, 12);
  });
});

describe("messages that go round in a circle", () => {
  it("are stopped after sixteen runs of the function that they begin with", () => {
    const { f, entry } = play({ a: { duration: "1s", emits: [{ to: "a", name: "again" }] } });
    expect(f("a").counters).toMatchObject({ invocations: 2 * 16, succeeded: 2 * 16, dropped: 2 });
    expect(entry("again").counts).toMatchObject({ requests: 2 * 16, succeeded: 2 * 15, dropped: 2 });
    expect(entry("again").counts.dropsByCause.loop).toBe(2);
    expect(entry("a").laws.endToEnd.count).toBe(0);
  });

  it.each([
    { entryPoint: "a", runs: { a: 16, b: 16, c: 16 } },
    // The round is counted where it closes: at a.
    { entryPoint: "b", runs: { a: 15, b: 16, c: 16 } },
  ])("through three functions from $entryPoint", ({ entryPoint, runs }) => {
    const { f } = play(
      {
        a: { duration: "1s", emits: [{ to: "b" }] },
        b: { duration: "2s", emits: [{ to: "c" }] },
        c: { duration: "3s", emits: [{ to: "a" }, { to: "d" }] },
        d: { duration: "1s" },
      },
      { to: entryPoint, arrivals: waves(["0s", 1]) },
    );
    for (const [name, n] of Object.entries(runs)) expect(f(name).counters.invocations).toBe(n);
    expect(f("a").counters.dropped).toBe(1);
    expect(f("d").counters.succeeded).toBe(16);
  });

  it("by way of a call", () => {
    const { f } = play(
      {
        a: { duration: "1s", emits: [{ to: "b" }] },
        b: { duration: "1s", calls: [{ to: "a" }] },
      },
      { arrivals: waves(["0s", 1]) },
    );
    // The last call is stopped: its caller fails, and so do its two retries.
    expect(f("a").counters).toMatchObject({ succeeded: 16, dropped: 3 });
    expect(f("b").counters).toMatchObject({ invocations: 15 + 3, succeeded: 15, dropped: 1 });
  });

  it("stop within a circle of circles too", () => {
    const { result } = play(
      {
        a: { duration: "1s", emits: [{ to: "b" }] },
        b: { duration: "1s", emits: [{ to: "a" }, { to: "c", share: "50%" }] },
        c: {
          duration: "1s",
          emits: [
            { to: "c", share: "50%", name: "cc" },
            { to: "a", share: "10%" },
          ],
        },
      },
      { arrivals: waves(["0s", 20]) },
    );
    expect(result.entries.reduce((sum, e) => sum + e.counts.unfinished, 0)).toBe(0);
    expect(result.entries.reduce((sum, e) => sum + e.counts.dropsByCause.loop, 0)).toBeGreaterThanOrEqual(20);
  });
});

describe("links written wrongly", () => {
  function problems(functions: Record<string, object>, traffic: object[] = [{ to: "a" }]): string[] {
    const file = {
      lsim: 1,
      name: "wrong",
      horizon: "1m",
      functions: Object.fromEntries(Object.entries(functions).map(([n, f]) => [n, { duration: "1s", ...f }])),
      traffic: traffic.map((t) => ({ arrivals: poisson("1/s"), ...t })),
    };
    try {
      parseScenario(file);
    } catch (error) {
      if (error instanceof ScenarioError)
        return error.problems.map((p) => `${p.path.join(".")}: ${p.message}`);
      throw error;
    }
    return [];
  }

  it.each<[string, Record<string, object>, object[], RegExp[]]>([
    [
      "circles of calls, each once",
      {
        a: { calls: [{ to: "b" }] },
        b: { calls: [{ to: "c" }] },
        c: { calls: [{ to: "a" }] },
        d: { calls: [{ to: "d" }] },
      },
      [{ to: "a" }],
      [
        /^functions\.a\.calls: lead back to itself \(a → b → c → a\)/,
        /^functions\.d\.calls: lead back to itself \(d → d\)/,
      ],
    ],
    [
      "functions that are not there",
      { a: { calls: [{ to: "bb" }], emits: [{ to: "cc" }] }, bc: {} },
      [{ to: "a" }],
      [
        /^functions\.a\.emits\.0\.to: there is no function "cc"/,
        /^functions\.a\.calls\.0\.to: there is no function "bb"/,
      ],
    ],
    [
      "emissions that would wait, and calls that would not",
      { a: { emits: [{ to: "b", invoke: "sync" }], calls: [{ to: "c", invoke: "async" }] }, b: {}, c: {} },
      [{ to: "a" }],
      [
        /^functions\.a\.emits\.0\.invoke: "sync" waits for the answer; write it under "calls"/,
        /^functions\.a\.calls\.0\.invoke: "async" does not wait for an answer; write it under "emits"/,
      ],
    ],
    [
      "names that clash",
      { a: { emits: [{ to: "b" }, { to: "b" }], calls: [{ to: "b" }] }, b: {} },
      [{ to: "a" }],
      [/^functions\.a\.emits\.1: there is another "a-b"/, /^functions\.a\.calls\.0: there is another "a-b"/],
    ],
    [
      "names that clash with traffic",
      { a: { emits: [{ to: "b", name: "uploads" }] }, b: {} },
      [{ to: "a" }, { to: "b", name: "uploads" }],
      [/^functions\.a\.emits\.0: there is another "uploads"/],
    ],
    [
      "queues that are none",
      {
        a: { emits: [{ into: "b" }, { into: "calls" }, { into: "x" }] },
        b: { calls: [{ to: "c", name: "calls" }] },
        c: {},
      },
      [{ to: "a" }, { to: "b" }],
      [
        /^functions\.a\.emits\.1\.into: there is no traffic entry or emission "calls"/,
        /^functions\.a\.emits\.2\.into: there is no traffic entry or emission "x"/,
        /^functions\.a\.emits\.0\.into: "b" has no queue: its callers wait/,
      ],
    ],
    [
      "emissions that go nowhere, or two ways",
      { a: { emits: [{}, { to: "b", into: "q" }, { into: "q", invoke: "async", name: "p" }] }, b: {} },
      [{ to: "a" }, { to: "b", name: "q", invoke: "async" }],
      [
        /^functions\.a\.emits\.0: needs either "to" or "into"/,
        /^functions\.a\.emits\.1: needs either/,
        /^functions\.a\.emits\.2\.invoke: is that of "q"/,
        /^functions\.a\.emits\.2\.name: is that of "q"/,
      ],
    ],
    [
      "functions that do not say how long they run",
      { a: { emits: [{ to: "b" }] }, b: { duration: undefined } },
      [{ to: "a" }],
      [/^functions\.b\.duration: is missing/],
    ],
    [
      "counts that are absurd, and dead letters of another's queue",
      { a: { emits: [{ to: "b", count: 1e9 }] }, b: {} },
      [{ to: "a" }],
      [/^functions\.a\.emits\.0\.count: must be at most 100000/],
    ],
    [
      "dead letters of a queue that it only joins",
      { a: { emits: [{ into: "q", deadLetters: { to: "b" } }] }, b: {} },
      [{ to: "a" }, { to: "b", name: "q", invoke: "sns" }],
      [/^functions\.a\.emits\.0\.deadLetters: are those of "q"/],
    ],
  ])("%s are problems at their places", (_, functions, traffic, expected) => {
    const found = problems(functions, traffic);
    expect(found).toHaveLength(expected.length);
    for (const message of expected) expect(found.filter((p) => message.test(p))).toHaveLength(1);
  });
});

const percent = (most: number) => fc.integer({ min: 0, max: most }).map((n) => `${n}%`);
const NAMES = ["a", "b", "c", "d", "e"];

/** Small graphs of functions that lead to later ones, and by some emissions to earlier ones. */
const graph = fc
  .record({
    functions: fc.array(
      fc.record({
        durationMs: fc.integer({ min: 0, max: 900 }),
        errors: percent(40),
        crashes: percent(10),
        reserved: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
        initMs: fc.integer({ min: 0, max: 500 }),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    links: fc.array(
      fc.record({
        from: fc.nat(4),
        to: fc.nat(4),
        kind: fc.constantFrom("calls", "emits", "emits", "into"),
        invoke: fc.constantFrom("async", "s3", "sns", "eventbridge"),
        retry: fc.boolean(),
        share: percent(100),
        count: fc.constantFrom(1, 1, 2, 0.5),
        dead: fc.boolean(),
      }),
      { maxLength: 7 },
    ),
    traffic: fc.array(
      fc.record({
        to: fc.nat(4),
        async: fc.boolean(),
        rate: fc.integer({ min: 1, max: 12 }),
        timeout: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    concurrency: fc.integer({ min: 25, max: 40 }),
    warmup: fc.constantFrom("0s", "7s"),
  })
  .map(({ functions: given, links, traffic, concurrency, warmup }) => {
    const n = given.length;
    const functions = Object.fromEntries(
      given.map(({ durationMs, errors, crashes, reserved, initMs }, i) => [
        NAMES[i]!,
        {
          duration: { type: "exponential", mean: `${durationMs + 1}ms` },
          initDuration: `${initMs}ms`,
          timeout: "1s",
          errors,
          crashes,
          ...(reserved !== undefined && { reservedConcurrency: reserved }),
          emits: [] as object[],
          calls: [] as object[],
        },
      ]),
    );
    links.forEach(({ from, to, kind, invoke, retry, share, count, dead }, i) => {
      const [f, g] = [from % n, to % n];
      const own = functions[NAMES[f]!]!;
      const name = `link${i}`;
      if (kind === "calls") {
        // Calls lead to later functions only, so that none wait for each other.
        if (g <= f) return;
        own.calls.push({
          name,
          to: NAMES[g],
          share,
          ...(retry && { retry: { attempts: 2, backoff: "100ms" } }),
        });
      } else if (kind === "into") own.emits.push({ into: "entry0", share });
      else {
        const deadLetters = { to: NAMES[(g + 1) % n], name: `dead${i}` };
        // What goes back must not grow on its way.
        const many = g > f ? count : Math.min(1, count);
        own.emits.push({ name, to: NAMES[g], invoke, share, count: many, ...(dead && { deadLetters }) });
      }
    });
    return {
      horizon: "60s",
      warmup,
      account: { concurrency, minimumUnreserved: 0, scaling: "aws", requestRate: "aws" },
      functions,
      traffic: traffic.map(({ to, async, rate, timeout }, i) => ({
        name: `entry${i}`,
        to: NAMES[to % n],
        // The first is a queue, for those that join it.
        invoke: async || i === 0 ? "async" : timeout ? { type: "sync", timeout: "700ms" } : "sync",
        end: "20s",
        arrivals: poisson(`${rate / 4}/s`),
      })),
    } as unknown as Experiment;
  });

/** What a run of chains must keep, whatever they are. */
function checkChains(scenario: Scenario, entries: readonly EntryResult[]): void {
  entries.forEach(({ counts: c, laws, timeline }, i) => {
    const { chained, from } = scenario.entries[i]!;
    expect(c.requests).toBe(c.succeeded + c.failed + c.throttled + c.dropped + c.unfinished);
    expect(c.deadLettered).toBeLessThanOrEqual(c.dropped);
    expect(laws.attempts.count).toBe(c.requests - c.unfinished);
    expect(laws.latency.count).toBe(c.succeeded + c.failed);
    expect(laws.endToEnd.count).toBeLessThanOrEqual(chained && from === undefined ? c.succeeded : 0);
    if (laws.endToEnd.count > 0) expect(laws.endToEnd.min).toBeGreaterThanOrEqual(0);
    expect(timeline!.requests.reduce((a, b) => a + b, 0)).toBe(c.requests);
  });
}

describe("any graph of functions", () => {
  it("passes on every message once, balances its books, and is the same twice", () => {
    const seen = { chains: 0, dropped: 0, dead: 0, throttled: 0, unfinished: 0, calls: 0 };
    fc.assert(
      fc.property(graph, (file) => {
        const scenario = lab(file);
        const { result } = run(scenario);
        expect(run(scenario).result.digest).toBe(result.digest);
        checkChains(scenario, result.entries);
        result.entries.forEach(({ counts: c, laws }, i) => {
          seen.chains += laws.endToEnd.count;
          seen.dropped += c.dropped;
          seen.dead += c.deadLettered;
          seen.throttled += c.throttled;
          seen.unfinished += c.unfinished;
          if (scenario.links.some((l) => l.calls.some((call) => call.entry === i))) seen.calls += c.requests;
        });
      }),
      { numRuns: 200, seed: 20_261_126 },
    );
    // The graphs reach what they are meant to reach.
    for (const n of Object.values(seen)) expect(n).toBeGreaterThan(100);
  });

  it("emits exactly as often as its functions have run well, where emissions are whole", () => {
    const whole = graph.map((file) => {
      const plain = JSON.parse(JSON.stringify(file, (key, value) => (key === "share" ? undefined : value)));
      plain.warmup = "0s";
      plain.horizon = "10m";
      for (const f of Object.values<{ emits: { count?: number }[] }>(plain.functions)) {
        for (const emission of f.emits) delete emission.count;
        // No circles: each run goes on once.
        f.emits = f.emits.filter((e) => "to" in e);
      }
      return plain as Experiment;
    });
    let exact = 0;
    fc.assert(
      fc.property(whole, (file) => {
        const scenario = lab(file);
        const { result } = run(scenario);
        scenario.links.forEach(({ emits }, fn) => {
          const { invocations, errors, succeeded, unfinished } = result.functions[fn]!.counters;
          for (const { entry } of emits) {
            const { requests } = result.entries[entry]!.counts;
            expect(requests).toBeGreaterThanOrEqual(succeeded);
            expect(requests).toBeLessThanOrEqual(invocations - errors);
            // Nothing runs any more: all that ended well has been sent on.
            if (unfinished === 0) expect(requests).toBe(invocations - errors);
            exact += unfinished === 0 ? requests : 0;
          }
        });
      }),
      { numRuns: 100, seed: 20_261_127 },
    );
    expect(exact).toBeGreaterThan(1000);
  });
});
