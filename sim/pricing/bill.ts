import { type Architecture, MB_MS_PER_GB_SECOND, type Usage } from "./meter.ts";
import { costOf, costOfGbSeconds, type Money } from "./money.ts";
import type { ArchitecturePrices, PriceTable } from "./rates.ts";

export interface BillLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  /** Decimal text, as in the price table. */
  readonly unitPrice: string;
  readonly cost: Money;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  /** Exactly the sum of the lines. */
  readonly total: Money;
}

const ARCHITECTURES = ["x86_64", "arm64"] as const satisfies readonly Architecture[];

/**
 * What a month's usage costs: each price one line, tiers apart. The free tier stands as negative lines of its own; AWS
 * takes it from requests and from on-demand duration, x86 and Arm together (here x86 first), not from provisioned
 * concurrency.
 */
export function billFor(usage: Usage, prices: PriceTable, freeTier: boolean): Bill {
  const lines: BillLine[] = [];
  const requests = (item: string, count: number) => {
    if (count === 0) return;
    lines.push({
      item,
      quantity: count,
      unit: "requests",
      unitPrice: prices.perRequest,
      cost: costOf(prices.perRequest, count),
    });
  };
  const gbSeconds = (item: string, mbMs: number, unitPrice: string) => {
    if (mbMs === 0) return;
    const quantity = mbMs / MB_MS_PER_GB_SECOND;
    lines.push({ item, quantity, unit: "GB-s", unitPrice, cost: costOfGbSeconds(unitPrice, mbMs) });
  };

  requests("requests", usage.requests);
  for (const architecture of ARCHITECTURES) {
    const table = prices[architecture];
    tiersOf(usage.duration[architecture], table).forEach(({ mbMs, price }, tier) => {
      gbSeconds(`duration ${architecture}${tier === 0 ? "" : `, tier ${tier + 1}`}`, mbMs, price);
    });
    gbSeconds(
      `provisioned concurrency ${architecture}`,
      usage.provisioned[architecture],
      table.provisionedPerGbSecond,
    );
    gbSeconds(
      `duration on provisioned ${architecture}`,
      usage.provisionedDuration[architecture],
      table.provisionedDurationPerGbSecond,
    );
  }
  if (freeTier) {
    requests("free tier: requests", -Math.min(usage.requests, prices.freeRequests));
    let free = prices.freeGbSeconds * MB_MS_PER_GB_SECOND;
    for (const architecture of ARCHITECTURES) {
      const taken = Math.min(usage.duration[architecture], free);
      // Tiers count what is used, so the free part comes off the first and dearest one.
      gbSeconds(
        `free tier: duration ${architecture}`,
        -taken,
        prices[architecture].durationTiers[0]!.perGbSecond,
      );
      free -= taken;
    }
  }
  return { lines, total: lines.reduce((sum, line) => sum + line.cost, 0n) };
}

function tiersOf(mbMs: number, { durationTiers }: ArchitecturePrices): { mbMs: number; price: string }[] {
  let below = 0;
  return durationTiers.map(({ upTo, perGbSecond }) => {
    const top = upTo === undefined ? Number.POSITIVE_INFINITY : upTo * MB_MS_PER_GB_SECOND;
    const part = Math.max(0, Math.min(mbMs, top) - below);
    below = top;
    return { mbMs: part, price: perGbSecond };
  });
}

/** The mean of several bills, line by line; the total is the sum of the mean lines. */
export function meanBill(bills: readonly Bill[]): Bill {
  const sums = new Map<string, BillLine>();
  for (const bill of bills) {
    for (const line of bill.lines) {
      const sum = sums.get(line.item);
      sums.set(
        line.item,
        sum ? { ...line, quantity: sum.quantity + line.quantity, cost: sum.cost + line.cost } : line,
      );
    }
  }
  const n = bills.length;
  const lines = [...sums.values()].map((line) => ({
    ...line,
    quantity: line.quantity / n,
    cost: line.cost / BigInt(n),
  }));
  return { lines, total: lines.reduce((sum, line) => sum + line.cost, 0n) };
}
