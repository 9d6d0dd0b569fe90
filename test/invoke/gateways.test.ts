import { describe, expect, test } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { evenly, lab, near, poisson, run, SEEDS, sum } from "../support/lab.ts";
import { SIGMAS, shareError } from "../support/theory.ts";

const times = (...at: (string | object)[]) => ({ type: "times", at });
const gateway = (settings: object = {}) => ({ type: "api-gateway", ...settings });

function play(scenario: Scenario, seed?: string) {
  const { f, result } = run(scenario, seed);
  const entry = result.entries[0]!;
  // Only what is there.
  const statuses = Object.fromEntries(Object.entries(entry.counts.statuses).filter(([, n]) => n > 0));
  return { entry, f, result, statuses };
}

describe("the account's API Gateway bucket", () => {
  const flood = (arrivals: unknown, horizon: string, invoke: unknown = "api-gateway") =>
    play(
      lab({
        horizon,
        functions: { f: { duration: "1ms" } },
        traffic: [{ to: "f", invoke, arrivals, end: "10s" }],
      }),
    );

  test("12,000 a second for 10 s from a full bucket: refusals from 2.5 s on, 105,000 taken, 15,000 refused", () => {
    expect(flood(evenly("12000/s"), "2499ms").entry.counts.statuses[429]).toBe(0);
    expect(near(flood(evenly("12000/s"), "2520ms").entry.counts.statuses[429], 40, 2)).toBe(true);
    const { entry, f, statuses } = flood(evenly("12000/s"), "11s");
    // The last one comes 1/12,000 s before 10 s, when the last token is not yet whole.
    expect(entry.counts).toMatchObject({ requests: 120_000, succeeded: 104_999, throttled: 15_001 });
    expect(statuses).toEqual({ 200: 104_999, 429: 15_001 });
    // Lambda never hears of those.
    expect(f.counters).toMatchObject({ invocations: 104_999, throttled: 15_001 });
    expect(sum(f.counters.throttledAttempts)).toBe(0);
  });

  test.each([
    [100, 30, "150/s", 1030, 470],
    // One token alone: what comes while it is there is lost, and every other request is refused.
    [1000, 1, "1100/s", 5500, 5500],
    [200, undefined, "300/s", 2100, 900],
  ])(
    "of %i a second and %s: at %s for 10 s it takes %i and refuses %i",
    (rate, burst, arrivals, taken, refused) => {
      const { counts } = flood(evenly(arrivals), "11s", gateway({ rate: `${rate}/s`, burst })).entry;
      expect(near(counts.succeeded, taken, 1)).toBe(true);
      expect(near(counts.throttled, refused, 1)).toBe(true);
    },
  );

  test("takes a burst at once, and is full again later", () => {
    const wave = (t: string) => ({ t, count: 7000 });
    const { entry } = flood(times(wave("0s"), wave("100ms"), wave("5s")), "11s");
    // 5,000, then the 1,000 that have come, then 5,000 again: no more than the bucket holds.
    expect(entry.counts.statuses[200]).toBe(11_000);
  });

  test("is one for APIs of both kinds, whichever of them writes it", () => {
    const both = (first: object, second: object) =>
      run(
        lab({
          horizon: "11s",
          functions: { f: { duration: "1ms" }, g: { duration: "1ms" } },
          traffic: [
            { to: "f", invoke: gateway(first), arrivals: evenly("701/s"), end: "10s" },
            { to: "g", invoke: gateway({ api: "http", ...second }), arrivals: evenly("499/s"), end: "10s" },
            { to: "g", name: "url", invoke: "function-url", arrivals: evenly("600/s"), end: "10s" },
          ],
        }),
      ).result.entries.map((e) => e.counts);
    const limit = { rate: "1000/s", burst: 500 };
    for (const [f, g, url] of [both(limit, {}), both({}, limit), both(limit, limit)]) {
      expect(near(f!.succeeded + g!.succeeded, 10_500, 2)).toBe(true);
      expect(near(f!.throttled + g!.throttled, 1500, 2)).toBe(true);
      expect(Math.min(f!.throttled, g!.throttled)).toBeGreaterThan(0);
      expect(url!.throttled).toBe(0);
    }
  });
});

describe("what the client is told", () => {
  const told = (invoke: unknown, settings: object, arrivals: unknown, retry: unknown = "none") =>
    play(
      lab({
        horizon: "200s",
        account: { concurrency: 1000 },
        functions: { f: { duration: "1s", ...settings } },
        traffic: [{ to: "f", invoke, retry, arrivals }],
      }),
    );
  const many = times({ t: "0s", count: 50 });

  test.each([
    ["api-gateway", 500],
    [gateway({ api: "http" }), 500],
    ["function-url", 429],
  ])("%j: a refusal of Lambda shows as %i", (invoke, status) => {
    const { entry, f, statuses } = told(invoke, { reservedConcurrency: 30 }, many);
    expect(statuses).toEqual({ 200: 30, [status]: 20 });
    expect(entry.counts).toMatchObject({ succeeded: 30, throttled: 20, failed: 0 });
    expect(sum(f.counters.throttledAttempts)).toBe(20);
  });

  test.each(["api-gateway", gateway({ api: "http" }), "function-url"])(
    "%j: a function error and a function's timeout show as 502",
    (invoke) => {
      expect(told(invoke, { errors: "100%" }, many).statuses).toEqual({ 502: 50 });
      const late = told(invoke, { timeout: "3s" }, times({ t: "0s", duration: "9s" }));
      expect(late.statuses).toEqual({ 502: 1 });
      expect(late.f.counters.errors).toBe(1);
    },
  );

  test.each([
    ["api-gateway", 29, 504],
    [gateway({ integrationTimeout: "2m" }), 120, 504],
    [gateway({ integrationTimeout: "50ms" }), 0.05, 504],
    [gateway({ api: "http" }), 30, 503],
    [gateway({ api: "http", integrationTimeout: "6500ms" }), 6.5, 503],
  ])(
    "%j: after %d s the gateway gives up with %i; the function runs on and is billed",
    (invoke, after, status) => {
      const settings = { duration: "130s", timeout: "15m" };
      const { entry, f, statuses } = told(invoke, settings, times({ t: "0s", count: 3 }));
      expect(statuses).toEqual({ [status]: 3 });
      expect(entry.counts).toMatchObject({ failed: 3 });
      expect(entry.laws.latency.max).toBe(after * 1e6);
      expect(f.counters).toMatchObject({ invocations: 3, errors: 0, billedMs: 390_000 });
      const inTime = told(invoke, { ...settings, duration: `${after}s` }, many);
      expect(inTime.statuses).toEqual({ 200: 50 });
    },
  );

  test("a cold start counts towards the integration timeout, the network does not", () => {
    const cold = { initDuration: "3s", duration: "4s" };
    expect(told(gateway({ integrationTimeout: "6900ms" }), cold, times("0s", "50s")).statuses).toEqual({
      200: 1,
      504: 1,
    });
    const far = gateway({ integrationTimeout: "7s", latency: "2s" });
    const { statuses, entry } = told(far, cold, times("0s"));
    expect(statuses).toEqual({ 200: 1 });
    expect(entry.laws.latency.mean).toBe(9e6);
  });

  test("a function URL waits as long as the function runs", () => {
    const { statuses, entry } = told("function-url", { duration: "190s" }, times("0s"));
    expect(statuses).toEqual({ 200: 1 });
    expect(entry.laws.latency.mean).toBe(190e6);
  });

  test("reserved concurrency limits a function URL to ten times as many requests a second", () => {
    const { entry } = play(
      lab({
        horizon: "100s",
        account: { concurrency: 1000, requestRate: "aws" },
        functions: { f: { duration: "1ms", reservedConcurrency: 5 } },
        traffic: [{ to: "f", invoke: "function-url", arrivals: evenly("80/s") }],
      }),
    );
    // 50 a second, after one second's worth that the quota holds at first.
    expect(near(entry.counts.statuses[429], 8000 - 50 * 101, 2)).toBe(true);
  });

  test("a client that gives up first is told nothing", () => {
    const { statuses, entry, f } = told(gateway({ timeout: "500ms" }), {}, many);
    expect(statuses).toEqual({});
    expect(entry.counts).toMatchObject({ failed: 50 });
    expect(f.counters.billedMs).toBe(50_000);
  });
});

describe("the client of a gateway tries again", () => {
  const once = (invoke: unknown, retry: unknown, settings: object = {}, arrivals: unknown = times("0s")) =>
    play(
      lab({
        horizon: "300s",
        account: { concurrency: 1000 },
        functions: { f: { duration: "100ms", ...settings } },
        traffic: [{ to: "f", invoke, retry, arrivals }],
      }),
    );

  test("as SDKs do after 500, 502 and 504, with the short backoff; not after a function error that Lambda answers with 200", () => {
    const fails = { errors: "100%" };
    for (const invoke of ["api-gateway", "function-url"]) {
      const { entry, statuses } = once(invoke, "standard", fails);
      expect(statuses).toEqual({ 502: 3 });
      expect(entry.counts.retriesByCause).toEqual({ throttle: 0, error: 2, timeout: 0 });
      expect(entry.laws.latency.max).toBeLessThan(300e3 + 50e3 + 100e3);
    }
    expect(once("sync", "standard", fails).entry.counts.retriesByCause.error).toBe(0);
    const refused = once("api-gateway", "standard", { reservedConcurrency: 0 });
    expect(refused.statuses).toEqual({ 500: 3 });
    expect(refused.entry.counts.retriesByCause.error).toBe(2);
    const url = once("function-url", "standard", { reservedConcurrency: 0 });
    expect(url.statuses).toEqual({ 429: 3 });
    expect(url.entry.counts.retriesByCause.throttle).toBe(2);
    const slow = once(gateway({ integrationTimeout: "50ms" }), "standard");
    expect(slow.statuses).toEqual({ 504: 3 });
    expect(slow.entry.counts.retriesByCause.timeout).toBe(2);
    expect(slow.f.counters).toMatchObject({ invocations: 3, billedMs: 300, errors: 0 });
  });

  test("only for its own reasons: a 500 is no throttle to it", () => {
    const retry = (...on: string[]) => ({ attempts: 2, backoff: "1s", on });
    const full = { reservedConcurrency: 0 };
    expect(once("api-gateway", retry("throttle", "timeout"), full).statuses).toEqual({ 500: 1 });
    expect(once("api-gateway", retry("error"), full).statuses).toEqual({ 500: 2 });
    expect(once("function-url", retry("throttle"), full).statuses).toEqual({ 429: 2 });
  });

  test("after the gateway's 429, and each attempt takes a token", () => {
    const retry = { attempts: 3, backoff: "1s", jitter: "none", on: ["throttle"] };
    const limit = gateway({ rate: "1/s", burst: 2 });
    // Two are taken at once; of the other eight one gets through 1 s later, and two another 2 s later.
    const { statuses, entry } = once(limit, retry, {}, times({ t: "0s", count: 10 }));
    expect(entry.counts).toMatchObject({ succeeded: 5, throttled: 5 });
    expect(statuses).toEqual({ 200: 5, 429: 8 + 7 + 5 });
  });

  test("with failures by chance it gets through as often as the attempts allow", () => {
    const scenario = lab({
      horizon: "1000s",
      functions: { f: { duration: "10ms", errors: "30%" } },
      traffic: [
        {
          to: "f",
          invoke: "api-gateway",
          retry: { attempts: 3, backoff: "100ms" },
          arrivals: poisson("30/s"),
          end: "990s",
        },
      ],
    });
    for (const seed of SEEDS) {
      const { counts } = play(scenario, seed).entry;
      const success = 1 - 0.3 ** 3;
      expect(
        near(counts.succeeded / counts.requests, success, SIGMAS * shareError(success, counts.requests)),
      ).toBe(true);
      expect(counts.statuses[502]).toBe(counts.retriesByCause.error + counts.failed);
      expect(counts.statuses[200]).toBe(counts.succeeded);
    }
  });
});

test("a function may call another through a gateway, and fails when it is refused there", () => {
  const { result, f } = run(
    lab({
      horizon: "60s",
      functions: {
        f: {
          duration: "100ms",
          calls: [{ to: "g", invoke: gateway({ rate: "1/s", burst: 2 }) }],
        },
        g: { duration: "200ms" },
      },
      traffic: [{ to: "f", arrivals: times({ t: "0s", count: 5 }) }],
    }),
  );
  expect(f.counters).toMatchObject({ succeeded: 2, failed: 3, invocations: 5 });
  expect(result.entries[1]!.counts.statuses).toMatchObject({ 200: 2, 429: 3 });
});

describe("settings that make no sense are refused at their place", () => {
  const problems = (...invokes: unknown[]) => {
    try {
      parseScenario({
        lsim: 1,
        name: "bad",
        horizon: "1m",
        functions: { f: { duration: "1s" }, g: { duration: "1s" } },
        traffic: invokes.map((invoke, i) => ({ to: "fg"[i], invoke, arrivals: poisson("1/s") })),
      });
    } catch (error) {
      if (error instanceof ScenarioError)
        return error.problems.map((p) => `${p.path.join(".")}: ${p.message}`);
    }
    return [];
  };
  const at = (setting: string) => `traffic.0.invoke.${setting}`;

  test.each([
    [
      { integrationTimeout: "301s" },
      /^.*integrationTimeout: "301s" is out of range: API Gateway takes 50ms to 300s/,
    ],
    [{ integrationTimeout: "40ms" }, /integrationTimeout: "40ms" is out of range/],
    [
      { api: "http", integrationTimeout: "31s" },
      /integrationTimeout: 31 s is more than an HTTP API can wait: at most 30 s/,
    ],
    [{ burst: 100 }, /burst: goes with a "rate"/],
    [{ rate: "0.5/s" }, /rate: must be a whole number of requests a second, at least 1\/s/],
    [{ rate: "0/s", burst: 3 }, /rate: must be a whole number/],
    [{ rate: "10/s", burst: 0 }, /burst: 0 is too small/],
    [{ api: "soap" }, /api: "soap" is not one of them/],
    [{ timeOut: "3s" }, /timeOut: unknown setting; did you mean "timeout"\?/],
  ])("%j", (settings, message) => {
    const found = problems(gateway(settings));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
    expect(found[0]!.startsWith(at(Object.keys(settings).at(-1)!)) || found[0]!.startsWith(at("rate"))).toBe(
      true,
    );
  });

  test("two entries that write different rates of the account", () => {
    const limit = (rate: string, burst?: number) => gateway({ rate, burst });
    expect(problems(limit("100/s"), limit("100/s", 50))).toEqual([]);
    expect(problems(limit("100/s"), "api-gateway")).toEqual([]);
    expect(problems(limit("100/s"), limit("200/s"))).toEqual([
      "traffic.1.invoke.rate: is one for the whole account: 200 requests/s with bursts of 100 here, but 100 requests/s with bursts of 50 at traffic.0.invoke.rate",
    ]);
  });

  test("a function URL with settings of API Gateway", () => {
    expect(problems({ type: "function-url", integrationTimeout: "3s" })).toEqual([
      "traffic.0.invoke.integrationTimeout: unknown setting; known: type, timeout, latency",
    ]);
  });
});
