import { describe, expect, test } from "vitest";
import { coldShare, evenly, exponential, near, one, poisson, run, SEEDS, waves } from "../support/lab.ts";

describe("a function kept 640 s and at most two hours", () => {
  test("100 requests a second of 200 ms for 6 h: 20 running, about 41 live, 0.007 % cold", () => {
    const scenario = one(
      { duration: exponential("200ms"), keepAlive: "640s", maximumLifetime: "2h" },
      poisson("100/s"),
      { horizon: "6h" },
    );
    for (const seed of SEEDS) {
      const { f } = run(scenario, seed);
      expect(near(f.concurrency.mean, 20, 0.1)).toBe(true);
      expect(near(f.environments.mean, 41, 1.5)).toBe(true);
      expect(coldShare(f)).toBeGreaterThan(0.00004);
      expect(coldShare(f)).toBeLessThan(0.00011);
    }
  });
});

describe("a ping every 5 minutes, kept 10 minutes and at most two hours", () => {
  const pinged = (arrivals: unknown, duration = "0s") =>
    run(one({ duration, keepAlive: "10m", maximumLifetime: "2h" }, arrivals, { horizon: "1d" })).f;

  test("is cold at 0, 2, 4 h …: 12 of 288 a day", () => {
    const { counters, timeline } = pinged(evenly("12/h"));
    expect([counters.coldStarts, counters.requests]).toEqual([12, 288]);
    const cold = [...timeline!.coldStarts.keys()].filter((row) => timeline!.coldStarts[row]! > 0);
    expect(cold.map((row) => (row * timeline!.interval) / 3_600_000_000)).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22,
    ]);
  });

  test.each([
    [7, 30, 3],
    [10, 9, 2],
    [4, 5, 1],
  ])(
    "every %d minutes, kept %d minutes and at most %d hours: one in so many is cold",
    (every, kept, hours) => {
      const f = run(
        one(
          { duration: "0s", keepAlive: `${kept}m`, maximumLifetime: `${hours}h` },
          { type: "times", at: Array.from({ length: 1000 }, (_, i) => `${i * every}m`) },
          { horizon: "10d" },
        ),
      ).f;
      // An environment of exactly its maximum lifetime is not used any more.
      const served = every > kept ? 1 : Math.ceil((60 * hours) / every);
      expect(f.counters.coldStarts).toBe(Math.ceil(1000 / served));
    },
  );

  test("two pings at once need an environment each", () => {
    const pairs = waves(...Array.from({ length: 288 }, (_, i): [string, number] => [`${i * 300}s`, 2]));
    const f = pinged(pairs, "1ms");
    expect(f.counters.coldStarts).toBe(24);
    expect(f.environments.max).toBe(2);
  });
});

describe("which of three idle environments is used", () => {
  /** A, B and C are made by calls of 5 s at 0, 1 and 2 s, and end them at 5, 6 and 7 s. */
  const played = (later: string[], reuse: "mru" | "lru" | "newest" = "mru") => {
    const timestamps = ["0s", "1s", "2s", ...later];
    const durations = [...Array(3).fill("5s"), ...later.map(() => "1s")];
    const { f } = run(
      one(
        { keepAlive: "640s", reuse },
        { type: "trace", timestamps, durations },
        { horizon: "700s", measure: { interval: "500ms" } },
      ),
    );
    expect(f.counters.coldStarts).toBe(3);
    // The times at which an environment leaves.
    const alive = [...f.timeline!.environments.map(Math.round)];
    const left: number[] = [];
    alive.forEach((n, row) => {
      for (let gone = n; row > 0 && gone < alive[row - 1]!; gone++) left.push(row / 2);
    });
    return left;
  };

  test("calls at 10 and 20 s both go to C: A leaves at 645, B at 646, C at 661 s", () => {
    expect(played(["10s", "20s"])).toEqual([645, 646, 661]);
  });
  test("calls at 10 and 10.5 s go to C, then B: A leaves at 645, C at 651, B at 651.5 s", () => {
    expect(played(["10s", "10.5s"])).toEqual([645, 651, 651.5]);
  });
  test("least recently used they go to A, then B: C leaves at 647 s", () => {
    expect(played(["10s", "20s"], "lru")).toEqual([647, 651, 661]);
  });
  test("newest first, C is used even when A finished last", () => {
    // A would be free at 12 s and C at 7 s.
    const timestamps = ["0s", "1s", "2s", "20s"];
    const durations = ["12s", "5s", "5s", "1s"];
    const mean = (reuse: "mru" | "newest") =>
      run(one({ keepAlive: "100s", reuse }, { type: "trace", timestamps, durations }, { horizon: "1000s" })).f
        .environments.mean * 1000;
    // Lives: A 0–112, B 1–106, C 2–121; or A 0–121, B 1–106, C 2–107.
    expect(mean("newest")).toBeCloseTo(112 + 105 + 119, 6);
    expect(mean("mru")).toBeCloseTo(121 + 105 + 105, 6);
  });
});
