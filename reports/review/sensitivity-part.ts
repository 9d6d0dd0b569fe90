import { printCount, printShare } from "../../sim/units.ts";
import { plusMinus } from "../text/cells.ts";
import { chartSections, section } from "./cells.ts";
import { printerOfFile } from "./comparison-part.ts";
import type { ReviewPart, SavedStudy } from "./review.ts";
import { againBlocks } from "./run-part.ts";

/** What a report reads of sensitivity.json. */
interface SensitivityFile {
  readonly version: string;
  readonly scenario: string;
  readonly seed: string;
  readonly replications: number;
  readonly by: number;
  readonly statistics: readonly {
    readonly function: string;
    readonly statistic: string;
    readonly unit: string;
    readonly value: number | null;
  }[];
  readonly effects: readonly {
    readonly function: string;
    readonly statistic: string;
    readonly unit: string;
    readonly assumption: string;
    readonly now: string;
    readonly default: boolean;
    readonly moved: number;
    readonly difference: number | null;
    readonly differenceCi95: number | null;
    readonly mark: string;
  }[];
}

const MOST_ROWS = 120;

/** A sensitivity as a part of a review. */
export function sensitivityPart({ file, words, charts }: SavedStudy, prefix: string): ReviewPart {
  const { version, scenario, seed, replications, by, statistics, effects } = file as SensitivityFile;
  const [picture, ...others] = charts;
  return {
    name: scenario,
    what: "sensitivity",
    ...(words?.about && { about: words.about }),
    verdict: words?.sentence ?? `What the figures of ${scenario} depend on.`,
    objectivesTitle: "Objectives",
    objectives: [],
    settings: statistics.map(({ function: of, statistic, unit, value }) => ({
      path: `${of} ${statistic}`,
      now: value === null ? "no value" : printerOfFile(unit).print(value),
    })),
    settingsTitle: "Figures now",
    provenance: [
      ["moved by", printShare(by)],
      ["seed", String(seed)],
      ["replications", `${printCount(replications)} pairs`],
      ["lsim", version],
    ],
    picture,
    why: [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}effects`, "Every assumption, moved", [
        {
          kind: "table",
          ...(effects.length > MOST_ROWS && {
            caption: `The first ${MOST_ROWS} of ${printCount(effects.length)} rows; sensitivity.csv has all.`,
          }),
          columns: ["figure", "assumption", "now", "from", "moved", "changes the figure by"],
          numeric: [false, false, true, false, true, true],
          rows: effects.slice(0, MOST_ROWS).map((row) => {
            const { change } = printerOfFile(row.unit);
            return [
              `${row.function} ${row.statistic}`,
              row.assumption,
              row.now,
              row.default ? "a default" : "the scenario",
              `${row.moved > 0 ? "+" : ""}${printShare(row.moved)}`,
              row.difference === null
                ? "–"
                : `${change(row.difference)}${plusMinus(row.differenceCi95 ?? Number.NaN, (v) => change(v).replace(/^\+/, ""))}`,
            ];
          }),
        },
      ]),
      ...section(`${prefix}again`, "Make it again", againBlocks(words)),
    ],
  };
}
