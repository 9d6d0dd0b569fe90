import * as z from "zod";
import { SECOND } from "../../units.ts";
import { TokenBuckets } from "../token-bucket.ts";
import { type ScalingRate, scalingKind } from "./contract.ts";

/** AWS, Lambda developer guide, "Lambda function scaling": since 27 November 2023, each function, every Region. */
const ENVIRONMENTS = 1000;
const PERIOD = 10 * SECOND;

class PerFunction implements ScalingRate {
  private readonly buckets: TokenBuckets;

  constructor(functions: number) {
    this.buckets = new TokenBuckets(functions, ENVIRONMENTS, ENVIRONMENTS, PERIOD);
  }

  take(fn: number, at: number): boolean {
    if (!this.buckets.has(fn, at)) return false;
    this.buckets.take(fn);
    return true;
  }
}

/** Today's rule: 1,000 new environments every 10 seconds for each function, refilled continuously. */
export const aws = scalingKind({
  type: "aws",
  schema: z.strictObject({ type: z.literal("aws") }),
  build: () => ({
    text: "1,000 new environments every 10 s for each function",
    open: (functions) => new PerFunction(functions),
  }),
});
