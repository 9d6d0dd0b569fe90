import { describe, expect, it } from "vitest";
import { applySettings, parseSetting } from "../../sim/scenario/paths.ts";
import { advise, RULES } from "../../study/advice/registry.ts";
import { replicate } from "../../study/replicate.ts";
import { openScenario } from "../../study/source.ts";
import { read } from "../../study/statistic.ts";

/** A scenario of one function `f` with traffic, and what is found about it. */
const base = (functions: object, traffic: object[], more: object = {}) => ({
  lsim: 1,
  name: "advice",
  horizon: "30m",
  replications: 2,
  functions,
  traffic,
  ...more,
});
const studyOf = (file: unknown) => replicate(openScenario(file).scenario);
const found = (file: unknown) => advise(studyOf(file));
const rules = (file: unknown) => found(file).map(({ rule, of }) => `${rule} ${of}`);
/** The scenario after the change that the one finding suggests. */
const changed = (file: unknown) => {
  const settings = [...found(file)[0]!.change.matchAll(/--set (\S+)/g)].map(([, text]) =>
    parseSetting(text!),
  );
  return applySettings(file, settings);
};

const steady = (rate: string) => ({ type: "poisson", rate });
const quick = { duration: "50ms", initDuration: "0s" };

describe("memory", () => {
  const api = (memorySize: string, duration: unknown) =>
    base({ api: { ...quick, memorySize, duration } }, [{ to: "api", arrivals: steady("20/s") }]);
  const waiting = { p50: "180ms", p99: "600ms", at: "1769 MB", cpuBound: "5%" };

  it("is too much where the handler waits for others most of the time", () => {
    const [finding] = found(api("3008 MB", waiting));
    expect(finding).toMatchObject({ rule: "memory", of: "api" });
    // 95 % of the time does not depend on memory: at 1024 MB 1 + 0.05 · 0.73 of it, which is within a tenth.
    expect(finding!.change).toBe("--set api.memorySize=1024MB");
    expect(finding!.evidence.smallerDurationMeanMs! / finding!.evidence.durationMeanMs!).toBeCloseTo(
      0.95 + (0.05 * 1769) / 1024,
      6,
    );
  });

  it("saves what it says", () => {
    const file = api("3008 MB", waiting);
    const monthly = (of: unknown) =>
      read(studyOf(of), { of: "api", measure: "cost", aggregate: "perMonth", quantile: undefined }).value;
    const saved = monthly(file) - monthly(changed(file));
    // Billed duration is rounded up to whole milliseconds, which the estimate leaves out: half a ms of 200.
    expect(saved / found(file)[0]!.evidence.savedUsdPerMonth!).toBeCloseTo(1, 1);
  });

  it("is not, where CPU work needs it, where nothing is known of it, or where it is used", () => {
    expect(rules(api("1769 MB", { p50: "180ms", p99: "600ms", at: "1769 MB" }))).toEqual([]);
    expect(rules(api("3008 MB", "180ms"))).toEqual([]);
    const used = base(
      { api: { ...quick, memorySize: "3008 MB", maxMemoryUsed: "2900 MB", duration: waiting } },
      [{ to: "api", arrivals: steady("20/s") }],
    );
    expect(rules(used)).toEqual([]);
  });
});

describe("neighbours", () => {
  const shop = (checkout: object, batch: object) =>
    base(
      { checkout: { ...quick, ...checkout }, batch: { duration: "2s", initDuration: "0s", ...batch } },
      [
        { to: "checkout", arrivals: steady("100/s") },
        { to: "batch", arrivals: steady("300/s") },
      ],
      { account: { concurrency: 200, scaling: "unlimited" }, horizon: "5m" },
    );

  it("starve a function that has nothing set aside", () => {
    const file = shop({}, {});
    expect(rules(file)).toEqual(["neighbours checkout"]);
    expect(rules(changed(file))).toEqual([]);
    expect(
      read(studyOf(changed(file)), {
        of: "checkout",
        measure: "throttles",
        aggregate: "rate",
        quantile: undefined,
      }).value,
    ).toBeLessThan(0.01);
  });

  it("do not, where either has a reservation", () => {
    expect(rules(shop({ reservedConcurrency: 20 }, {}))).toEqual([]);
    expect(rules(shop({}, { reservedConcurrency: 90 }))).toEqual([]);
  });
});

describe("a throttled queue", () => {
  const queue = (invoke: object) =>
    base(
      { worker: { ...quick, duration: "1s", timeout: "10s", reservedConcurrency: 10 } },
      [
        {
          name: "jobs",
          to: "worker",
          invoke: { type: "sqs", batchSize: 1, visibilityTimeout: "1m", ...invoke },
          arrivals: steady("5/s"),
        },
        { name: "callers", to: "worker", arrivals: steady("4/s") },
      ],
      { horizon: "20m" },
    );

  it("is one whose pollers take what others need too", () => {
    const file = queue({});
    expect(rules(file)).toEqual(["throttled-queue worker"]);
    expect(changed(file)).toMatchObject({ traffic: [{ invoke: { maximumConcurrency: 5 } }, {}] });
  });

  it("is not one that is held to a part of it", () => {
    expect(rules(queue({ maximumConcurrency: 2 }))).toEqual([]);
  });
});

describe("init", () => {
  const bursts = (initDuration: string, more = {}) =>
    base(
      { f: { duration: "100ms", memorySize: "1024 MB", keepAlive: "1m", initDuration } },
      [{ to: "f", arrivals: { type: "bursts", every: "10m", size: 300 } }],
      { horizon: "2h", ...more },
    );

  it("is heavy where environments are made for a call or two", () => {
    expect(rules(bursts("1s"))).toEqual(["init f"]);
  });

  it("is not where it is short, or free", () => {
    expect(rules(bursts("5ms"))).toEqual([]);
    expect(rules(bursts("1s", { pricing: { billInit: false } }))).toEqual([]);
  });
});

describe("cold starts", () => {
  const rare = (settings: object, invoke: string = "sync", rate = "4/h") =>
    base(
      { form: { duration: "100ms", initDuration: "500ms", keepAlive: "10m", ...settings } },
      [{ to: "form", invoke, arrivals: steady(rate) }],
      { horizon: "7d" },
    );

  it("of a function that is called now and then have a price, two ways", () => {
    const [finding] = found(rare({ memorySize: "1024 MB" }));
    expect(finding).toMatchObject({ rule: "cold-starts", of: "form" });
    // 8,760 pings of a millisecond in 730 hours; 730 hours of a provisioned GB.
    expect(finding!.evidence.pingsUsdPerMonth).toBeCloseTo(8760 * (0.0000166667 / 1000 + 0.0000002), 9);
    expect(finding!.evidence.provisionedUsdPerMonth).toBeCloseTo(730 * 3600 * 0.0000041667, 9);
    expect(rules(changed(rare({ memorySize: "1024 MB" })))).not.toContain("cold-starts form");
  });

  it("matter to nobody where nobody waits, and are few where calls are many", () => {
    expect(rules(rare({}, "async"))).toEqual([]);
    expect(rules(rare({}, "sync", "2/m"))).toEqual([]);
  });
});

describe("provisioned concurrency", () => {
  const provisioned = (provisionedConcurrency: number, rate: string) =>
    base(
      { api: { duration: "1s", initDuration: "0s", provisionedConcurrency } },
      [{ to: "api", arrivals: { type: "constant", rate } }],
      { horizon: "1h" },
    );

  it("is idle where it is used far below the share at which it pays", () => {
    const [finding] = found(provisioned(10, "2/s"));
    expect(finding).toMatchObject({ rule: "provisioned", of: "api" });
    expect(finding!.evidence.utilization).toBeCloseTo(0.2, 2);
    // 10 × 128 MB for a month, less what two of them save against on demand.
    const saved = 2 * (0.0000166667 - 0.0000097222);
    expect(finding!.evidence.dearerUsdPerMonth).toBeCloseTo(
      (730 * 3600 * (10 * 0.0000041667 - saved)) / 8,
      1,
    );
    expect(finding!.change).toBe("--set api.provisionedConcurrency=4");
    expect(rules(changed(provisioned(10, "2/s")))).toEqual([]);
  });

  it("is not where it is busy", () => {
    expect(rules(provisioned(10, "7/s"))).toEqual([]);
  });
});

describe("servers", () => {
  const load = (arrivals: object, ec2: object | null = { slots: 50, servers: { minimum: 1, maximum: 20 } }) =>
    base({ f: { duration: "1s", memorySize: "1024 MB", initDuration: "0s" } }, [{ to: "f", arrivals }], {
      horizon: "1h",
      warmup: "5m",
      ...(ec2 && { ec2 }),
    });

  it("carry a steady load for less", () => {
    expect(rules(load(steady("100/s")))).toEqual(["servers total"]);
  });

  it("do not, where it comes in bursts, is small, or there are none to compare with", () => {
    expect(rules(load({ type: "bursts", every: "10m", size: 500 }))).toEqual([]);
    expect(rules(load(steady("1/m")))).toEqual([]);
    expect(rules(load(steady("100/s"), null))).toEqual([]);
    expect(rules(load(steady("100/s"), { slots: 1, servers: { minimum: 1, maximum: 9000 } }))).toEqual([]);
  });
});

describe("advice", () => {
  it("says of each rule when it speaks", () => {
    expect(new Set(RULES.map((r) => r.name)).size).toBe(RULES.length);
    for (const { when } of RULES) expect(when.length).toBeGreaterThan(20);
  });
});
