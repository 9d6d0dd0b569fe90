import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { PointResult } from "../study/point.ts";
import type { SweepPlan } from "../study/sweep.ts";
import { InputError } from "./exit.ts";
import { reasonOf } from "./scenario-file.ts";

const PLAN = "plan.json";
const POINT = /^([0-9a-f]{16})\.json$/;
/** Not yet whole: it gets its name when it is. */
const DRAFT = /^\..*\.tmp$/;

/**
 * Where the finished points of a sweep are, one file each, beside the plan. Several processes may write into one folder, also
 * over a network: a file appears whole, and two of the same name are the same to the last byte.
 */
export class PointsFolder {
  readonly path: string;

  /** Throws InputError where the folder holds anything else. `option` names where the path comes from. */
  constructor(path: string, option: string) {
    if (path === "") throw new InputError(`${option} "": is no folder`);
    this.path = resolve(path);
    try {
      const foreign = existsSync(this.path)
        ? readdirSync(this.path).find((name) => name !== PLAN && !POINT.test(name) && !DRAFT.test(name))
        : undefined;
      if (foreign !== undefined)
        throw new InputError(
          `${option} ${path}: holds "${foreign}", which is no point of a sweep; give another folder`,
        );
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${option} ${path}: ${reasonOf(error)}`);
    }
  }

  /** The unfinished points of the sweep whose results will be in `out`: a hidden folder beside it. */
  static beside(out: string): PointsFolder {
    const whole = resolve(out);
    return new PointsFolder(join(dirname(whole), `.${basename(whole)}.points`), "--out");
  }

  /** The plan that was written here; undefined where there is none. */
  plan(): SweepPlan | undefined {
    const plan = this.json(PLAN) as SweepPlan | undefined;
    return plan?.lsimSweepPlan === 1 ? plan : undefined;
  }

  /** Makes the folder one of this plan. Points of another one stay, and count where they are the same. */
  begin(plan: SweepPlan): void {
    if (this.plan()?.id !== plan.id) this.write(PLAN, plan);
  }

  /** Keys of the points that are here. */
  keys(): string[] {
    return existsSync(this.path) ? readdirSync(this.path).flatMap((name) => POINT.exec(name)?.[1] ?? []) : [];
  }

  /** A finished point; undefined where there is none, or no whole one (a disk that was full, say). */
  result(key: string): PointResult | undefined {
    const result = this.json(`${key}.json`) as PointResult | undefined;
    return result?.lsimPoint === 1 && result.key === key ? result : undefined;
  }

  keep(result: PointResult): void {
    this.write(`${result.key}.json`, result);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private json(name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.path, name), "utf8"));
    } catch {
      return undefined;
    }
  }

  private write(name: string, content: unknown): void {
    const draft = join(this.path, `.${name}.${randomUUID()}.tmp`);
    try {
      mkdirSync(this.path, { recursive: true });
      // Not forced to the disk: what a power cut leaves unfinished does not read, and is played again.
      writeFileSync(draft, `${JSON.stringify(content)}\n`);
      renameSync(draft, join(this.path, name));
    } catch (error) {
      throw new InputError(`${this.path}: cannot be written: ${reasonOf(error)}`);
    }
  }
}
