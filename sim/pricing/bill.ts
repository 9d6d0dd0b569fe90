import {
  ARCHITECTURES,
  ITEM_KEYS,
  ITEMS,
  type Item,
  type ItemKey,
  type Service,
  type Usage,
} from "./items.ts";
import { costOf, type Money } from "./money.ts";
import type { Price, PriceList } from "./price-list.ts";
import { planPrice, type SavingsPlan } from "./savings-plan.ts";

export interface BillLine {
  readonly key: ItemKey;
  readonly service: Service;
  readonly item: string;
  /** In metered units, and in priced ones. */
  readonly units: number;
  readonly quantity: number;
  readonly unit: string;
  /** Decimal text, as in the price table; undefined: it has no price, and nothing is charged. */
  readonly unitPrice: string | undefined;
  readonly cost: Money;
  /** Where the price stands in a price file. */
  readonly price: string;
  /** Where the price is from, and from when; "" where there is none. */
  readonly source: string;
  readonly date: string;
  /** Nobody has checked the price. */
  readonly uncertain: boolean;
  /** It takes the free tier off. */
  readonly free: boolean;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  /** Exactly the sum of the lines. */
  readonly total: Money;
}

/**
 * What a month's usage costs: each price one line, tiers apart. The free tier stands as negative lines of its own; AWS
 * takes it from requests and from on-demand duration, x86 and Arm together (here x86 first), not from provisioned
 * concurrency. A savings plan takes its share of what it covers; what has no price is a line without one.
 */
export function billFor(usage: Usage, prices: PriceList, freeTier: boolean, plan?: SavingsPlan): Bill {
  const writer = new Writer(usage, prices, plan);
  for (const key of ITEM_KEYS) writer.charge(key);
  if (freeTier) writer.takeFreeTier();
  return billOf(writer.lines);
}

function billOf(lines: readonly BillLine[]): Bill {
  return { lines, total: lines.reduce((sum, line) => sum + line.cost, 0n) };
}

/** What a price is taken from: a list's, or one made of it. */
export interface UnitPrice extends Omit<Price, "tiers"> {
  readonly price: string;
  readonly path: string;
}

const SQS_STANDARD = ["sqsSends", "sqsReceives", "sqsEmptyReceives", "sqsDeletes"] as const;
const SQS_FIFO = ["fifoSends", "fifoReceives", "fifoEmptyReceives", "fifoDeletes"] as const;

class Writer {
  readonly lines: BillLine[] = [];
  private readonly usage: Usage;
  private readonly prices: PriceList;
  private readonly plan: SavingsPlan | undefined;

  constructor(usage: Usage, prices: PriceList, plan: SavingsPlan | undefined) {
    this.usage = usage;
    this.prices = prices;
    this.plan = plan;
  }

  private used(...keys: readonly ItemKey[]): number {
    return keys.reduce((sum, key) => sum + (this.usage[key] ?? 0), 0);
  }

  /** The lines of one item: under the savings plan, then tier by tier. */
  charge(key: ItemKey): void {
    if (!this.usage[key]) return;
    const item: Item = ITEMS[key];
    const price = this.prices.prices[item.price];
    const { covered, special } = this.covered(key);
    if (special) this.line(key, covered, special, ", savings plan");
    let below = covered;
    if (!price) {
      this.line(key, this.used(key) - covered, undefined);
      return;
    }
    price.tiers.forEach(({ upTo = Number.POSITIVE_INFINITY }, tier) => {
      const top = Math.min(this.used(key), upTo * item.per + covered);
      this.line(key, top - below, this.tierPrice(item, tier), tier === 0 ? "" : `, tier ${tier + 1}`);
      below = Math.max(below, top);
    });
  }

  /** How much of an item the savings plan takes, and at what price. */
  private covered(key: ItemKey): { covered: number; special: UnitPrice | undefined } {
    const special = this.plan && planPrice(ITEMS[key], this.plan, this.prices);
    return { covered: special ? Math.round(this.used(key) * this.plan!.coverage) : 0, special };
  }

  private tierPrice({ price: path }: Item, tier: number): UnitPrice {
    const { tiers, source, date, uncertain } = this.prices.prices[path]!;
    return { price: tiers[tier]!.price, source, date, uncertain, path };
  }

  takeFreeTier(): void {
    const { free } = this.prices;
    this.free("requests", this.used("requests", "payloadRequests"), free.freeRequests ?? 0);
    let gbSeconds = (free.freeGbSeconds ?? 0) * ITEMS["duration.x86_64"].per;
    for (const architecture of ARCHITECTURES) {
      const key = `duration.${architecture}` as const;
      // Tiers count what is used, so the free part comes off the first and dearest one, before what a plan covers.
      const { covered, special } = this.covered(key);
      const taken = this.free(key, this.used(key) - covered, gbSeconds);
      gbSeconds -= taken;
      if (special) gbSeconds -= this.free(key, covered, gbSeconds, special, ", savings plan");
    }
    const queues = free["services.sqs.freeRequests"] ?? 0;
    const standard = this.free("sqsSends", this.used(...SQS_STANDARD), queues, undefined, "", "SQS requests");
    this.free("fifoSends", this.used(...SQS_FIFO), queues - standard, undefined, "", "SQS FIFO requests");
  }

  /** Takes up to `most` units off; returns how many. */
  private free(
    key: ItemKey,
    used: number,
    most: number,
    at?: UnitPrice,
    suffix = "",
    name: string = ITEMS[key].name,
  ): number {
    const taken = Math.min(used, most);
    const price = at ?? (this.prices.prices[ITEMS[key].price] && this.tierPrice(ITEMS[key], 0));
    if (price) this.line(key, -taken, price, suffix, `free tier: ${name}`);
    return taken;
  }

  private line(
    key: ItemKey,
    units: number,
    at: UnitPrice | undefined,
    suffix = "",
    name: string = ITEMS[key].name,
  ): void {
    const { service, unit, per, price } = ITEMS[key];
    // A negative quantity is what the free tier takes off.
    if (units === 0 || Object.is(units, -0)) return;
    if (units < 0 && !name.startsWith("free tier")) return;
    this.lines.push({
      key,
      service,
      item: `${name}${suffix}`,
      units,
      quantity: units / per,
      unit,
      unitPrice: at?.price,
      cost: at ? costOf(at.price, units, per) : 0n,
      price: at?.path ?? price,
      source: at?.source ?? "",
      date: at?.date ?? "",
      uncertain: at?.uncertain ?? false,
      free: units < 0,
    });
  }
}

/** The mean of several bills, line by line, in the order of a bill; the total is the sum of the mean lines. */
export function meanBill(bills: readonly Bill[]): Bill {
  const sums = new Map<string, BillLine>();
  for (const bill of bills) {
    for (const line of bill.lines) {
      const sum = sums.get(line.item);
      sums.set(
        line.item,
        sum ? { ...line, units: sum.units + line.units, cost: sum.cost + line.cost } : line,
      );
    }
  }
  const n = bills.length;
  const place = ({ key, free }: BillLine) => ITEM_KEYS.indexOf(key) + (free ? ITEM_KEYS.length : 0);
  const lines = [...sums.values()]
    .map((line) => ({
      ...line,
      units: line.units / n,
      quantity: line.units / n / ITEMS[line.key].per,
      cost: line.cost / BigInt(n),
    }))
    .sort((a, b) => place(a) - place(b));
  return billOf(lines);
}

/** What a bill comes to without the free tier. */
export function withoutFreeTier({ lines }: Bill): Money {
  return lines.reduce((sum, line) => (line.free ? sum : sum + line.cost), 0n);
}

/** A bill's services, each with what it costs, free tier taken off, in the order of the bill. */
export function byService({ lines }: Bill): Map<Service, Money> {
  const sums = new Map<Service, Money>();
  for (const { service, cost } of lines) sums.set(service, (sums.get(service) ?? 0n) + cost);
  return sums;
}

/** The prices of a bill that nobody has checked, by their place in a price file. */
export function unverified({ lines }: Bill): string[] {
  return [...new Set(lines.filter((line) => line.uncertain).map((line) => line.price))];
}
