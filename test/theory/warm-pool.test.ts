import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coldShare, exponential, meanOf, near, one, poisson, run, SEEDS } from "../support/lab.ts";
import { mostSoFar, SIGMAS, shareError, warmPool } from "../support/theory.ts";

const REUSE = ["mru", "lru", "random", "newest"] as const;

describe("the warm pool when the environment that finished last is used first", () => {
  test("0.5 requests a second of 2 s, kept for 300 s: cold share, warm, idle, mean life", () => {
    const scenario = one({ keepAlive: "300s", duration: exponential("2s") }, poisson("0.5/s"), {
      horizon: "2010000s",
      warmup: "10000s",
    });
    const theory = warmPool(0.5, 2, 300);
    expect(theory.coldShare).toBeCloseTo(0.00425257, 7);
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(coldShare(f), 0.00425257, 0.00021)).toBe(true);
      expect(near(f.environments.mean, 5.19721, 0.041)).toBe(true);
      expect(near(f.environments.idleMean, 4.19721, 0.038)).toBe(true);
      expect(near(f.environments.meanLifeS, 2444.3, 120)).toBe(true);
    }
  });

  test("the longer it is kept, the fewer cold starts, as first passages say", () => {
    for (const T of [10, 60, 900]) {
      const { coldShare: share, warm } = warmPool(0.5, 2, T);
      const n = 300_000;
      const scenario = one({ keepAlive: `${T}s`, duration: exponential("2s") }, poisson("0.5/s"), {
        horizon: `${2 * n + 5000}s`,
        warmup: "5000s",
      });
      for (const seed of SEEDS) {
        const { f } = run(scenario, seed);
        // A new most uses up the chance of the next: cold starts are no more irregular than independent ones.
        expect(near(coldShare(f), share, SIGMAS * shareError(share, n))).toBe(true);
        // A level forgets itself after about the time it is kept.
        expect(near(f.environments.mean, warm, 0.041 * Math.sqrt((1e6 / n) * Math.max(1, T / 300)))).toBe(
          true,
        );
      }
    }
  });
});

describe("the warm pool at other rates, durations and keep-alives, by first passages", () => {
  test.each([
    [0.05, 10, 90],
    [2, 1.5, 40],
    [8, 0.25, 5],
    [1.5, 4, 120],
  ])("%d requests a second of %d s, kept for %d s: cold share, warm, idle, mean life", (rate, service, T) => {
    const theory = warmPool(rate, service, T);
    const requests = 40_000;
    const scenario = one({ keepAlive: `${T}s`, duration: exponential(`${service}s`) }, poisson(`${rate}/s`), {
      horizon: `${requests / rate + 20 * T}s`,
      warmup: `${20 * T}s`,
    });
    const runs = Array.from({ length: 30 }, (_, i) => run(scenario, `warm-${i}`).f);
    const check = (value: (f: (typeof runs)[number]) => number, expected: number, most: number) => {
      const { mean, tolerance } = meanOf(runs.map(value));
      expect(near(mean, expected, tolerance)).toBe(true);
      expect(tolerance).toBeLessThan(most * expected);
    };
    check(coldShare, theory.coldShare, 0.12);
    check((f) => f.environments.mean, theory.warm, 0.02);
    check((f) => f.environments.idleMean, theory.idle, 0.03);
    check((f) => f.environments.meanLifeS, theory.meanLife, 0.12);
  });
});

describe("which idle environment is used decides how many stay warm", () => {
  const pool = (reuse: (typeof REUSE)[number]) =>
    one({ keepAlive: "60s", reuse, duration: exponential("2s") }, poisson("0.5/s"), {
      horizon: "1001000s",
      warmup: "1000s",
    });
  /** Half a unit of the last digit given and, of 500,000 requests, what chance allows. */
  const check = (reuse: (typeof REUSE)[number], share: number, digit: number, warm: number) => {
    for (const seed of SEEDS) {
      const { f } = run(pool(reuse), seed);
      expect(near(coldShare(f), share, digit / 2 + SIGMAS * shareError(share, 500_000))).toBe(true);
      expect(near(f.environments.mean, warm, 0.005 + 0.041 * Math.SQRT2)).toBe(true);
    }
  };

  test("last finished first: 2.42 % cold, 4.11 warm", () => check("mru", 0.0242, 0.0001, 4.11));
  test("at random: 0.20 % cold, 5.60 warm", () => check("random", 0.002, 0.0001, 5.6));
  test("least recently used: hardly ever cold, 8.99 warm", () => {
    // A cold start is felt for weeks: runs differ, and it is their mean that counts.
    const scenario = one({ keepAlive: "60s", reuse: "lru", duration: exponential("2s") }, poisson("0.5/s"), {
      horizon: "1000000s",
      warmup: "500000s",
    });
    const runs = Array.from({ length: 20 }, (_, i) => run(scenario, `lru-${i}`).f);
    const { mean, tolerance } = meanOf(runs.map((f) => f.environments.mean));
    expect(near(mean, 8.99, tolerance)).toBe(true);
    expect(tolerance).toBeLessThan(1);
    const share = runs.reduce((n, f) => n + f.counters.coldStarts, 0) / 5e6;
    expect(near(share, 0.000002, SIGMAS * shareError(0.000002, 5e6))).toBe(true);
  });
});

describe("a request of 1.991 s warm and 2.244 s cold, 0.9 a second, kept for 600 s", () => {
  const pool = (reuse: (typeof REUSE)[number]) =>
    one(
      { keepAlive: "600s", reuse, duration: exponential("1.991s"), initDuration: "253ms" },
      poisson("0.9/s"),
      { horizon: "1005000s", warmup: "5000s" },
    );

  test("most recently used: 0.133 % cold, 7.70 live, 1.79 running", () => {
    for (const seed of SEEDS) {
      const { f } = run(pool("mru"), seed);
      expect(coldShare(f)).toBeGreaterThan(0.0012);
      expect(coldShare(f)).toBeLessThan(0.0015);
      expect(near(f.environments.mean, 7.7, 0.15)).toBe(true);
      expect(near(f.concurrency.mean, 1.79, 0.02)).toBe(true);
      expect(near(f.environments.meanLifeS, 6440, 600)).toBe(true);
    }
  });

  test("newest first, as SimFaaS has it: the published 0.14 % cold and 7.66 live", () => {
    for (const seed of SEEDS) {
      const { f } = run(pool("newest"), seed);
      expect(near(coldShare(f), 0.0014, 0.0002)).toBe(true);
      expect(near(f.environments.mean, 7.66, 0.15)).toBe(true);
      expect(near(f.concurrency.mean, 1.79, 0.02)).toBe(true);
    }
  });

  test("least recently used: about 1 in 100,000 cold, as many live as ever ran at once, about 11.9", () => {
    // Every environment's turn comes long before 600 s are over, so each new most stays for good, and the dozen
    // environments that the most ever needs are all the cold starts there are.
    const settings = { reuse: "lru", duration: exponential("1.991s"), initDuration: "253ms" } as const;
    const horizon = "1000000s";
    const runs = Array.from({ length: 8 }, (_, i) => {
      const { f } = run(one({ ...settings, keepAlive: "600s" }, poisson("0.9/s"), { horizon }), `lru-${i}`);
      expect(f.environments.created).toBe(f.environments.max);
      expect(coldShare(f)).toBeLessThan(0.00002);
      return f;
    });
    const theory = mostSoFar(0.9, 1.991, 1e6);
    const live = meanOf(runs.map((f) => f.environments.mean));
    expect(near(live.mean, theory.mean, live.tolerance)).toBe(true);
    expect(near(live.mean, 11.9, live.tolerance)).toBe(true);
    const created = meanOf(runs.map((f) => f.environments.created));
    expect(near(created.mean, theory.end, created.tolerance)).toBe(true);
  });
});

/** The pool once more, as plainly as can be: a list of idle environments, looked through at every request. */
function plainly(
  requests: readonly (readonly [gap: number, service: number])[],
  { T, life, reuse }: { T: number; life: number; reuse: "mru" | "lru" | "newest" },
) {
  type Idle = { born: number; since: number };
  let busy: { born: number; ends: number }[] = [];
  let idle: Idle[] = [];
  let cold = 0;
  let lived = 0;
  let t = 0;
  const bury = (until: number) => {
    busy.sort((a, b) => a.ends - b.ends || a.born - b.born);
    for (const { born, ends } of busy) if (ends <= until) idle.push({ born, since: ends });
    busy = busy.filter(({ ends }) => ends > until);
    const alive = ({ born, since }: Idle) => until <= since + T && until < born + life;
    for (const e of idle)
      if (!alive(e)) lived += Math.max(e.since, Math.min(e.since + T, e.born + life)) - e.born;
    idle = idle.filter(alive);
  };
  for (const [gap, service] of requests) {
    t += gap;
    bury(t);
    const chosen = {
      mru: idle.length - 1,
      lru: 0,
      newest: idle.findIndex((e) => e.born === Math.max(...idle.map((i) => i.born))),
    };
    const [taken] = idle.length > 0 ? idle.splice(chosen[reuse], 1) : [];
    if (!taken) cold++;
    busy.push({ born: taken?.born ?? t, ends: t + service });
  }
  bury(1e6);
  return { cold, lived };
}

describe("on any path, every rule of reuse does what a plain list does", () => {
  test("cold starts and the time environments live, with keep-alive and maximum lifetime", () => {
    const whole = (min: number, max: number) => fc.integer({ min, max });
    // Gaps and services such that no two environments are born or fall idle together.
    const request = fc.tuple(whole(1, 8), whole(0, 12));
    const rules = fc.record({
      T: whole(0, 15),
      life: whole(5, 60),
      reuse: fc.constantFrom("mru" as const, "lru" as const, "newest" as const),
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 60 }), rules, (drawn, rule) => {
        const requests = drawn.map(([gap, service], i) => [gap, service + (i + 1) / 1000] as const);
        let t = 0;
        const timestamps = requests.map(([gap]) => `${(t += gap)}s`);
        const durations = requests.map(([, service]) => `${service}s`);
        const { T, life, reuse } = rule;
        const { f } = run(
          one(
            { keepAlive: `${T}s`, maximumLifetime: `${life}s`, reuse },
            { type: "trace", timestamps, durations },
            { horizon: "1000s" },
          ),
        );
        const expected = plainly(requests, rule);
        expect(f.counters.coldStarts).toBe(expected.cold);
        expect(f.environments.mean * 1000).toBeCloseTo(expected.lived, 6);
      }),
      { seed: 22, numRuns: 500 },
    );
  });
});

/** One function's path, event by event, and what the identity M(t) = max of N over [t − T, t] makes of it. */
class Path {
  cold = 0;
  most = 0;
  warmSeconds = 0;
  /** [time, N just before]; completions come first at one instant. */
  private readonly steps: [at: number, before: number][] = [];
  private readonly ends: number[] = [];
  private n = 0;
  private readonly T: number;

  constructor(requests: readonly (readonly [gap: number, service: number])[], T: number, init: number) {
    this.T = T;
    let t = 0;
    for (const [gap, service] of requests) {
      t += gap;
      this.completeUntil(t);
      const isCold = this.n === this.max(t);
      if (isCold) this.cold++;
      this.steps.push([t, this.n++]);
      this.ends.push(t + service + (isCold ? init : 0));
      this.ends.sort((a, b) => a - b);
      this.most = Math.max(this.most, this.max(t));
    }
    this.completeUntil(Number.POSITIVE_INFINITY);
    const corners = [...new Set(this.steps.flatMap(([at]) => [at, at + T]))].sort((a, b) => a - b);
    for (let i = 1; i < corners.length; i++) {
      const middle = (corners[i]! + corners[i - 1]!) / 2;
      this.warmSeconds += this.max(middle) * (corners[i]! - corners[i - 1]!);
    }
  }

  private completeUntil(t: number): void {
    while (this.ends.length > 0 && this.ends[0]! <= t) this.steps.push([this.ends.shift()!, this.n--]);
  }

  /** The most executions at any time in [t − T, t]. */
  private max(t: number): number {
    let most = 0;
    let now = 0;
    this.steps.forEach(([at, before], i) => {
      if (at > t) return;
      if (at >= t - this.T) most = Math.max(most, before);
      const after = this.steps[i + 1]?.[1] ?? this.n;
      now = after;
      if (at >= t - this.T) most = Math.max(most, after);
    });
    return Math.max(most, now);
  }
}

describe("on any path, warm environments are the most executions of the last T", () => {
  const whole = (max: number) => fc.integer({ min: 0, max });
  const paths = fc.record({
    requests: fc.array(fc.tuple(whole(8), whole(12)), { minLength: 1, maxLength: 40 }),
    T: whole(15),
    init: whole(3),
  });

  test("cold starts, the most environments and the time they live", () => {
    fc.assert(
      fc.property(paths, ({ requests, T, init }) => {
        const path = new Path(requests, T, init);
        let t = 0;
        const timestamps = requests.map(([gap]) => `${(t += gap)}s`);
        const durations = requests.map(([, service]) => `${service}s`);
        const { f } = run(
          one(
            { keepAlive: `${T}s`, initDuration: `${init}s` },
            { type: "trace", timestamps, durations },
            { horizon: "1000s" },
          ),
        );
        expect(f.counters.coldStarts).toBe(path.cold);
        expect(f.environments.created).toBe(path.cold);
        expect(f.environments.max).toBe(path.most);
        expect(f.environments.mean * 1000).toBeCloseTo(path.warmSeconds, 6);
      }),
      { seed: 20, numRuns: 400 },
    );
  });

  test("kept forever, there are as many environments as executions at the most, whichever is used", () => {
    fc.assert(
      fc.property(paths, fc.constantFrom(...REUSE), ({ requests }, reuse) => {
        let t = 0;
        const timestamps = requests.map(([gap]) => `${(t += gap)}s`);
        const durations = requests.map(([, service]) => `${service}s`);
        const { f } = run(one({ reuse }, { type: "trace", timestamps, durations }, { horizon: "1000s" }));
        expect(f.counters.coldStarts).toBe(f.environments.max);
        expect(f.environments.max).toBe(new Path(requests, 1e6, 0).most);
      }),
      { seed: 21, numRuns: 200 },
    );
  });
});
