import type { z } from "zod";
import { exp } from "../math/functions.ts";
import { integrateQuantile, type Share } from "../math/integrate.ts";
import { drawBits, type Stream } from "../random.ts";
import { duration } from "../scenario/fields.ts";
import { printDuration, printShare } from "../units.ts";
import type { Distribution, DistributionKind, Part, Sampler } from "./contract.ts";

/** Less than this share of a law is no part of it that one would describe by it. */
const LEAST_SHARE = 1e-3;

/** Draws by the inner law's quantile function, squeezed into the shares that are left: one draw a value. */
class TruncatedSampler implements Sampler {
  private readonly stream: Stream;
  private readonly inner: Sampler;
  private readonly below: number;
  private readonly above: number;
  private readonly share: number;
  private readonly low: number;
  private readonly high: number;

  constructor(
    stream: Stream,
    inner: Sampler,
    from: Share,
    to: Share,
    share: number,
    low: number,
    high: number,
  ) {
    this.stream = stream;
    this.inner = inner;
    this.below = from.p;
    this.above = to.q;
    this.share = share;
    this.low = low;
    this.high = high;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    // The bits mean what they mean to a table, so that bounds which leave nearly all of a law hardly change its draws.
    const bits = drawBits(this.stream);
    const tail = ((bits & 0x7fffffff) + 0.5) * 2 ** -32;
    const p = bits < 0 ? 1 - tail : tail;
    const q = bits < 0 ? tail : 1 - tail;
    const value = this.inner.at!(this.below + p * this.share, this.above + q * this.share);
    // Tables are off by a hair at the edges.
    return value < this.low ? this.low : value > this.high ? this.high : value;
  }
}

/** Where a search stops: e^−690 is about the smallest double. */
const FARTHEST = 690;

/** The share at a place on a scale from −690 to 690 that resolves both tails; 0 is the median. */
const shareAt = (t: number): Share =>
  t < 0 ? { p: exp(t) / 2, q: 1 - exp(t) / 2 } : { p: 1 - exp(-t) / 2, q: exp(-t) / 2 };

/** The least share whose value satisfies a condition that holds from some value on. */
function firstShare(quantile: (p: number, q: number) => number, holds: (value: number) => boolean): Share {
  const at = (t: number) => {
    const { p, q } = shareAt(t);
    return holds(quantile(p, q));
  };
  if (at(-FARTHEST)) return { p: 0, q: 1 };
  if (!at(FARTHEST)) return { p: 1, q: 0 };
  let low = -FARTHEST;
  let high = FARTHEST;
  for (let middle = 0; high - low > 1e-14 * Math.max(1, Math.abs(middle)); ) {
    middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (at(middle)) high = middle;
    else low = middle;
  }
  return shareAt(high);
}

function byQuantile(law: Distribution, low: number, high: number): Part | undefined {
  const quantile = law.quantile!;
  const from = firstShare(quantile, (value) => value >= low);
  const to = firstShare(quantile, (value) => value > high);
  const share = from.p > 0.5 ? from.q - to.q : to.p - from.p;
  if (!(share > 0)) return undefined;
  if (share === 1) return { share, law };
  const inside = (p: number, q: number) =>
    Math.min(high, Math.max(low, quantile(from.p + p * share, to.q + q * share)));
  return {
    share,
    law: {
      mean: Math.min(high, Math.max(low, integrateQuantile(quantile, from, to) / share)),
      minimum: Math.max(law.minimum, low),
      constant: false,
      text: law.text,
      sampler: (stream) => new TruncatedSampler(stream, law.sampler(stream), from, to, share, low, high),
      // Cut again, inside a mixture: from the whole, so that nothing is squeezed twice.
      within: (lower, upper) => {
        const part = between(law, Math.max(low, lower), Math.min(high, upper));
        return part && { share: part.share / share, law: part.law };
      },
      quantile: inside,
    },
  };
}

/** What lies from `low` to `high`, both included, and how much of the law that is. Undefined when nothing does. */
export function between(law: Distribution, low: number, high: number): Part | undefined {
  if (low > high) return undefined;
  if (law.constant) return law.mean >= low && law.mean <= high ? { share: 1, law } : undefined;
  return law.within ? law.within(low, high) : byQuantile(law, low, high);
}

/** The law of a value given that it lies from `min` to `max`: the rest is as if it had not been drawn. */
export function truncated(law: Distribution, min: number | undefined, max: number | undefined): Distribution {
  if (min === undefined && max === undefined) return law;
  if (min !== undefined && max !== undefined && max < min) {
    throw new RangeError(`max (${printDuration(max)}) is below min (${printDuration(min)})`);
  }
  const part = between(law, min ?? 0, max ?? Number.POSITIVE_INFINITY);
  const range =
    min === undefined
      ? `at most ${printDuration(max!)}`
      : max === undefined
        ? `at least ${printDuration(min)}`
        : `${printDuration(min)} to ${printDuration(max)}`;
  if (!part) throw new RangeError(`nothing of ${law.text} is ${range}`);
  if (part.share < LEAST_SHARE) {
    throw new RangeError(
      `only ${printShare(part.share)} of ${law.text} is ${range}; describe that part by a law of its own`,
    );
  }
  return { ...part.law, text: `${part.law.constant ? part.law.text : law.text}, ${range}` };
}

/** A kind that also takes `min` and `max`. */
export function truncatable<S extends z.ZodObject>(kind: DistributionKind<S>) {
  const schema = kind.schema.extend({
    min: duration().optional().meta({ description: "Values below are left out." }),
    max: duration().optional().meta({ description: "Values above are left out." }),
  });
  return {
    type: kind.type,
    schema,
    build: (
      settings: z.output<typeof schema>,
      read: Parameters<DistributionKind<S>["build"]>[1],
    ): Distribution => {
      const { min, max, ...rest } = settings as z.output<S> & { min?: number; max?: number };
      return truncated(kind.build(rest as unknown as z.output<S>, read), min, max);
    },
  };
}
