import { z } from "zod";
import { type Choice, choiceSchemas } from "./choice.ts";
import { scenarioSchema } from "./schema.ts";
import { MEASURES } from "./threshold.ts";

type JsonSchema = Record<string, unknown>;

/** The JSON Schema that editors complete and check scenarios by, generated from the parser's own definition. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = convert(scenarioSchema) as JsonSchema & { properties: Record<string, JsonSchema> };
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
  return schema;
}

function convert(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-07",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const choice = choiceSchemas.get(zodSchema as unknown as z.ZodType);
      if (choice) Object.assign(jsonSchema, ofChoice(choice));
    },
  }) as JsonSchema;
}

function ofChoice({ shortForms = [], kinds }: Choice): JsonSchema {
  const long = kinds.map((kind) => {
    const { $schema, ...rest } = convert(kind);
    return rest;
  });
  return { anyOf: [...shortForms, ...long] };
}
