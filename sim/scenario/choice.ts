import * as z from "zod";
import { nameOf } from "../units.ts";
import { withHint } from "./problem.ts";

/**
 * A setting that names one kind of a registry by its `type`, with short forms: text that stands for one kind, or
 * an object whose `type` can be left out. Only the chosen kind is checked, so that its problems come out alone.
 */
export interface Choice {
  /** The kinds' own schemas, each a strict object with a literal `type`; asked for late where they contain this choice. */
  readonly kinds: readonly z.ZodObject[] | (() => readonly z.ZodObject[]);
  /** A choice with a name stands in the JSON Schema once, under that name. */
  readonly name?: string;
  /** What is chosen, for messages: "a distribution". */
  readonly noun: string;
  /** A text that stands for a setting, such as "0s"; undefined when the text means nothing here. */
  readonly ofText?: (text: string) => unknown;
  /** An example for messages. */
  readonly example: string;
  /** The type of an object that names none. */
  readonly ofUntyped?: (given: Record<string, unknown>) => string | undefined;
  /** What the short forms look like, for the JSON Schema. */
  readonly shortForms?: readonly z.core.JSONSchema.BaseSchema[];
}

/** What the JSON Schema of a choice is, since a transform has none of its own. */
export const choiceSchemas = new WeakMap<z.ZodType, Choice>();

const typeOf = (schema: z.ZodObject): string => (schema.shape.type as z.ZodLiteral<string>).value;

/** The type written in a parsed choice is kept, so that the registry can find the kind again. */
export type Chosen = { readonly type: string; readonly [setting: string]: unknown };

export const kindsOf = ({ kinds }: Choice): readonly z.ZodObject[] =>
  typeof kinds === "function" ? kinds() : kinds;

export function choice(options: Choice) {
  let known: Map<string, z.ZodObject> | undefined;
  const schema = z.unknown().transform((given, context): Chosen => {
    const fail = (message: string, path: (string | number)[] = []) => {
      context.addIssue({ code: "custom", message, path, input: given });
      return z.NEVER;
    };
    known ??= new Map(kindsOf(options).map((kind) => [typeOf(kind), kind]));
    const byType = known;
    let value = given;
    if (typeof given === "string" && options.ofText) {
      value = options.ofText(given);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const hint = typeof value === "number" ? `; ${value} has no unit` : "";
      return fail(`expected ${options.noun} such as ${options.example}, got ${nameOf(given)}${hint}`);
    }
    const settings = value as Record<string, unknown>;
    const type = settings.type ?? options.ofUntyped?.(settings);
    if (type === undefined) return fail(withHint(`"type" is missing`, "", [...byType.keys()]));
    const kind = byType.get(String(type));
    if (!kind)
      return fail(
        withHint(`${nameOf(type)} is no type of ${options.noun}`, String(type), [...byType.keys()]),
        ["type"],
      );
    const parsed = kind.safeParse({ ...settings, type }, { error: explain, reportInput: true });
    if (parsed.success) return parsed.data as Chosen;
    for (const issue of parsed.error.issues) context.addIssue(issue as never);
    return z.NEVER;
  });
  choiceSchemas.set(schema, options);
  return schema;
}

/**
 * What zod's own issues say in this project's words. Unknown settings get a suggestion for each key, one a line,
 * in the order of the issue's keys.
 */
export const explain: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys((issue.inst as unknown as z.ZodObject | undefined)?.shape ?? {});
    return (issue.keys as string[]).map((key) => withHint(`unknown setting`, key, known)).join("\n");
  }
  if (issue.code === "invalid_value" && Array.isArray(issue.values)) {
    const words = issue.values.map(String);
    if (words.length === 1) return `expected ${words[0]}, got ${nameOf(issue.input)}`;
    if (issue.input === undefined) return withHint("is missing", "", words);
    return withHint(`${nameOf(issue.input)} is not one of them`, String(issue.input), words);
  }
  if (issue.code === "too_small" && (issue.origin === "array" || issue.origin === "string"))
    return "is empty";
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is missing";
    return `expected ${article(String(issue.expected))}, got ${nameOf(issue.input)}`;
  }
  return undefined;
};

function article(noun: string): string {
  const plain = { record: "object", array: "list", string: "text", boolean: "true or false" }[noun] ?? noun;
  return plain === "text" || plain === "true or false"
    ? plain
    : `${/^[aeiou]/.test(plain) ? "an" : "a"} ${plain}`;
}
