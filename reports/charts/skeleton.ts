import type { Json, VegaLiteSpec } from "./chart.ts";

/** A spec apart: what it is made like, and what may change from one study to the next. */
export interface Lifted {
  /** The spec in which names stand for data ("d0") and expressions for numbers ("v0"). */
  readonly skeleton: VegaLiteSpec;
  readonly data: readonly unknown[][];
  readonly numbers: readonly number[];
}

/**
 * Takes out of a spec its data, the pixels at which texts stand, and the domains of its scales. Charts of like studies
 * have the same skeleton then, which is compiled once. The description goes, since it states the data.
 */
export function lift(spec: VegaLiteSpec): Lifted {
  const data: unknown[][] = [];
  const numbers: number[] = [];
  /** Views that share a scale must name the same expressions. */
  const domains = new Map<string, Json[]>();
  const expression = (value: number) => ({ expr: `v${numbers.push(value) - 1}` });

  const lifted = (key: string, part: unknown): unknown => {
    if (key === "data" && isObject(part) && Array.isArray(part.values)) {
      return { name: `d${data.push(part.values) - 1}` };
    }
    if ((key === "x" || key === "y") && isObject(part) && typeof part.value === "number") {
      return { ...part, value: expression(part.value) };
    }
    if (key === "domain" && Array.isArray(part) && part.length === 2 && part.every(isNumber)) {
      const text = part.join();
      const known = domains.get(text) ?? part.map(expression);
      domains.set(text, known);
      return known;
    }
    if (Array.isArray(part)) return part.map((inside) => lifted("", inside));
    if (!isObject(part)) return part;
    return Object.fromEntries(
      Object.entries(part)
        .filter(([name]) => name !== "description")
        .map(([name, inside]) => [name, lifted(name, inside)]),
    );
  };

  const skeleton = lifted("", spec) as Json;
  const params = numbers.map((_, i) => ({ name: `v${i}`, value: 0 }));
  return {
    skeleton: { ...skeleton, ...(params.length > 0 && { params }) } as unknown as VegaLiteSpec,
    data,
    numbers,
  };
}

function isObject(part: unknown): part is Json {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}

function isNumber(part: unknown): part is number {
  return typeof part === "number";
}
