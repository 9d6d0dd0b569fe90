import { constant } from "./constant.ts";
import { empirical } from "./empirical.ts";
import { exponential } from "./exponential.ts";
import { gamma } from "./gamma.ts";
import { lognormal } from "./lognormal.ts";
import { uniform } from "./uniform.ts";

/** Every kind of distribution a scenario can name. A new kind is one file and one line here. */
export const DISTRIBUTIONS = [constant, exponential, lognormal, gamma, uniform, empirical] as const;
