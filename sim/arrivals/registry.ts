import { bursts } from "./bursts.ts";
import { closed } from "./closed.ts";
import { constant } from "./constant.ts";
import { daily } from "./daily.ts";
import { mmpp } from "./mmpp.ts";
import { poisson } from "./poisson.ts";
import { renewal } from "./renewal.ts";
import { schedule } from "./schedule.ts";
import { stages } from "./stages.ts";
import { times } from "./times.ts";
import { trace } from "./trace.ts";

/** Every arrival process a scenario can name. A new kind is one file and one line here. */
export const ARRIVALS = [
  poisson,
  constant,
  stages,
  daily,
  bursts,
  schedule,
  renewal,
  mmpp,
  times,
  trace,
  closed,
] as const;
