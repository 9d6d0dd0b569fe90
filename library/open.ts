import { FileProblem, type FileReader } from "../sim/scenario/files.ts";
import { applySettings } from "../sim/scenario/paths.ts";
import type { ScenarioFile } from "../sim/scenario/scenario-file.ts";
import { type Opened, openScenario } from "../study/source.ts";

/** What every function that takes a scenario can change about it. */
export interface ScenarioOptions {
  /** Settings by path, as `--set` takes them: `{ "api.memorySize": "1024 MB", "account.concurrency": 500 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Seed of the first replication; the others follow from it. */
  readonly seed?: number | string;
  /** Independent repetitions. */
  readonly replications?: number;
  /** The texts of the files that the scenario names (traces, price tables), by name, or what reads them. */
  readonly files?: Readonly<Record<string, string>> | ((name: string) => string);
}

/** Checks a scenario and opens it for a study. Throws ScenarioError with all problems. */
export function open(file: ScenarioFile, options: ScenarioOptions = {}): Opened {
  return openScenario(changed(file, options), readerFor(options));
}

/** The scenario with the settings changed, still as written. */
export function changed(file: ScenarioFile, { set = {}, seed, replications }: ScenarioOptions): unknown {
  const settings = [
    ...Object.entries(set),
    ...(seed === undefined ? [] : [["seed", seed] as const]),
    ...(replications === undefined ? [] : [["replications", replications] as const]),
  ];
  return applySettings(
    file,
    settings.map(([path, value]) => ({ path, value })),
  );
}

/** Reads the files that a scenario names. */
export function readerFor({ files }: ScenarioOptions): FileReader {
  if (typeof files === "function") return files;
  return (name) => {
    if (files && Object.hasOwn(files, name)) return files[name]!;
    throw new FileProblem(`"${name}": give its text as files: { "${name}": "…" }`);
  };
}
