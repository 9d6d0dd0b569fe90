import { constant } from "./constant.ts";
import { poisson } from "./poisson.ts";
import { stages } from "./stages.ts";
import { times } from "./times.ts";
import { trace } from "./trace.ts";

/** Every arrival process a scenario can name. A new kind is one file and one line here. */
export const ARRIVALS = [poisson, constant, stages, times, trace] as const;
