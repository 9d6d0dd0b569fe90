import { describe, expect, it, test } from "vitest";
import { billFor } from "../../sim/pricing/bill.ts";
import { addUsage, ITEMS, type ItemKey, type Usage } from "../../sim/pricing/items.ts";
import { moneyText } from "../../sim/pricing/money.ts";
import { PRICE_TABLES } from "../../sim/pricing/rates.ts";
import { runUsage } from "../../sim/pricing/run-usage.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { type Experiment, evenly, lab, one, run, waves } from "../support/lab.ts";

const prices = PRICE_TABLES.find((t) => t.region === "us-east-1")!;

/** What a simulated run uses, and what it would in a month. */
function usageOf(scenario: Scenario): { run: Usage; month: Usage } {
  const usage = runUsage(scenario, run(scenario).result);
  return { run: usage.run.all(), month: usage.month.all() };
}

const total = (usage: Usage, freeTier = false) => moneyText(billFor(usage, prices, freeTier).total);
const quantity = (usage: Usage, key: ItemKey) => (usage[key] ?? 0) / ITEMS[key].per;

/** 100 warm calls a second for 1,000 s: 100,000 in all. */
const hundredThousand = (settings: object) => one(settings, evenly("100/s"), { horizon: "1000s" });

describe("bills of simulated runs, to the last digit", () => {
  test.each([
    ["10 million of 500 ms at 1 GB", { duration: "500ms", memorySize: "1024 MB" }, 100, true, "78.46682"],
    ["… on Arm", { duration: "500ms", memorySize: "1024 MB", architecture: "arm64" }, 100, true, "63.13364"],
    ["100 million of 100 ms at 1 GB", { duration: "100ms", memorySize: "1024 MB" }, 1000, true, "179.80032"],
    ["3 million of 120 ms at 1,536 MB", { duration: "120ms", memorySize: "1536 MB" }, 30, true, "2.733338"],
    [
      "6 million of 280 ms at 4,096 MB, 2,048 MB of /tmp",
      { duration: "280ms", memorySize: "4096 MB", ephemeralStorage: "2048 MB" },
      60,
      true,
      "106.411412",
    ],
  ])("%s", (_, settings, times, freeTier, expected) => {
    expect(total(addUsage([usageOf(hundredThousand(settings)).run], times), freeTier)).toBe(expected);
  });

  it("SnapStart: 31 days of cache and 74,400 restores, one a cold start", () => {
    // A hundred a time, each on an environment of its own that is not kept: 744 hours.
    const at = waves(...Array.from({ length: 744 }, (_, i): [string, number] => [`${i}h`, 100]));
    const settings = {
      runtime: "python3.12",
      snapStart: { restore: "0s" },
      memorySize: "1024 MB",
      duration: "2s",
      keepAlive: "none",
      initDuration: undefined,
    };
    const { f, result } = run(one(settings, at, { horizon: "31d" }));
    expect(f.counters.coldStarts).toBe(74_400);
    const scenario = one(settings, at, { horizon: "31d" });
    const bill = billFor(runUsage(scenario, result).run.all(), prices, false);
    const cost = (item: string) => moneyText(bill.lines.find((line) => line.item === item)!.cost);
    expect(cost("SnapStart cache x86_64")).toBe("4.02992064");
    expect(cost("SnapStart restores x86_64")).toBe("10.40110512");
  });
});

describe("a month", () => {
  const month = (experiment: Experiment) => usageOf(lab(experiment)).month;
  const idle = (settings: object, more: Partial<Experiment> = {}) =>
    month({
      horizon: "1m",
      functions: { f: { duration: "1s", ...settings } },
      traffic: [{ to: "f", arrivals: evenly("1/s") }],
      ...more,
    });

  it("multiplies what grows with traffic", () => {
    expect(quantity(idle({ memorySize: "1024 MB" }), "duration.x86_64")).toBe(730 * 3600);
  });

  it("takes rent for 730 hours as it is, however short the run and its least step", () => {
    expect(quantity(idle({ memorySize: "1024 MB", provisionedConcurrency: 1 }), "provisioned.x86_64")).toBe(
      730 * 3600,
    );
    const snap = { memorySize: "1024 MB", runtime: "python3.12", snapStart: true };
    expect(quantity(idle({ ...snap, initDuration: undefined }), "snapStartCache.x86_64")).toBe(730 * 3600);
    expect(quantity(idle({}, { pricing: { nat: { gateways: 2 } } }), "natGateways")).toBe(1460);
    const kinesis = [{ to: "f", invoke: { type: "kinesis", shards: 3 }, arrivals: evenly("1/s") }] as const;
    expect(quantity(idle({}, { traffic: [...kinesis] }), "kinesisShards")).toBe(3 * 730);
  });
});

describe("what services are used for, in a simulated run", () => {
  const measured = (
    invoke: object | string,
    arrivals: object,
    more: Partial<Experiment> = {},
    traffic: object = {},
  ) =>
    usageOf(
      lab({
        horizon: "1h",
        functions: { f: { duration: "1s" } },
        traffic: [{ to: "f", invoke: invoke as never, arrivals: arrivals as never, ...traffic }],
        ...more,
      }),
    ).run;

  it("SQS without messages: five pollers, a poll in 20 s each", () => {
    expect(measured({ type: "sqs" }, evenly("0/s"))).toEqual({ sqsEmptyReceives: 5 * 180 });
    expect(measured({ type: "sqs", maximumConcurrency: 2 }, evenly("0/s"))).toEqual({
      sqsEmptyReceives: 2 * 180,
    });
  });

  it("SQS with 25 messages at once: three receives, three deletes, and less idling", () => {
    const usage = measured({ type: "sqs" }, waves(["30m", 25]));
    // Three of the five run for a second each.
    expect(usage).toMatchObject({ sqsSends: 25, sqsReceives: 3, sqsDeletes: 3 });
    expect(usage.sqsEmptyReceives).toBe(Math.round((5 * 3600 - 3) / 20));
  });

  it("SQS: what fails is received again and not deleted", () => {
    const sqs = { type: "sqs", batchSize: 1, failing: [{ message: 1 }], visibilityTimeout: "15m" };
    expect(measured(sqs, waves(["0s", 2]))).toMatchObject({ sqsSends: 2, sqsReceives: 3, sqsDeletes: 2 });
  });

  it("only what comes after the warm-up", () => {
    const usage = measured({ type: "sqs" }, waves(["10m", 25], ["40m", 5]), { warmup: "30m" });
    expect(usage).toMatchObject({ sqsSends: 5, sqsReceives: 1, sqsDeletes: 1 });
    expect(usage.sqsEmptyReceives).toBe(Math.round((5 * 1800 - 1) / 20));
  });

  it("provisioned pollers: those there are at least, and what a backlog adds", () => {
    const sqs = { type: "sqs", provisionedPollers: { minimum: 2, maximum: 10 } };
    expect(quantity(measured(sqs, evenly("0/s")), "sqsPollers")).toBe(2);
    const more = quantity(measured(sqs, waves(["0s", 20_000])), "sqsPollers");
    // 2,000 batches of a second at a hundred at most: 20 s at ten pollers, and the minute until it falls.
    expect(more).toBeGreaterThan(2 + (8 * 15) / 3600);
    expect(more).toBeLessThan(2 + (8 * 140) / 3600);
    const kafka = { type: "kafka", partitions: 4, minimumPollers: 4, maximumPollers: 4 };
    expect(quantity(measured(kafka, evenly("0/s")), "kafkaPollers")).toBe(1);
    expect(measured({ type: "kafka", partitions: 4 }, evenly("0/s"))).toEqual({});
  });

  it("API Gateway: attempts that it let through, also those that Lambda refused; not those it refused itself", () => {
    const gateway = { type: "api-gateway", rate: "10/s", burst: 10 };
    const functions = { f: { duration: "1s", reservedConcurrency: 1 } };
    const usage = measured(gateway, waves(["0s", 25]), { functions });
    expect(usage).toMatchObject({ restRequests: 10, requests: 1 });
  });

  it("SNS and EventBridge: what is sent; scheduled events are told apart", () => {
    expect(measured("sns", waves(["0s", 7])).snsPublishes).toBe(7);
    expect(measured("eventbridge", waves(["0s", 7])).eventBridgeEvents).toBe(7);
    const timer = { type: "schedule", every: "10m" };
    expect(measured("eventbridge", timer).eventBridgeScheduled).toBe(6);
  });

  it("payloads, logs and NAT, where they are written", () => {
    const usage = measured(
      "async",
      waves(["0s", 10]),
      {
        functions: { f: { duration: "1s", logs: { perInvocation: "2 KB" } }, g: { duration: "1s" } },
        pricing: { nat: { gateways: 1, perInvocation: "3 KB", functions: ["f"] } },
      },
      { payload: "512 KB" },
    );
    expect(usage).toMatchObject({ payloadRequests: 40, logs: 20_480, natData: 30_720 });
    expect(quantity(usage, "natGateways")).toBe(1);
  });
});
