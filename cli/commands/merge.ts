import { Command } from "@commander-js/extra-typings";
import type { PointResult } from "../../study/point.ts";
import { printSettings } from "../../study/point-problems.ts";
import { type PlannedPoint, type SweepPlan, sweepOf } from "../../study/sweep.ts";
import { VERSION } from "../../version.ts";
import { InputError } from "../exit.ts";
import { checkOption, type Finish, formatOption, quietOption, tableOption } from "../options.ts";
import { OutputFolder } from "../output-folder.ts";
import { PointsFolder } from "../points-folder.ts";
import { type SweepOutput, tellSweep } from "../sweep-output.ts";

/** Missing points that are named; of more, their number. */
const MOST_NAMED = 10;

/** `lsim merge`. */
export const mergeCommand = (finish: Finish) =>
  new Command("merge")
    .description("join the shards of a sweep: the same output as that of the sweep in one")
    .argument("<folder...>", "folders that lsim sweep --shard has written")
    .option("--out <folder>", "where results go (default: lsim-out/<name>-sweep)")
    .addOption(tableOption())
    .addOption(formatOption())
    .addOption(checkOption("exit with 99 when no point meets all thresholds"))
    .addOption(quietOption())
    .addHelpText(
      "after",
      `
Example:
  lsim sweep shop.json --vary api.memorySize=512MB,1024MB --shard 1/2 --out points
  lsim sweep shop.json --vary api.memorySize=512MB,1024MB --shard 2/2 --out points
  lsim merge points`,
    )
    .action(async (folders, options) => {
      finish(await merge(folders, options));
    });

/** `lsim merge FOLDER…`. Returns the exit code. */
export async function merge(
  paths: readonly string[],
  options: SweepOutput & { readonly out?: string | undefined },
): Promise<number> {
  const folders = paths.map((path) => ({ path, folder: new PointsFolder(path, "merge") }));
  const plan = planOf(folders);
  const known = new Set(plan.points.map(({ key }) => key));
  const results = new Map<string, PointResult>();
  for (const { path, folder } of folders) {
    for (const key of folder.keys()) {
      if (!known.has(key)) throw new InputError(`${path}: ${key}.json is no point of this sweep; remove it`);
      const result = folder.result(key);
      if (result) results.set(key, result);
    }
  }
  const missing = plan.points.filter(({ key }) => !results.has(key));
  if (missing.length > 0) throw new InputError(tellMissing(plan, missing));
  const folder = new OutputFolder(options.out ?? `lsim-out/${plan.name}-sweep`);
  try {
    return await tellSweep(folder, sweepOf(plan, results), options);
  } finally {
    folder.discard();
  }
}

/** The one plan of all folders. */
function planOf(folders: readonly { readonly path: string; readonly folder: PointsFolder }[]): SweepPlan {
  const plans = folders.map(({ path, folder }) => {
    const plan = folder.plan();
    if (!plan)
      throw new InputError(
        `${path}: is no folder of a sweep's points: there is no plan.json that lsim sweep --shard wrote`,
      );
    if (plan.version !== VERSION)
      throw new InputError(
        `${path}: was written by lsim ${plan.version}, this is ${VERSION}; merge with the same version`,
      );
    return { path, plan };
  });
  const [first] = plans as [(typeof plans)[number]];
  const other = plans.find(({ plan }) => plan.id !== first.plan.id);
  if (other) {
    throw new InputError(
      `${other.path}: holds points of another sweep than ${first.path} (${about(other.plan)}, there ${about(first.plan)}); all shards need the same scenario, settings, seed and replications`,
    );
  }
  return first.plan;
}

function about({ name, points, id }: SweepPlan): string {
  return `"${name}" with ${points.length} points, id ${id}`;
}

function tellMissing({ points }: SweepPlan, missing: readonly PlannedPoint[]): string {
  const named = missing
    .slice(0, MOST_NAMED)
    .map((point) => `  ${points.indexOf(point) + 1}  ${printSettings(point.settings)}`);
  const more = missing.length - named.length;
  return [
    `${missing.length} of ${points.length} points are missing; run their shards again:`,
    ...named,
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ].join("\n");
}
