import { type Chosen, choice } from "../scenario/choice.ts";
import type { FileReader } from "../scenario/files.ts";
import type { Distribution, DistributionKind } from "./contract.ts";
import { DISTRIBUTIONS } from "./registry.ts";
import { lognormalShort, lognormalUntyped } from "./short-form.ts";

/** A setting that is a distribution: its kinds, "250ms" for a constant, p50 and p99 alone for a lognormal. */
export const distribution = () =>
  choice({
    name: "distribution",
    kinds: DISTRIBUTIONS.map((kind) => kind.schema),
    noun: "a distribution",
    example: `"250ms" or { "p50": "180ms", "p99": "1.2s" }`,
    ofText: (value) => ({ type: "constant", value }),
    ofUntyped: lognormalUntyped,
    shortForms: [{ type: "string", description: "Always this long." }, lognormalShort()],
  });

/** The law a parsed setting describes. Throws RangeError or FileProblem for settings that make no sense. */
export function buildDistribution(chosen: Chosen, read: FileReader): Distribution {
  const kinds = DISTRIBUTIONS as readonly unknown[] as readonly DistributionKind[];
  return kinds.find((kind) => kind.type === chosen.type)!.build(chosen as never, read);
}
