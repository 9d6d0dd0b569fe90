import { aws } from "./aws.ts";
import { burst } from "./burst.ts";
import { unlimited } from "./unlimited.ts";

/** Every scaling rule a scenario can name. A new kind is one file and one line here. */
export const SCALING_RATES = [aws, burst, unlimited] as const;
