import type { Setting } from "../sim/scenario/paths.ts";
import type { Problem } from "../sim/scenario/problem.ts";

/** The problems of many points: what is wrong with several alike is told once, with what they have in common. */
export class PointProblems {
  private readonly points: readonly (readonly Setting[])[];
  private readonly found = new Map<string, { problem: Problem; at: number[] }>();

  constructor(points: readonly (readonly Setting[])[]) {
    this.points = points;
  }

  get any(): boolean {
    return this.found.size > 0;
  }

  /** Takes in what is wrong with one point. */
  add(point: number, problems: readonly Problem[]): void {
    for (const problem of problems) {
      const key = JSON.stringify([problem.path, problem.message]);
      const known = this.found.get(key);
      if (known) known.at.push(point);
      else this.found.set(key, { problem, at: [point] });
    }
  }

  all(): Problem[] {
    return [...this.found.values()].map(({ problem, at }) => {
      const [top, ...rest] = problem.path;
      const path = top === "--set" ? ["--vary", ...rest] : problem.path;
      const where = this.where(at);
      return { ...problem, path, message: where === "" ? problem.message : `${problem.message} (${where})` };
    });
  }

  /** What the points have in common that no other has; else the first of them. Empty where it is all of them. */
  private where(at: readonly number[]): string {
    if (at.length === this.points.length) return "";
    const first = this.points[at[0]!]!;
    const common = first.find(({ path, value }) => {
      const text = JSON.stringify(value);
      const isIn = (point: readonly Setting[]) =>
        point.some((s) => s.path === path && JSON.stringify(s.value) === text);
      return (
        this.points.reduce((sum, point) => sum + (isIn(point) ? 1 : 0), 0) === at.length &&
        at.every((i) => isIn(this.points[i]!))
      );
    });
    if (common) return `with ${printSetting(common)}`;
    const more = at.length === 1 ? "" : `, and ${at.length - 1} more point${at.length === 2 ? "" : "s"}`;
    return `with ${printSettings(first)}${more}`;
  }
}

/** "api.memorySize=512MB". */
export function printSetting({ path, value }: Setting): string {
  return `${path}=${printValue(value)}`;
}

/** "api.memorySize=512MB, account.concurrency=1000". */
export function printSettings(settings: readonly Setting[]): string {
  return settings.map(printSetting).join(", ");
}

/** A value as it would be written on the command line. */
export function printValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
