/** Where in a scenario something stands: keys and list positions, from the top. */
export type Path = readonly (string | number)[];

/** One thing wrong with the user's input. A scenario reports all of its problems at once. */
export interface Problem {
  path: Path;
  /** What was found, what was expected, and what to write instead. */
  message: string;
  /** True when the place is a key (an unknown setting), not the value under it. */
  atKey?: boolean;
  /** 1-based, where the text is known. */
  line?: number;
  column?: number;
  /** The file, where it is not the scenario itself (a trace, a price table). */
  file?: string;
}

/** The user's input cannot be simulated. The command line prints it and exits with 2; nothing has run. */
export class ScenarioError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => `${printPath(p.path)}: ${p.message}`).join("\n"));
    this.name = "ScenarioError";
    this.problems = problems;
  }
}

/**
 * The run cannot go on: the scenario, fine as written, grew beyond what one run can hold. A fault of the input all the
 * same, so the command line exits with 2; what was simulated so far is dropped.
 */
export class TooLargeError extends ScenarioError {
  constructor(problem: Problem) {
    super([problem]);
    this.name = "TooLargeError";
  }
}

/** A path as commands take it: functions.api.memorySize, traffic.0.arrivals. */
export function printPath(path: Path): string {
  return path.length === 0 ? "(top)" : path.join(".");
}

/** The known word nearest to what was written, if it is near enough to be a slip. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** A message with "did you mean …?" where a known word is near, or else the words there are, when they are few. */
export function withHint(message: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `${message}; did you mean "${near}"?`;
  return known.length <= 12 ? `${message}; known: ${known.join(", ")}` : message;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** A setting that makes no sense with others: the problem's place is that setting, or a path to one further inside. */
export class SettingError extends RangeError {
  readonly setting: Path;

  constructor(setting: string | Path, message: string) {
    super(message);
    this.setting = typeof setting === "string" ? [setting] : setting;
  }
}

/** Several settings that make no sense: each is a problem at its own place. */
export class SettingErrors extends RangeError {
  readonly errors: readonly SettingError[];

  constructor(errors: readonly SettingError[]) {
    super(errors.map((e) => e.message).join("; "));
    this.errors = errors;
  }
}
