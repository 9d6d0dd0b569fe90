import type { z } from "zod";
import { explain } from "./choice.ts";
import { type Path, type Problem, ScenarioError } from "./problem.ts";
import { isFunctionName, type ParsedFile, scenarioSchema } from "./schema.ts";
import { EVERY } from "./template.ts";

/**
 * Reads a scenario as written by the schema: quantities become numbers, short forms long ones. Functions written alike
 * are read once and share one settings object. Throws ScenarioError with all problems at once, each at its place.
 */
export function checkFile(file: unknown): ParsedFile {
  const parsed = checkAlike(file);
  if (parsed) return parsed;
  // Something is wrong: checked again in full, it is told wherever it is written.
  const whole = check(file);
  if (!whole.success) throw new ScenarioError(whole.error.issues.flatMap(problemsOf));
  return whole.data;
}

const check = (file: unknown) => scenarioSchema.safeParse(file, { error: explain, reportInput: true });

/** Checks one function of each sort: many thousands would take 10 KB of garbage each. Undefined when anything is wrong. */
function checkAlike(file: unknown): ParsedFile | undefined {
  const written = isPlain(file) ? file.functions : undefined;
  if (!isPlain(written)) return undefined;
  const names = Object.keys(written);
  // A template stays apart: what is wrong with it is told once.
  if (!names.every((name) => name === EVERY || isFunctionName(name))) return undefined;
  const sorts = new Sorts();
  const firsts = names.map((name) => (name === EVERY ? name : sorts.firstOf(name, written[name])));
  const distinct = Object.fromEntries([...new Set(firsts)].map((name) => [name, written[name]]));
  const parsed = check({ ...(file as object), functions: distinct });
  if (!parsed.success) return undefined;
  const functions: ParsedFile["functions"] = {};
  names.forEach((name, i) => {
    functions[name] = parsed.data.functions[firsts[i]!]!;
  });
  return { ...parsed.data, functions };
}

interface Sort {
  readonly name: string;
  readonly settings: unknown;
}

/** The settings there are, each under the name of the first function that has them. */
class Sorts {
  private readonly byText = new Map<string, Sort>();
  private last: Sort | undefined;

  firstOf(name: string, settings: unknown): string {
    if (!this.last || !isSame(this.last.settings, settings)) this.last = this.find({ name, settings });
    return this.last.name;
  }

  private find(own: Sort): Sort {
    const text = JSON.stringify(own.settings);
    const known = this.byText.get(text);
    if (!known) this.byText.set(text, own);
    return known && isSame(known.settings, own.settings) ? known : own;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Equal in everything, also in what JSON leaves out: a program may hand over undefined, NaN or a function. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key as never], b[key as never]))
  );
}

/** One zod issue as problems; an unknown setting is one problem a key. */
export function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    return issue.keys.map((key, i) => ({
      path: [...path, key],
      message: messages[i] ?? "unknown setting",
      atKey: true,
    }));
  }
  if (issue.code === "invalid_key") {
    return [{ path, message: issue.issues[0]?.message ?? "is no name that can be used here", atKey: true }];
  }
  return [{ path, message: issue.message }];
}
