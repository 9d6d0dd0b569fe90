import { patternOf } from "../units.ts";
import { scenarioJsonSchema } from "./json-schema.ts";

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** Texts with a unit, by the pattern that the schema marks them with. */
const QUANTITIES = [
  { name: "Duration", kind: "duration", says: `A time with its unit: "250ms", "3s", "10m", "2h", "1d".` },
  { name: "Size", kind: "memory", says: `A size with its unit: "512 MB", "2 GB".` },
  { name: "Rate", kind: "rate", says: `So many a second, minute, hour or day: "80/s", "5/m".` },
  { name: "Share", kind: "share", says: `A share with its sign: "2%".` },
] as const;

/** What is called otherwise than its setting: words that TypeScript or the engine has a meaning for. */
const NAMES: Readonly<Record<string, string>> = {
  Function: "LambdaFunction",
  Duration: "HandlerTime",
  Emit: "Emission",
};

/**
 * The scenario as written, as TypeScript: interfaces that editors complete and explain, from the same JSON Schema. Every
 * object gets an interface, every choice a union of its kinds.
 */
export function scenarioTypeText(): string {
  const schema = scenarioJsonSchema() as Schema;
  return new TypeText(schema.definitions ?? {}).of(schema);
}

class TypeText {
  private readonly definitions: Readonly<Record<string, Schema>>;
  /** Names given so far, each with what it stands for. */
  private readonly bodies = new Map<string, string>();
  private readonly written: string[] = [];

  constructor(definitions: Readonly<Record<string, Schema>>) {
    this.definitions = definitions;
  }

  of(schema: Schema): string {
    for (const [name, definition] of Object.entries(this.definitions)) {
      const type = this.union(definition.anyOf!, titled(name));
      this.written.push(`export type ${titled(name)} =${broken(type)};\n`);
    }
    this.object("ScenarioFile", schema);
    const quantities = QUANTITIES.map(({ name, says }) => `/** ${says} */\nexport type ${name} = string;\n`);
    return `${[
      "// Written by `npm run schema` from the format's definition (schema.ts). Do not edit.\n",
      ...quantities,
      ...this.written.reverse(),
    ].join("\n")}`;
  }

  /** A type expression. `name` is what an object or choice would be called. */
  private type(schema: Schema, name: string): string {
    const { $ref, allOf, anyOf, type, properties, additionalProperties, items } = schema;
    if ($ref !== undefined) return titled($ref.split("/").at(-1)!);
    if (allOf) return allOf.map((part) => this.type(part, name)).join(" & ");
    if (anyOf) return this.choice(anyOf, name);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    if (properties) return this.object(name, schema);
    if (type === "object" && typeof additionalProperties === "object")
      return `Readonly<Record<string, ${this.type(additionalProperties, singular(name))}>>`;
    if (type === "array") return `readonly ${bracketed(this.type(items ?? {}, singular(name)))}[]`;
    if (typeof type === "object")
      return type.map((one) => this.type({ ...schema, type: one }, name)).join(" | ");
    if (type === "string") return quantityOf(schema)?.name ?? "string";
    if (type === "integer" || type === "number") return "number";
    return type ?? "unknown";
  }

  /** Several kinds of objects get a name together. */
  private choice(parts: readonly Schema[], name: string): string {
    const type = this.union(parts, name);
    if (parts.filter(({ properties }) => properties?.type).length < 2) return type;
    return this.named(name, type, (free) => `export type ${free} =${broken(type)};\n`);
  }

  /** Each kind that is an object is named after its type and what it is a kind of. */
  private union(parts: readonly Schema[], name: string): string {
    const types = parts.map((part, i) => {
      const kind = part.properties?.type?.const;
      const own =
        typeof kind === "string" ? `${titled(kind)}${name}` : parts.length > 1 ? `${name}Form${i}` : name;
      return this.type(part, part.properties && typeof kind !== "string" ? shortName(part, name) : own);
    });
    return [...new Set(types)].join(" | ");
  }

  /** An interface; the same one where an equal one has been written. */
  private object(wanted: string, schema: Schema): string {
    const required = new Set(schema.required);
    const body = Object.entries(schema.properties ?? {})
      .map(([key, value]) => {
        const optional = required.has(key) ? "" : "?";
        const type = this.type(value, titled(key));
        const word = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
        return `${commentOf(value)}  readonly ${word}${optional}: ${type}${optional ? " | undefined" : ""};\n`;
      })
      .join("");
    const comment = schema.description ? `/** ${schema.description} */\n` : "";
    // What is the same is the same: a keep-alive that is drawn is any distribution.
    const [same] = [...this.bodies].find(([, known]) => known === body && body.split("\n").length > 3) ?? [];
    return same ?? this.named(wanted, body, (name) => `${comment}export interface ${name} {\n${body}}\n`);
  }

  /** The name under which a body is written, once. */
  private named(wanted: string, body: string, write: (name: string) => string): string {
    let name = wanted;
    for (let i = 2; this.bodies.has(name) && this.bodies.get(name) !== body; i++) name = `${wanted}${i}`;
    if (!this.bodies.has(name)) {
      this.bodies.set(name, body);
      this.written.push(write(name));
    }
    return name;
  }
}

function quantityOf({ pattern }: Schema) {
  return QUANTITIES.find(({ kind }) => pattern === patternOf(kind));
}

/** What an object without a type is called: by what it holds. */
function shortName({ properties }: Schema, name: string): string {
  const keys = Object.keys(properties ?? {});
  return keys.includes("p50") ? `Percentiles${name}` : keys.includes("io") ? `Split${name}` : `Plain${name}`;
}

function commentOf(schema: Schema): string {
  const { description, examples } = schema;
  const shown = quantityOf(schema) ? [] : (examples ?? []);
  const example =
    shown.length > 0 ? ` For example ${shown.map((value) => JSON.stringify(value)).join(", ")}.` : "";
  const text = `${description ?? ""}${example}`.trim().replaceAll("*/", "*\\/");
  return text === "" ? "" : `  /** ${text} */\n`;
}

function titled(word: string): string {
  const name = word
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
  return NAMES[name] ?? name;
}

function singular(name: string): string {
  const one = name.replace(/ies$/, "y").replace(/s$/, "");
  return NAMES[one] ?? (name === "Traffic" ? "TrafficEntry" : one === name ? `${name}Item` : one);
}

const bracketed = (type: string) => (type.includes(" | ") || type.includes(" & ") ? `(${type})` : type);

/** A long union a line a kind. */
const broken = (type: string) =>
  type.includes(" | ") ? `\n  | ${type.split(" | ").join("\n  | ")}` : ` ${type}`;
