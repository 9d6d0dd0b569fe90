import type { Case } from "./case.ts";
import { azure2019 } from "./cases/azure-2019.ts";
import { billing } from "./cases/billing.ts";
import { bursty } from "./cases/bursty.ts";
import { closedClients } from "./cases/closed-clients.ts";
import { coldStartParts } from "./cases/cold-start-parts.ts";
import { coldStartPresets } from "./cases/cold-start-presets.ts";
import { concurrency } from "./cases/concurrency.ts";
import { environments } from "./cases/environments.ts";
import { failures } from "./cases/failures.ts";
import { infiniteServer } from "./cases/infinite-server.ts";
import { keepAlive2025 } from "./cases/keep-alive-2025.ts";
import { loss } from "./cases/loss.ts";
import { memory } from "./cases/memory.ts";
import { powerCurve } from "./cases/power-curve.ts";
import { preset2020 } from "./cases/preset-2020.ts";
import { queues } from "./cases/queues.ts";
import { renewal } from "./cases/renewal.ts";
import { replays } from "./cases/replays.ts";
import { reportLines } from "./cases/report-lines.ts";
import { scalingRate } from "./cases/scaling-rate.ts";
import { steadyRate } from "./cases/steady-rate.ts";
import { warmPools } from "./cases/warm-pool.ts";
import { wholePath } from "./cases/whole-path.ts";

/** Every case, in the order of the report within its group. */
export const CASES: readonly Case[] = [
  ...loss,
  ...bursty,
  ...infiniteServer,
  ...renewal,
  ...warmPools,
  ...closedClients,
  ...queues,
  ...scalingRate,
  ...concurrency,
  ...environments,
  ...failures,
  ...billing,
  ...memory,
  ...coldStartParts,
  ...replays,
  ...azure2019,
  ...preset2020,
  ...keepAlive2025,
  ...coldStartPresets,
  ...wholePath,
  ...steadyRate,
  ...powerCurve,
  ...reportLines,
];
