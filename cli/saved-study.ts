import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { KINDS, type Kind, type KnownStudy } from "../reports/review/registry.ts";
import type { ChartWords, DrawnChart, ReviewWords } from "../reports/review/review.ts";
import { InputError } from "./exit.ts";
import { reasonOf } from "./scenario-file.ts";

/** Reads what a report needs of a folder of results. `name`: what messages call it. Throws InputError. */
export function savedStudy(folder: string, name = folder): KnownStudy {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(
      `${name}: is no folder; give one that lsim run, plan, sweep, tune or compare wrote, as in lsim-out/spike`,
    );
  const { kind, file } = mainFile(folder, name);
  const words = readJson(join(folder, "review.json"), name) as ReviewWords | undefined;
  if (words !== undefined && words.lsimReview !== 1)
    throw new InputError(`${name}/review.json: is of a format that this lsim does not know`);
  return {
    kind,
    study: { label: basename(resolve(folder)), file, words, charts: chartsOf(folder, name, words) },
  };
}

/** The file that says what the folder holds. */
function mainFile(folder: string, name: string): { kind: Kind; file: unknown } {
  for (const kind of KINDS) {
    const file = readJson(join(folder, kind.file), name);
    if (typeof file !== "object" || file === null || !(kind.sign in file)) continue;
    const version = (file as Record<string, unknown>)[kind.sign];
    if (version !== 1)
      throw new InputError(
        `${name}/${kind.file}: is of a format (${String(version)}) that this lsim does not know`,
      );
    return { kind, file };
  }
  const known = [...new Set(KINDS.map(({ file }) => file))].join(", ");
  throw new InputError(`${name}: holds no results of lsim (none of ${known})`);
}

function readJson(path: string, name: string): unknown {
  if (!existsSync(path)) return undefined;
  const shown = `${name}/${basename(path)}`;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new InputError(`${shown}: cannot be read: ${reasonOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${shown}: is no JSON (${(error as Error).message}); run the study again`);
  }
}

/** The folder's charts in the order of its words; without words, as their files say. */
function chartsOf(folder: string, name: string, words: ReviewWords | undefined): DrawnChart[] {
  const place = join(folder, "charts");
  if (!existsSync(place)) return [];
  const known = words?.charts ?? unnamedCharts(place, name);
  return known.flatMap((chart) => {
    // Names are file names: none may lead out of the folder.
    if (!/^[a-z0-9-]+$/.test(chart.name)) return [];
    const path = join(place, `${chart.name}.svg`);
    return existsSync(path) ? [{ ...chart, svg: readFileSync(path, "utf8") }] : [];
  });
}

/** Charts of a folder without words: title and finding from their specs. */
function unnamedCharts(place: string, name: string): ChartWords[] {
  return readdirSync(place)
    .sort()
    .flatMap((file) => {
      const chart = /^([a-z0-9-]+)\.vl\.json$/.exec(file)?.[1];
      if (chart === undefined) return [];
      const spec = readJson(join(place, file), `${name}/charts`) as
        | { description?: unknown; title?: { text?: unknown } }
        | undefined;
      const title = typeof spec?.title?.text === "string" ? spec.title.text : chart;
      return [{ name: chart, title, question: title, finding: String(spec?.description ?? title) }];
    });
}
