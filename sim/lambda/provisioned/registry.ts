import { fixed } from "./fixed.ts";
import { schedule } from "./schedule.ts";
import { targetTracking } from "./target-tracking.ts";

/** Every policy of provisioned concurrency a scenario can name. A new kind is one file and one line here. */
export const PROVISIONINGS = [fixed, schedule, targetTracking] as const;
