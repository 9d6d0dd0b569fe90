import { describe, expect, test } from "vitest";
import { backoffOf, buildRetry, RetryQuota, type RetryReason } from "../../sim/invoke/retry.ts";
import { cloudWatchCounts } from "../../sim/measure/cloudwatch.ts";
import { RandomStreams } from "../../sim/random.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { SECOND } from "../../sim/units.ts";
import { type Experiment, evenly, exponential, lab, near, poisson, run, SEEDS, sum } from "../support/lab.ts";
import { erlangB, erlangBError, SIGMAS, shareError } from "../support/theory.ts";

const times = (...at: (string | object)[]) => ({ type: "times", at });
const quota = { concurrency: 1000 };

/** The first entry with a model, and the function. */
function play(scenario: Scenario, seed?: string) {
  const { f, result } = run(scenario, seed);
  return { entry: result.entries[0]!, f, result };
}

/** One function whose only environment is taken at times, by `blocking`, and callers who try it. */
function blocked(
  blocking: unknown,
  caller: object,
  rest: Partial<Experiment> & { horizon: string },
): Scenario {
  return lab({
    account: quota,
    ...rest,
    functions: { f: { duration: "0s", reservedConcurrency: 1, ...rest.functions?.f } },
    traffic: [
      { to: "f", name: "callers", ...caller } as never,
      { to: "f", name: "blocker", arrivals: blocking },
    ],
  });
}

describe("attempts that are refused or fail by chance", () => {
  test.each([
    [0.5, 3, 0.875, 1.75],
    [0.3, 4, 0.9919, 1.417],
    [0.8, 2, 0.36, 1.8],
  ])(
    "with p = %d and %i attempts: success 1 − p^k, on average (1 − p^k)/(1 − p) attempts",
    (p, k, success, mean) => {
      expect(success).toBeCloseTo(1 - p ** k, 12);
      expect(mean).toBeCloseTo((1 - p ** k) / (1 - p), 12);
      const scenario = lab({
        horizon: "1000s",
        functions: { f: { duration: "5ms", errors: `${100 * p}%` } },
        traffic: [
          {
            to: "f",
            retry: { attempts: k, backoff: "20ms", on: ["error"] },
            arrivals: poisson("40/s"),
            end: "990s",
          },
        ],
      });
      for (const seed of SEEDS) {
        const { entry, f } = play(scenario, seed);
        const { counts, laws } = entry;
        expect(counts.unfinished).toBe(0);
        const n = counts.requests;
        expect(n).toBeGreaterThan(38_000);
        expect(near(counts.succeeded / n, success, SIGMAS * shareError(success, n))).toBe(true);
        const variance =
          k * k * p ** k +
          sum(
            Array.from({ length: k }, (_, i) => i * i * p ** (i - 1) * (1 - p)),
            1,
          );
        expect(near(laws.attempts.mean, mean, SIGMAS * Math.sqrt(variance / n))).toBe(true);
        expect(f.counters.invocations).toBe(n + counts.retriesByCause.error);
      }
    },
  );

  // The only environment is taken for a share p of every 2 s, and the backoff is uniform over whole periods: each attempt
  // finds it taken with p, whatever the others found.
  test.each([
    ["1s", 0.5, 3],
    ["600ms", 0.3, 4],
  ])("taken for %s of every 2 s: refusals are independent, p = %d, %i attempts", (busy, p, attempts) => {
    const scenario = blocked(
      { type: "constant", rate: "0.5/s" },
      {
        duration: "0s",
        retry: { attempts, backoff: "20s", maximumBackoff: "20s", on: ["throttle"] },
        arrivals: poisson("5/s"),
        end: "4000s",
      },
      { horizon: "4100s", functions: { f: { duration: busy } } },
    );
    const success = 1 - p ** attempts;
    for (const seed of SEEDS) {
      const { counts, laws } = play(scenario, seed).entry;
      const n = counts.requests;
      expect(counts.unfinished).toBe(0);
      expect(counts.throttled).toBe(n - counts.succeeded);
      expect(near(counts.succeeded / n, success, SIGMAS * shareError(success, n))).toBe(true);
      expect(near(laws.attempts.mean, success / (1 - p), (SIGMAS * attempts) / 2 / Math.sqrt(n))).toBe(true);
    }
  });
});

describe("backoff", () => {
  const standard = buildRetry({ type: "standard" })!;
  const draws = new RandomStreams("1").open("backoff");
  const meanOf = (settings: typeof standard, reason: RetryReason, retry: number) => {
    const n = 40_000;
    let total = 0;
    for (let i = 0; i < n; i++) total += backoffOf(settings, reason, retry, draws);
    return total / n / SECOND;
  };

  test("of SDKs is half of the base on average, and doubles, to half of 20 s", () => {
    const means: [RetryReason, number, number][] = [
      ["throttle", 0, 0.5],
      ["throttle", 1, 1],
      ["throttle", 2, 2],
      ["throttle", 7, 10],
      ["timeout", 0, 0.025],
      ["timeout", 1, 0.05],
      ["error", 1, 0.05],
    ];
    for (const [reason, retry, mean] of means) {
      // Uniform: a standard deviation of mean/√3.
      expect(near(meanOf(standard, reason, retry), mean, (SIGMAS * mean) / Math.sqrt(3 * 40_000))).toBe(true);
    }
  });

  test("without jitter is the doubled base itself", () => {
    const rule = buildRetry({ type: "custom", attempts: 9, backoff: 3 * SECOND, jitter: "none" } as never)!;
    expect([0, 1, 2, 3, 60, 98].map((retry) => backoffOf(rule, "error", retry, undefined) / SECOND)).toEqual([
      3, 6, 12, 20, 20, 20,
    ]);
  });

  test("is waited: attempts at 0.5, 1.5 and 3.5 s when the function is taken until 2.5 s", () => {
    const { counts, laws } = play(
      blocked(
        times({ t: "0s", duration: "2500ms" }),
        {
          duration: "250ms",
          retry: { attempts: 3, backoff: "1s", jitter: "none" },
          arrivals: times("500ms"),
        },
        { horizon: "10s" },
      ),
    ).entry;
    expect(counts).toMatchObject({ requests: 1, succeeded: 1, receives: 1 });
    expect(counts.retriesByCause).toEqual({ throttle: 2, error: 0, timeout: 0 });
    expect(laws.attempts.mean).toBe(3);
    expect(laws.latency.mean).toBe(3_250_000);
    expect(laws.queueWait.mean).toBe(3_000_000);
  });
});

describe("a client's retry quota", () => {
  const refusedAlways = (retry: unknown, count = 160) =>
    play(
      lab({
        horizon: "20000s",
        account: quota,
        functions: { f: { duration: "1s", reservedConcurrency: 0 } },
        traffic: [{ to: "f", retry, arrivals: evenly("0.01/s"), end: `${100 * count}s` }],
      }),
    );

  test.each([
    ["standard", 1],
    [{ type: "standard", clients: 3 }, 3],
  ])("%j: 500 tokens are 100 retries after throttles, then it fails fast", (retry, clients) => {
    const { entry, f } = refusedAlways(retry);
    // Each request takes two retries until a client has none left, dealt to the clients in turn.
    expect(entry.counts).toMatchObject({ requests: 160, throttled: 160 });
    expect(entry.counts.retriesByCause.throttle).toBe(Math.min(100 * clients, 2 * 160));
    expect(sum(f.counters.throttledAttempts)).toBe(160 + Math.min(100 * clients, 2 * 160));
  });

  test("that is too small for a retry stays as it is", () => {
    const { counts } = refusedAlways({ attempts: 5, backoff: "1s", quota: 14 }, 10).entry;
    expect(counts.retriesByCause.throttle).toBe(2);
    expect(
      refusedAlways({ attempts: 5, backoff: "1s", quota: 0 }, 10).entry.counts.retriesByCause.throttle,
    ).toBe(0);
  });

  test("gets back what the last retry of a success took, and one for a success at once, up to where it began", () => {
    const quota = new RetryQuota({ ...buildRetry({ type: "standard" })!, quota: 20 });
    const takes = (reason: RetryReason) => quota.take(0, reason);
    expect([takes("timeout"), takes("throttle"), takes("throttle")]).toEqual([true, true, false]);
    quota.give(0, "throttle");
    quota.give(0, undefined);
    expect(takes("timeout")).toBe(false);
    for (let i = 0; i < 7; i++) quota.give(0, undefined);
    expect(takes("timeout")).toBe(true);
    for (let i = 0; i < 30; i++) quota.give(0, undefined);
    expect([takes("timeout"), takes("throttle"), takes("throttle")]).toEqual([true, true, false]);
  });

  test.each([
    [4, 1],
    [5, 2],
  ])("after %i successes at once the next refused request is tried %i times", (successes, tries) => {
    const clean = Array.from({ length: successes }, (_, i) => `${20 + i}s`);
    const { entry } = play(
      blocked(
        times({ t: "0s", duration: "10s" }, { t: "30s", duration: "10s" }),
        {
          duration: "10ms",
          retry: { attempts: 2, backoff: "100ms", jitter: "none", quota: 5 },
          arrivals: times("1s", ...clean, "31s"),
        },
        { horizon: "60s" },
      ),
    );
    expect(entry.counts).toMatchObject({ succeeded: successes, throttled: 2 });
    expect(entry.counts.retriesByCause.throttle).toBe(tries);
  });

  test("a success after a retry gives that retry's tokens back", () => {
    // Both are refused once; the second has tokens only because the first got through.
    const { counts } = play(
      blocked(
        times({ t: "0s", duration: "1100ms" }, { t: "10s", duration: "1100ms" }),
        {
          duration: "10ms",
          retry: { attempts: 2, backoff: "200ms", jitter: "none", quota: 5 },
          arrivals: times("1s", "11s"),
        },
        { horizon: "60s" },
      ),
    ).entry;
    expect(counts).toMatchObject({ requests: 2, succeeded: 2 });
  });
});

describe("a client's timeout", () => {
  const slow = (invoke: object, more: object = {}) =>
    play(
      lab({
        horizon: "1000s",
        functions: { f: { duration: "5s" } },
        traffic: [
          { to: "f", invoke: { type: "sync", ...invoke }, arrivals: evenly("0.05/s"), end: "200s", ...more },
        ],
      }),
    );

  test("ends the wait, not the work: the function runs on, is billed, and has no error", () => {
    const { entry, f } = slow({ timeout: "2s" });
    expect(entry.counts).toMatchObject({ requests: 10, failed: 10, succeeded: 0 });
    expect([entry.laws.latency.mean, entry.laws.latency.max]).toEqual([2e6, 2e6]);
    expect(f.counters).toMatchObject({ invocations: 10, errors: 0, billedMs: 50_000, failed: 10 });
    expect(f.concurrency.mean).toBeCloseTo(0.05, 9);
  });

  test("is a reason to try again, and each attempt is billed", () => {
    const retry = { attempts: 2, backoff: "500ms", jitter: "none" };
    const { entry, f } = slow({ timeout: "2s" }, { retry });
    expect(entry.counts).toMatchObject({ requests: 10, failed: 10 });
    expect(entry.counts.retriesByCause).toEqual({ throttle: 0, error: 0, timeout: 10 });
    expect(entry.laws.latency.mean).toBe(4.5e6);
    expect(f.counters).toMatchObject({ invocations: 20, errors: 0, billedMs: 100_000 });
    const none = slow({ timeout: "2s" }, { retry: { ...retry, on: ["throttle", "error"] } });
    expect(none.f.counters.invocations).toBe(10);
  });

  test("makes late answers reach nobody: the second attempt's counts", () => {
    const { entry, f } = play(
      lab({
        horizon: "60s",
        functions: { f: { duration: "100ms" } },
        traffic: [
          {
            to: "f",
            invoke: { type: "sync", timeout: "2s" },
            retry: { attempts: 3, backoff: "500ms", jitter: "none" },
            arrivals: times({ t: "0s", duration: "5s" }),
          },
        ],
      }),
    );
    expect(entry.counts).toMatchObject({ requests: 1, succeeded: 1, failed: 0 });
    expect(entry.laws.latency.mean).toBe(2.6e6);
    expect(f.counters).toMatchObject({ invocations: 2, billedMs: 5100 });
  });

  test("of many callers: each is given up just when its own time is up", () => {
    // 0.1 to 4 s at random, up to 120 at once; those of more than 2 s are given up after exactly that.
    const { entry } = play(
      lab({
        horizon: "2100s",
        functions: { f: { duration: { type: "uniform", min: "100ms", max: "4100ms" } } },
        traffic: [
          { to: "f", invoke: { type: "sync", timeout: "2s" }, arrivals: poisson("30/s"), end: "2000s" },
        ],
      }),
    );
    const { counts, laws } = entry;
    expect(counts.unfinished).toBe(0);
    expect(laws.latency.max).toBe(2e6);
    const late = 2.1 / 4;
    expect(near(counts.failed / counts.requests, late, SIGMAS * shareError(late, counts.requests))).toBe(
      true,
    );
    // Uniform below 2 s, and 2 s.
    const mean = ((1 - late) * (0.1 + 2)) / 2 + late * 2;
    expect(near(laws.latency.mean / SECOND, mean, (SIGMAS * 0.6) / Math.sqrt(counts.requests))).toBe(true);
  });

  test("lets an answer in that comes just then", () => {
    const { entry } = slow({ timeout: "5s" });
    expect(entry.counts).toMatchObject({ succeeded: 10, failed: 0 });
    expect(slow({ timeout: "4999999us" }).entry.counts).toMatchObject({ succeeded: 0, failed: 10 });
    expect(slow({ timeout: "5100ms", latency: "100ms" }).entry.counts).toMatchObject({ succeeded: 10 });
    expect(slow({ timeout: "5099ms", latency: "100ms" }).entry.counts).toMatchObject({ failed: 10 });
  });
});

describe("network time", () => {
  test("adds to the latency, and lies half before the function and half after", () => {
    // Taken until 1 s. Sent at 0.94 s the request comes too early, at 0.96 s in time.
    const at = (sent: string, retry: unknown = "none") =>
      play(
        blocked(
          times({ t: "0s", duration: "1s" }),
          { duration: "1s", invoke: { type: "sync", latency: "100ms" }, retry, arrivals: times(sent) },
          { horizon: "20s" },
        ),
      ).entry;
    expect(at("940ms").counts).toMatchObject({ throttled: 1 });
    const { counts, laws } = at("960ms");
    expect(counts).toMatchObject({ succeeded: 1 });
    expect(laws.age.mean).toBe(50_000);
    expect(laws.latency.mean).toBe(1_100_000);
    // Its refusal is known at 1.04 s, and it comes again at 1.09 s.
    const again = at("940ms", { attempts: 2, backoff: "0s" });
    expect(again.counts).toMatchObject({ succeeded: 1 });
    expect(again.laws.latency.mean).toBe(1_200_000);
    expect(again.laws.age.mean).toBe(150_000);
  });

  test("is drawn for each attempt: the mean of the latency is that of both", () => {
    const scenario = lab({
      horizon: "2000s",
      functions: { f: { duration: exponential("50ms") } },
      traffic: [
        {
          to: "f",
          invoke: { type: "sync", latency: { type: "gamma", mean: "80ms", cv: 0.5 } },
          arrivals: poisson("20/s"),
        },
      ],
    });
    for (const seed of SEEDS) {
      const { laws, counts } = play(scenario, seed).entry;
      const error = Math.hypot(50, 40) / Math.sqrt(counts.requests);
      expect(near(laws.latency.mean / 1000, 130, SIGMAS * error)).toBe(true);
    }
  });
});

describe("CloudWatch's counts", () => {
  test.each(["sync", { type: "sync", latency: "1ms" }, "api-gateway", "function-url"])(
    "by %j: 100 requests, 30 refused, 5 function errors make 70 Invocations, 5 Errors and 30 Throttles",
    (invoke) => {
      const { f } = run(
        lab({
          horizon: "60s",
          account: quota,
          functions: { f: { duration: "1s", timeout: "3s", reservedConcurrency: 70 } },
          traffic: [
            {
              to: "f",
              invoke,
              arrivals: times({ t: "0s", count: 5, duration: "9s" }, { t: "0s", count: 95 }),
            },
          ],
        }),
      );
      const counts = cloudWatchCounts(f.counters);
      expect(counts).toMatchObject({ Invocations: 70, Errors: 5, Throttles: 30 });
      expect((100 * counts.Errors) / counts.Invocations).toBeCloseTo(7.14, 2);
      expect(f.counters).toMatchObject({ requests: 100, succeeded: 65, failed: 5, throttled: 30 });
      // What is billed: requests by the invocation, 65 of 1 s and 5 of 3 s.
      expect(f.counters.billedMs).toBe(80_000);
    },
  );
});

describe("a function that calls another and tries again", () => {
  const chain = (timeout: string) => {
    const scenario = lab({
      horizon: "100s",
      account: quota,
      functions: {
        f: {
          duration: "500ms",
          timeout,
          calls: [{ to: "g", retry: { attempts: 10, backoff: "1s", maximumBackoff: "1s", jitter: "none" } }],
        },
        g: { duration: "1s", reservedConcurrency: 0 },
      },
      traffic: [{ to: "f", arrivals: times("0s") }],
    });
    const { result, f } = run(scenario);
    return { f, g: result.functions[1]!, call: result.entries[1]! };
  };

  test("waits as long as that takes, and fails with it", () => {
    const { f, g, call } = chain("15m");
    expect(call.counts).toMatchObject({ requests: 1, throttled: 1 });
    expect(sum(g.counters.throttledAttempts)).toBe(10);
    expect(f.counters).toMatchObject({ failed: 1, timeouts: 0, billedMs: 9500 });
  });

  test("tries no more once its own time is up", () => {
    // Tries at 0.5, 1.5, 2.5 and 3.5 s.
    const { f, g, call } = chain("4s");
    expect(f.counters).toMatchObject({ failed: 1, timeouts: 1, billedMs: 4000 });
    expect(sum(g.counters.throttledAttempts)).toBe(4);
    expect(call.counts).toMatchObject({ requests: 1, throttled: 1, unfinished: 0 });
    expect(call.counts.retriesByCause.throttle).toBe(3);
  });
});

describe("closed clients that try again", () => {
  const client = (settings: object, retry: unknown) =>
    play(
      lab({
        horizon: "550s",
        account: quota,
        functions: { f: { duration: "500ms", ...settings } },
        traffic: [{ to: "f", retry, arrivals: { type: "closed", clients: 1, thinkTime: "1s" } }],
      }),
    );
  const retry = { attempts: 3, backoff: "1s", jitter: "none" };

  test("think only after the last answer", () => {
    // 1 s of thought, three runs of 0.5 s, waits of 1 s and 2 s.
    const { entry, f } = client({ errors: "100%" }, retry);
    expect(entry.counts).toMatchObject({ requests: 100, failed: 99, unfinished: 1 });
    expect(f.counters.invocations).toBe(99 * 3 + 3);
    expect(entry.laws.latency.mean).toBeCloseTo(4.5e6, 0);
  });

  test("and after a refusal a millisecond later", () => {
    const { entry } = client({ reservedConcurrency: 0 }, retry);
    expect(entry.counts.requests).toBe(Math.floor((550 - 1) / 4.001) + 1);
  });
});

describe("the edges of the run", () => {
  const edges = (rest: object, arrivals: unknown, invoke: object = {}) =>
    play(
      lab({
        horizon: "100s",
        ...rest,
        functions: { f: { duration: "10s", errors: "100%" } },
        traffic: [
          {
            to: "f",
            invoke: { type: "sync", ...invoke },
            retry: { attempts: 2, backoff: "5s", jitter: "none" },
            arrivals,
          },
        ],
      }),
    );

  test("a request from the warm-up is not counted, its attempts after that are", () => {
    // Attempts at 10–20 and 25–35 s; warm-up until 22 s.
    const { entry, f } = edges({ warmup: "22s" }, times("10s"));
    expect(entry.counts).toMatchObject({ requests: 0, failed: 0, unfinished: 0, receives: 1 });
    expect(f.counters).toMatchObject({ requests: 0, invocations: 1, errors: 1, billedMs: 10_000 });
  });

  test.each([
    ["runs for the first time", "95s", 1],
    ["waits for its retry", "88s", 1],
    ["runs again", "80s", 2],
  ])("a request that %s at the end is unfinished", (_, sent, invocations) => {
    const { entry, f } = edges({}, times(sent));
    expect(entry.counts).toMatchObject({ requests: 1, failed: 0, unfinished: 1 });
    expect(f.counters).toMatchObject({ requests: 1, unfinished: 1, invocations });
  });

  test("so is one on its way there or back", () => {
    for (const sent of ["98s", "87s"]) {
      const { entry } = edges({}, times(sent), { latency: "8s" });
      expect(entry.counts).toMatchObject({ requests: 1, unfinished: 1 });
    }
  });
});

describe("retries against a full function", () => {
  // Refused requests come again after a uniform time of up to 300 s, 300 times the service: by then the function knows
  // nothing of them, so that attempts come nearly as a Poisson stream of what is new and what comes again, λ(1 + B + … ).
  test.each([
    [5, 3, 3],
    [10, 9, 2],
    [2, 1, 4],
  ])(
    "%i places, %d Erlang, %i attempts: success 1 − B^k, where B is Erlang's at the load with retries",
    (places, load, k) => {
      const erlang = (share: number) => {
        let offered = 0;
        for (let j = 0; j < k; j++) offered += load * share ** j;
        return erlangB(places, offered);
      };
      let b = 0;
      for (let i = 0; i < 200; i++) b = erlang(b);
      const success = 1 - b ** k;
      const scenario = lab({
        horizon: "20000s",
        warmup: "2000s",
        account: quota,
        functions: { f: { duration: exponential("1s"), reservedConcurrency: places } },
        traffic: [
          {
            to: "f",
            retry: { attempts: k, backoff: "300s", maximumBackoff: "300s", on: ["throttle"] },
            arrivals: poisson(`${load}/s`),
          },
        ],
      });
      for (const seed of SEEDS) {
        const { entry, f } = play(scenario, seed);
        const { counts } = entry;
        const answered = counts.succeeded + counts.throttled;
        const attempts = f.counters.invocations + sum(f.counters.throttledAttempts);
        // The error of Erlang's share of so many attempts, times what retries make of it: more refusals, more attempts.
        const feedback = (erlang(b + 1e-6) - erlang(b - 1e-6)) / 2e-6;
        const own = erlangBError(places, attempts / 18_000, attempts);
        const error = (SIGMAS * own) / (1 - feedback);
        expect(near(sum(f.counters.throttledAttempts) / attempts, b, error)).toBe(true);
        expect(near(counts.succeeded / answered, success, k * b ** (k - 1) * error)).toBe(true);
      }
    },
  );
});

describe("digests", () => {
  const scenario = (attempts: number) =>
    lab({
      horizon: "300s",
      account: quota,
      functions: { f: { duration: exponential("1s"), reservedConcurrency: 3, errors: "10%" } },
      traffic: [
        {
          to: "f",
          invoke: { type: "sync", timeout: "2s", latency: exponential("50ms") },
          retry: { attempts, backoff: "200ms", quota: 200 },
          arrivals: poisson("4/s"),
        },
      ],
    });

  test("are those of scenario and seed", () => {
    const digest = (attempts: number, seed: string) => run(scenario(attempts), seed).result.digest;
    expect(digest(3, "1")).toBe(digest(3, "1"));
    expect(new Set([digest(3, "1"), digest(3, "2"), digest(4, "1")]).size).toBe(3);
  });
});

describe("settings that make no sense are refused at their place", () => {
  const problems = (entry: object) => {
    try {
      parseScenario({
        lsim: 1,
        name: "bad",
        horizon: "1m",
        functions: { f: { duration: "1s" } },
        traffic: [{ to: "f", arrivals: poisson("1/s"), ...entry }],
      });
    } catch (error) {
      if (error instanceof ScenarioError)
        return error.problems.map((p) => `${p.path.join(".")}: ${p.message}`);
    }
    return [];
  };

  test.each([
    [
      { retry: { attempts: 3, backoff: "30s" } },
      'traffic.0.retry.backoff: 30 s is more than the maximumBackoff of 20 s; write a "maximumBackoff" too',
    ],
    [
      { retry: { attempts: 3, backoff: "3s", maximumBackoff: "1s" } },
      "traffic.0.retry.backoff: 3 s is more than the maximumBackoff of 1 s",
    ],
    [
      { retry: { attempts: 0, backoff: "1s" } },
      "traffic.0.retry.attempts: 0 is too small: expected a whole number from 1 to 100",
    ],
    [{ retry: { attempts: 2 } }, 'traffic.0.retry.backoff: expected a duration such as "3s", got nothing'],
    [{ invoke: { type: "sync", timeout: "0s" } }, 'traffic.0.invoke.timeout: "0s" must be more than 0'],
    [{ retry: { attempts: 2, backoff: "1s", on: [] } }, "traffic.0.retry.on: is empty"],
  ])("%j", (entry, message) => {
    expect(problems(entry)).toEqual([message]);
  });
});
