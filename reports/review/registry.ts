import { againstPart } from "./against-part.ts";
import { comparisonPart } from "./comparison-part.ts";
import { planPart } from "./plan-part.ts";
import type { Review, ReviewPart, SavedStudy } from "./review.ts";
import { runPart } from "./run-part.ts";
import { sensitivityPart } from "./sensitivity-part.ts";
import { sweepPart } from "./sweep-part.ts";
import { tunePart } from "./tune-part.ts";

/** A kind of results that a report can be made of: its main file, how it is told apart, and its part of a review. */
export interface Kind {
  readonly file: string;
  /** The key with which the file says what it is. */
  readonly sign: string;
  readonly part: (study: SavedStudy, prefix: string) => ReviewPart;
}

export const KINDS: readonly Kind[] = [
  { file: "plan.json", sign: "lsimPlan", part: planPart },
  { file: "compare.json", sign: "lsimComparison", part: comparisonPart },
  { file: "compare.json", sign: "lsimAgainst", part: againstPart },
  { file: "tune.json", sign: "lsimTune", part: tunePart },
  { file: "sweep.json", sign: "lsimSweep", part: sweepPart },
  { file: "sensitivity.json", sign: "lsimSensitivity", part: sensitivityPart },
  { file: "result.json", sign: "lsimResult", part: runPart },
];

/** A study that was saved, and what kind it is. */
export interface KnownStudy {
  readonly kind: Kind;
  readonly study: SavedStudy;
}

/**
 * A review of one or more saved studies, in the order given. What plans, sweeps and comparisons propose stands on the first
 * screen beside the settings of the run it is about.
 */
export function reviewOf(studies: readonly KnownStudy[], title?: string): Review {
  const several = studies.length > 1;
  const parts = studies.map(({ kind, study }, i) => kind.part(study, several ? `s${i + 1}-` : ""));
  const [first, ...others] = parts as [ReviewPart, ...ReviewPart[]];
  const proposing = others.find(({ settings }) => settings.some(({ proposed }) => proposed !== undefined));
  // What was searched for takes the place of what was only worked out.
  const { next: _, ...rest } = first;
  const lead =
    proposing && first.settings.every(({ proposed }) => proposed === undefined)
      ? {
          ...rest,
          settings: proposing.settings,
          settingsTitle: `${proposing.settingsTitle} (${proposing.what} below)`,
        }
      : first;
  return {
    title:
      title ?? (several ? [...new Set(parts.map(({ name }) => name))].slice(0, 3).join(", ") : first.name),
    parts: [lead, ...others],
  };
}
