import type { z } from "zod";

/** p50 and p99 alone mean a lognormal. */
export const lognormalUntyped = (given: Record<string, unknown>) =>
  "p50" in given || "p99" in given ? "lognormal" : undefined;

/** That short form for the JSON Schema, with what else may be written beside it. */
export function lognormalShort(more: Record<string, object> = {}): z.core.JSONSchema.BaseSchema {
  const text = { type: "string" } as const;
  return {
    type: "object",
    description: "Lognormal through p50 and p99.",
    properties: { p50: text, p99: text, min: text, max: text, ...more },
    required: ["p50", "p99", ...(more.weight ? ["weight"] : [])],
    additionalProperties: false,
  };
}
