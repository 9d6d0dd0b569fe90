import { FileProblem, type FileReader, noFiles } from "../sim/scenario/files.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { applySettings, type Setting } from "../sim/scenario/paths.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";

/**
 * A scenario that can be sent to another thread or machine: as written (after `--set`, and without the values of
 * environment variables, which change nothing), with the texts of the files it reads.
 */
export interface ScenarioSource {
  readonly file: unknown;
  readonly texts: Readonly<Record<string, string>>;
}

/** A complete scenario and what it was made from. */
export interface Opened {
  readonly scenario: Scenario;
  readonly source: ScenarioSource;
}

/** Parses a scenario and keeps what it read. Throws ScenarioError with all problems. */
export function openScenario(file: unknown, read: FileReader = noFiles): Opened {
  const texts: Record<string, string> = {};
  const scenario = parseScenario(file, (name) => (texts[name] ??= read(name)));
  return { scenario, source: { file: scenario.file, texts } };
}

/** The scenario again, from its source. */
export function reopen({ file, texts }: ScenarioSource): Scenario {
  return parseScenario(file, readerOf(texts));
}

/** The same with settings changed, reading the files it has read. Throws ScenarioError. */
export function openWith({ file, texts }: ScenarioSource, settings: readonly Setting[]): Opened {
  return openScenario(applySettings(file, settings), readerOf(texts));
}

/** Reads texts that were kept. */
function readerOf(texts: ScenarioSource["texts"]): FileReader {
  return (name) => {
    if (Object.hasOwn(texts, name)) return texts[name]!;
    throw new FileProblem(`"${name}" was not read by the scenario`);
  };
}
