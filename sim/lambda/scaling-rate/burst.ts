import * as z from "zod";
import { count } from "../../scenario/fields.ts";
import { MINUTE, printCount } from "../../units.ts";
import { TokenBucket } from "../token-bucket.ts";
import { type ScalingRate, scalingKind } from "./contract.ts";

/** The tokens come continuously. */
class Continuous implements ScalingRate {
  private readonly bucket: TokenBucket;

  constructor(burst: number, perMinute: number) {
    this.bucket = new TokenBucket(burst, perMinute, MINUTE);
  }

  take(_fn: number, at: number): boolean {
    if (!this.bucket.has(at)) return false;
    this.bucket.take();
    return true;
  }
}

/** The tokens come all at once at each full minute of the run, as in AWS's own worked example. */
class ByTheMinute implements ScalingRate {
  private readonly most: number;
  private readonly perMinute: number;
  private tokens: number;
  private minute = 0;

  constructor(burst: number, perMinute: number) {
    this.most = Math.max(burst, perMinute);
    this.perMinute = perMinute;
    this.tokens = burst;
  }

  take(_fn: number, at: number): boolean {
    const minute = Math.floor(at / MINUTE);
    this.tokens = Math.min(this.most, this.tokens + (minute - this.minute) * this.perMinute);
    this.minute = minute;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/**
 * AWS's rule until November 2023 (Lambda developer guide of October 2023, "Lambda function scaling"): one bucket for
 * the whole account, `burst` environments at once, then `perMinute` more each minute. AWS had bursts of 3,000,
 * 1,000 or 500 by Region, and 500 a minute.
 */
export const burst = scalingKind({
  type: "burst",
  schema: z.strictObject({
    type: z.literal("burst"),
    burst: count(0, 1_000_000),
    perMinute: count(0, 1_000_000),
    step: z.enum(["continuous", "minute"]).optional(),
  }),
  build: ({ burst, perMinute, step = "continuous" }) => ({
    text: `${printCount(burst)} at once, then ${printCount(perMinute)} a minute${step === "minute" ? ", by the minute" : ""}, for the account`,
    written: () => ({ type: "burst", burst, perMinute, step }),
    open: () => (step === "minute" ? new ByTheMinute(burst, perMinute) : new Continuous(burst, perMinute)),
  }),
});
