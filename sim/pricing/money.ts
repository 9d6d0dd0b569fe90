/**
 * US dollars as a whole number of 10^-28 dollars: fine enough that any decimal price of up to 15 places, times
 * MB·milliseconds, divided by 1,024,000 to make GB-seconds, comes out without rounding.
 */
export type Money = bigint;

const PRICE_PLACES = 15;
const PLACES = 28;

/** "0.0000002" dollars for one unit, times a whole number of units. */
export function costOf(price: string, units: number): Money {
  return scaled(price) * whole(units) * 10n ** BigInt(PLACES - PRICE_PLACES);
}

/** A price per GB-second, times a whole number of MB·milliseconds. */
export function costOfGbSeconds(price: string, mbMs: number): Money {
  // 10^13 / 1,024,000 = 9,765,625: exact, since 1,024,000 = 2^13 · 5^3.
  return scaled(price) * whole(mbMs) * 9_765_625n;
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
