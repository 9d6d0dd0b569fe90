/**
 * US dollars as a whole number of 10^-28 dollars: fine enough that any decimal price of up to 15 places, times
 * MB·milliseconds, divided by 1,024,000 to make GB-seconds, comes out without rounding.
 */
export type Money = bigint;

const PRICE_PLACES = 15;
const PLACES = 28;
const SHIFT = 10n ** BigInt(PLACES - PRICE_PLACES);

/**
 * What a whole number of units costs when `per` of them cost `price`, a decimal text: "0.0000002" dollars for one request, or
 * "0.0000166667" for 1,024,000 MB·milliseconds. Exact where the division is (GB-seconds are); bytes for a price per GB, or
 * microseconds for one per hour, are rounded at the 28th place.
 */
export function costOf(price: string, units: number, per = 1): Money {
  const product = scaled(price) * whole(units) * SHIFT;
  const divisor = BigInt(per);
  const half = product < 0n ? -divisor / 2n : divisor / 2n;
  return (product + half) / divisor;
}

function scaled(price: string): bigint {
  const [units, fraction = ""] = price.split(".") as [string, string?];
  if (fraction.length > PRICE_PLACES)
    throw new RangeError(`the price ${price} has more than ${PRICE_PLACES} decimals`);
  return BigInt(units + fraction.padEnd(PRICE_PLACES, "0"));
}

function whole(units: number): bigint {
  return BigInt(Math.round(units));
}

/** A price less a share of it (0.12 for 12 %, counted in millionths), as decimal text of at most 15 places. */
export function discounted(price: string, share: number): string {
  const kept = 1_000_000n - BigInt(Math.round(share * 1e6));
  return moneyText(((scaled(price) * kept) / 1_000_000n) * SHIFT);
}

/** All its digits, as decimal text: 1.8 as "1.8". */
export function moneyText(money: Money): string {
  const sign = money < 0n ? "-" : "";
  const digits = (money < 0n ? -money : money).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -PLACES)}${fraction ? `.${fraction}` : ""}`;
}

/** The nearest double. */
export function toUsd(money: Money): number {
  return Number(moneyText(money));
}
