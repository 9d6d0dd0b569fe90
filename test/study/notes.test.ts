import { describe, expect, it, test } from "vitest";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { type Note, notesOf } from "../../study/notes.ts";
import { replicate } from "../../study/replicate.ts";

const RATE = { type: "poisson", rate: "0.01/s" };

/** The notes about `what` of a function with this traffic. */
function notes(what: Note["about"], arrivals: object, rest: object = {}, traffic: object = {}): string[] {
  const file = {
    lsim: 1,
    name: "n",
    horizon: "1h",
    replications: 2,
    functions: { f: { duration: "1s", initDuration: "0s", placement: "0s" } },
    traffic: [{ to: "f", arrivals, ...traffic }],
    ...rest,
  };
  return notesOf(replicate(parseScenario(file)))
    .filter(({ about }) => about === what)
    .map(({ text }) => text);
}

describe("notes on the projected month", () => {
  const daily = { type: "daily", trough: "0.01/s", peak: "0.02/s", peakAt: "12:00" };
  const stages = { type: "stages", start: "0.01/s", stages: [{ duration: "1h", target: "0.02/s" }] };
  const bursts = { type: "bursts", every: "25m", size: 1 };

  test.each<[string, object, object, object, string[]]>([
    ["an hour of steady traffic", RATE, {}, {}, []],
    ["an hour of stages", stages, {}, {}, ["730 times these 1 h, less than a day of traffic that changes"]],
    ["a day of stages", stages, { horizon: "24h" }, {}, []],
    [
      "steady traffic for half of an hour",
      RATE,
      {},
      { end: "30m" },
      ["730 times these 1 h, less than a day of traffic that changes"],
    ],
    ["an hour of a day", daily, {}, {}, ["730 times these 1 h, and the traffic repeats only after a day"]],
    ["a day", daily, { horizon: "24h" }, {}, []],
    [
      "a day less its warm-up",
      daily,
      { horizon: "24h", warmup: "6h" },
      {},
      ["40.6 times these 18 h, and the traffic repeats only after a day"],
    ],
    [
      "a day and a half",
      daily,
      { horizon: "36h" },
      {},
      ["20.3 times these 36 h, no whole number of the days after which the traffic repeats"],
    ],
    [
      "two bursts and a bit",
      bursts,
      {},
      {},
      ["730 times these 1 h, no whole number of the 25 min after which the traffic repeats"],
    ],
    ["two bursts exactly", bursts, { horizon: "50m" }, {}, []],
    ["many bursts and a bit", bursts, { horizon: "10h" }, {}, []],
  ])("%s", (_, arrivals, rest, traffic, expected) => {
    expect(notes("month", arrivals, rest, traffic)).toEqual(expected);
  });

  it("say when work was left at the end", () => {
    const functions = { f: { duration: "100s", timeout: "5m", reservedConcurrency: 1 } };
    const [left, ...others] = notes(
      "month",
      { type: "constant", rate: "1/m" },
      { functions },
      { invoke: "async" },
    );
    expect(left).toMatch(/^\d\d\.\d % of requests were not done at the end/);
    expect(others).toEqual([]);
  });

  it("say what an empty start costs, unless it is left out", () => {
    const functions = { f: { duration: "100ms", initDuration: "5s", keepAlive: "forever" } };
    const many = { type: "constant", rate: "0.1/s" };
    expect(notes("month", many, { functions })).toEqual([
      expect.stringMatching(/^\d+\.\d+ % of billed time is init of the run's first tenth/),
    ]);
    expect(notes("month", many, { functions, warmup: "10m" })).toEqual([]);
    expect(notes("month", many, { functions, pricing: { billInit: false } })).toEqual([]);
    // Cold starts that go on are no effect of the start.
    const cold = { f: { duration: "100ms", initDuration: "5s", keepAlive: "none" } };
    expect(notes("month", many, { functions: cold })).toEqual([]);
  });
});

describe("notes on the bill", () => {
  it("name what has no price", () => {
    const kept = { invoke: { type: "kinesis", retention: "48h" } };
    expect(notes("bill", RATE, {}, kept)).toEqual([
      'not priced: Kinesis retention over 24 h; no price table at hand gives "services.kinesis.perExtendedShardHour"',
    ]);
  });

  it("name what a savings plan has no price for", () => {
    const functions = { f: { duration: "1s", architecture: "arm64", provisionedConcurrency: 1 } };
    const plan = (payment: string) => ({ functions, pricing: { savingsPlan: { payment } } });
    expect(notes("bill", RATE, plan("no-upfront"))).toEqual([
      "no no-upfront price is known for provisioned concurrency arm64, duration on provisioned arm64, billed as without a savings plan",
    ]);
    expect(notes("bill", RATE, { pricing: { savingsPlan: { payment: "all-upfront" } } })).toEqual([]);
  });
});
