import type { ScenarioSource } from "./source.ts";

/** Files that a scenario reads go beside it into this folder. */
const FOLDER = "files";

/**
 * A scenario as written that can stand in a folder of its own: with the texts of the files it reads, named there, and
 * without the schema, which is not beside it.
 */
export function plannedScenario({ file, texts }: ScenarioSource): {
  readonly file: unknown;
  readonly texts: Readonly<Record<string, string>>;
} {
  const names = new Map(Object.keys(texts).map((name, i, all) => [name, placeFor(name, i, all)]));
  const { $schema: _, ...rest } = file as Record<string, unknown>;
  return {
    file: renamed(rest, names),
    texts: Object.fromEntries(Object.entries(texts).map(([name, text]) => [names.get(name)!, text])),
  };
}

/** The file's own name; numbered where two folders have one of that name. */
function placeFor(name: string, i: number, all: readonly string[]): string {
  const own = (path: string) => path.split(/[\\/]/).at(-1)!;
  const twins = all.slice(0, i).filter((other) => own(other) === own(name)).length;
  return `${FOLDER}/${twins > 0 ? `${twins + 1}-` : ""}${own(name)}`;
}

/** A copy in which every `file` has its new name. */
function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "file" && typeof inner === "string" ? (names.get(inner) ?? inner) : renamed(inner, names),
    ]),
  );
}
