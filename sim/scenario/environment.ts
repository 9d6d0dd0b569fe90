import * as z from "zod";
import { distribution } from "../distributions/setting.ts";
import { nameOf } from "../units.ts";

/**
 * A function's environment variables. Their values may be secrets, and lsim needs only their length: no message
 * shows one, and what is kept of a scenario has them blanked out (secrets.ts).
 */

/** All names and values together (Lambda quotas). */
const MOST_BYTES = 4096;

/** Lambda sets these itself and refuses them in a configuration (developer guide, environment variables). */
const SET_BY_LAMBDA = new Set([
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

const NAME = /^[A-Za-z][A-Za-z0-9_]+$/;

/** The kind of thing an input is, and nothing of what it says. */
function kindOf(input: unknown): string {
  if (input === null || typeof input === "object" || input === undefined) return nameOf(input);
  return typeof input === "string" ? "text" : `a ${typeof input}`;
}

const silently = (expected: string) => (issue: { code?: string; input?: unknown }) =>
  issue.code === "invalid_type" ? `expected ${expected}, got ${kindOf(issue.input)}` : undefined;

const variableName = z.string().superRefine((name, context) => {
  if (SET_BY_LAMBDA.has(name)) {
    context.addIssue({ code: "custom", message: `"${name}" is set by Lambda itself and cannot be written` });
  } else if (!NAME.test(name)) {
    context.addIssue({
      code: "custom",
      message: `"${name}" is no variable name; take a letter first, then letters, digits and "_", two or more in all`,
    });
  }
});

const variables = z
  .record(variableName, z.string({ error: silently("text (in quotes)") }), {
    error: silently(`names with their values, as in { "STAGE": "production" }`),
  })
  .superRefine((given, context) => {
    const bytes = Object.entries(given).reduce(
      (sum, [name, value]) => sum + utf8Length(name) + utf8Length(value),
      0,
    );
    if (bytes > MOST_BYTES) {
      context.addIssue({
        code: "custom",
        message: `names and values come to ${bytes} bytes; Lambda takes ${MOST_BYTES} (4 KB) a function`,
      });
    }
  });

export const environmentSetting = () =>
  z.strictObject(
    {
      variables: variables.optional().meta({
        description: "Names and values. Values are never shown in any output.",
      }),
      decrypt: distribution().optional().meta({ description: "Decrypting them, part of every init." }),
    },
    { error: silently(`{ "variables": { … } }`) },
  );

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
