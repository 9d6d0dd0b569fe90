import * as z from "zod";
import { scalingKind } from "./contract.ts";

/** No scaling rate: only concurrency limits hold. */
export const unlimited = scalingKind({
  type: "unlimited",
  schema: z.strictObject({ type: z.literal("unlimited") }),
  build: () => ({ text: "unlimited", open: () => ({ take: () => true }) }),
});
