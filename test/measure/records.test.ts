import { describe, expect, test } from "vitest";
import { SECOND } from "../../sim/units.ts";
import { lab, one, poisson, waves } from "../support/lab.ts";
import { record } from "../support/records.ts";

const none = Number.NaN;

describe("calls of 5 s at 0, 1 and 2 s, then 1 s at 10 and 20 s, most recently used first, kept 12 s", () => {
  const scenario = one(
    { initDuration: "500ms", keepAlive: "12s" },
    {
      type: "trace",
      timestamps: ["0s", "1s", "2s", "10s", "20s"],
      durations: ["5s", "5s", "5s", "1s", "1s"],
    },
    { horizon: "30s" },
  );

  test("the third environment has both later calls, the others end 12 s after theirs", () => {
    const { rows, environments } = record(scenario);
    const cold = { fn: 0, entry: "f", placement: "cold", reason: "", wait: 0.5, duration: 5, init: 0.5 };
    const warm = { ...cold, placement: "warm", wait: 0, duration: 1, init: 0 };
    const good = { outcome: "succeeded" };
    expect(rows).toEqual([
      { at: 0, ...cold, ...good, billedMs: 5500, environment: 1 },
      { at: 1, ...cold, ...good, billedMs: 5500, environment: 2 },
      { at: 2, ...cold, ...good, billedMs: 5500, environment: 3 },
      { at: 10, ...warm, ...good, billedMs: 1000, environment: 3 },
      { at: 20, ...warm, ...good, billedMs: 1000, environment: 3 },
    ]);
    const idle = { fn: 0, kind: "onDemand", why: "idle" };
    expect(environments).toEqual([
      { number: 1, ...idle, born: 0, first: 0, last: 5.5, ended: 17.5, invocations: 1, busy: 5.5 },
      { number: 2, ...idle, born: 1, first: 1, last: 6.5, ended: 18.5, invocations: 1, busy: 5.5 },
      {
        number: 3,
        ...idle,
        born: 2,
        first: 2,
        last: 21,
        ended: none,
        why: "endOfRun",
        invocations: 3,
        busy: 7.5,
      },
    ]);
  });

  test("from 4 to 10.5 s: what overlaps, what of it is in the window, and whole lives", () => {
    const { rows, environments } = record(scenario, { from: 4 * SECOND, to: 10.5 * SECOND });
    expect(rows.map(({ at }) => at)).toEqual([0, 1, 2, 10]);
    expect(environments.map(({ invocations, busy }) => [invocations, busy])).toEqual([
      [0, 1.5],
      [0, 2.5],
      [1, 4],
    ]);
    expect(environments.map(({ born, last, ended }) => [born, last, ended])).toEqual([
      [0, 5.5, 17.5],
      [1, 6.5, 18.5],
      [2, 21, none],
    ]);
  });

  test("from 18 s: the first has ended, the second just lives", () => {
    const { environments } = record(scenario, { from: 18 * SECOND, to: 19 * SECOND });
    expect(environments.map(({ number, busy }) => [number, busy])).toEqual([
      [2, 0],
      [3, 0],
    ]);
  });
});

describe("why environments end", () => {
  const endings = (settings: object, at: string[], more: object = {}) =>
    record(
      one(
        { duration: "1s", keepAlive: "1m", ...settings },
        { type: "times", at },
        { horizon: "5m", ...more },
      ),
    ).environments.map(({ ended, why }) => [ended, why]);

  test("idle for their keep-alive, or too old, whichever is first; of both at once, too old", () => {
    expect(endings({}, ["0s"])).toEqual([[61, "idle"]]);
    expect(endings({ maximumLifetime: "40s" }, ["0s"])).toEqual([[40, "aged"]]);
    expect(endings({ maximumLifetime: "61s" }, ["0s"])).toEqual([[61, "aged"]]);
    expect(endings({ keepAlive: "none" }, ["0s"])).toEqual([[1, "idle"]]);
  });

  test("too old while busy: when it has finished", () => {
    expect(endings({ maximumLifetime: "500ms" }, ["0s", "100s"])).toEqual([
      [1, "aged"],
      [101, "aged"],
    ]);
  });

  test("a deploy ends idle ones at once and busy ones when they have finished, not those that were gone", () => {
    const deploys = [{ at: "100s" }];
    expect(endings({}, ["0s", "70s", "99500ms", "99500ms"], { deploys })).toEqual([
      [61, "idle"],
      [100.5, "deploy"],
      [100.5, "deploy"],
    ]);
    expect(endings({}, ["90s"], { deploys })).toEqual([[100, "deploy"]]);
    expect(endings({ maximumLifetime: "95s" }, ["0s", "50s"], { deploys })).toEqual([[95, "aged"]]);
  });

  test("a function that counts as idle loses all of them", () => {
    const keepAlive = { type: "two-clocks", environmentIdle: "2m", functionIdle: "30s" };
    expect(endings({ keepAlive }, ["0s", "100ms"])).toEqual([
      [31.1, "idle"],
      [31.1, "idle"],
    ]);
  });

  test("provisioned ones are given up, idle at once, busy when they have finished; a plain number of them stays", () => {
    const policy = {
      type: "schedule",
      base: 2,
      schedule: [{ at: "60s", capacity: 0 }],
      allocation: { preparation: "0s" },
    };
    const { environments } = record(
      one(
        { duration: "10s", provisionedConcurrency: policy },
        { type: "times", at: ["55s"] },
        { horizon: "5m", account: { concurrency: 1000 } },
      ),
    );
    expect(
      environments.map(({ kind, born, first, last, ended, why }) => [kind, born, first, last, ended, why]),
    ).toEqual([
      ["provisioned", 0, none, none, 60, "givenUp"],
      ["provisioned", 0, 55, 65, 65, "givenUp"],
    ]);
    const plain = record(
      one(
        { duration: "10s", provisionedConcurrency: 1 },
        { type: "times", at: ["5s"] },
        { horizon: "5m", account: { concurrency: 1000 } },
      ),
    );
    expect(plain.rows).toMatchObject([{ placement: "provisioned", wait: 0, environment: 1 }]);
    expect(plain.environments).toMatchObject([{ ended: none, why: "endOfRun", busy: 10 }]);
  });
});

describe("what a row says", () => {
  test("a refusal has its reason and no environment", () => {
    const scenario = one({ duration: "1s", reservedConcurrency: 1 }, waves(["0s", 2]), {
      horizon: "10s",
      account: { concurrency: 1000 },
    });
    expect(record(scenario).rows).toMatchObject([
      { placement: "cold", reason: "", environment: 1 },
      {
        placement: "throttled",
        reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
        outcome: "throttled",
        duration: 0,
        billedMs: 0,
        environment: 0,
      },
    ]);
  });

  test("an invocation that the end of the run cuts off is unfinished and has its whole duration", () => {
    const { rows, environments } = record(one({ duration: "8s" }, waves(["5s", 1]), { horizon: "10s" }));
    expect(rows).toMatchObject([{ outcome: "unfinished", duration: 8, billedMs: 8000 }]);
    expect(environments).toMatchObject([{ last: 10, busy: 5, why: "endOfRun" }]);
  });

  test("a timeout, and the init that the next invocation runs inside", () => {
    const { rows } = record(
      one({ duration: "2s", timeout: "1s", initDuration: "300ms" }, waves(["0s", 1], ["10s", 1]), {
        horizon: "20s",
      }),
    );
    expect(rows).toMatchObject([
      { placement: "cold", wait: 0.3, duration: 1, outcome: "timedOut", environment: 1 },
      { placement: "warm", wait: 0, duration: 1, outcome: "timedOut", environment: 1 },
    ]);
  });

  test("each source by its name: open and closed traffic, queues, emissions and calls", () => {
    const scenario = lab({
      horizon: "1m",
      functions: {
        api: { duration: "100ms", calls: [{ to: "mail" }], emits: [{ to: "log" }] },
        mail: { duration: "50ms" },
        log: { duration: "10ms" },
        plain: { duration: "20ms" },
      },
      traffic: [
        { to: "api", arrivals: waves(["1s", 1]) },
        { to: "plain", name: "users", arrivals: { type: "closed", clients: 1, thinkTime: "40s" } },
        { to: "plain", name: "other", arrivals: { type: "closed", clients: 1, thinkTime: "45s" } },
        { to: "plain", arrivals: waves(["50s", 1]) },
        { to: "log", name: "jobs", invoke: "async", arrivals: waves(["55s", 1]) },
      ],
    } as never);
    const { rows } = record(scenario);
    expect(rows.map(({ at, entry, fn }) => [at, entry, scenario.functions[fn]!.name]).sort()).toEqual(
      [
        [1, "api", "api"],
        [1.1, "api-mail", "mail"],
        [1.15, "api-log", "log"],
        [40, "users", "plain"],
        [45, "other", "plain"],
        [50, "plain", "plain"],
        [55, "jobs", "log"],
      ].sort(),
    );
  });

  test("an execution that waits for others is busy until they have answered, or the run ends", () => {
    const scenario = lab({
      horizon: "1m",
      functions: {
        api: { duration: "1s", initDuration: "500ms", calls: [{ to: "mail" }] },
        mail: { duration: "4s" },
      },
      traffic: [{ to: "api", arrivals: waves(["1s", 1], ["57s", 1]) }],
    } as never);
    const { rows, environments } = record(scenario);
    expect(rows.filter(({ fn }) => fn === 0)).toMatchObject([
      { at: 1, placement: "cold", wait: 0.5, duration: 5, billedMs: 5500, outcome: "succeeded" },
      { at: 57, placement: "warm", wait: 0, duration: 3, outcome: "unfinished" },
    ]);
    expect(environments).toMatchObject([
      { fn: 0, busy: 5.5 + 3, last: 60 },
      { fn: 1, busy: 4 + 2 },
    ]);
  });

  test("what the warm-up holds is left out; lives are whole", () => {
    const { rows, environments, result } = record(
      one({ duration: "4s" }, waves(["1s", 1], ["8s", 1], ["20s", 1]), { horizon: "1m", warmup: "10s" }),
    );
    expect(result.functions[0]!.counters.invocations).toBe(1);
    // It overlaps the measured time.
    expect(rows.map(({ at }) => at)).toEqual([8, 20]);
    expect(environments).toMatchObject([{ born: 1, first: 1, invocations: 1, busy: 2 + 4 }]);
  });
});

test("more rows than a batch, in order of time, each once", () => {
  const { rows, result } = record(one({ duration: "10ms" }, poisson("200/s"), { horizon: "2m" }));
  expect(rows).toHaveLength(result.functions[0]!.counters.requests);
  expect(rows.length).toBeGreaterThan(3 * 4096);
  for (let i = 1; i < rows.length; i++) expect(rows[i]!.at).toBeGreaterThanOrEqual(rows[i - 1]!.at);
});
