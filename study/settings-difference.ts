/** A setting that two scenarios have differently, as written; undefined where it is left out. */
export interface ChangedSetting {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** What says nothing about how the simulated system is set up. */
const NOT_SETTINGS = ["$schema", "lsim", "name", "about", "seed", "replications", "thresholds"];

/** The settings in which two scenarios, as written, differ; list entries are told apart by their place. */
export function changedSettings(a: unknown, b: unknown): ChangedSetting[] {
  const without = (file: unknown) =>
    isBlock(file)
      ? Object.fromEntries(Object.entries(file).filter(([key]) => !NOT_SETTINGS.includes(key)))
      : file;
  return changed([], without(a), without(b));
}

function changed(path: readonly string[], a: unknown, b: unknown): ChangedSetting[] {
  if (a === b) return [];
  if ((isBlock(a) && isBlock(b)) || (Array.isArray(a) && Array.isArray(b))) {
    const [from, to] = [a, b] as Record<string, unknown>[];
    const keys = [...new Set([...Object.keys(from!), ...Object.keys(to!)])];
    return keys.flatMap((key) => changed([...path, key], own(from!, key), own(to!, key)));
  }
  // A function's path may leave "functions." out.
  const [first, ...rest] = path;
  const name = first === "functions" && rest.length > 1 ? rest : path;
  return [{ path: name.join("."), a, b }];
}

const own = (block: Record<string, unknown>, key: string) =>
  Object.hasOwn(block, key) ? block[key] : undefined;

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
