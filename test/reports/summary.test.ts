import { describe, expect, it } from "vitest";
import { charts } from "../../reports/charts/registry.ts";
import { summary } from "../../reports/text/summary.ts";
import { verdict } from "../../reports/text/verdict.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { printShare } from "../../sim/units.ts";
import { replicate, type Study } from "../../study/replicate.ts";
import { digestOf, resultFile } from "../../study/result-file.ts";
import { judge } from "../../study/thresholds.ts";

function studied(settings: object, rest: object = {}): Study {
  return replicate(
    parseScenario({
      lsim: 1,
      name: "s",
      horizon: "10m",
      replications: 3,
      functions: { f: { duration: "100ms", ...settings } },
      traffic: [{ to: "f", arrivals: { type: "poisson", rate: "1/s" } }],
      ...rest,
    }),
  );
}

const textOf = (study: Study) =>
  summary(study, { digest: digestOf(study), judgements: judge(study), command: "s.json" });
/** Those about settings of f; of the run itself there may be others. */
const notesOf = (study: Study) => textOf(study).match(/^note {3}f(?:, g)?: .*$/gm) ?? [];

describe("notes", () => {
  it("name what SnapStart makes of settings of init, where there are such", () => {
    const snapped = { runtime: "java21", snapStart: true };
    const all = {
      ...snapped,
      initDuration: "1s",
      userInit: "1s",
      environment: { decrypt: "1s" },
      connect: { duration: "1s", in: "init" },
    };
    expect(notesOf(studied(all))).toEqual([
      "note   f: with SnapStart, init happens when a version is published: initDuration, userInit, environment.decrypt and connect in init add nothing to a cold start",
    ]);
    expect(notesOf(studied({ ...snapped, userInit: "1s" }))).toEqual([
      expect.stringMatching(/: userInit adds nothing to a cold start$/),
    ]);
    expect(notesOf(studied({ ...snapped, connect: { duration: "1s", in: "handler" } }))).toEqual([]);
    expect(notesOf(studied({ ...snapped, snapStart: false, userInit: "1s" }))).toEqual([]);
  });

  it("say that Node.js stands in for an unknown runtime, once for all functions alike", () => {
    const cobol = { duration: "1s", runtime: "cobol" };
    const study = studied({ runtime: "cobol" }, { functions: { f: cobol, g: cobol, h: { duration: "1s" } } });
    expect(notesOf(study)).toEqual([
      'note   f, g: no cold starts are known for the runtime "cobol", so those of Node.js stand in; give initDuration, if it matters',
    ]);
  });

  it("say what a log's Init Duration leaves out", () => {
    const [note, ...others] = notesOf(studied({ initDuration: "1s" }));
    expect(note).toMatch(/^note {3}f: a log's Init Duration leaves placement and download out/);
    expect(others).toEqual([]);
    expect(notesOf(studied({ initDuration: "1s", download: "1ms" }))).toEqual([]);
    expect(notesOf(studied({}))).toEqual([]);
  });
});

describe("one share", () => {
  // Few requests, so that the mean of the replications' shares and the share of all requests lie far apart.
  const study = studied(
    {
      reservedConcurrency: 1,
      duration: { type: "exponential", mean: "20s" },
      timeout: "5m",
      keepAlive: "20s",
    },
    {
      replications: 8,
      traffic: [{ to: "f", arrivals: { type: "poisson", rate: "1/m" } }],
      thresholds: {
        f: { coldStarts: ["rate < 1%"], throttles: ["rate < 1%"] },
        total: { coldStarts: ["rate < 1%"] },
      },
    },
  );
  const shares = study.replications.map(({ functions: [f] }) => [
    f!.counters.coldStarts / f!.counters.invocations,
    f!.counters.throttled / f!.counters.requests,
  ]);
  const [cold, throttled] = [0, 1].map((i) =>
    printShare(shares.reduce((sum, row) => sum + row[i]!, 0) / shares.length),
  ) as [string, string];
  const sum = (name: "coldStarts" | "invocations") =>
    study.replications.reduce((all, { functions: [f] }) => all + f!.counters[name], 0);

  it("is the mean of the replications' own, wherever it is shown or judged", () => {
    expect(printShare(sum("coldStarts") / sum("invocations"))).not.toBe(cold);
    const text = textOf(study);
    const row = (label: string) => text.match(new RegExp(`^ +${label} .*$`, "m"))![0];
    expect(row("cold starts")).toContain(` ${cold} `);
    expect(row("throttles")).toContain(` ${throttled} `);
    for (const line of text.match(/coldStarts {2}rate.*$/gm)!) expect(line).toContain(` ${cold} ±`);
    const overview = charts(study).find(({ name }) => name === "overview")!;
    expect(JSON.stringify(overview)).toContain(`(${cold} of invocations)`);
    expect(JSON.stringify(overview)).toContain(`${throttled} of `);
  });

  it("so are means of times: result.json, threshold and parts of a cold start agree", () => {
    const [judged] = judge({
      ...study,
      scenario: parseScenario({
        ...(study.scenario.file as object),
        thresholds: { f: { latency: ["mean < 1s"] } },
      } as never),
    });
    const { f } = resultFile(study, "test").functions as Record<
      string,
      Record<string, Record<string, number>>
    >;
    expect(f!.latencyMs!.mean).toBe(judged!.value / 1000);
    expect(textOf(study)).toContain(`init ${f!.coldStartMs!.init!.toPrecision(3)} ms`);
  });
});

describe("what to try next", () => {
  const busy = { reservedConcurrency: 1, duration: "5s", timeout: "10s" };
  const next = (settings: object, thresholds: object, rest: object = {}) => {
    const study = studied(settings, { thresholds, ...rest });
    return verdict(study, judge(study), "s.json").next;
  };

  it("is worked out for one cause, and says so", () => {
    expect(next(busy, { f: { throttles: ["rate < 1%"] } })).toEqual({
      command: expect.stringMatching(/^lsim run s\.json --set f\.reservedConcurrency=\d+$/),
      caveat: expect.stringMatching(
        /from the throttles alone: its cost and the other thresholds are not checked/,
      ),
    });
    expect(next({ keepAlive: "none" }, { f: { coldStarts: ["rate < 1%"] } })).toMatchObject({
      command: "lsim run s.json --set f.provisionedConcurrency=1",
      caveat: expect.stringContaining("from the cold starts alone"),
    });
    const study = studied(busy);
    const [command, caveat] = textOf(study).split("\n").slice(-2);
    expect(command).toMatch(/^Next: lsim run s\.json --set [^ ]+$/);
    expect(caveat).toMatch(/^ {6}worked out from/);
  });

  it("is nothing where more capacity would be no cure: a missed cost or duration", () => {
    expect(next(busy, { total: { cost: ["perRun < $0.0000001"] } })).toBeUndefined();
    expect(next(busy, { f: { duration: ["p(50) < 1ms"] } })).toBeUndefined();
    expect(next(busy, { f: { throttles: ["rate < 100%"] } })).toBeUndefined();
  });

  it("is nothing where nobody can tell how much it takes: no request was answered", () => {
    const none = { account: { scaling: { type: "burst", burst: 0, perMinute: 0 } } };
    expect(next({}, { f: { throttles: ["rate < 1%"] } }, none)).toBeUndefined();
  });

  it("is more reserved concurrency where its ten requests a second were used up", () => {
    const traffic = [{ to: "f", arrivals: { type: "constant", rate: "100/s" } }];
    const short = { reservedConcurrency: 5, duration: "1ms", initDuration: "0s" };
    const { command } = next(short, { f: { throttles: ["rate < 1%"] } }, { traffic, horizon: "1m" })!;
    const [, reserved] = /--set f\.reservedConcurrency=(\d+)/.exec(command)!;
    expect(Number(reserved)).toBeGreaterThanOrEqual(10);
    const cured = studied({ ...short, reservedConcurrency: Number(reserved) }, { traffic, horizon: "1m" });
    expect(cured.replications[0]!.functions[0]!.counters.throttled).toBe(0);
  });

  it("is a command that the parser takes", () => {
    const snapped = { runtime: "java21", snapStart: true, keepAlive: "none" };
    expect(next(snapped, { f: { coldStarts: ["rate < 1%"] } })).toBeUndefined();
    const small = { account: { concurrency: 20 } };
    expect(
      next(
        { ...busy, duration: "9s", reservedConcurrency: 10 },
        {},
        {
          ...small,
          traffic: [{ to: "f", arrivals: { type: "poisson", rate: "5/s" } }],
        },
      ),
    ).toMatchObject({
      command: expect.stringMatching(/reservedConcurrency=\d+ --set account\.concurrency=\d+$/),
    });
  });
});
