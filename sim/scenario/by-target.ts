import type { EntrySettings } from "./scenario.ts";

/** What there is of each entry, by the function that the entry leads to; only functions that some entry leads to. */
export function byTarget<T>(
  entries: readonly Pick<EntrySettings, "target">[],
  of: readonly T[],
): Map<number, T[]> {
  const found = new Map<number, T[]>();
  entries.forEach(({ target }, e) => {
    const own = found.get(target);
    if (own) own.push(of[e]!);
    else found.set(target, [of[e]!]);
  });
  return found;
}
