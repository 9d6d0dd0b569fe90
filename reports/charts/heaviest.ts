import { FUNCTION_STYLES } from "./chart.ts";

/** How many lines can be told apart. */
export const MOST_APART = FUNCTION_STYLES.length;

/** Those with a weight, in their own order: of many as many as can be told apart, the ones with the most. */
export function heaviest<T>(items: readonly T[], weight: (item: T) => number): T[] {
  const weighed = items.map((item) => ({ item, weight: weight(item) })).filter(({ weight }) => weight > 0);
  const most = new Set([...weighed].sort((a, b) => b.weight - a.weight).slice(0, MOST_APART));
  return weighed.filter((one) => most.has(one)).map(({ item }) => item);
}
