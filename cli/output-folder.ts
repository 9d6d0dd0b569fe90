import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "./exit.ts";
import { reasonOf } from "./scenario-file.ts";

/**
 * A folder that appears whole or not at all: everything is written beside it under another name, and `commit` puts it
 * in its place. Only a folder that lsim wrote (or an empty one) is ever replaced.
 */
export class OutputFolder {
  readonly path: string;
  private readonly draft: string;
  private readonly files: number[] = [];

  /** Throws InputError when the folder could not be written. */
  constructor(path: string) {
    if (path === "") throw new InputError('--out "": is no folder');
    this.path = path;
    const whole = resolve(path);
    const parent = dirname(whole);
    try {
      if (existsSync(whole)) {
        if (!statSync(whole).isDirectory()) throw new InputError(`--out ${path}: is a file; give a folder`);
        const foreign = foreignFile(whole);
        if (foreign !== undefined) {
          throw new InputError(
            `--out ${path}: the folder holds "${foreign}", which lsim did not write and would delete; give another one`,
          );
        }
      }
      mkdirSync(parent, { recursive: true });
      clearDrafts(whole);
      this.draft = join(parent, `.${basename(whole)}.tmp-${process.pid}`);
      mkdirSync(this.draft);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`--out ${path}: cannot be written: ${reasonOf(error)}`);
    }
  }

  /** Where the files are until `commit`. */
  get written(): string {
    return this.draft;
  }

  write(name: string, content: string | Uint8Array): void {
    const file = join(this.draft, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** A file that is written piece by piece, until `commit`: returns what adds to it. */
  open(name: string): (piece: string | Uint8Array) => void {
    const file = openSync(join(this.draft, name), "w");
    this.files.push(file);
    // Unlike writeSync this writes all of it.
    return (piece) => writeFileSync(file, piece);
  }

  private closeFiles(): void {
    for (const file of this.files.splice(0)) closeSync(file);
  }

  commit(): void {
    this.closeFiles();
    const whole = resolve(this.path);
    const old = `${this.draft}-old`;
    if (existsSync(whole)) renameSync(whole, old);
    renameSync(this.draft, whole);
    rmSync(old, { recursive: true, force: true });
  }

  /** Leaves nothing behind; harmless after `commit`. */
  discard(): void {
    this.closeFiles();
    rmSync(this.draft, { recursive: true, force: true });
  }
}

/** Drafts that a killed process left here: nobody will put them in place. */
function clearDrafts(whole: string): void {
  const start = `.${basename(whole)}.tmp-`;
  for (const name of readdirSync(dirname(whole))) {
    const pid = name.startsWith(start) ? /^(\d+)(-old)?$/.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(dirname(whole), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The main file of each kind of results, and what only one of ours says of itself. */
const SIGNED: Readonly<Record<string, RegExp>> = {
  "result.json": /"lsimResult"/,
  "sweep.json": /"lsimSweep"/,
  "plan.json": /"lsimPlan"/,
  "compare.json": /"lsim(Comparison|Against)"/,
  "sensitivity.json": /"lsimSensitivity"/,
  "tune.json": /"lsimTune"/,
};
/** What stands beside one of them. */
const OWN = [
  "histograms.json",
  "timeline.csv",
  "timeline-account.csv",
  "queues.csv",
  "provisioned.csv",
  "bill.csv",
  "sweep.csv",
  "sweep.parquet",
  "sweep.arrow",
  "compare.csv",
  "sensitivity.csv",
  "tune.csv",
  "review.json",
  "report.html",
  "report.md",
  "charts",
];
/** What stands beside these and no others: others have such names too. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  "result.json": ["invocations.csv", "invocations.parquet", "environments.csv", "trace.json"],
  "plan.json": ["plan.csv", "planned.json", "files"],
};
const OWN_CHARTS = /^(index\.html|[a-z-]+\.(vl\.json|svg|png))$/;

/** A file in the folder that no command of lsim leaves there; where there is no main file, that is any. */
function foreignFile(folder: string): string | undefined {
  const inside = readdirSync(folder);
  const main = Object.keys(SIGNED).filter((name) => inside.includes(name));
  const unsigned = main.find((name) => !SIGNED[name]!.test(readFileSync(join(folder, name), "utf8")));
  if (unsigned !== undefined) return unsigned;
  const own = main.length > 0 ? [...main, ...OWN, ...main.flatMap((name) => BESIDE[name] ?? [])] : [];
  const other = inside.find((name) => !own.includes(name));
  if (other !== undefined || !inside.includes("charts")) return other;
  const chart = readdirSync(join(folder, "charts")).find((name) => !OWN_CHARTS.test(name));
  return chart && `charts/${chart}`;
}
