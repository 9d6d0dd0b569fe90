import type { UnitPrice } from "./bill.ts";
import type { Item } from "./items.ts";
import { discounted } from "./money.ts";
import type { PAYMENTS, PriceList } from "./price-list.ts";

/** A Compute Savings Plan: the price list's prices by payment, or a discount that the user knows of. */
export interface SavingsPlan {
  readonly payment: (typeof PAYMENTS)[number] | undefined;
  /** A share of the on-demand price of the first tier. */
  readonly discount: number | undefined;
  /** The share of what it can cover that it covers. */
  readonly coverage: number;
}

/** What the plan charges for an item; undefined where it does not cover it, or where no price of it is known. */
export function planPrice(
  { plan: covered, price: path }: Item,
  { payment, discount }: SavingsPlan,
  { prices }: PriceList,
): UnitPrice | undefined {
  if (!covered) return undefined;
  if (discount !== undefined) {
    const usual = prices[path];
    return (
      usual && {
        price: discounted(usual.tiers[0]!.price, discount),
        source: `assumed: a discount of ${Number((discount * 100).toPrecision(6))} % on ${usual.source}`,
        date: usual.date,
        uncertain: true,
        path,
      }
    );
  }
  const special = `${covered.architecture}.savingsPlans.${payment}.${covered.price}`;
  const found = prices[special];
  if (!found) return undefined;
  const { tiers, source, date, uncertain } = found;
  return { price: tiers[0]!.price, source, date, uncertain, path: special };
}
