import { describe, expect, it, test } from "vitest";
import { noCounts } from "../../sim/measure/entry.ts";
import { ServiceUse } from "../../sim/measure/service-use.ts";
import { type Bill, billFor, byService, meanBill, unverified } from "../../sim/pricing/bill.ts";
import { breakEvenUtilization } from "../../sim/pricing/break-even.ts";
import {
  type Architecture,
  addUsage,
  ITEM_KEYS,
  ITEMS,
  MB_MS_PER_GB_SECOND,
  type Usage,
} from "../../sim/pricing/items.ts";
import { standingUsage, usageOf } from "../../sim/pricing/meter.ts";
import { costOf, discounted, moneyText, toUsd } from "../../sim/pricing/money.ts";
import { type PriceList, priceList } from "../../sim/pricing/price-list.ts";
import { PRICE_TABLES } from "../../sim/pricing/rates.ts";
import { entryUsage, natUsage, standingEntryUsage } from "../../sim/pricing/services.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../sim/units.ts";

const prices = PRICE_TABLES.find((t) => t.region === "us-east-1")!;
const GB_SECOND = MB_MS_PER_GB_SECOND;

interface Deployed {
  readonly architecture?: Architecture;
  readonly provisionedConcurrency?: number;
  readonly ephemeralStorage?: number;
  readonly snapStart?: boolean;
  readonly runtime?: string;
  readonly logBytes?: number;
}

/** Calls of one length and memory size: on demand, and on provisioned environments. */
function calls(
  count: number,
  ms: number,
  memorySize: number,
  f: Deployed = {},
  more: { readonly provisioned?: number; readonly provisionedMs?: number; readonly coldStarts?: number } = {},
): Usage {
  const { provisioned = 0, provisionedMs = ms, coldStarts = 0 } = more;
  return usageOf(
    { architecture: "x86_64", memorySize, ...f },
    {
      invocations: count + provisioned,
      billedMs: count * ms,
      provisionedBilledMs: provisioned * provisionedMs,
      coldStarts,
      proactiveInits: 0,
    },
  );
}

const rent = (memorySize: number, f: Deployed, span: number): Usage =>
  standingUsage({ architecture: "x86_64", memorySize, ...f }, span);

const seconds = (gbSeconds: number): Usage => ({ "duration.x86_64": gbSeconds * GB_SECOND });
const text = (bill: Bill) => moneyText(bill.total);
const total = (usage: Usage, freeTier = false) => text(billFor(usage, prices, freeTier));
const cents = (bill: Bill) =>
  Object.fromEntries(bill.lines.map((line) => [line.item, Number(moneyText(line.cost)).toFixed(2)]));

const ten = { provisionedConcurrency: 10 };
const MONTH_MS = 730 * 3600 * 1000;
const provisionedMonth = rent(1024, ten, 730 * HOUR);
const busyMonth = addUsage([provisionedMonth, { "provisionedDuration.x86_64": 10 * MONTH_MS * 1024 }]);
const snapStart = { snapStart: true, runtime: "python3.12" };
const snapshots = addUsage([
  calls(7.44e6, 2000, 1024, snapStart, { coldStarts: 74_400 }),
  rent(1024, snapStart, 31 * DAY),
]);
/** Lambda@Edge is no part of a scenario; its prices are a price file like any other. */
const edge = priceList(
  {
    region: "edge",
    date: "2026-09",
    source: "aws.amazon.com/lambda/pricing",
    perRequest: "0.0000006",
    x86_64: { durationTiers: [{ perGbSecond: "0.00005001" }] },
  },
  "edge",
);

interface Example {
  readonly name: string;
  readonly usage: Usage;
  /** The bill, to the last digit. */
  readonly total: string;
  readonly freeTier?: boolean;
  readonly prices?: PriceList;
  /** What AWS prints: some of the lines, in cents. */
  readonly cents?: Readonly<Record<string, string>>;
}

const EXAMPLES: readonly Example[] = [
  // The cases that the price list gives by arithmetic.
  {
    name: "10 million calls of 500 ms at 1 GB",
    usage: calls(10e6, 500, 1024),
    freeTier: true,
    total: "78.46682",
  },
  {
    name: "… on Arm, 19.54 % less",
    usage: calls(10e6, 500, 1024, { architecture: "arm64" }),
    freeTier: true,
    total: "63.13364",
  },
  {
    name: "100 million of 100 ms at 1 GB, free tier taken off",
    usage: calls(100e6, 100, 1024),
    freeTier: true,
    total: "179.80032",
  },
  { name: "… and without it", usage: calls(100e6, 100, 1024), total: "186.667" },
  {
    name: "20 billion GB-seconds on x86, through three tiers",
    usage: seconds(20e9),
    total: "301667.2",
    cents: {
      "duration x86_64": "100000.20",
      "duration x86_64, tier 2": "135000.00",
      "duration x86_64, tier 3": "66667.00",
    },
  },
  {
    name: "7 min 1 s of provisioned concurrency cost as much as 10 min",
    usage: rent(1024, ten, 7 * MINUTE + SECOND),
    total: "0.0250002",
  },
  { name: "10 provisioned × 1 GB for 730 h, idle", usage: provisionedMonth, total: "109.500876" },
  { name: "… always busy", usage: busyMonth, total: "365.000292" },
  { name: "… and the same work on demand", usage: seconds(10 * 730 * 3600), total: "438.000876" },
  {
    name: "1 % cold starts of 250 ms among 10 million calls at 1 GB: what billing their init adds",
    usage: { ...calls(100_000, 250, 1024), requests: 0 },
    total: "0.4166675",
  },
  {
    name: "2,048 MB of /tmp over 6 million calls of 280 ms: 2,520,000 GB-seconds",
    usage: { ephemeralStorage: calls(6e6, 280, 4096, { ephemeralStorage: 2048 }).ephemeralStorage! },
    total: "0.077868",
  },
  {
    name: "a snapshot of 1 GB cached for 31 days",
    usage: rent(1024, snapStart, 31 * DAY),
    total: "4.02992064",
  },
  {
    name: "74,400 restores of 1 GB",
    usage: { "snapStartRestores.x86_64": 74_400 * 1024 },
    total: "10.40110512",
  },

  // AWS's own pricing examples.
  {
    name: "AWS: 3 million of 120 ms at 1,536 MB, $2.73",
    usage: calls(3e6, 120, 1536),
    freeTier: true,
    total: "2.733338",
  },
  {
    name: "AWS: 7.44 million of 2 s at 1 GB, $249.49 (free tier ignored)",
    usage: calls(7.44e6, 2000, 1024),
    total: "249.488496",
    cents: { requests: "1.49", "duration x86_64": "248.00" },
  },
  {
    name: "AWS: 6 million of 280 ms at 4,096 MB with 2,048 MB of /tmp, $106.41",
    usage: calls(6e6, 280, 4096, { ephemeralStorage: 2048 }),
    freeTier: true,
    total: "106.411412",
    cents: { "ephemeral storage over 512 MB": "0.08" },
  },
  {
    name: "AWS: 100 provisioned at 1,536 MB for 8 h, half a million calls on it and 2.5 million besides, $19.96",
    usage: addUsage([
      calls(2.5e6, 120, 1536, {}, { provisioned: 500_000, provisionedMs: 100 }),
      rent(1536, { provisionedConcurrency: 100 }, 8 * HOUR),
    ]),
    freeTier: true,
    total: "19.962644",
    cents: { "provisioned concurrency x86_64": "18.00", "duration on provisioned x86_64": "0.73" },
  },
  {
    name: "AWS: 7 provisioned at 4,096 MB for 24 h, 2 million calls of 280 ms on it, $32.26",
    usage: addUsage([
      calls(0, 280, 4096, {}, { provisioned: 2e6 }),
      rent(4096, { provisionedConcurrency: 7 }, 24 * HOUR),
    ]),
    total: "32.25780864",
    cents: {
      requests: "0.40",
      "provisioned concurrency x86_64": "10.08",
      "duration on provisioned x86_64": "21.78",
    },
  },
  {
    name: "AWS: SnapStart, 7.44 million of 2 s at 1 GB, 74,400 restores, $263.92",
    usage: snapshots,
    total: "263.91952176",
    cents: { "SnapStart cache x86_64": "4.03", "SnapStart restores x86_64": "10.40" },
  },
  {
    name: "AWS: Lambda@Edge, 10 million of 10 ms at 128 MB, $6.63",
    usage: calls(10e6, 10, 128),
    prices: edge,
    total: "6.625125",
    cents: { requests: "6.00", "duration x86_64": "0.63" },
  },

  // The seed document's.
  { name: "seed: 10 million requests, $1.80", usage: { requests: 10e6 }, freeTier: true, total: "1.8" },
  {
    name: "seed: 100 ms at 128 MB (0.0000208 cents, not 0.02)",
    usage: { ...calls(1, 100, 128), requests: 0 },
    total: "0.00000020833375",
  },
  { name: "seed: 1 s at 1 GB (0.00166667 cents)", usage: seconds(1), total: "0.0000166667" },
  {
    name: "seed: 1 s at 1 GB on Arm",
    usage: { "duration.arm64": GB_SECOND },
    total: "0.0000133334",
  },
  { name: "seed: low traffic is free", usage: calls(100_000, 100, 1024), freeTier: true, total: "0" },
];

describe("bills from given counters, to the last digit", () => {
  test.each(EXAMPLES)("$name", ({ usage, total, freeTier = false, prices: own = prices, cents: printed }) => {
    const bill = billFor(usage, own, freeTier);
    expect(text(bill)).toBe(total);
    if (printed) expect(cents(bill)).toMatchObject(printed);
  });

  it("the seed's $186.467 forgets the compute part of the free tier, and saves 46.72 % on five servers of $70", () => {
    const { lines, total } = billFor(calls(100e6, 100, 1024), prices, true);
    const compute = lines.find((line) => line.item === "free tier: duration x86_64")!;
    expect(moneyText(total - compute.cost)).toBe("186.467");
    expect(1 - 186.467 / 350).toBeCloseTo(0.4672, 4);
    expect(1 - toUsd(total) / 350).toBeCloseTo(0.4863, 4);
  });

  it("Arm is 19.54 % cheaper", () => {
    const [x86, arm] = EXAMPLES as unknown as [Example, Example];
    expect(1 - Number(arm.total) / Number(x86.total)).toBeCloseTo(0.1954, 4);
  });

  it("provisioned concurrency breaks even where the price table says", () => {
    expect(breakEvenUtilization(prices, "x86_64")).toBeCloseTo(0.6, 9);
    expect(breakEvenUtilization(prices, "arm64")).toBeCloseTo(0.6, 4);
    const dear = { ...prices.prices["x86_64.durationTiers"]! };
    const list = { ...prices, prices: { ...prices.prices, "x86_64.provisionedDurationPerGbSecond": dear } };
    expect(breakEvenUtilization(list, "x86_64")).toBe(Number.POSITIVE_INFINITY);
  });

  it("provisioned concurrency breaks even with on-demand at exactly 60 % utilisation", () => {
    const saved = (share: number) => {
      const ms = share * 10 * MONTH_MS * 1024;
      const provisioned = addUsage([provisionedMonth, { "provisionedDuration.x86_64": ms }]);
      return (
        billFor(provisioned, prices, false).total - billFor({ "duration.x86_64": ms }, prices, false).total
      );
    };
    expect(toUsd(saved(0.6))).toBeCloseTo(0, 9);
    expect(saved(0.59) > 0n && saved(0.61) < 0n).toBe(true);
  });
});

describe("SnapStart", () => {
  it("is free for Java", () => {
    const java = { snapStart: true, runtime: "java21" };
    expect(rent(1024, java, DAY)["snapStartCache.x86_64"]).toBeUndefined();
    expect(calls(1, 1, 1024, java, { coldStarts: 5 })["snapStartRestores.x86_64"]).toBeUndefined();
  });

  it("keeps each version's snapshot for three hours at least", () => {
    const cached = (span: number, deploys: number[]) =>
      standingUsage({ architecture: "arm64", memorySize: 1024, ...snapStart }, span, deploys)[
        "snapStartCache.arm64"
      ]! /
      (1024 * 3_600_000);
    expect(cached(10 * MINUTE, [])).toBe(3);
    expect(cached(24 * HOUR, [])).toBe(24);
    expect(cached(24 * HOUR, [HOUR, 20 * HOUR])).toBe(3 + 19 + 4);
  });
});

describe("a savings plan", () => {
  const usage = addUsage([
    calls(10e6, 500, 1024),
    calls(10e6, 500, 1024, { architecture: "arm64" }),
    provisionedMonth,
  ]);
  const plan = (more: object) => ({ payment: undefined, discount: undefined, coverage: 1, ...more });

  it("has prices by payment, and where none is known, those of demand", () => {
    const lines = (payment: string) =>
      billFor(usage, prices, false, plan({ payment }))
        .lines.filter(({ key }) => key !== "requests")
        .map(({ item, unitPrice }) => [item, unitPrice]);
    expect(lines("no-upfront")).toEqual([
      ["duration x86_64, savings plan", "0.0000147"],
      ["provisioned concurrency x86_64, savings plan", "0.00000367"],
      ["duration arm64, savings plan", "0.0000117"],
    ]);
    expect(lines("all-upfront")).toEqual([
      ["duration x86_64, savings plan", "0.0000138"],
      ["provisioned concurrency x86_64", "0.0000041667"],
      ["duration arm64, savings plan", "0.0000111"],
    ]);
  });

  it("covers a share; the rest goes through the tiers", () => {
    const { lines } = billFor(seconds(16e9), prices, false, plan({ payment: "no-upfront", coverage: 0.5 }));
    expect(lines.map(({ item, quantity }) => [item, quantity])).toEqual([
      ["duration x86_64, savings plan", 8e9],
      ["duration x86_64", 6e9],
      ["duration x86_64, tier 2", 2e9],
    ]);
  });

  it("may be a discount, which is assumed", () => {
    const { lines } = billFor(seconds(1000), prices, false, plan({ discount: 0.12 }));
    expect(lines[0]).toMatchObject({ unitPrice: "0.000014666696", uncertain: true });
    expect(discounted("0.0000166667", 1)).toBe("0");
  });

  it("leaves the free tier as it is, at the price that was charged", () => {
    const covered = billFor(seconds(500_000), prices, true, plan({ payment: "no-upfront" }));
    expect(text(covered)).toBe("1.47");
    const half = billFor(seconds(500_000), prices, true, plan({ payment: "no-upfront", coverage: 0.5 }));
    // 400,000 are free: all 250,000 on demand, and 150,000 of the plan's.
    expect(text(half)).toBe("1.47");
  });
});

describe("other services, from an entry's counters", () => {
  const measured = (requests: number, fill: (use: ServiceUse) => void = () => {}, refused = 0) => {
    const counts = { ...noCounts(), requests };
    counts.dropsByCause.refused = refused;
    const use = new ServiceUse();
    fill(use);
    return { counts, use };
  };
  const used = (
    service: Parameters<typeof entryUsage>[0]["invoke"]["service"],
    payload: number | undefined,
    ...of: Parameters<typeof measured>
  ) => entryUsage({ invoke: { ...(service && { service }) }, payload }, measured(...of));
  const KB = 1024;
  const standard = { kind: "sqs", fifo: false, provisioned: false } as const;

  it("SQS: sends, receives of up to ten messages, polls in vain, deletes; 64 KB are one request", () => {
    const fill = (use: ServiceUse) => {
      use.receive(25);
      use.receive(1);
      use.delete(25);
      use.delete(0);
      use.idlePollerTime = 61 * SECOND;
    };
    expect(used(standard, undefined, 100, fill)).toEqual({
      sqsSends: 100,
      sqsReceives: 4,
      sqsEmptyReceives: 3,
      sqsDeletes: 3,
    });
    // Ten messages of 32 KB are five requests, five are three.
    expect(used(standard, 32 * KB, 100, fill).sqsReceives).toBe(5 + 5 + 3 + 1);
    expect(used(standard, 65 * KB, 100, fill).sqsSends).toBe(200);
    expect(used({ ...standard, fifo: true }, undefined, 100, fill)).toMatchObject({ fifoSends: 100 });
  });

  it("an idle mapping's five pollers make 648,000 receives in 30 days, inside SQS's free million", () => {
    const usage = used(standard, undefined, 0, (use) => {
      use.idlePollerTime = 5 * 30 * DAY;
    });
    expect(usage.sqsEmptyReceives).toBe(648_000);
    expect(total(usage, true)).toBe("0");
    expect(total(usage)).toBe("0.2592");
  });

  it("a million messages of SQS received and deleted one by one cost three requests each, FIFO a quarter more", () => {
    const fill = (use: ServiceUse) => {
      use.received[1] = 1e6;
      use.deletes = 1e6;
    };
    expect(total(used(standard, undefined, 1e6, fill))).toBe("1.2");
    expect(total(used(standard, undefined, 1e6, fill), true)).toBe("0.8");
    expect(total(used({ ...standard, fifo: true }, undefined, 1e6, fill))).toBe("1.5");
  });

  it("provisioned pollers are billed by the hour: of SQS's ten invokes each, of Kafka's four a unit", () => {
    const hour = (units: number) => (use: ServiceUse) => {
      use.pollerTime = units * HOUR;
    };
    const sqs = used({ ...standard, provisioned: true }, undefined, 0, hour(20));
    expect(total(sqs)).toBe("0.0185");
    expect(total(used({ kind: "kafka", provisioned: true }, undefined, 0, hour(4)))).toBe("0.185");
    expect(used({ kind: "kafka", provisioned: false }, undefined, 0, hour(4))).toEqual({});
  });

  it("Kinesis: shard hours, and PUT units of 25 KB of what the stream took", () => {
    const stream = { kind: "kinesis", shards: 4, extended: false } as const;
    expect(used(stream, 26 * KB, 1000, undefined, 100)).toEqual({ kinesisPuts: 1800 });
    expect(total(standingEntryUsage({ invoke: { service: stream } }, 730 * HOUR))).toBe("43.8");
    expect(total({ kinesisPuts: 1e6 })).toBe("0.014");
  });

  it("what has no price is a line that says so, and costs nothing", () => {
    const kept = { kind: "kinesis", shards: 1, extended: true } as const;
    const { lines, total } = billFor(
      standingEntryUsage({ invoke: { service: kept } }, 10 * HOUR),
      prices,
      false,
    );
    expect(lines.map(({ item, quantity, unitPrice }) => [item, quantity, unitPrice])).toEqual([
      ["Kinesis shards", 10, "0.015"],
      ["Kinesis retention over 24 h", 10, undefined],
    ]);
    expect(moneyText(total)).toBe("0.15");
  });

  it("API Gateway: REST through its tiers, HTTP by 512 KB", () => {
    const rest = { kind: "api-gateway", api: "rest" } as const;
    const passed = (n: number) => (use: ServiceUse) => {
      use.forwarded = n;
    };
    expect(total(used(rest, undefined, 5, passed(2e9)))).toBe(`${333 * 3.5 + 667 * 2.8 + 1000 * 2.38}`);
    expect(used({ kind: "api-gateway", api: "http" }, 513 * KB, 5, passed(3))).toEqual({ httpRequests: 6 });
  });

  it("events: each 64 KB over 256 KB is one more request of Lambda; SNS and EventBridge count 64 KB as one", () => {
    expect(used({ kind: "events" }, 256 * KB, 10)).toEqual({ payloadRequests: 0 });
    expect(used({ kind: "events" }, 1024 * KB, 10)).toEqual({ payloadRequests: 120 });
    expect(used({ kind: "sns" }, 65 * KB, 10).snsPublishes).toBe(20);
    expect(used({ kind: "eventbridge" }, undefined, 10).eventBridgeEvents).toBe(10);
    expect(used({ kind: "eventbridge", scheduled: true }, undefined, 10).eventBridgeScheduled).toBe(10);
  });

  it("DynamoDB: reads of shards, which are free for Lambda; logs and NAT by the GB", () => {
    const reads = standingEntryUsage(
      { invoke: { service: { kind: "dynamodb", shards: 2, pollInterval: SECOND / 4 } } },
      HOUR,
    );
    expect(reads).toEqual({ dynamodbReads: 2 * 4 * 3600 });
    expect(total(reads)).toBe("0");
    expect(total(calls(2 ** 20, 0, 1024, { logBytes: 1024 }))).toBe(`${0.5 + 2 ** 20 * 0.0000002}`);
    expect(total(addUsage([natUsage(2, 730 * HOUR), { natData: 100 * 2 ** 30 }]))).toBe(
      `${2 * 730 * 0.045 + 4.5}`,
    );
  });
});

describe("a bill", () => {
  it("is exactly the sum of its lines, also when it is the mean of several", () => {
    const bills = [1, 2, 3].map((n) => billFor(calls(n * 1_234_567, 17, 777), prices, true));
    for (const bill of [...bills, meanBill(bills)]) {
      expect(bill.lines.reduce((sum, line) => sum + line.cost, 0n)).toBe(bill.total);
      expect([...byService(bill).values()].reduce((sum, cost) => sum + cost, 0n)).toBe(bill.total);
    }
  });

  it("keeps its order when only some of several have a line", () => {
    const some = [{ logs: 2 ** 30 }, { requests: 5, sqsSends: 5 }].map((usage) =>
      billFor(usage, prices, true),
    );
    expect(meanBill(some).lines.map(({ item }) => item)).toEqual([
      "requests",
      "SQS sends",
      "CloudWatch Logs ingested",
      "free tier: requests",
      "free tier: SQS requests",
    ]);
  });

  it("shows the free tier as lines of its own, x86 first and then Arm, and never more than was used", () => {
    const usage = addUsage([calls(600_000, 1000, 512), calls(600_000, 1000, 512, { architecture: "arm64" })]);
    const free = billFor(usage, prices, true).lines.filter((line) => line.free);
    expect(free.map(({ item, quantity }) => [item, quantity])).toEqual([
      ["free tier: requests", -1_000_000],
      ["free tier: duration x86_64", -300_000],
      ["free tier: duration arm64", -100_000],
    ]);
  });

  it("says of each line where its price is from, and which prices nobody has checked", () => {
    const usage = Object.fromEntries(ITEM_KEYS.map((key) => [key, ITEMS[key].per])) as Usage;
    const bill = billFor(usage, prices, false);
    expect(bill.lines.length).toBe(ITEM_KEYS.length);
    for (const { unitPrice, source, date } of bill.lines) {
      if (unitPrice === undefined) continue;
      expect(source).not.toBe("");
      expect(date).toMatch(/^20\d\d(-\d\d)?$/);
    }
    expect(bill.lines.filter(({ unitPrice }) => unitPrice === undefined).map(({ key }) => key)).toEqual([
      "eventBridgeScheduled",
      "kinesisRetention",
    ]);
    expect(unverified(bill)).toContain("services.sqs.perRequest");
    expect(unverified(bill)).not.toContain("perRequest");
  });

  it("rounds what cannot be divided at the 28th place, a half away from zero", () => {
    expect(costOf("1", 1, 3)).toBe(3333333333333333333333333333n);
    expect(costOf("1", 2, 3)).toBe(6666666666666666666666666667n);
    expect(costOf("1", -2, 3)).toBe(-6666666666666666666666666667n);
  });
});

describe("a price file", () => {
  it("wins over what is shipped, and leaves the rest with its own source and date", () => {
    const own = priceList(
      {
        date: "2027-01",
        source: "our contract",
        perRequest: "0.0000001",
        services: { sqs: { perRequest: "0.0000003" } },
      },
      "us-east-1",
      prices,
    );
    expect(own.prices.perRequest).toMatchObject({ tiers: [{ price: "0.0000001" }], source: "our contract" });
    expect(own.prices["services.sqs.perRequest"]).toMatchObject({ uncertain: false, date: "2027-01" });
    expect(own.prices["services.sqs.perFifoRequest"]).toEqual(prices.prices["services.sqs.perFifoRequest"]);
    expect(own.free).toEqual(prices.free);
  });
});
