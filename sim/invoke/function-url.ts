import { z } from "zod";
import { callerSettings, callersPlan } from "./caller-settings.ts";
import type { Front } from "./callers.ts";
import { invokeKind } from "./contract.ts";

/**
 * A function's own HTTPS address. It has no limit but Lambda's, of which the client is told 429: concurrency, and ten
 * requests a second for each unit of it (Lambda developer guide, function URLs). A function that fails, or runs into its own
 * timeout, shows as 502 (field reports; AWS documents a 5xx), and there is no other timeout, so never a 504.
 */
const FUNCTION_URL: Front = {
  admits: () => true,
  timeout: Number.POSITIVE_INFINITY,
  throttled: 429,
  failed: 502,
  timedOut: 504,
};

export const functionUrl = invokeKind({
  type: "function-url",
  schema: z.strictObject({ type: z.literal("function-url"), ...callerSettings }),
  build: (given, context) =>
    callersPlan("function-url", given, context, { text: "function URL", open: () => FUNCTION_URL }),
});
