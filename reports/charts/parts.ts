import type { Histograms } from "../../sim/measure/histograms.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { printCount } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { heaviest, MOST_APART } from "./heaviest.ts";

/** What a chart shows apart: a function, or all of the account together. */
export interface Part {
  readonly name: string;
  /** Index of the function; undefined for the account. */
  readonly fn: number | undefined;
  readonly histograms: Histograms;
  readonly timeline: Timeline;
  readonly requests: number;
}

/** The account as a part. */
export function accountPart(study: Study): Part {
  const { histograms, timeline } = study.account;
  const requests = study.scenario.functions.reduce((sum, _, fn) => sum + requestsOf(study, fn), 0);
  return { name: "account", fn: undefined, histograms, timeline, requests };
}

/**
 * The functions a chart shows apart, in the scenario's order: those that had requests, and of many those that had
 * most. Empty when the account says it all.
 */
export function functionParts(study: Study): Part[] {
  const all = study.functions.flatMap(({ histograms, timeline }, fn): Part[] => {
    const requests = requestsOf(study, fn);
    if (!histograms || !timeline) return [];
    return [{ name: study.scenario.functions[fn]!.name, fn, histograms, timeline, requests }];
  });
  return heaviest(all, ({ requests }) => requests);
}

/** For a chart with a panel a part: the functions, after the account where it is more than they are. */
export function panels(study: Study): Part[] {
  const parts = functionParts(study);
  if (parts.length === 0) return [accountPart(study)];
  return parts.length < study.functions.length && parts.length >= MOST_APART
    ? [accountPart(study), ...parts]
    : parts;
}

function requestsOf(study: Study, fn: number): number {
  return meanOf(study, (r) => r.functions[fn]!.counters.requests);
}

/** How many answers the pooled laws are of: those of all replications. */
export function answersOf({ account, replications }: Study): string {
  const n = replications.length;
  return `${printCount(account.histograms.latency.count)} answers${n > 1 ? ` of ${n} replications` : ""}`;
}

/** The mean over replications. */
export function meanOf(study: Study, pick: (r: Study["replications"][number]) => number): number {
  return study.replications.reduce((sum, r) => sum + pick(r), 0) / study.replications.length;
}
