import type { DistributionKind } from "../../distributions/contract.ts";
import { DISTRIBUTIONS } from "../../distributions/registry.ts";
import type { KeepAliveKind } from "./contract.ts";
import { fixed, forever, none } from "./fixed.ts";
import { twoClocks } from "./two-clocks.ts";

/** Every keep-alive rule a scenario can name, and every distribution besides. A new kind is one file and one line here. */
export const KEEP_ALIVES: readonly KeepAliveKind[] = [
  fixed,
  none,
  forever,
  twoClocks,
  ...(DISTRIBUTIONS as readonly unknown[] as readonly DistributionKind[]).map(
    (kind): KeepAliveKind => ({
      type: kind.type,
      schema: kind.schema,
      build(settings, read) {
        const law = kind.build(settings, read);
        return { text: law.text, environmentIdle: law, functionIdle: Number.POSITIVE_INFINITY };
      },
    }),
  ),
] as readonly unknown[] as readonly KeepAliveKind[];
