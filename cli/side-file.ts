import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Side, savedSide } from "../study/side.ts";
import type { Opened } from "../study/source.ts";
import { InputError } from "./exit.ts";
import { loadScenario, readText, type ScenarioOptions } from "./scenario-file.ts";

/** A file or folder that is compared: a scenario to play, or the result of one that was. */
export type SideFile = { readonly opened: Opened } | { readonly saved: Side };

/** Opens a scenario, a result.json, or a folder with one. Throws InputError or ScenarioFileError. */
export function openSide(path: string, options: ScenarioOptions): SideFile {
  const saved = resultIn(path);
  if (saved === undefined) return { opened: loadScenario(path, options) };
  try {
    return { saved: savedSide(saved.result, saved.histograms) };
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(`${path}: ${error.message}`);
    throw new InputError(`${path}: is no result that lsim wrote (${(error as Error).message})`);
  }
}

/** A path's name for people: of result.json that of its folder. */
export function nameOfPath(path: string): string {
  const name = basename(path) === "result.json" ? basename(dirname(path)) : basename(path);
  return name.replace(/\.json$/, "") || path;
}

/** The result and histograms at a path; undefined where a scenario stands there. */
function resultIn(path: string): { result: unknown; histograms: unknown } | undefined {
  const folder = existsSync(path) && statSync(path).isDirectory();
  const file = folder ? join(path, "result.json") : path;
  if (folder && !existsSync(file))
    throw new InputError(
      `${path}: is a folder without a result.json; give a scenario, or what lsim run wrote`,
    );
  const result = parsed(readText(file));
  if (typeof result !== "object" || result === null || !("lsimResult" in result)) {
    if (folder) throw new InputError(`${file}: is no result that lsim wrote`);
    return undefined;
  }
  if (result.lsimResult !== 1)
    throw new InputError(
      `${file}: is of a format (${String(result.lsimResult)}) that this lsim does not know`,
    );
  const histograms = join(dirname(file), "histograms.json");
  return { result, histograms: existsSync(histograms) ? parsed(readText(histograms)) : undefined };
}

/** What is no JSON is told of by whoever reads it as a scenario. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
