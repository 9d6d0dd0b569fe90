import { type Problem, ScenarioError, withHint } from "./problem.ts";
import { RESERVED_NAMES } from "./schema.ts";

type Tree = Record<string, unknown> | unknown[];

/** A setting to change: "functions.api.memorySize=512 MB", with "functions." left out or not. */
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
  const written = text.slice(at + 1);
  let value: unknown = written;
  try {
    value = JSON.parse(written);
  } catch {
    // Plain text: a quantity, a word.
  }
  return { path: text.slice(0, at).trim(), value };
}

/** A copy of the scenario as written, with the settings changed. Throws ScenarioError for a path that leads nowhere. */
export function applySettings(file: unknown, settings: readonly Setting[]): unknown {
  const copy = structuredClone(file);
  const problems: Problem[] = [];
  for (const { path, value } of settings) {
    const message = set(copy, resolve(copy, path.split(".")), value);
    if (message) problems.push({ path: ["--set", path], message });
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return copy;
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

function set(file: unknown, keys: readonly string[], value: unknown): string | undefined {
  if (keys.includes("__proto__") || keys.includes("")) return "is no path; write it like api.memorySize";
  let at: unknown = file;
  for (const [i, key] of keys.slice(0, -1).entries()) {
    if (Array.isArray(at)) {
      const index = indexIn(at, key);
      if (index < 0)
        return withHint(`there is no ${keys.slice(0, i).join(".")} "${key}"`, key, at.map(nameIn));
      at = at[index];
      continue;
    }
    if (!isTree(at)) return `${keys.slice(0, i).join(".")} has no settings inside it`;
    const tree = at as Record<string, unknown>;
    if (!Object.hasOwn(tree, key)) {
      if (i === 0 && !TOP.includes(key))
        return withHint(`there is no function or setting "${key}"`, key, known(file));
      if (keys[i - 1] === "functions")
        return withHint(`there is no function "${key}"`, key, Object.keys(tree));
      tree[key] = {};
    }
    at = tree[key];
  }
  const last = keys.at(-1)!;
  if (Array.isArray(at)) {
    const index = indexIn(at, last);
    if (index < 0) return `there is no ${keys.slice(0, -1).join(".")} "${last}"`;
    at[index] = value;
    return undefined;
  }
  if (!isTree(at)) return `${keys.slice(0, -1).join(".")} has no settings inside it`;
  (at as Record<string, unknown>)[last] = value;
  return undefined;
}

/** Parts of a scenario that a setting may create. */
const TOP = ["account", "functions", "traffic", "thresholds", "measure", "pricing"];

function known(file: unknown): string[] {
  const functions = isTree(file) ? ((file as Record<string, unknown>).functions ?? {}) : {};
  return [...TOP, ...Object.keys(functions as object)];
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}

function nameIn(entry: unknown): string {
  const { name, to } = (entry ?? {}) as { name?: unknown; to?: unknown };
  return String(name ?? to ?? "");
}

function indexIn(entries: readonly unknown[], key: string): number {
  return /^\d+$/.test(key)
    ? Number(key) < entries.length
      ? Number(key)
      : -1
    : entries.findIndex((e) => nameIn(e) === key);
}
