import { MILLISECOND, printCount, printDuration, printMoney } from "../../sim/units.ts";
import type { JudgementRow } from "../../study/thresholds.ts";
import { plusMinus } from "../text/cells.ts";
import { chartSections, section } from "./cells.ts";
import type { ReviewPart, SavedStudy, TableBlock } from "./review.ts";
import { againBlocks, objectiveOf } from "./run-part.ts";

/** What a report reads of tune.json. */
interface TuneFile {
  readonly version: string;
  readonly name: string;
  readonly function: string;
  readonly verdict: readonly string[];
  readonly power: number | null;
  readonly strategy: string;
  readonly presentMb: number;
  readonly seed: number | string;
  readonly replications: number;
  readonly priceDate: string;
  readonly sizes: readonly {
    readonly memoryMb: number;
    readonly present: boolean;
    readonly choice: boolean;
    readonly failing: string | null;
    readonly costPerMillionUsd: number | null;
    readonly costPerMillionUsdCi95?: number;
    readonly durationMeanMs: number | null;
    readonly durationMeanMsCi95?: number;
    readonly latencyP99Ms: number | null;
    readonly latencyP99MsCi95?: number;
    readonly thresholds: readonly JudgementRow[];
  }[];
}

/** A tuning of a function's memory as a part of a review. */
export function tunePart({ file, words, charts }: SavedStudy, prefix: string): ReviewPart {
  const tuned = file as TuneFile;
  const chosen =
    tuned.sizes.find(({ choice }) => choice) ?? tuned.sizes.find(({ present }) => present) ?? tuned.sizes[0]!;
  const [picture, ...others] = charts;
  return {
    name: `${tuned.name}: ${tuned.function}`,
    what: "tuning of memory",
    ...(words?.about && { about: words.about }),
    verdict: words?.sentence ?? tuned.verdict[0] ?? "",
    objectivesTitle: `Objectives, with ${printCount(chosen.memoryMb)} MB`,
    objectives: chosen.thresholds.map((row) => objectiveOf(row)),
    settings: [
      {
        path: `${tuned.function}.memorySize`,
        now: `${tuned.presentMb} MB`,
        ...(tuned.power !== null && { proposed: `${tuned.power} MB` }),
      },
    ],
    settingsTitle: "Settings, now → chosen",
    provenance: [
      ["strategy", tuned.strategy],
      ["seed", String(tuned.seed)],
      ["replications", printCount(tuned.replications)],
      ["lsim", tuned.version],
      ["prices of", tuned.priceDate],
    ],
    picture,
    why: [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}sizes`, "Every size", [sizesTable(tuned)]),
      ...section(`${prefix}again`, "Make it again", againBlocks(words)),
    ],
  };
}

function sizesTable({ sizes }: TuneFile): TableBlock {
  const ms = (value: number) => printDuration(value * MILLISECOND);
  const cell = (value: number | null, ci95: number | undefined, print: (value: number) => string) =>
    value === null ? "–" : `${print(value)}${plusMinus(ci95 ?? Number.NaN, print)}`;
  return {
    kind: "table",
    columns: [
      "memory",
      "mean duration",
      "p99 latency",
      "cost of a million invocations",
      "thresholds missed",
      "",
    ],
    numeric: [true, true, true, true, true, false],
    rows: sizes.map((size) => [
      `${printCount(size.memoryMb)} MB`,
      cell(size.durationMeanMs, size.durationMeanMsCi95, ms),
      cell(size.latencyP99Ms, size.latencyP99MsCi95, ms),
      cell(size.costPerMillionUsd, size.costPerMillionUsdCi95, printMoney),
      printCount(size.thresholds.filter(({ ok }) => !ok).length),
      size.failing ?? [size.choice ? "chosen" : "", size.present ? "now" : ""].filter(Boolean).join(", "),
    ]),
  };
}
