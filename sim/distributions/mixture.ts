import * as z from "zod";
import { drawUniform, type Stream } from "../random.ts";
import { type Chosen, choice } from "../scenario/choice.ts";
import { positiveNumber } from "../scenario/fields.ts";
import type { FileReader } from "../scenario/files.ts";
import { printDuration } from "../units.ts";
import {
  type Distribution,
  type DistributionKind,
  distributionKind,
  type Part,
  type Sampler,
} from "./contract.ts";
import { lognormalShort, lognormalUntyped } from "./short-form.ts";
import { between } from "./truncated.ts";

interface Component {
  readonly weight: number;
  readonly law: Distribution;
}

/** One draw chooses the component, which then draws by itself from the same stream. */
class MixtureSampler implements Sampler {
  private readonly stream: Stream;
  private readonly ends: Float64Array;
  private readonly samplers: readonly Sampler[];

  constructor(stream: Stream, ends: Float64Array, samplers: readonly Sampler[]) {
    this.stream = stream;
    this.ends = ends;
    this.samplers = samplers;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    const u = drawUniform(this.stream);
    const last = this.ends.length - 1;
    let i = 0;
    while (i < last && u >= this.ends[i]!) i++;
    return this.samplers[i]!.next();
  }
}

/** More components than this are only counted in the text. */
const MOST_NAMED = 4;

/** Each component's law with its share of the draws, exactly. */
export function mixtureOf(components: readonly Component[]): Distribution {
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  const [first] = components;
  if (components.every(({ law }) => law.constant && law.mean === first!.law.mean)) return first!.law;
  const mean = components.reduce((sum, { weight, law }) => sum + weight * law.mean, 0) / total;
  let sum = 0;
  const ends = Float64Array.from(components, ({ weight }) => (sum += weight) / total);
  const named = components.map(
    ({ weight, law }) => `${Number(((100 * weight) / total).toPrecision(3))} % ${law.text}`,
  );
  return {
    mean,
    minimum: components.reduce((least, { law }) => Math.min(least, law.minimum), Number.POSITIVE_INFINITY),
    constant: false,
    text:
      components.length <= MOST_NAMED
        ? `mixture of ${named.join("; ")}`
        : `mixture of ${components.length} laws, mean ${printDuration(mean)}`,
    sampler: (stream) =>
      new MixtureSampler(
        stream,
        ends,
        components.map(({ law }) => law.sampler(stream)),
      ),
    within: (low, high) => partOf(components, total, low, high),
  };
}

/** A part of a mixture is the mixture of its components' parts. */
function partOf(
  components: readonly Component[],
  total: number,
  low: number,
  high: number,
): Part | undefined {
  const left = components.flatMap(({ weight, law }) => {
    const part = between(law, low, high);
    return part && weight * part.share > 0 ? [{ weight: weight * part.share, law: part.law }] : [];
  });
  if (left.length === 0) return undefined;
  return { share: left.reduce((sum, { weight }) => sum + weight, 0) / total, law: mixtureOf(left) };
}

const MOST_COMPONENTS = 1000;

/**
 * Several laws, each with its share of the draws: a fast path and a slow one, a cache that hits or misses. A component
 * is any of `kinds`, this one too, which is why they are named when they are all there.
 */
export function mixture(kinds: () => readonly DistributionKind[]) {
  const component = choice({
    name: "component",
    kinds: () => kinds().map((kind) => kind.schema.extend({ weight: weight() })),
    noun: "a component",
    example: `{ "weight": 9, "p50": "180ms", "p99": "1.2s" }`,
    ofUntyped: lognormalUntyped,
    shortForms: [lognormalShort({ weight: { type: "number", exclusiveMinimum: 0 } })],
  });
  return distributionKind({
    type: "mixture",
    schema: z.strictObject({
      type: z.literal("mixture"),
      of: z.array(component).min(1).max(MOST_COMPONENTS, `has more than ${MOST_COMPONENTS} components`),
    }),
    build: ({ of }, read) =>
      mixtureOf(
        of.map((chosen, i) => ({ weight: chosen.weight as number, law: lawOf(kinds(), chosen, i, read) })),
      ),
  });
}

const weight = () =>
  positiveNumber()
    .max(1e9, "must be at most 1e9")
    .meta({ description: "Its share of the draws is this over the sum of all weights." });

/** Builds one component; what is wrong with it is said with its number. */
function lawOf(
  kinds: readonly DistributionKind[],
  chosen: Chosen,
  i: number,
  read: FileReader,
): Distribution {
  const { weight: _, ...settings } = chosen;
  try {
    return kinds.find((kind) => kind.type === chosen.type)!.build(settings as never, read);
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`of.${i}: ${error.message}`);
    throw error;
  }
}
