import type { Chosen } from "./choice.ts";
import { FileProblem, type FileReader } from "./files.ts";
import type { Dated } from "./platforms/contract.ts";
import { type Path, type Problem, printPath, SettingError, SettingErrors } from "./problem.ts";
import type { DefaultUsed } from "./scenario.ts";

type Registered<T> = { type: string; build(settings: never, read: FileReader): T };

/** What comes up while a scenario is completed: problems, and the defaults that were used. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly read: FileReader;
  /** When the run ends, in microseconds. */
  readonly horizon: number;
  /** The calendar time at which it begins: milliseconds since 1970 UTC; undefined where it is not given. */
  readonly startsAt: number | undefined;
  /** By path; with many functions a default that is the same for several of them stands once, as "functions.*.…". */
  private readonly found = new Map<string, DefaultUsed>();
  protected readonly many: boolean;
  private readonly agreed = new Map<string, { readonly text: string; readonly path: Path }>();
  private readonly built = new Map<unknown, Map<string, unknown>>();

  constructor(
    read: FileReader,
    many: boolean,
    { horizon, starts }: { horizon: number; starts?: number | undefined },
  ) {
    this.read = read;
    this.horizon = horizon;
    this.startsAt = starts;
    this.many = many;
  }

  get defaults(): DefaultUsed[] {
    return [...this.found.values()];
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
    this.list({ path, value, source, date });
    return value;
  }

  /** The same for a default that is no plain value: how results list it, and how a scenario would write it. */
  take<T>(path: string, { value, source, date }: Dated<T>, text: string, written?: () => unknown): T {
    this.list({ path, value: text, source, date, ...(written && { written }) });
    return value;
  }

  private list(used: DefaultUsed): void {
    if (!this.many) {
      this.found.set(used.path, used);
      return;
    }
    const path = used.path.replace(/^functions\.[^.]+\./, "functions.*.");
    this.found.set(`${path}\n${used.value}\n${used.date}`, { ...used, path });
  }

  /**
   * Builds a chosen kind; what it throws about its settings becomes a problem at its place. The same settings are built
   * once: functions are often alike.
   */
  build<T>(registry: readonly unknown[], chosen: Chosen, path: Path): T | undefined {
    let built = this.built.get(registry) as Map<string, T> | undefined;
    if (!built) this.built.set(registry, (built = new Map()));
    const key = JSON.stringify(chosen);
    if (built.has(key)) return built.get(key);
    const kind = (registry as readonly Registered<T>[]).find((k) => k.type === chosen.type)!;
    const law = this.attempt(path, () => kind.build(chosen as never, this.read));
    if (law !== undefined) built.set(key, law);
    return law;
  }

  /** What several places may say of one thing of the account is the same at each. */
  agree(thing: string, text: string, path: Path): void {
    const before = this.agreed.get(thing);
    if (!before) this.agreed.set(thing, { text, path });
    else if (before.text !== text)
      this.problem(
        path,
        `is one for the whole account: ${text} here, but ${before.text} at ${printPath(before.path)}`,
      );
  }

  /** What `build` returns; what it throws about the settings under `path` becomes a problem there. */
  attempt<T>(path: Path, build: () => T): T | undefined {
    try {
      return build();
    } catch (error) {
      if (error instanceof FileProblem) this.problem([...path, "file"], error.message);
      else if (error instanceof SettingErrors)
        for (const { setting, message } of error.errors) this.problem([...path, ...setting], message);
      else if (error instanceof SettingError) this.problem([...path, ...error.setting], error.message);
      else if (error instanceof RangeError) this.problem(path, error.message);
      else throw error;
      return undefined;
    }
  }
}
