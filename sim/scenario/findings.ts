import type { Chosen } from "./choice.ts";
import { FileProblem, type FileReader } from "./files.ts";
import type { Dated } from "./platforms/contract.ts";
import type { Path, Problem } from "./problem.ts";
import type { DefaultUsed } from "./scenario.ts";

type Registered<T> = { type: string; build(settings: never, read: FileReader): T };

/** What comes up while a scenario is completed: problems, and the defaults that were used. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly defaults: DefaultUsed[] = [];
  readonly read: FileReader;

  constructor(read: FileReader) {
    this.read = read;
  }

  problem(path: Path, message: string, atKey = false): void {
    this.problems.push({ path, message, ...(atKey && { atKey }) });
  }

  /** Notes that a default was used, and returns it. */
  note<T extends string | number | boolean>(
    path: string,
    value: T,
    { source, date }: Omit<Dated<T>, "value">,
  ): T {
    this.defaults.push({ path, value, source, date });
    return value;
  }

  /** The same for a default that is no plain value: `text` is how results list it. */
  take<T>(path: string, { value, source, date }: Dated<T>, text: string): T {
    this.defaults.push({ path, value: text, source, date });
    return value;
  }

  /** Builds a chosen kind; what it throws about its settings becomes a problem at its place. */
  build<T>(registry: readonly unknown[], chosen: Chosen, path: Path): T | undefined {
    const kind = (registry as readonly Registered<T>[]).find((k) => k.type === chosen.type)!;
    return this.attempt(path, () => kind.build(chosen as never, this.read));
  }

  /** What `build` returns; what it throws about the settings under `path` becomes a problem there. */
  attempt<T>(path: Path, build: () => T): T | undefined {
    try {
      return build();
    } catch (error) {
      if (error instanceof FileProblem) this.problem([...path, "file"], error.message);
      else if (error instanceof RangeError) this.problem(path, error.message);
      else throw error;
      return undefined;
    }
  }
}

/** The same default of many functions as one entry: "functions.*.memorySize" is that of all which write none. */
export function mergeDefaults(defaults: readonly DefaultUsed[]): DefaultUsed[] {
  const merged = new Map<string, DefaultUsed>();
  for (const { path: own, value, source, date } of defaults) {
    const path = own.replace(/^functions\.[^.]+\./, "functions.*.");
    merged.set([path, value, source, date].join("\n"), { path, value, source, date });
  }
  return [...merged.values()];
}
