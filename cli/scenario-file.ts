import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { FileProblem, type FileReader } from "../sim/scenario/files.ts";
import { applySettings, type Setting } from "../sim/scenario/paths.ts";
import { type Problem, printPath, ScenarioError } from "../sim/scenario/problem.ts";
import { type Opened, openScenario } from "../study/source.ts";
import { InputError } from "./exit.ts";

/** What the command line may change about a scenario. */
export interface ScenarioOptions {
  readonly set: readonly Setting[];
  readonly seed?: string | undefined;
  readonly replications?: number | undefined;
  readonly interval?: string | undefined;
  /** Folders besides the scenario's own from which it may read files. */
  readonly allowRead: readonly string[];
}

/** A scenario's problems, each with its place in the file. */
export class ScenarioFileError extends Error {
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(`${file}: ${problems.length} problems`);
    this.name = "ScenarioFileError";
    this.file = file;
    this.problems = problems;
  }
}

/** A scenario file as it was read, before it is checked as a whole. */
export interface ReadScenario {
  readonly file: string;
  /** What it says, with the options' settings. */
  readonly written: unknown;
  /** Reads the files it names, each once. */
  readonly read: FileReader;
  /** The texts of those that were read so far. */
  readonly texts: () => Readonly<Record<string, string>>;
  /** Does something with it that may find problems; throws them as a ScenarioFileError, each with its place in the file. */
  readonly check: <T>(work: () => T) => T;
}

/** Reads a scenario file. Throws ScenarioFileError with all problems, or InputError for the file itself. */
export function readScenario(file: string, options: ScenarioOptions): ReadScenario {
  const text = readText(file);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new ScenarioFileError(file, [jsonProblem(text, error as SyntaxError)]);
  }
  const flaws = [...tooDeep(json), ...duplicateKeys(text)];
  if (flaws.length > 0) throw new ScenarioFileError(file, flaws);
  const check = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof ScenarioError) throw new ScenarioFileError(file, locate(text, error.problems));
      throw error;
    }
  };
  const texts = new Map<string, string>();
  const read = fileReader(dirname(resolve(file)), options.allowRead);
  return {
    file,
    written: check(() => applySettings(json, settingsOf(options))),
    read: (name) => {
      const known = texts.get(name) ?? read(name);
      texts.set(name, known);
      return known;
    },
    texts: () => Object.fromEntries(texts),
    check,
  };
}

/** Reads and checks a scenario file. Throws ScenarioFileError with all problems, or InputError for the file itself. */
export function loadScenario(file: string, options: ScenarioOptions): Opened {
  const { written, read, check } = readScenario(file, options);
  return check(() => openScenario(written, read));
}

function settingsOf({ set, seed, replications, interval }: ScenarioOptions): Setting[] {
  return [
    ...set,
    ...(seed === undefined ? [] : [{ path: "seed", value: /^-?\d{1,15}$/.test(seed) ? Number(seed) : seed }]),
    ...(replications === undefined ? [] : [{ path: "replications", value: replications }]),
    ...(interval === undefined ? [] : [{ path: "measure.interval", value: interval }]),
  ];
}

/** A file's text, with a plain word on why it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`${file === "" ? '""' : file}: ${reasonOf(error)}`);
  }
}

/** What a system error says, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const known: Record<string, string> = {
    ENOENT: "there is no such file or folder",
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    EISDIR: "is a folder, not a file",
    ENOTDIR: "a part of the path is a file, not a folder",
    ENOSPC: "the disk is full",
  };
  return known[code] ?? (error as Error).message;
}

/** Reads files that a scenario names: from its own folder and below, and from folders the user allows. */
function fileReader(folder: string, allowed: readonly string[]): FileReader {
  return (name) => {
    const path = resolve(folder, name);
    let real: string;
    try {
      real = realpathSync(path);
      if (!statSync(real).isFile()) throw new FileProblem(`"${name}" is not a file`);
    } catch (error) {
      if (error instanceof FileProblem) throw error;
      throw new FileProblem(`"${name}": ${reasonOf(error)} (looked in the scenario's folder)`);
    }
    const inside = [folder, ...allowed.map((dir) => resolve(dir))].some((dir) => {
      try {
        return real.startsWith(realpathSync(dir) + sep);
      } catch {
        return false;
      }
    });
    if (!inside) {
      throw new FileProblem(
        `"${name}" lies outside the scenario's folder; allow it with --allow-read ${dirname(real)}`,
      );
    }
    try {
      return readFileSync(real, "utf8");
    } catch (error) {
      throw new FileProblem(`"${name}": ${reasonOf(error)}`);
    }
  };
}

function jsonProblem(text: string, { message }: SyntaxError): Problem {
  const before = text.slice(0, jsonStopsAt(text)).split("\n");
  const said = message.replace(/,? \.{0,3}".*$/s, "").replace(/( in JSON)? at position .*$/, "");
  return { path: [], message: `not JSON: ${said}`, line: before.length, column: before.at(-1)!.length + 1 };
}

/**
 * Where JSON.parse gives up, which Node.js does not say: the start of a text fails for being unfinished up to there, and
 * for what stands there from then on.
 */
function jsonStopsAt(text: string): number {
  const unfinished = (length: number) => {
    try {
      JSON.parse(text.slice(0, length));
      return true;
    } catch (error) {
      const { message } = error as SyntaxError;
      const position = /at position (\d+)/.exec(message);
      return position ? Number(position[1]) >= length : message === "Unexpected end of JSON input";
    }
  };
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (unfinished(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

const DEEPEST = 64;

/** Nesting that no scenario has, and that would exhaust the stack further on. */
function tooDeep(written: unknown): Problem[] {
  let level: unknown[] = [written];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST)
      return [{ path: [], message: `is nested more than ${DEEPEST} levels deep: this is no scenario` }];
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return [];
}

/** Beyond this size a file was written by a program, and the search for slips of the hand would take seconds. */
const HAND_WRITTEN = 1_000_000;

/** A setting written twice: JSON keeps the last without a word. */
function duplicateKeys(text: string): Problem[] {
  if (text.length > HAND_WRITTEN) return [];
  const lines = new LineCounter();
  const { errors } = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  return errors
    .filter((error) => error.code === "DUPLICATE_KEY")
    .map(({ pos: [at] }) => {
      const { line, col } = lines.linePos(at);
      return { path: [], message: "this setting is written twice; which one is meant?", line, column: col };
    });
}

/** Adds line and column to problems. JSON is YAML, and the YAML reader knows where everything stands. */
function locate(text: string, problems: readonly Problem[]): Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  return problems.map((problem) => {
    if (String(problem.path[0]).startsWith("--")) return problem;
    const keys = [...problem.path];
    // What is missing has no place of its own: the nearest thing around it has.
    for (; keys.length > 0; keys.pop()) {
      const offset = offsetOf(document, keys, problem.atKey === true && keys.length === problem.path.length);
      if (offset === undefined) continue;
      const { line, col } = lines.linePos(offset);
      return { ...problem, line, column: col };
    }
    return problem;
  });
}

function offsetOf(
  document: ReturnType<typeof parseDocument>,
  keys: readonly (string | number)[],
  atKey: boolean,
) {
  if (atKey) {
    const parent = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === keys.at(-1));
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(keys, true) as { range?: [number, number, number] } | undefined;
  return node?.range?.[0];
}

/** Problems as the terminal shows them: place, path, message, in columns, in the order of the file. */
export function printProblems({ file, problems }: ScenarioFileError): string {
  const sorted = [...problems].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const places = sorted.map((p) => (p.line === undefined ? "" : `${p.line}:${p.column}`));
  const paths = sorted.map((p) => (p.path.length === 0 ? "" : printPath(p.path)));
  const width = (texts: readonly string[], most: number) =>
    Math.min(most, Math.max(...texts.map((t) => t.length)));
  const [placeWidth, pathWidth] = [width(places, 10), width(paths, 48)];
  const rows = sorted.map(
    (p, i) => `  ${places[i]!.padEnd(placeWidth)}  ${paths[i]!.padEnd(pathWidth)}  ${p.message}`,
  );
  return [`${file}: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}`, ...rows].join(
    "\n",
  );
}
