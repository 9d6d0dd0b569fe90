import { describe, expect, it } from "vitest";
import { coarse, togetherFor } from "../../reports/charts/coarse.ts";
import { type Explanation, explain } from "../../reports/text/explanations.ts";
import { worstMoment } from "../../reports/text/worst-moment.ts";
import type { Study } from "../../study/replicate.ts";
import { play } from "../support/saved.ts";

const RUSH = {
  horizon: "4m",
  replications: 2,
  account: { concurrency: 1000, scaling: { type: "burst", burst: 20, perMinute: 60 } },
  functions: { api: { initDuration: "500ms", duration: { type: "constant", value: "1s" } } },
  traffic: [
    {
      to: "api",
      arrivals: {
        type: "stages",
        start: "5/s",
        stages: [
          { duration: "1m", target: "5/s" },
          { duration: "0s", target: "100/s" },
          { duration: "3m", target: "100/s" },
        ],
      },
    },
  ],
};

const told = (study: Study, question: RegExp): Explanation | undefined =>
  explain(study).find((explanation) => question.test(explanation.question));

const worst = (study: Study) =>
  worstMoment(study, coarse(study.account.timeline, togetherFor(study.account.timeline)));

/** A sum over replications of attempts refused for a reason, on average. */
const refused = (study: Study, reason: number) =>
  study.replications.reduce(
    (sum, r) => sum + r.functions.reduce((s, f) => s + f.counters.throttledAttempts[reason]!, 0),
    0,
  ) / study.replications.length;

describe("which limit throttled whom", () => {
  it("names the scaling rate, when it held, how many it refused and what was asked for", () => {
    const study = play(RUSH);
    const found = told(study, /scaling rate/)!;
    expect(found.text).toMatch(/^From 1:00 to .* every new environment waited for the scaling rate;/);
    expect(found.evidence.fromS).toBe(60);
    // All refusals of the run lie in that stretch, but for the few below one in a hundred.
    expect(found.evidence.refused! / refused(study, 4)).toBeGreaterThan(0.98);
    expect(found.evidence.refused! / refused(study, 4)).toBeLessThanOrEqual(1 + 1e-9);
    // 100 requests a second of one second each.
    expect(found.evidence.wanted).toBeGreaterThan(90);
    expect(found.evidence.wanted).toBeLessThan(140);
    expect(found.evidence.concurrencyAfter!).toBeGreaterThan(found.evidence.concurrencyBefore! + 50);
  });

  it("says nothing of it where environments come as they are asked for", () => {
    const study = play({ ...RUSH, account: { concurrency: 1000, scaling: "unlimited" } });
    expect(refused(study, 4)).toBe(0);
    expect(told(study, /scaling rate/)).toBeUndefined();
  });

  const NEIGHBOURS = {
    horizon: "3m",
    account: { concurrency: 120, scaling: "unlimited", minimumUnreserved: 0 },
    functions: {
      batch: { initDuration: "0s", duration: { type: "constant", value: "5s" } },
      api: { initDuration: "0s", duration: { type: "constant", value: "100ms" } },
    },
    traffic: [
      { to: "batch", arrivals: { type: "poisson", rate: "40/s" } },
      { to: "api", arrivals: { type: "poisson", rate: "20/s" } },
    ],
  };

  it("names the function that held the account's concurrency while others were refused", () => {
    const found = told(play(NEIGHBOURS), /account concurrency/)!;
    expect(found.text).toMatch(/the account's 120 were full/);
    expect(found.text).toMatch(/\(batch [\d,]+, api [\d,]+\)/);
    expect(found.text).toMatch(/batch held 9\d(\.\d)? % of all concurrency/);
  });

  it("names nobody where there is room for all", () => {
    expect(
      told(
        play({ ...NEIGHBOURS, account: { ...NEIGHBOURS.account, concurrency: 500 } }),
        /account concurrency/,
      ),
    ).toBeUndefined();
  });
});

describe("why the tail is long", () => {
  const TAIL = {
    horizon: "10m",
    account: { scaling: "unlimited" },
    functions: {
      api: {
        initDuration: "3s",
        keepAlive: { type: "fixed", value: "20s" },
        duration: { type: "constant", value: "100ms" },
      },
    },
    traffic: [{ to: "api", arrivals: { type: "poisson", rate: "2/s" } }],
  };

  it("is the cold starts where these are the slowest hundredth", () => {
    const found = told(play(TAIL), /tail of api/)!;
    expect(found.text).toMatch(/^p99 of api is 3\.1\d? s, 31 times its median of 100 ms: /);
    expect(found.text).toMatch(/of the slowest hundredth waited for a cold start/);
    expect(found.evidence.coldShareOfSlowest).toBe(1);
  });

  it("is the handler where that varies", () => {
    const found = told(
      play({
        ...TAIL,
        functions: { api: { initDuration: "0s", duration: { p50: "100ms", p99: "2s" } } },
      }),
      /tail of api/,
    )!;
    expect(found.text).toMatch(/the handler itself takes that long/);
  });

  it("is what was tried again where requests fail and are retried", () => {
    const found = told(
      play({
        ...TAIL,
        functions: {
          api: { initDuration: "0s", errors: "5%", duration: { type: "constant", value: "100ms" } },
        },
        traffic: [
          {
            to: "api",
            invoke: "sync",
            retry: { attempts: 4, backoff: "2s", on: ["error"] },
            arrivals: { type: "poisson", rate: "5/s" },
          },
        ],
      }),
      /tail of api/,
    )!;
    expect(found.text).toMatch(/was tried at least [23] times, and waited in between/);
  });

  it("is not told where there is none", () => {
    expect(
      told(
        play({
          ...TAIL,
          functions: { api: { initDuration: "0s", duration: { type: "constant", value: "100ms" } } },
        }),
        /tail/,
      ),
    ).toBeUndefined();
  });
});

describe("what cold starts cost", () => {
  const COLD = {
    horizon: "10m",
    replications: 1,
    account: { scaling: "unlimited" },
    functions: {
      api: {
        memorySize: "1024 MB",
        initDuration: "2s",
        keepAlive: { type: "fixed", value: "10s" },
        duration: { type: "constant", value: "100ms" },
      },
    },
    traffic: [{ to: "api", arrivals: { type: "poisson", rate: "2/s" } }],
  };

  it("is time for those who wait, and the price of their init", () => {
    const study = play(COLD);
    const found = told(study, /cold starts of api cost/)!;
    const n = study.replications[0]!.functions[0]!.counters.coldStarts;
    expect(found.evidence.coldStarts).toBe(n);
    expect(found.evidence.addedMs).toBeCloseTo(2000, -1);
    // 1 GB for 2 s each, at the first tier's price of x86_64.
    expect(found.evidence.initUsd).toBeCloseTo(n * 2 * 0.0000166667, 9);
  });

  it("is no money where init is not billed, and nothing where no start is cold", () => {
    const free = told(play({ ...COLD, pricing: { billInit: false } }), /cold starts of api cost/)!;
    expect(free.evidence.initUsd).toBeUndefined();
    expect(free.text).not.toContain("$");
    const warm = play({
      ...COLD,
      functions: { api: { ...COLD.functions.api, provisionedConcurrency: 20 } },
    });
    expect(told(warm, /cold starts/)).toBeUndefined();
  });
});

describe("what a queue did", () => {
  const QUEUE = {
    horizon: "30m",
    account: { scaling: "unlimited" },
    functions: {
      worker: {
        timeout: "10s",
        initDuration: "0s",
        reservedConcurrency: 5,
        duration: { type: "constant", value: "1s" },
      },
    },
    traffic: [
      {
        name: "orders",
        to: "worker",
        invoke: { type: "sqs", batchSize: 1 },
        arrivals: {
          type: "stages",
          start: "1/s",
          stages: [
            { duration: "5m", target: "1/s" },
            { duration: "0s", target: "10/s" },
            { duration: "5m", target: "10/s" },
            { duration: "0s", target: "1/s" },
            { duration: "20m", target: "1/s" },
          ],
        },
      },
    ],
  };

  it("says when it grew, how much came and was handled, and when it was worked off", () => {
    const found = told(play(QUEUE), /queue of orders/)!;
    expect(found.evidence.beginsS).toBeGreaterThan(290);
    expect(found.evidence.beginsS).toBeLessThan(400);
    expect(found.evidence.peakS).toBeGreaterThan(570);
    expect(found.evidence.peakS).toBeLessThan(630);
    // 1,500 messages too many, worked off at 4 a second: about six minutes.
    expect(found.evidence.overS).toBeGreaterThan(600 + 300);
    expect(found.evidence.overS).toBeLessThan(600 + 600);
    expect(found.text).toMatch(/the backlog was worked off by 1\d:\d\d/);
  });

  it("says what is left where it is not worked off", () => {
    const short = play({ ...QUEUE, horizon: "11m" });
    expect(told(short, /queue of orders/)!.text).toMatch(/[\d,]+ still waited at the end/);
  });

  it("is not told where nothing piles up", () => {
    const study = play({
      ...QUEUE,
      functions: { worker: { ...QUEUE.functions.worker, reservedConcurrency: 100 } },
    });
    expect(told(study, /queue/)).toBeUndefined();
  });
});

describe("the worst moment", () => {
  it("is the one with the most throttles, with the limit that held then", () => {
    const { t, text } = worst(play(RUSH));
    expect(t).toBeGreaterThanOrEqual(60);
    expect(t).toBeLessThan(70);
    expect(text).toMatch(/arrivals a second are throttled: from 1:00 to .* scaling rate$/);
  });

  it("is that of the highest p99 where nothing is throttled", () => {
    const { t, text } = worst(play({ ...RUSH, account: { concurrency: 1000, scaling: "unlimited" } }));
    // One of the first two seconds of the rush, and not the very first requests, which wait just as long.
    expect([60, 61]).toContain(t);
    expect(text).toMatch(/^p99 is 1\.5 s, usually 1 s: for \d+(\.\d)? % of arrivals an environment starts$/);
  });

  it("is the busiest one where latency hardly moves", () => {
    const flat = play({
      ...RUSH,
      account: { concurrency: 1000, scaling: "unlimited" },
      functions: { api: { initDuration: "0s", duration: { type: "constant", value: "1s" } } },
    });
    expect(worst(flat).text).toMatch(/^the most is running, up to 1\d\d at a time$/);
  });
});
