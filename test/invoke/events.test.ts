import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import { MILLISECOND, MINUTE, SECOND } from "../../sim/units.ts";
import { exponential, lab, near, of, poisson, run, SEEDS, waves } from "../support/lab.ts";
import { SIGMAS } from "../support/theory.ts";

const KINDS = ["async", "s3", "sns", "eventbridge"];

/** One event at 0 that comes to function `f`. */
function event(settings: object, invoke: object, horizon = "7h", more: object = {}) {
  const entry = { to: "f", invoke: { type: "async", ...invoke }, arrivals: waves(["0s", 1]) };
  const scenario = lab({ horizon, functions: { f: settings }, traffic: [entry], ...more });
  const { f, result } = run(scenario);
  return { f, entry: result.entries[0]! };
}

describe("an event whose function always fails", () => {
  it.each([
    [{}, 3],
    [{ maximumRetryAttempts: 1 }, 2],
    [{ maximumRetryAttempts: 0 }, 1],
  ])("is tried 1 and 2 minutes after an error: %j is %i invocations", (invoke, tries) => {
    for (const duration of ["0s", "700ms", "50s"]) {
      const { f, entry } = event({ duration, errors: "100%" }, { ...invoke, onFailure: "destination" });
      expect(f.counters).toMatchObject({ invocations: tries, errors: tries, dropped: 1, deadLettered: 1 });
      expect(entry.counts).toMatchObject({ requests: 1, receives: tries, dropped: 1, deadLettered: 1 });
      expect(entry.counts.dropsByCause.error).toBe(1);
      const d = { "0s": 0, "700ms": 700 * MILLISECOND, "50s": 50 * SECOND }[duration]!;
      const starts = [0, MINUTE + d, 3 * MINUTE + 2 * d].slice(0, tries);
      expect(entry.laws.age.sum).toBe(starts.reduce((a, b) => a + b, 0));
      expect(entry.laws.attempts.max).toBe(tries);
    }
  });

  it("times out as it fails, with its own cause", () => {
    const { entry } = event({ duration: "9s", timeout: "2s" }, {});
    expect(entry.counts.dropsByCause.timeout).toBe(1);
    expect(entry.counts.retriesByCause.timeout).toBe(2);
    expect(entry.laws.age.sum).toBe(MINUTE + 2 * SECOND + 3 * MINUTE + 4 * SECOND);
  });

  it("is given up at once when it would be too old at its next try", () => {
    const { entry } = event({ duration: "1s", errors: "100%" }, { maximumEventAge: "181s" });
    // The third try would come 60 + 1 + 120 + 1 s after it arrived.
    expect(entry.counts).toMatchObject({ receives: 2, dropped: 1, deadLettered: 0 });
    expect(entry.counts.dropsByCause.age).toBe(1);
  });
});

describe("an event that is refused all the time", () => {
  // The environment is busy with a synchronous request for as long as the run lasts.
  const busy = (age?: string, later: [string, number][] = []) => {
    const scenario = lab({
      horizon: "7h",
      functions: { f: { duration: "1s", reservedConcurrency: 1, timeout: "15m" }, other: { duration: "1s" } },
      account: { concurrency: 1, minimumUnreserved: 0 },
      traffic: [
        {
          to: "f",
          invoke: age ? { type: "async", maximumEventAge: age } : "async",
          arrivals: waves(["1ms", 1], ...later),
        },
        // Fourteen-minute runs end where the next begins.
        {
          name: "hog",
          to: "f",
          duration: "840s",
          arrivals: { type: "constant", rate: "0.001190476190476/s" },
        },
      ],
    });
    return run(scenario, "1").result.entries[0]!;
  };

  it("is tried at 0, 1, 3, 7, … 511 s and every 300 s: 80 times in six hours", () => {
    const { counts, laws } = busy();
    expect(counts).toMatchObject({ requests: 1, receives: 0, dropped: 1, deadLettered: 0 });
    expect(counts.dropsByCause.age).toBe(1);
    expect(counts.retriesByCause.throttle).toBe(80);
    expect(laws.attempts.max).toBe(80);
  });

  it.each([
    ["60s", 6],
    ["511s", 9],
    ["512s", 10],
    ["1h", 20],
  ])("with an age of %s, %i times", (age, tries) => {
    expect(busy(age).counts.retriesByCause.throttle).toBe(tries);
  });

  it("leaves no backoff to the next one, when it has been given up", () => {
    expect(busy("60s", [["62s", 1]]).counts.retriesByCause.throttle).toBe(12);
  });
});

describe("the line of a function's events", () => {
  it("gives up in time one that comes back to stand before others", () => {
    // The first fails at 1 s and comes back at 61 s, while the second runs and the third has stood in line from 60 s on.
    const arrivals = {
      type: "trace",
      timestamps: ["0s", "59s", "60s"],
      durations: ["1s", "10m", "1s"],
    };
    const entry = { to: "f", invoke: { type: "async", maximumEventAge: "90s" }, arrivals };
    const functions = { f: { duration: "1s", errors: "100%", reservedConcurrency: 1 } };
    const { result } = run(lab({ horizon: "90500ms", functions, traffic: [entry] }));
    expect(result.entries[0]!.counts).toMatchObject({ requests: 3, dropped: 1, unfinished: 2 });
    expect(result.entries[0]!.counts.dropsByCause.age).toBe(1);
  });

  it("is served in order of age as executions end", () => {
    const invoke = { invoke: "async", arrivals: waves(["0s", 3000]) };
    const scenario = lab({
      horizon: "5m",
      functions: { f: { duration: "500ms", reservedConcurrency: 25 } },
      traffic: [{ to: "f", ...invoke }],
    });
    const { laws, counts, depth } = run(scenario).result.entries[0]!;
    // 120 rounds of 25.
    expect(counts.succeeded).toBe(3000);
    expect(laws.age.max).toBe(59.5 * SECOND);
    expect(laws.age.sum).toBe((25 * 119 * 120 * SECOND) / 4);
    expect(laws.queueWait.sum).toBe(laws.age.sum);
    expect(depth.max).toBe(2975);
    expect(depth.mean).toBeCloseTo(laws.age.sum / SECOND / 300, 9);
  });

  it.each([
    { backlog: 3000, rate: 20, places: 25, service: 0.5 },
    { backlog: 800, rate: 5, places: 10, service: 1 },
    { backlog: 500, rate: 2, places: 3, service: 1 },
  ])(
    "drains in backlog / (c / s − λ): $backlog, $rate/s, $places of $service s",
    ({ backlog, rate, places, service }) => {
      const drain = places / service - rate;
      const expected = (backlog - places) / drain;
      const error = Math.sqrt((backlog * (rate + places / service)) / drain ** 3);
      for (const seed of SEEDS) {
        const scenario = lab({
          horizon: `${Math.ceil(2 * expected + 100)}s`,
          functions: { f: { duration: exponential(`${service}s`), reservedConcurrency: places } },
          traffic: [
            { name: "backlog", to: "f", invoke: "async", arrivals: waves(["0s", backlog]) },
            { name: "later", to: "f", invoke: "async", arrivals: poisson(`${rate}/s`) },
          ],
          measure: { interval: "1s" },
        });
        const { entries } = run(scenario, seed).result;
        const empty = [...entries[0]!.timeline!.oldestAge].findIndex(
          (age, row) => Number.isNaN(age) && Number.isNaN(entries[1]!.timeline!.oldestAge[row]!),
        );
        expect(near(empty + 0.5, expected, 0.5 + SIGMAS * error)).toBe(true);
        expect(
          near(
            entries[0]!.laws.age.max / SECOND,
            (backlog - places) / (places / service),
            4.5 * Math.sqrt(backlog) * (service / places),
          ),
        ).toBe(true);
      }
    },
  );

  it("is one for all that send events to it", () => {
    const scenario = lab({
      horizon: "10m",
      functions: { f: { duration: "1s", reservedConcurrency: 1 } },
      traffic: [
        { name: "a", to: "f", invoke: "async", arrivals: waves(["0s", 100], ["2ms", 1]) },
        { name: "b", to: "f", invoke: "s3", arrivals: waves(["1ms", 1]) },
      ],
    });
    const [a, b] = run(scenario).result.entries;
    expect(b!.laws.age.sum).toBe(100 * SECOND - MILLISECOND);
    expect(a!.laws.age.max).toBe(101 * SECOND - 2 * MILLISECOND);
  });

  it("gives up what is too old in the middle of it, at that moment", () => {
    const scenario = lab({
      horizon: "10m",
      functions: { f: { duration: "1s", reservedConcurrency: 1 } },
      traffic: [
        { name: "patient", to: "f", invoke: "async", arrivals: waves(["0s", 200]) },
        {
          name: "hasty",
          to: "f",
          invoke: { type: "sns", maximumEventAge: "70s" },
          arrivals: waves(["1500ms", 3]),
        },
      ],
      measure: { interval: "500ms" },
    });
    const [patient, hasty] = run(scenario).result.entries;
    expect(hasty!.counts).toMatchObject({ dropped: 3, succeeded: 0, receives: 0 });
    expect(hasty!.timeline!.dropped[143]).toBe(3);
    expect(patient!.counts.succeeded).toBe(200);
  });

  it("takes an event that comes back by its age", () => {
    const scenario = lab({
      horizon: "10m",
      functions: { f: { duration: "1s", timeout: "1s", reservedConcurrency: 1 } },
      traffic: [
        // The first runs into the timeout, and is back after 61 s, when 100 younger ones have come.
        {
          to: "f",
          invoke: "async",
          arrivals: {
            type: "times",
            at: [
              { t: "0s", duration: "5s" },
              { t: "10s", count: 100 },
            ],
          },
        },
      ],
    });
    const { laws, counts } = run(scenario).result.entries[0]!;
    expect(counts).toMatchObject({ succeeded: 101, receives: 102 });
    // From 61 s on the others are one second later than they would be.
    expect(laws.age.sum).toBe((61 + (99 * 100) / 2 + 49) * SECOND);
    expect(laws.latency.sum).toBe((62 + (100 * 101) / 2 + 49) * SECOND);
    // It is not the one that waits for all the others.
    expect(laws.age.max).toBe(100 * SECOND);
  });

  it("is tried by the backoff though another comes to room, and again after 1 s when one went through", () => {
    const at = [
      { t: "0s", duration: "60s" },
      { t: "0s", duration: "63500ms" },
    ];
    const scenario = lab({
      horizon: "150s",
      account: { concurrency: 2, minimumUnreserved: 0 },
      functions: { f: { duration: "10m" }, hog: {} },
      traffic: [
        { to: "hog", arrivals: { type: "times", at } },
        { to: "f", invoke: "async", arrivals: waves(["1ms", 1], ["2ms", 1], ["61s", 1]) },
      ],
    });
    const { laws } = run(scenario).result.entries[0]!;
    // There is room for one from 60 s on. The queue tries at 63.001 s, then not at 127 but at 64.001 s.
    expect(laws.age.sum).toBe((63 + 64 + 89) * SECOND - MILLISECOND);
  });

  it("notices within a second that another function has left room", () => {
    const scenario = lab({
      horizon: "10m",
      account: { concurrency: 10, minimumUnreserved: 0 },
      functions: { f: { duration: "1s" }, hog: { duration: "5m" } },
      traffic: [
        { to: "hog", arrivals: waves(["0s", 9]) },
        { to: "f", invoke: "async", arrivals: waves(["1s", 400]) },
      ],
    });
    const { laws } = run(scenario).result.entries[0]!;
    // One at a time until the hog's nine are done, then ten.
    expect(laws.age.max).toBeLessThanOrEqual((300 + 11) * SECOND);
  });
});

describe("events whose function fails by chance", () => {
  it.each([
    { p: 0.3, retries: 2 },
    { p: 0.5, retries: 1 },
    { p: 0.1, retries: 0 },
  ])("run 1 + p + p² times, and p³ are lost: p = $p, $retries retries", ({ p, retries }) => {
    const tries = Array.from({ length: retries + 1 }, (_, k) => p ** k);
    const mean = tries.reduce((a, b) => a + b, 0);
    // E[n²] of the number of tries: the sum of (2k + 1) P(n > k).
    const variance = tries.reduce((a, q, k) => a + (2 * k + 1) * q, 0) - mean ** 2;
    const lost = p ** (retries + 1);
    for (const seed of SEEDS) {
      const scenario = lab({
        horizon: "70m",
        functions: { f: { duration: "10ms", errors: `${100 * p}%` } },
        traffic: [
          {
            to: "f",
            end: "1h",
            invoke: { type: "async", maximumRetryAttempts: retries, onFailure: "destination" },
            arrivals: poisson("30/s"),
          },
        ],
      });
      const { f, result } = run(scenario, seed);
      const { requests, dropped, deadLettered, unfinished } = result.entries[0]!.counts;
      expect(unfinished).toBe(0);
      expect(dropped).toBe(deadLettered);
      expect(
        near(f.counters.invocations / requests, mean, 1e-9 + SIGMAS * Math.sqrt(variance / requests)),
      ).toBe(true);
      expect(near(dropped / requests, lost, SIGMAS * Math.sqrt((lost * (1 - lost)) / requests))).toBe(true);
    }
  });
});

describe.each(KINDS)("%s", (type) => {
  it("gives up everything at once when the function has a reserved concurrency of 0", () => {
    const { f, entry } = event(
      { duration: "1s", reservedConcurrency: 0 },
      { type, onFailure: "dead-letter" },
    );
    expect(entry.counts).toMatchObject({ requests: 1, dropped: 1, deadLettered: 1, receives: 0 });
    expect(entry.counts.dropsByCause.refused).toBe(1);
    expect(f.counters).toMatchObject({ attempts: 0, invocations: 0, dropped: 1 });
  });

  it("delivers every event once more when all are duplicated, and the function emits twice", () => {
    const scenario = lab({
      horizon: "10m",
      functions: {
        f: { duration: "1s", reservedConcurrency: 50, emits: [{ to: "g" }] },
        g: { duration: "1s" },
      },
      traffic: [{ to: "f", invoke: { type, duplicates: "100%" }, arrivals: waves(["0s", 50], ["200s", 7]) }],
    });
    const { result } = run(scenario);
    const [f, g] = result.functions;
    const { counts, laws } = result.entries[0]!;
    expect(counts).toMatchObject({ requests: 57, succeeded: 57, duplicates: 57, receives: 57 });
    expect(f!.counters).toMatchObject({ invocations: 114 });
    expect(f!.concurrency.max).toBe(50);
    expect(g!.counters).toMatchObject({ requests: 114, succeeded: 114 });
    // The event itself has been answered by then.
    expect(laws.latency.max).toBe(SECOND);
  });

  it("duplicates a share of them by lot, the same ones whatever becomes of them", () => {
    for (const seed of SEEDS) {
      const counts = ["1ms", "20ms"].map((duration) => {
        const scenario = lab({
          horizon: "11m",
          functions: { f: { duration } },
          traffic: [{ to: "f", end: "10m", invoke: { type, duplicates: "5%" }, arrivals: poisson("50/s") }],
        });
        return run(scenario, seed).result.entries[0]!.counts;
      });
      const { requests, duplicates } = counts[0]!;
      expect(counts[1]!.duplicates).toBe(duplicates);
      expect(near(duplicates / requests, 0.05, SIGMAS * Math.sqrt((0.05 * 0.95) / requests))).toBe(true);
    }
  });

  it("answers a client as soon as the event is in the queue", () => {
    const clients = (thinkTime: string) => {
      const scenario = lab({
        horizon: "1s",
        functions: { f: { duration: "5s", reservedConcurrency: 1 } },
        traffic: [{ to: "f", invoke: type, arrivals: { type: "closed", clients: 1, thinkTime } }],
      });
      return run(scenario).result.entries[0]!.counts.requests;
    };
    // An answer takes 1 ms, so that no thinking at all does not stop the clock.
    expect(clients("9ms")).toBe(100);
    expect(clients("0s")).toBe(1000);
  });
});

describe("dead letters", () => {
  const failing = { duration: "1s", errors: "100%" };
  const never = { type: "async", maximumRetryAttempts: 0 };

  it("go on to a function, by a queue of their own", () => {
    const scenario = lab({
      horizon: "1h",
      functions: { f: failing, repair: { duration: "2s" } },
      traffic: [{ to: "f", invoke: never, deadLetters: { to: "repair" }, arrivals: waves(["0s", 10]) }],
    });
    const { result } = run(scenario);
    expect(scenario.entries.map((e) => [e.name, e.from])).toEqual([
      ["f", undefined],
      ["f-repair", "f"],
    ]);
    const [f, repair] = result.entries;
    expect(f!.counts).toMatchObject({ requests: 10, dropped: 10, deadLettered: 10 });
    expect(repair!.counts).toMatchObject({ requests: 10, succeeded: 10 });
    expect(repair!.laws.latency.sum).toBe(20 * SECOND);
    expect(of(result, scenario, "repair").counters.succeeded).toBe(10);
  });

  it("may join another queue, and those of an emission too", () => {
    const scenario = lab({
      horizon: "1h",
      functions: {
        f: { duration: "1s", emits: [{ to: "g", invoke: never, deadLetters: { into: "repairs" } }] },
        g: failing,
        repair: { duration: "2s" },
      },
      traffic: [
        { to: "f", arrivals: waves(["0s", 4]) },
        { name: "repairs", to: "repair", invoke: "async", arrivals: waves(["1m", 1]) },
      ],
    });
    const { result } = run(scenario);
    expect(of(result, scenario, "repair").counters.succeeded).toBe(5);
    expect(result.entries.map((e) => e.counts.deadLettered)).toEqual([0, 0, 4]);
  });

  it("that come back again and again are stopped as a loop after 16 rounds", () => {
    const scenario = lab({
      horizon: "1h",
      functions: { f: failing },
      traffic: [{ to: "f", invoke: never, deadLetters: { into: "f" }, arrivals: waves(["0s", 3]) }],
    });
    const { counts } = run(scenario).result.entries[0]!;
    expect(counts).toMatchObject({
      requests: 3 * 17,
      receives: 3 * 16,
      dropped: 3 * 17,
      deadLettered: 3 * 16,
    });
    expect(counts.dropsByCause).toMatchObject({ error: 3 * 16, loop: 3 });
  });

  it("may go to the very function whose line they were in", () => {
    const scenario = lab({
      horizon: "1h",
      functions: { f: { duration: "10s", reservedConcurrency: 1 } },
      traffic: [
        {
          to: "f",
          invoke: { type: "async", maximumEventAge: "60s" },
          deadLetters: { to: "f", name: "late" },
          arrivals: waves(["0s", 30]),
        },
        { name: "sns", to: "f", invoke: "sns", arrivals: waves(["0s", 30]) },
      ],
    });
    const [f, , late] = run(scenario).result.entries;
    expect(f!.counts.dropsByCause.age).toBe(24);
    expect(late!.counts).toMatchObject({ requests: 24, succeeded: 24 });
  });
});

describe("any events", () => {
  it("are all accounted for, never handed over too old, and played the same twice", () => {
    const settings = fc.record({
      errors: fc.integer({ min: 0, max: 100 }),
      places: fc.integer({ min: 1, max: 6 }),
      durationMs: fc.integer({ min: 0, max: 12_000 }),
      retries: fc.integer({ min: 0, max: 2 }),
      ages: fc.array(fc.integer({ min: 60, max: 400 }), { minLength: 1, maxLength: 3 }),
      duplicates: fc.constantFrom("0%", "30%"),
      rate: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(settings, ({ errors, places, durationMs, retries, ages, duplicates, rate }) => {
        const scenario = lab({
          horizon: "20m",
          functions: {
            f: {
              duration: exponential(`${durationMs + 1}ms`),
              timeout: "5s",
              errors: `${errors}%`,
              reservedConcurrency: places,
            },
          },
          traffic: ages.map((age, i) => ({
            name: `e${i}`,
            to: "f",
            end: "2m",
            invoke: {
              type: KINDS[i],
              maximumRetryAttempts: retries,
              maximumEventAge: `${age}s`,
              duplicates,
              onFailure: "dead-letter",
            },
            arrivals: poisson(`${rate / 10}/s`),
          })),
        });
        const { result } = run(scenario);
        expect(run(scenario).result.digest).toBe(result.digest);
        result.entries.forEach(({ counts: c, laws }, i) => {
          // By then the last one has succeeded, failed for good or grown too old.
          expect(c.requests).toBe(c.succeeded + c.dropped);
          expect(c.dropped).toBe(c.deadLettered);
          if (c.receives > 0) expect(laws.age.max).toBeLessThan(ages[i]! * SECOND);
          expect(laws.attempts.count).toBe(c.requests);
          expect(c.receives).toBe(
            c.succeeded +
              c.dropsByCause.error +
              c.dropsByCause.timeout +
              c.retriesByCause.error +
              c.retriesByCause.timeout +
              agedAfterErrors(c),
          );
        });
      }),
      { numRuns: 60, seed: 20_261_125 },
    );
  });
});

/** Events that were given up after an error because the next try would have been too late: at most all that aged. */
const agedAfterErrors = (c: {
  receives: number;
  succeeded: number;
  dropsByCause: Record<string, number>;
  retriesByCause: Record<string, number>;
}) => {
  const { dropsByCause: d, retriesByCause: r } = c;
  const rest = c.receives - c.succeeded - d.error! - d.timeout! - r.error! - r.timeout!;
  expect(rest).toBeGreaterThanOrEqual(0);
  expect(rest).toBeLessThanOrEqual(d.age!);
  return rest;
};

describe("events written wrongly", () => {
  const problems = (entry: object, emits: unknown[] = []) => {
    const f = { duration: "1s", emits };
    const traffic = [{ to: "f", arrivals: poisson("1/s"), ...entry }];
    try {
      parseScenario({
        lsim: 1,
        name: "wrong",
        horizon: "1m",
        functions: { f, g: { duration: "1s" } },
        traffic,
      });
    } catch (error) {
      if (error instanceof ScenarioError)
        return error.problems.map((p) => `${p.path.join(".")} ${p.message}`);
      throw error;
    }
    return [];
  };

  it.each([
    [
      { invoke: { type: "s3", maximumRetryAttempts: 3 } },
      /^traffic\.0\.invoke\.maximumRetryAttempts 3 is too large/,
    ],
    [
      { invoke: { type: "sns", maximumEventAge: "7h" } },
      /^traffic\.0\.invoke\.maximumEventAge "7h" is out of range: Lambda takes 60s to 6h/,
    ],
    [
      { invoke: { type: "eventbridge", maximumEventAg: "1h" } },
      /^traffic\.0\.invoke\.maximumEventAg unknown setting; did you mean "maximumEventAge"/,
    ],
    [
      { invoke: { type: "async", onFailure: "drop" }, deadLetters: { to: "g" } },
      /^traffic\.0\.invoke\.onFailure "drop" leaves nothing/,
    ],
    [{ invoke: "async", retry: "standard" }, /^traffic\.0\.retry is how callers that wait try again/],
    [
      { invoke: "sync", deadLetters: { to: "g" } },
      /^traffic\.0\.deadLetters are what a queue gives up, but the callers of "f" wait/,
    ],
    [{ invoke: "s3", deadLetters: { to: "h" } }, /^traffic\.0\.deadLetters\.to there is no function "h"/],
    [
      { invoke: "s3", deadLetters: { into: "q" } },
      /^traffic\.0\.deadLetters\.into there is no traffic entry or emission "q"/,
    ],
    [{ invoke: "s3", deadLetters: {} }, /^traffic\.0\.deadLetters needs either "to" or "into"/],
    [
      { invoke: "s3", deadLetters: { to: "g", invoke: "sync" } },
      /^traffic\.0\.deadLetters\.invoke "sync" waits for the answer; send them by "async"/,
    ],
  ])("%j is a problem at its place", (entry, message) => {
    const found = problems(entry);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
});
