import { aws } from "./aws.ts";
import { aws2020 } from "./aws-2020.ts";
import { seed } from "./seed.ts";

/** Every dated set of defaults a scenario can name. */
export const PLATFORMS = { aws, "aws-2020": aws2020, seed } as const;
