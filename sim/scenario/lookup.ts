import type { Scenario } from "./scenario.ts";

// What is looked up in a scenario, worked out once for each: there may be 20,000 functions and as many entries.
const indices = new WeakMap<object, ReadonlyMap<string, number>>();
const leading = new WeakMap<object, ReadonlyMap<number, readonly number[]>>();
const NONE: readonly number[] = [];

/** Where a function of this name stands; −1 where there is none. */
export function functionIndex({ functions }: Pick<Scenario, "functions">, name: string): number {
  let index = indices.get(functions);
  if (!index) {
    index = new Map(functions.map((f, fn) => [f.name, fn]));
    indices.set(functions, index);
  }
  return index.get(name) ?? -1;
}

/** The entries that lead to a function, by their place in `entries`. */
export function entriesTo({ entries }: Pick<Scenario, "entries">, fn: number): readonly number[] {
  let groups = leading.get(entries);
  if (!groups) {
    const found = new Map<number, number[]>();
    entries.forEach(({ target }, e) => {
      const own = found.get(target);
      if (own) own.push(e);
      else found.set(target, [e]);
    });
    groups = found;
    leading.set(entries, groups);
  }
  return groups.get(fn) ?? NONE;
}
