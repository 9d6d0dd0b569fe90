import { parseQuantity, parseShare, type QuantityKind } from "../sim/units.ts";

/** An axis whose values are numbers or quantities of one kind. */
export interface Scale {
  /** In the order of the values: MB, milliseconds, a second, shares from 0 to 1, or bare. */
  readonly numbers: readonly number[];
  /** How a name ends that holds them ("Mb", "Ms", "PerS", "Share"); "" for bare numbers. */
  readonly suffix: string;
  /** As an axis title says it: "MB", "ms", "a second", "%"; "" for bare numbers. */
  readonly unit: string;
}

const KINDS: readonly (readonly [QuantityKind, suffix: string, unit: string, factor: number])[] = [
  ["memory", "Mb", "MB", 1],
  ["duration", "Ms", "ms", 1 / 1000],
  ["rate", "PerS", "a second", 1],
];

/** The numbers that values of a setting stand for; undefined where they are words, or not all of one kind. */
export function scaleOf(values: readonly unknown[]): Scale | undefined {
  if (values.every((v) => typeof v === "number"))
    return { numbers: values as number[], suffix: "", unit: "" };
  if (!values.every((v) => typeof v === "string")) return undefined;
  const all = (parse: (v: unknown) => ReturnType<typeof parseShare>, factor: number) => {
    const numbers = values.flatMap((v) => {
      const parsed = parse(v);
      return parsed.ok ? [parsed.value * factor] : [];
    });
    return numbers.length === values.length ? numbers : undefined;
  };
  for (const [kind, suffix, unit, factor] of KINDS) {
    const numbers = all((v) => parseQuantity(kind, v), factor);
    if (numbers) return { numbers, suffix, unit };
  }
  const shares = all(parseShare, 1);
  return shares && { numbers: shares, suffix: "Share", unit: "share" };
}
