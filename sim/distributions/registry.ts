import { constant } from "./constant.ts";
import type { DistributionKind } from "./contract.ts";
import { empirical } from "./empirical.ts";
import { exponential } from "./exponential.ts";
import { gamma } from "./gamma.ts";
import { lognormal } from "./lognormal.ts";
import { mixture } from "./mixture.ts";
import { truncatable } from "./truncated.ts";
import { uniform } from "./uniform.ts";
import { weibull } from "./weibull.ts";

/**
 * Every kind of distribution a scenario can name. A new kind is one file and one line here; `truncatable` ones also
 * take `min` and `max`.
 */
export const DISTRIBUTIONS = [
  constant,
  truncatable(exponential),
  truncatable(lognormal),
  truncatable(gamma),
  truncatable(weibull),
  uniform,
  truncatable(empirical),
  truncatable(mixture((): readonly DistributionKind[] => DISTRIBUTIONS as readonly unknown[] as never)),
] as const;
