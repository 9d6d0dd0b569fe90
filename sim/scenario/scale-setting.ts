import { parseQuantity, parseShare } from "../units.ts";

/** Written settings a little larger or smaller: what a study of assumptions tries. Undefined where there is no number to move. */

/** Digits that are kept: more than anyone writes, and 0.1 + 0.2 reads 0.3. */
const DIGITS = 12;

const times = (value: number, factor: number) => String(Number((value * factor).toPrecision(DIGITS)));

/**
 * A duration or a distribution of one, `factor` times as long: "180ms" as "216ms", and every time in { "p50", "p99" },
 * quantile tables, lists and mixtures; what is no time (a coefficient of variation, a weight, a memory size) stays.
 */
export function scaledTime(written: unknown, factor: number): unknown {
  let moved = false;
  const scaled = (value: unknown): unknown => {
    if (typeof value === "string") {
      const parsed = parseQuantity("duration", value);
      if (!parsed.ok || parsed.value === 0) return value;
      moved = true;
      const [, number, unit] = /^\s*(\S*?)\s*([a-zµ]+)\s*$/.exec(value) as unknown as [
        string,
        string,
        string,
      ];
      return `${times(Number(number), factor)}${unit}`;
    }
    if (Array.isArray(value)) return value.map(scaled);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scaled(inner)]));
  };
  const result = scaled(written);
  return moved ? result : undefined;
}

/** A share, as "2.4%" of "2%"; no more than all. */
export function scaledShare(written: unknown, factor: number): string | undefined {
  const parsed = parseShare(written);
  if (!parsed.ok || parsed.value === 0) return undefined;
  const scaled = Math.min(100, Number(times(parsed.value * 100, factor)));
  return scaled === parsed.value * 100 ? undefined : `${scaled}%`;
}

/** A bare number; whole where it was. */
export function scaledNumber(written: unknown, factor: number): number | undefined {
  if (typeof written !== "number" || written === 0) return undefined;
  const scaled = Number(times(written, factor));
  const rounded = Number.isInteger(written) ? Math.round(scaled) : scaled;
  return rounded === written ? undefined : rounded;
}
