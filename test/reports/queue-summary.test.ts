import { describe, expect, it } from "vitest";
import { summary } from "../../reports/text/summary.ts";
import { verdict } from "../../reports/text/verdict.ts";
import { printShare } from "../../sim/units.ts";
import { replicate, type Study } from "../../study/replicate.ts";
import { judge } from "../../study/thresholds.ts";
import { type Experiment, evenly, lab, waves } from "../support/lab.ts";

/** As long as a name may be. */
const LONG = "x".repeat(140);

const studied = (experiment: Partial<Experiment>): Study =>
  replicate(
    lab({
      horizon: "2m",
      replications: 2,
      functions: { f: { duration: "1s", reservedConcurrency: 1 } },
      traffic: [{ to: "f", invoke: "async", name: "events", arrivals: waves(["10s", 10]) }],
      ...experiment,
      account: { concurrency: 1000 },
    }),
  );
const textOf = (study: Study) => summary(study, { digest: "d", judgements: judge(study), command: "s.json" });
/** A function's lines, from its name up to the next. */
const block = (study: Study, name: string) => {
  const lines = textOf(study).split("\n");
  const from = lines.findIndex((line) => line.startsWith(`${name}   `));
  const to = lines.findIndex((line, i) => i > from && !line.startsWith("  "));
  return lines.slice(from + 1, to);
};
/** The first entry's settings, as its kind describes them. */
const planOf = ({ scenario }: Study) => scenario.entries[0]!.invoke.text;
const about = (study: Study) => verdict(study, judge(study), "s.json");

describe("the summary of a queue", () => {
  const failing = { type: "async", maximumRetryAttempts: 1, onFailure: "dead-letter" };

  it("says how much waits, how old it gets, and what becomes of it", () => {
    const study = studied({});
    expect(block(study, "f").slice(0, 5)).toEqual([
      `  queue        events: ${planOf(study)}`,
      expect.stringMatching(/^ {15}depth mean 0\.375 {3}peak 9 {3}[▁-█]+$/),
      "               age p50 4.00 s   p99 9 s   max 9 s",
      expect.stringMatching(/^ {15}retries \d+ \(throttle\)$/),
      "  latency      p50 5.00 s   p95 10 s   p99 10 s   p99.9 10 s   max 10 s",
    ]);
  });

  it("counts attempts refused, and says that no request was lost to it", () => {
    const study = studied({});
    const { attempts, throttledAttempts } = study.replications[0]!.functions[0]!.counters;
    const refused = throttledAttempts.reduce((a, b) => a + b, 0);
    expect(refused).toBeGreaterThan(0);
    expect(block(study, "f").find((line) => line.includes("throttles"))).toBe(
      `  throttles    ${refused} attempt${refused > 1 ? "s" : ""}   ${printShare(refused / attempts)} of them   reserved concurrency ${refused}   no request lost`,
    );
  });

  it("names retries, drops and dead letters by cause, and what is not done at the end", () => {
    const study = studied({
      functions: { f: { duration: "1s", errors: "100%" } },
      traffic: [{ to: "f", invoke: failing, arrivals: waves(["10s", 4], ["90s", 3]) }],
    });
    const lines = block(study, "f").join("\n");
    expect(lines).toContain("queue        async, 1 retry");
    expect(lines).toContain("11 receives   retries 7 (error)   dropped 4 (error)   dead letters 4 (error)");
    expect(lines).toMatch(/^ {2}dropped {6}4 {3}57\.1 % {3}4 of them dead-lettered$/m);
    expect(lines).toMatch(/^ {2}unfinished {3}3 still waiting or running at the end$/m);
    expect(lines).toMatch(/^ {2}throttles {4}0 {3}0 %$/m);
    // Nothing waits before it is handed over.
    expect(lines).not.toContain("depth");
  });

  it("shows nothing that is zero", () => {
    const study = studied({ traffic: [{ to: "f", invoke: "async", arrivals: waves(["10s", 1]) }] });
    expect(block(study, "f")[0]).toBe(`  queue        ${planOf(study)}`);
    expect(block(study, "f")[1]).toMatch(/^ {2}latency/);
  });

  it("tells batches, and counts and laws that it knows nothing about", () => {
    const study = studied({});
    for (const [r, { traffic }] of study.replications.entries()) {
      const entry = traffic.entries[0]!;
      Object.assign(entry.counts, { batches: 3 + r, filteredOut: 5 });
      Object.assign(entry.figures, { batchSize: { ...entry.figures.batchSize, mean: 3 + r } });
    }
    study.traffic.entries[0]!.laws.batchSize.record(7);
    study.traffic.entries[0]!.laws.iteratorAge.record(2e6);
    const lines = block(study, "f").join("\n");
    expect(lines).toMatch(
      /^ +3\.5 batches of 3\.50 on average, 7 at most {3}retries \d+ \(throttle\) {3}filtered out 5$/m,
    );
    expect(lines).toContain("\n               iterator age p50 2 s   p99 2 s   max 2 s\n");
  });

  it("keeps a line a thing, whatever the names, and ways in that are few requests apart", () => {
    const study = studied({
      functions: { [LONG]: { duration: "1s" } },
      traffic: Array.from({ length: 9 }, (_, i) => ({
        to: LONG,
        name: `${LONG.slice(1)}${i}`,
        invoke: "async",
        arrivals: waves(["1s", 9 - i]),
      })),
    });
    const lines = block(study, LONG);
    const queues = lines.filter((line) => line.startsWith("  queue "));
    expect(queues).toHaveLength(6);
    expect(queues[0]).toMatch(/^ {2}queue {8}x{139}0: async.* {3}9 requests$/);
    expect(lines).toContain("               … and 3 more ways in, with fewer requests");
  });
});

describe("the summary of callers", () => {
  const refused = { duration: "5s", reservedConcurrency: 1 };

  it("says how many attempts it took, and what was given up", () => {
    const study = studied({
      functions: { f: refused },
      traffic: [
        {
          to: "f",
          retry: { attempts: 2, backoff: "1s", jitter: "none" },
          arrivals: waves(["0s", 2], ["60s", 1]),
        },
      ],
    });
    const lines = block(study, "f");
    expect(lines.slice(0, 2)).toEqual([
      "  callers      sync, 2 attempts, backoff 1 s",
      "               1.33 attempts a request (p99 2, max 2)   retries 1 (throttle)   given up 1 (throttled)",
    ]);
    expect(lines.join("\n")).toMatch(
      /^ {2}throttles {4}2 attempts {3}50\.0 % of them {3}reserved concurrency 2 {3}1 request lost, 33\.3 %$/m,
    );
  });

  it("is silent about plain calls of which there is nothing to say, and names who makes others", () => {
    const study = studied({
      functions: {
        f: { duration: "1s", calls: [{ to: "g" }], emits: [{ to: "h" }] },
        g: { duration: "1s" },
        h: { duration: "1s" },
      },
      traffic: [{ to: "f", arrivals: evenly("1/m") }],
    });
    expect(block(study, "f")[0]).toBe("  callers      sync");
    expect(block(study, "f")[1]).toBe("               end to end p50 3 s   p99 3 s   max 3 s");
    expect(block(study, "g")[0]).toBe("  callers      from f: sync");
    expect(block(study, "h")[0]).toMatch(/^ {2}queue {8}from f: async/);
    const calls = studied({
      functions: { f: { duration: "1s", calls: [{ to: "g" }] }, g: { duration: "1s" } },
      traffic: [{ to: "f", arrivals: evenly("1/m") }],
    });
    expect(block(calls, "f")[0]).toMatch(/^ {2}latency/);
  });
});

describe("the verdict on queues", () => {
  const spike = { traffic: [{ to: "f", invoke: "async", name: "events", arrivals: waves(["10s", 100]) }] };

  it("names the backlog that a missed threshold is about, and speaks of no request that was throttled", () => {
    const missed = studied({ ...spike, thresholds: { f: { messageAge: ["max < 10s"] } } });
    const { sentence, next } = about(missed);
    expect(sentence).toMatch(/^The threshold is missed \(f messageAge max < 10s\): /);
    expect(sentence).toMatch(
      /at 1:\d\d the oldest message of events had waited \d\d?\.?\d* (s|min), of up to 99 that waited/,
    );
    expect(sentence).not.toMatch(/request was|requests were/);
    expect(next!.command).toMatch(/^lsim run s\.json --set f\.reservedConcurrency=\d+/);
    const [, reserved] = /reservedConcurrency=(\d+)/.exec(next!.command)!;
    const cured = studied({
      ...spike,
      functions: { f: { duration: "1s", reservedConcurrency: Number(reserved) } },
      thresholds: { f: { messageAge: ["max < 10s"] } },
    });
    expect(judge(cured).map(({ ok }) => ok)).toEqual([true]);
  });

  it("says so where attempts were refused and nothing was lost", () => {
    const { sentence } = about(studied({ thresholds: { f: { messageAge: ["max < 10s"] } }, horizon: "1h" }));
    expect(sentence).toMatch(/^The threshold is met: /);
    expect(sentence).not.toMatch(/was throttled/);
  });

  it("says what was dropped, and why, where that was not to be", () => {
    const study = studied({
      functions: { f: { duration: "1s", errors: "100%" } },
      traffic: [{ to: "f", invoke: { type: "async", maximumRetryAttempts: 0 }, arrivals: waves(["10s", 4]) }],
      thresholds: { f: { dropped: ["count < 1"] } },
    });
    expect(about(study).sentence).toContain("100 % of requests to f were dropped (after errors)");
    expect(about(study).next).toBeUndefined();
  });

  it("counts a batch as one invocation where it says how many are needed", () => {
    const study = studied({ ...spike, thresholds: { f: { messageAge: ["max < 10s"] } } });
    const reserved = () => Number(/reservedConcurrency=(\d+)/.exec(about(study).next!.command)![1]);
    const single = reserved();
    for (const { traffic } of study.replications)
      Object.assign(traffic.functions[0]!, { batchSize: { ...traffic.functions[0]!.batchSize, mean: 5 } });
    expect(reserved()).toBe(single / 5);
  });

  // Four times what the function can do for half a minute; the queue is offered again once a second only.
  const rush = {
    horizon: "3m",
    functions: { f: { duration: "100ms", reservedConcurrency: 5 } },
    traffic: [
      {
        to: "f",
        invoke: "async",
        arrivals: {
          type: "stages",
          start: "200/s",
          evenly: true,
          stages: [
            { duration: "30s", target: "200/s" },
            { duration: "0s", target: "1/s" },
            { duration: "150s", target: "1/s" },
          ],
        },
      },
    ],
  };

  it("says how long a limit held where a queue is hardly ever refused, and what would cure the latency", () => {
    const study = studied({ ...rush, thresholds: { f: { latency: ["p(50) < 5s"] } } });
    const { sentence, next } = about(study);
    // 4,500 are left after 30 s, and go at 49 a second.
    expect(sentence).toMatch(/\): from 0:00 to 2:0[0-5] f used all 5 of its reserved concurrency\.$/);
    expect(next!.command).toMatch(/--set f\.reservedConcurrency=24$/);
  });

  it("asks for more concurrency where events grew too old, and counts none of them as saved", () => {
    const [traffic] = rush.traffic;
    const invoke = { type: "async", maximumEventAge: "60s" };
    const study = studied({
      ...rush,
      traffic: [{ ...traffic!, invoke }],
      thresholds: { f: { dropped: ["rate < 1%"] } },
    });
    const { sentence, next } = about(study);
    expect(sentence).toMatch(/ of requests to f were dropped \(too old\)\.$/);
    expect(next!.command).toMatch(/--set f\.reservedConcurrency=24$/);
    expect(block(study, "f").find((line) => line.includes("throttles"))).not.toContain("lost");
  });

  it("says that reserved concurrency held a queue that is polled, and so never refused", () => {
    const study = studied({
      functions: { f: { duration: "1s", reservedConcurrency: 8 } },
      traffic: [{ to: "f", invoke: { type: "sqs", batchSize: 1 }, arrivals: waves(["10s", 100]) }],
      thresholds: { f: { messageAge: ["max < 10s"] } },
    });
    expect(study.replications[0]!.functions[0]!.counters.throttledAttempts.every((n) => n === 0)).toBe(true);
    expect(about(study).sentence).toMatch(
      /: from 0:1\d to 0:2\d f used all 8 of its reserved concurrency; at /,
    );
  });

  it("names the handler's own time where a missed latency is nearly all of that", () => {
    const slow = (duration: string, latency: string) =>
      about(
        studied({
          functions: { f: { duration } },
          traffic: [{ to: "f", invoke: { type: "sync", latency }, arrivals: waves(["10s", 10]) }],
          thresholds: { f: { latency: ["p(50) < 200ms"] } },
        }),
      ).sentence;
    expect(slow("1s", "10ms")).toMatch(/; the handler of f alone takes p50 1 s\.$/);
    expect(slow("100ms", "500ms")).not.toContain("the handler");
  });

  it("shows a mean of counts as such where it is judged", () => {
    const study = studied({ thresholds: { f: { deadLettered: ["count < 1"] } } });
    const judged = judge(study).map((j) => ({ ...j, value: 1 / 3, ci95: 1.4 }));
    expect(summary(study, { digest: "d", judgements: judged, command: "s.json" })).toContain(
      "count < 1  0.3 ± 1.4",
    );
  });
});
