import * as z from "zod";
import { type Choice, choiceSchemas, kindsOf } from "./choice.ts";
import { scenarioSchema } from "./schema.ts";
import { MEASURES } from "./threshold.ts";

type JsonSchema = Record<string, unknown>;

/** The JSON Schema that editors complete and check scenarios by, generated from the parser's own definition. */
export function scenarioJsonSchema(): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const schema = convert(scenarioSchema, definitions) as JsonSchema & {
    properties: Record<string, JsonSchema>;
  };
  schema.title = "lsim scenario";
  const measures = Object.fromEntries(
    Object.entries(MEASURES).map(([measure, aggregates]) => [
      measure,
      {
        type: "array",
        items: { type: "string" },
        description: `By ${Object.keys(aggregates).join(", ").replace("percentile", "p(N)")}.`,
      },
    ]),
  );
  schema.properties.thresholds = {
    type: "object",
    description: "What must hold, by function or for the total.",
    additionalProperties: { type: "object", properties: measures, additionalProperties: false },
  };
  schema.definitions = definitions;
  return schema;
}

/** What a named choice is goes into `definitions`, so that it stands there once and may contain itself. */
function convert(schema: z.ZodType, definitions: Record<string, JsonSchema>): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-07",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const choice = choiceSchemas.get(zodSchema as unknown as z.ZodType);
      if (choice) Object.assign(jsonSchema, ofChoice(choice, definitions));
    },
  }) as JsonSchema;
}

function ofChoice(choice: Choice, definitions: Record<string, JsonSchema>): JsonSchema {
  const { name } = choice;
  if (name === undefined) return inFull(choice, definitions);
  if (!(name in definitions)) {
    // The place is taken first: it may be needed inside.
    definitions[name] = {};
    definitions[name] = inFull(choice, definitions);
  }
  // In a list of one, since draft 7 ignores what stands beside a bare $ref, such as a description.
  return { allOf: [{ $ref: `#/definitions/${name}` }] };
}

function inFull(choice: Choice, definitions: Record<string, JsonSchema>): JsonSchema {
  // An object that names no type is of this one, whatever it holds.
  const untyped = choice.ofUntyped?.({});
  const long = kindsOf(choice).map((kind) => {
    const { $schema, ...rest } = convert(kind, definitions);
    const { properties, required = [] } = rest as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    return untyped !== undefined && properties?.type?.const === untyped
      ? { ...rest, required: required.filter((key) => key !== "type") }
      : rest;
  });
  return { anyOf: [...(choice.shortForms ?? []), ...long] };
}
