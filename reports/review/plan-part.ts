import { MILLISECOND, printCount, printDuration, printMoney } from "../../sim/units.ts";
import type { JudgementRow } from "../../study/thresholds.ts";
import { plusMinus } from "../text/cells.ts";
import { chartSections, section, written } from "./cells.ts";
import type { ReviewPart, SavedStudy, TableBlock } from "./review.ts";
import { againBlocks, objectiveOf } from "./run-part.ts";

interface Candidate {
  readonly replications: number;
  readonly costPerMonthUsd: number | null;
  readonly costPerMonthUsdCi95: number | null;
  readonly latencyP99Ms: number | null;
  readonly latencyP99MsCi95: number | null;
  readonly thresholds: readonly (Omit<JudgementRow, "straddles" | "ci95"> & {
    readonly ci95?: number | null;
  })[];
}

/** What a report reads of plan.json. */
interface PlanFile {
  readonly version: string;
  readonly scenario: string;
  readonly seed: string;
  readonly strategy: string;
  readonly confidence: number;
  readonly found: boolean;
  readonly settings: readonly { readonly path: string; readonly now: unknown; readonly planned: unknown }[];
  readonly now: Candidate;
  readonly planned: Candidate | null;
  readonly nearest: (Candidate & { readonly settings: Readonly<Record<string, unknown>> }) | null;
  readonly tried: {
    readonly points: number;
    readonly ofPoints: number;
    readonly replications: number;
    readonly ofReplications: number;
  };
  readonly candidates: readonly (Candidate & {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly outcome: string;
    readonly misses: string | null;
  })[];
}

const MOST_ROWS = 60;

/** A plan as a part of a review: what is there now, and what to set instead. */
export function planPart({ file, words, charts }: SavedStudy, prefix: string): ReviewPart {
  const plan = file as PlanFile;
  const shown = plan.planned ?? plan.nearest ?? plan.now;
  const [picture, ...others] = charts;
  return {
    name: plan.scenario,
    what: "plan",
    ...(words?.about && { about: words.about }),
    verdict: words?.sentence ?? verdictOf(plan),
    objectivesTitle: plan.planned ? "Objectives, with the plan" : "Objectives, at the nearest settings",
    objectives: shown.thresholds.map((row) => objectiveOf(row)),
    settings: plan.settings.map(({ path, now, planned }) => ({
      path,
      now: written(now),
      ...(plan.planned
        ? { proposed: written(planned) }
        : plan.nearest && { proposed: `${written(plan.nearest.settings[path])} (nearest)` }),
    })),
    settingsTitle: "Settings, now → planned",
    provenance: [
      ["strategy", plan.strategy],
      ["confidence", `${plan.confidence * 100} %`],
      [
        "tried",
        `${printCount(plan.tried.points)} of ${printCount(plan.tried.ofPoints)} points, ${printCount(plan.tried.replications)} replications`,
      ],
      ["seed", String(plan.seed)],
      ["lsim", plan.version],
    ],
    picture,
    why: [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}candidates`, "What was tried", [candidatesTable(plan)]),
      ...section(`${prefix}again`, "Make it again", againBlocks(words)),
    ],
  };
}

function verdictOf({ found, planned, now, settings }: PlanFile): string {
  if (!found || !planned) return "No settings that were searched meet all thresholds.";
  const changes = settings.map(({ path, planned }) => `${path}=${written(planned)}`).join(", ");
  return `Set ${changes}: ${cost(planned)} a month instead of ${cost(now)}, p99 ${p99(planned)} instead of ${p99(now)}.`;
}

const cost = ({ costPerMonthUsd: usd, costPerMonthUsdCi95: ci95 }: Candidate) =>
  usd === null ? "–" : `${printMoney(usd)}${plusMinus(ci95 ?? Number.NaN, printMoney)}`;
const p99 = ({ latencyP99Ms: ms, latencyP99MsCi95: ci95 }: Candidate) => {
  const print = (value: number) => printDuration(value * MILLISECOND);
  return ms === null ? "–" : `${print(ms)}${plusMinus(ci95 ?? Number.NaN, print)}`;
};

function candidatesTable({ candidates, settings }: PlanFile): TableBlock {
  return {
    kind: "table",
    ...(candidates.length > MOST_ROWS && {
      caption: `The first ${MOST_ROWS} of ${printCount(candidates.length)}; plan.csv has all.`,
    }),
    columns: [
      ...settings.map(({ path }) => path),
      "outcome",
      "misses",
      "cost a month",
      "p99",
      "replications",
    ],
    numeric: [...settings.map(() => true), false, false, true, true, true],
    rows: candidates
      .slice(0, MOST_ROWS)
      .map((candidate) => [
        ...settings.map(({ path }) => written(candidate.settings[path])),
        candidate.outcome,
        candidate.misses ?? "",
        cost(candidate),
        p99(candidate),
        printCount(candidate.replications),
      ]),
  };
}
