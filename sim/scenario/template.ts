import type { FunctionTable, TraceTables } from "../arrivals/trace-table.ts";
import { nameOf } from "../units.ts";
import { FileProblem } from "./files.ts";
import type { Path } from "./problem.ts";
import { isFunctionName, type ParsedFile } from "./schema.ts";

/** Stands for every function of a trace: as a target, and as the settings of those that are not written out. */
export const EVERY = "*";

type Complain = (path: Path, message: string) => void;

/** A scenario with the functions and the traffic entries that its "*" stand for. */
export interface Expansion {
  readonly given: ParsedFile;
  /** The functions whose settings are those of "*". */
  readonly templated: ReadonlySet<string>;
  /** Where a path of the expanded scenario is written. */
  written(path: Path): Path;
}

/**
 * Replaces each traffic entry to "*" by one for each function in its trace, and the function "*" by those of them that
 * have no settings of their own. All of a template's functions share one settings object.
 */
export function expand(file: ParsedFile, tables: TraceTables, complain: Complain): Expansion {
  if (!Object.hasOwn(file.functions, EVERY) && !file.traffic.some(({ to }) => to === EVERY)) {
    return { given: file, templated: new Set(), written: (path) => path };
  }
  const { [EVERY]: template, ...functions } = file.functions;
  const templated = new Set<string>();
  const traffic: ParsedFile["traffic"] = [];
  const places: number[] = [];
  const missing: { name: string; path: Path; file: string }[] = [];
  file.traffic.forEach((entry, place) => {
    const path = ["traffic", place];
    if (entry.to !== EVERY) {
      traffic.push(entry);
      places.push(place);
      return;
    }
    const table = tableOf(entry, tables, path, complain);
    for (const name of table?.names ?? []) {
      if (!Object.hasOwn(functions, name)) {
        if (!isFunctionName(name)) {
          complain(
            [...path, "arrivals", "file"],
            `"${table!.file}": ${nameOf(name)} is no function name; use letters, digits, "-" and "_"`,
          );
          return;
        }
        if (template) {
          functions[name] = template;
          templated.add(name);
        } else missing.push({ name, path, file: table!.file });
      }
      traffic.push({
        ...entry,
        name: entry.name === undefined ? name : `${entry.name}-${name}`,
        to: name,
        arrivals: { ...entry.arrivals, function: name },
      });
      places.push(place);
    }
  });
  const [first] = missing;
  if (first) {
    const others = missing.length === 1 ? "" : ` (nor have ${missing.length - 1} others)`;
    complain(
      [...first.path, "to"],
      `"${first.name}" of "${first.file}" has no settings${others}; give it under "functions", or all of them at once under "*"`,
    );
  }
  if (template && !file.traffic.some(({ to }) => to === EVERY)) {
    complain(
      ["functions", EVERY],
      `stands for the functions of a trace, but no traffic entry has "to": "*" and such a trace`,
    );
  }
  return {
    given: { ...file, functions, traffic: missing.length > 0 ? [] : traffic },
    templated,
    written([top, key, ...rest]) {
      if (top === "traffic" && typeof key === "number") return [top, places[key] ?? key, ...rest];
      if (top === "functions" && templated.has(key as string)) return [top, EVERY, ...rest];
      return [top, key, ...rest].filter((step) => step !== undefined);
    },
  };
}

/** The trace that an entry to "*" plays. */
function tableOf(
  { arrivals }: ParsedFile["traffic"][number],
  tables: TraceTables,
  path: Path,
  complain: Complain,
): FunctionTable | undefined {
  const { type, file, function: chosen } = arrivals;
  if (type !== "trace" || typeof file !== "string") {
    complain(
      [...path, "to"],
      `"*" calls every function of a trace: it needs { "type": "trace", "file": … } with several functions; write a function's name for other arrivals`,
    );
    return undefined;
  }
  if (chosen !== undefined) {
    complain([...path, "arrivals", "function"], `picks one function, but "to": "*" calls all of them`);
    return undefined;
  }
  try {
    const table = tables.of(file);
    if (!table) {
      complain(
        [...path, "to"],
        `"*" calls every function of a trace, but "${file}" holds the traffic of one; write that function's name`,
      );
    }
    return table;
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    complain([...path, "arrivals", "file"], error.message);
    return undefined;
  }
}
