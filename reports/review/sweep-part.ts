import { printCount } from "../../sim/units.ts";
import { assess } from "../../study/assess.ts";
import { isSpan } from "../../study/axis.ts";
import type { PointResult } from "../../study/point.ts";
import type { Sweep } from "../../study/sweep.ts";
import { meetsAll } from "../../study/thresholds.ts";
import { sweepNumbers } from "../charts/sweep-parts.ts";
import { labelOf, sweepVerdict } from "../text/sweep-summary.ts";
import { chartSections, numbersTable, section, written } from "./cells.ts";
import type { Objective, ReviewPart, SavedStudy } from "./review.ts";
import { againBlocks, objectiveOf } from "./run-part.ts";

/** A sweep as a part of a review: its cheapest point that meets all thresholds is what is proposed. */
export function sweepPart({ file, words, charts }: SavedStudy, prefix: string): ReviewPart {
  const sweep = file as Sweep;
  const found = assess(sweep);
  const best = found.judged && found.meeting.length > 0 ? found.cheapest : undefined;
  const { about } = sweep.scenario as { about?: string };
  const [picture, ...others] = charts;
  return {
    name: sweep.name,
    what: "sweep",
    ...(about && { about }),
    verdict: words?.sentence ?? sweepVerdict(sweep, found),
    objectivesTitle: best ? "Objectives, at the cheapest that meets all" : "Objectives, at the nearest point",
    objectives: best ? objectivesAt(best) : nearestObjectives(found.nearest),
    settings: sweep.axes.map(({ path }) => ({
      path,
      now: written(at(sweep.scenario, path)),
      ...(best && { proposed: written(best.settings[path]) }),
    })),
    settingsTitle: best ? "Settings, now → cheapest that meets all" : "Settings that were varied",
    provenance: [
      ["points", printCount(sweep.points.length)],
      ["seed", String(sweep.seed)],
      ["lsim", sweep.version],
      ["id", sweep.id],
    ],
    picture,
    why: [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}points`, "Every point", [
        {
          ...numbersTable(sweepNumbers(sweep, found)),
          ...(sweep.points.length > 100 && { caption: "The first 100 points; sweep.csv has all." }),
        },
      ]),
      ...section(`${prefix}again`, "Make it again", [
        ...(sweep.sampling
          ? []
          : [
              { kind: "text" as const, text: "The same scenario, seed and version give the same points:" },
              { kind: "code" as const, text: commandOf(sweep) },
            ]),
        ...againBlocks(words),
      ]),
    ],
  };
}

/** A sweep may have been merged of shards that many processes played: this is the command that would play it alone. */
function commandOf({ name, axes, seed }: Sweep): string {
  const varied = axes.map((axis) =>
    isSpan(axis) ? "" : `--vary ${axis.path}=${axis.values.map(written).join(",")}`,
  );
  return `lsim sweep ${name}.json ${varied.join(" ")} --seed ${seed}`;
}

function objectivesAt(point: PointResult): Objective[] {
  return point.thresholds.map((row) => objectiveOf(row));
}

function nearestObjectives(nearest: PointResult | undefined): Objective[] {
  if (!nearest || meetsAll(nearest)) return [];
  return nearest.thresholds.map((row) => {
    const objective = objectiveOf(row);
    return { ...objective, found: `${objective.found} at ${labelOf(nearest)}` };
  });
}

/** The setting at a path of a scenario as written; a leading "functions." may be left out. */
function at(scenario: unknown, path: string): unknown {
  const walk = (keys: readonly string[]) =>
    keys.reduce<unknown>(
      (block, key) =>
        typeof block === "object" && block !== null && Object.hasOwn(block, key)
          ? (block as Record<string, unknown>)[key]
          : undefined,
      scenario,
    );
  return walk(path.split(".")) ?? walk(["functions", ...path.split(".")]);
}
