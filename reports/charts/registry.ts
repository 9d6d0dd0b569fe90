import type { Study } from "../../study/replicate.ts";
import { attempts } from "./attempts.ts";
import { batchFill } from "./batch-fill.ts";
import { capacity } from "./capacity.ts";
import type { Chart } from "./chart.ts";
import { costDistribution } from "./cost-distribution.ts";
import { costLines } from "./cost-lines.ts";
import { endToEnd } from "./end-to-end.ts";
import { latencyDistribution } from "./latency-distribution.ts";
import { latencyPercentiles } from "./latency-percentiles.ts";
import { overview } from "./overview.ts";
import { provisioned } from "./provisioned.ts";
import { queues } from "./queues.ts";

/**
 * One question each, in the order in which they are asked. Undefined where a study has no answer. Some show the lines of
 * `before`, a study of the same functions, as well.
 */
const CHARTS: readonly ((study: Study, before?: Study) => Chart | undefined)[] = [
  capacity,
  overview,
  provisioned,
  queues,
  attempts,
  batchFill,
  endToEnd,
  latencyPercentiles,
  latencyDistribution,
  costLines,
  costDistribution,
];

export function charts(study: Study, before?: Study): Chart[] {
  return CHARTS.flatMap((chart) => chart(study, before) ?? []);
}
