import type { EntryCounts, EntryTimeline } from "../../sim/measure/entry.ts";
import type { EntriesStudy } from "../../study/entries.ts";
import type { Study } from "../../study/replicate.ts";
import { heaviest } from "./heaviest.ts";
import { meanOf } from "./parts.ts";

/** An entry with an invocation model, as charts show it. */
export interface EntryPart {
  readonly name: string;
  /** Index in `entries`. */
  readonly e: number;
  readonly queues: boolean;
  readonly laws: EntriesStudy["entries"][number]["laws"];
  readonly timeline: EntryTimeline | undefined;
  /** The mean of a count over replications. */
  readonly mean: (read: (counts: EntryCounts) => number) => number;
}

/**
 * The entries that a chart is about, in the scenario's order: those with a `weight`, and of many those with the greatest.
 * `all`: how many have one.
 */
export function entryParts(
  study: Study,
  weight: (part: EntryPart) => number,
): { parts: EntryPart[]; all: number } {
  const { scenario, traffic } = study;
  const weighed = scenario.entries
    .map(({ name, invoke }, e): EntryPart => {
      const mean: EntryPart["mean"] = (read) => meanOf(study, (r) => read(r.traffic.entries[e]!.counts));
      return { name, e, queues: invoke.queues, ...traffic.entries[e]!, mean };
    })
    .filter((part) => weight(part) > 0);
  return { parts: heaviest(weighed, weight), all: weighed.length };
}

/** "6 of 40 queues" where not all are shown, to stand under the title. */
export function shownOf(shown: number, all: number, noun: string): string {
  return shown < all ? ` · ${shown} of ${all} ${noun}` : "";
}
