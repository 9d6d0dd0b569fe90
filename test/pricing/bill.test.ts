import { describe, expect, it } from "vitest";
import { billFor, meanBill } from "../../sim/pricing/bill.ts";
import { breakEvenUtilization } from "../../sim/pricing/break-even.ts";
import {
  type Architecture,
  addUsage,
  MB_MS_PER_GB_SECOND,
  noUsage,
  type Usage,
  usageOf,
} from "../../sim/pricing/meter.ts";
import { moneyText, toUsd } from "../../sim/pricing/money.ts";
import { PRICE_TABLES } from "../../sim/pricing/rates.ts";
import { HOUR, MINUTE, SECOND } from "../../sim/units.ts";

const prices = PRICE_TABLES.find((t) => t.region === "us-east-1")!;
const GB_SECOND = MB_MS_PER_GB_SECOND;

/** Calls of one length and memory size, on demand. */
function calls(count: number, ms: number, memoryMb: number, architecture: Architecture = "x86_64"): Usage {
  const usage = noUsage();
  usage.requests = count;
  usage.duration[architecture] = count * ms * memoryMb;
  return usage;
}

const total = (usage: Usage, freeTier: boolean) => moneyText(billFor(usage, prices, freeTier).total);

describe("the bill from given counters, to the last digit", () => {
  it("10 million calls of 500 ms at 1 GB cost $78.46682 on x86 and $63.13364 on Arm, free tier taken off", () => {
    expect(total(calls(10e6, 500, 1024), true)).toBe("78.46682");
    expect(total(calls(10e6, 500, 1024, "arm64"), true)).toBe("63.13364");
  });

  it("100 million calls of 100 ms at 1 GB cost $179.80032 with the free tier and $186.667 without", () => {
    expect(total(calls(100e6, 100, 1024), true)).toBe("179.80032");
    expect(total(calls(100e6, 100, 1024), false)).toBe("186.667");
  });

  it("… and $186.467, the seed document's figure, when only the compute part of the free tier is forgotten", () => {
    const { lines, total } = billFor(calls(100e6, 100, 1024), prices, true);
    const compute = lines.find((line) => line.item === "free tier: duration x86_64")!;
    expect(moneyText(total - compute.cost)).toBe("186.467");
  });

  it("20 billion GB-seconds on x86 go through three tiers", () => {
    const usage = noUsage();
    usage.duration.x86_64 = 20e9 * GB_SECOND;
    const bill = billFor(usage, prices, false);
    expect(bill.lines.map((line) => moneyText(line.cost))).toEqual(["100000.2", "135000", "66667"]);
    expect(moneyText(bill.total)).toBe("301667.2");
  });

  it("a small load is free", () => {
    expect(total(calls(100_000, 100, 1024), true)).toBe("0");
  });

  it("billed init adds $0.4166675 for 1 % cold starts of 250 ms among 10 million calls at 1 GB", () => {
    const without = calls(10e6, 500, 1024);
    const withInit = addUsage([without, { ...calls(100_000, 250, 1024), requests: 0 }]);
    const [a, b] = [without, withInit].map((usage) => billFor(usage, prices, true).total) as [bigint, bigint];
    expect(moneyText(b - a)).toBe("0.4166675");
  });

  it("10 million requests cost $1.80 beyond the free million", () => {
    const usage = { ...noUsage(), requests: 10e6 };
    expect(total(usage, true)).toBe("1.8");
  });

  it("one call of 1 s at 1 GB costs 0.0000166667 dollars of duration, on Arm 0.0000133334", () => {
    const cost = (architecture: Architecture) =>
      moneyText(billFor(calls(1, 1000, 1024, architecture), prices, false).lines[1]!.cost);
    expect([cost("x86_64"), cost("arm64")]).toEqual(["0.0000166667", "0.0000133334"]);
  });

  it("one call of 100 ms at 128 MB costs 0.00000020833375 dollars of duration", () => {
    const [, duration] = billFor(calls(1, 100, 128), prices, false).lines;
    expect(moneyText(duration!.cost)).toBe("0.00000020833375");
  });
});

describe("AWS's own pricing examples", () => {
  it("3 million calls of 120 ms at 1,536 MB: $2.73", () => {
    expect(total(calls(3e6, 120, 1536), true)).toBe("2.733338");
  });

  it("7.44 million calls of 2 s at 1 GB, free tier ignored as AWS does: $248.00 + $1.49", () => {
    const bill = billFor(calls(7.44e6, 2000, 1024), prices, false);
    const costs = bill.lines.map((line) => Number(moneyText(line.cost)).toFixed(2));
    expect(costs).toEqual(["1.49", "248.00"]);
  });

  it("100 provisioned at 1,536 MB for 8 hours, 500,000 calls on it and 2.5 million besides: $19.962644", () => {
    const f = { architecture: "x86_64", memorySize: 1536, provisionedConcurrency: 100 } as const;
    const counters = { invocations: 3e6, billedMs: 2.5e6 * 120, provisionedBilledMs: 500_000 * 100 };
    const usage = usageOf(f, counters, 8 * HOUR);
    expect(total(usage, true)).toBe("19.962644");
  });

  it("7 provisioned at 4,096 MB for 24 hours, 2 million calls of 280 ms on it: $10.08 + $21.78 + requests", () => {
    const f = { architecture: "x86_64", memorySize: 4096, provisionedConcurrency: 7 } as const;
    const counters = { invocations: 2e6, billedMs: 0, provisionedBilledMs: 2e6 * 280 };
    const bill = billFor(usageOf(f, counters, 24 * HOUR), prices, false);
    const costs = Object.fromEntries(
      bill.lines.map((line) => [line.item, Number(moneyText(line.cost)).toFixed(2)]),
    );
    expect(costs).toEqual({
      requests: "0.40",
      "provisioned concurrency x86_64": "10.08",
      "duration on provisioned x86_64": "21.78",
    });
  });
});

describe("provisioned concurrency", () => {
  const ten = { architecture: "x86_64", memorySize: 1024, provisionedConcurrency: 10 } as const;
  const month = 730 * HOUR;

  it("10 × 1 GB for 730 hours: fee $109.500876, fully busy $365.000292, the same work on demand $438.000876", () => {
    const busyMs = 10 * 730 * 3600 * 1000;
    const idle = usageOf(ten, { invocations: 0, billedMs: 0, provisionedBilledMs: 0 }, month);
    const busy = usageOf(ten, { invocations: 0, billedMs: 0, provisionedBilledMs: busyMs }, month);
    const onDemand = noUsage();
    onDemand.duration.x86_64 = busyMs * 1024;
    expect(total(idle, false)).toBe("109.500876");
    expect(total(busy, false)).toBe("365.000292");
    expect(total(onDemand, false)).toBe("438.000876");
  });

  it("breaks even with on-demand at exactly 60 % utilisation", () => {
    const cost = (utilisation: number) => {
      const ms = utilisation * 10 * 730 * 3600 * 1000;
      const provisioned = usageOf(ten, { invocations: 0, billedMs: 0, provisionedBilledMs: ms }, month);
      const onDemand = noUsage();
      onDemand.duration.x86_64 = ms * 1024;
      return billFor(provisioned, prices, false).total - billFor(onDemand, prices, false).total;
    };
    expect(toUsd(cost(0.6))).toBeCloseTo(0, 9);
    expect(cost(0.59) > 0n && cost(0.61) < 0n).toBe(true);
  });

  it("breaks even where the price table says", () => {
    expect(breakEvenUtilization(prices.x86_64)).toBeCloseTo(0.6, 9);
    expect(breakEvenUtilization(prices.arm64)).toBeCloseTo(0.6, 4);
    const dear = { ...prices.x86_64, provisionedDurationPerGbSecond: "0.0000166667" };
    expect(breakEvenUtilization(dear)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is charged in steps of five minutes: 7 min 1 s costs as much as 10 min", () => {
    const fee = (span: number) =>
      total(usageOf(ten, { invocations: 0, billedMs: 0, provisionedBilledMs: 0 }, span), false);
    expect(fee(7 * MINUTE + SECOND)).toBe(fee(10 * MINUTE));
    expect(fee(5 * MINUTE)).not.toBe(fee(5 * MINUTE + 1));
  });
});

describe("a bill", () => {
  it("is exactly the sum of its lines, also when it is the mean of several", () => {
    const bills = [1, 2, 3].map((n) => billFor(calls(n * 1_234_567, 17, 777), prices, true));
    for (const bill of [...bills, meanBill(bills)]) {
      expect(bill.lines.reduce((sum, line) => sum + line.cost, 0n)).toBe(bill.total);
    }
  });

  it("shows the free tier as lines of its own, x86 first and then Arm, and never more than was used", () => {
    const usage = addUsage([calls(600_000, 1000, 512), calls(600_000, 1000, 512, "arm64")]);
    const free = billFor(usage, prices, true).lines.filter((line) => line.item.startsWith("free tier"));
    expect(free.map(({ item, quantity }) => [item, quantity])).toEqual([
      ["free tier: requests", -1_000_000],
      ["free tier: duration x86_64", -300_000],
      ["free tier: duration arm64", -100_000],
    ]);
  });
});
