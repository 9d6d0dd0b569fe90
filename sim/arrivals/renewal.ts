import * as z from "zod";
import type { Distribution, Sampler } from "../distributions/contract.ts";
import { buildDistribution, distribution } from "../distributions/setting.ts";
import { nearest } from "../math/functions.ts";
import type { Stream } from "../random.ts";
import { type ArrivalBatch, type ArrivalPlan, type ArrivalProcess, arrivalKind } from "./contract.ts";
import { scaledText } from "./lot.ts";

/** Sums the gaps as real numbers and rounds the sum, so that rounding adds no bias. */
class RenewalProcess implements ArrivalProcess {
  next: number;
  private readonly gaps: Sampler;
  private readonly factor: number;
  private sum: number;

  constructor(gap: Distribution, factor: number, stream: Stream) {
    this.gaps = gap.sampler(stream);
    this.factor = factor;
    this.sum = this.gaps.next() / factor;
    this.next = nearest(this.sum);
  }

  fill(until: number, batch: ArrivalBatch): void {
    const { gaps, factor } = this;
    let { sum, next } = this;
    while (next < until) {
      batch.push(next);
      sum += gaps.next() / factor;
      next = nearest(sum);
    }
    this.sum = sum;
    this.next = next;
  }
}

function renewalPlan(gap: Distribution, factor: number, text: string): ArrivalPlan {
  return {
    text,
    carriesDurations: false,
    steady: true,
    expected: (until) => (until * factor) / gap.mean,
    scaled: (more) => renewalPlan(gap, factor * more, scaledText(text, more)),
    open: (stream) => new RenewalProcess(gap, factor, stream),
  };
}

/**
 * Independent gaps of any law, the first arrival one gap after the start. `expected` is the long-run number, until over
 * the mean gap. Scaling divides the gaps.
 */
export const renewal = arrivalKind({
  type: "renewal",
  schema: z.strictObject({ type: z.literal("renewal"), gap: distribution() }),
  build: ({ gap }, read) => {
    const law = buildDistribution(gap, read);
    if (!(law.mean > 0))
      throw new RangeError(
        `"gap" is always 0: time would never pass; give it a mean above 0, such as "500ms"`,
      );
    return renewalPlan(law, 1, `gaps ${law.text}`);
  },
});
