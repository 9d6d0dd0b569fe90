import { type Problem, ScenarioError, withHint } from "./problem.ts";
import { RESERVED_NAMES, scenarioSchema } from "./schema.ts";

type Tree = Record<string, unknown> | unknown[];

/**
 * A setting to change: "functions.api.memorySize=512 MB", with "functions." left out or not. `null` takes the setting
 * away, so that its default holds.
 */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
}

/** Reads "PATH=VALUE"; the value is JSON where it reads as JSON, else text. */
export function parseSetting(text: string): Setting {
  const at = text.indexOf("=");
  if (at < 1) {
    throw new ScenarioError([
      { path: ["--set"], message: `"${text}" is no setting; write PATH=VALUE, as in api.memorySize=512MB` },
    ]);
  }
  return { path: text.slice(0, at).trim(), value: readValue(text.slice(at + 1)) };
}

/** A value on the command line: JSON where it reads as JSON, else text. */
export function readValue(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    // Plain text: a quantity, a word.
    return written;
  }
}

/** A copy of the scenario as written, with the settings changed. Throws ScenarioError for a path that leads nowhere. */
export function applySettings(file: unknown, settings: readonly Setting[]): unknown {
  // What is wrong with a file that is no object, the parser says.
  if (!isTree(file) || Array.isArray(file)) return file;
  const copy = structuredClone(file);
  const problems: Problem[] = [];
  for (const { path, value } of settings) {
    const message = set(copy, resolve(copy, path.split(".")), value);
    if (message) problems.push({ path: ["--set", path], message });
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return copy;
}

/** What a scenario as written has at a path; undefined where it has nothing. */
export function settingAt(file: unknown, path: string): unknown {
  let at: unknown = file;
  for (const key of resolve(file, path.split("."))) {
    if (!isTree(at)) return undefined;
    const place = Array.isArray(at) ? indexIn(at, key) : key;
    if (place === undefined || !Object.hasOwn(at, place)) return undefined;
    at = (at as Record<string | number, unknown>)[place];
  }
  return at;
}

/** The path from the top: a function's name may come first, and traffic entries go by name or position. */
function resolve(file: unknown, keys: string[]): string[] {
  const functions = isTree(file) ? (file as Record<string, unknown>).functions : undefined;
  const [first] = keys;
  if (
    first !== undefined &&
    isTree(functions) &&
    Object.hasOwn(functions, first) &&
    !RESERVED_NAMES.includes(first)
  ) {
    return ["functions", ...keys];
  }
  return keys;
}

/** Sets a value in place, making the blocks and list entries on the way that are missing; returns what is wrong. */
function set(file: unknown, keys: readonly string[], value: unknown): string | undefined {
  if (keys.includes("__proto__") || keys.includes("")) return "is no path; write it like api.memorySize";
  let at: unknown = file;
  for (const [i, key] of keys.entries()) {
    const last = i === keys.length - 1;
    const before = keys.slice(0, i);
    // Where a first entry is named, a list begins.
    const block = () => (keys[i + 1] === "0" || (i === 0 && LISTS.includes(key)) ? [] : {});
    if (Array.isArray(at)) {
      const index = indexIn(at, key);
      if (index === undefined) return noEntry(before, key, at);
      if (last) at[index] = value;
      else at = at[index] ??= block();
      continue;
    }
    if (!isTree(at)) return noSettingsIn(before);
    const tree = at as Record<string, unknown>;
    if (i === 0 && !TOP.includes(key)) return noPart(file, key);
    if (last) {
      if (value === null) delete tree[key];
      else tree[key] = value;
      continue;
    }
    if (!Object.hasOwn(tree, key)) {
      if (i === 1 && before[0] === "functions")
        return withHint(`there is no function "${key}"`, key, Object.keys(tree));
      tree[key] = block();
    }
    at = tree[key];
  }
  return undefined;
}

function noPart(file: unknown, key: string): string {
  const functions = Object.keys(((file as Record<string, unknown>).functions ?? {}) as object);
  const hinted = withHint(`there is no function or setting "${key}"`, key, [...TOP, ...functions]);
  return hinted.includes("did you mean") || functions.length === 0
    ? hinted
    : `${hinted}; a function's settings are written like ${functions[0]}.memorySize`;
}

function noEntry(list: readonly string[], key: string, entries: readonly unknown[]): string {
  const place = list.join(".");
  const names = entries.map(nameIn).filter((name) => name !== "");
  if (names.length > 0 && !isPosition(key)) return withHint(`there is no ${place} "${key}"`, key, names);
  const [first, next] = [`${place}.0`, `${place}.${entries.length}`];
  return entries.length === 0
    ? `there is no ${place}.${key}: the list is empty; ${first} adds an entry`
    : `there is no ${place}.${key}: entries count from ${first}, and ${next} adds one`;
}

/** Its value is not shown: it may be a secret. */
function noSettingsIn(keys: readonly string[]): string {
  const place = keys.join(".");
  return `${place} has no settings inside it; set it as a whole: --set ${place}=…`;
}

/** Parts of a scenario, which a setting may create; these of them are lists. */
const TOP = Object.keys(scenarioSchema.shape);
const LISTS = ["traffic", "deploys", "alarms"];

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}

function nameIn(entry: unknown): string {
  const { name, to } = (entry ?? {}) as { name?: unknown; to?: unknown };
  return String(name ?? to ?? "");
}

function isPosition(key: string): boolean {
  return /^\d{1,6}$/.test(key);
}

/** Where the entry is, by position or name; the position after the last one is a new entry's. */
function indexIn(entries: readonly unknown[], key: string): number | undefined {
  const index = isPosition(key) ? Number(key) : entries.findIndex((e) => nameIn(e) === key);
  return index >= 0 && index <= entries.length ? index : undefined;
}
