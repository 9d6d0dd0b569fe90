import { constantDistribution } from "../../distributions/constant.ts";
import { logQuantiles } from "../../distributions/log-quantiles.ts";
import { uniform } from "../../distributions/uniform.ts";
import { twoClocks } from "../../lambda/keep-alive/two-clocks.ts";
import { awsAllocation2023 } from "../../lambda/provisioned/allocation.ts";
import { burst } from "../../lambda/scaling-rate/burst.ts";
import { MILLISECOND, SECOND } from "../../units.ts";
import { noFiles } from "../files.ts";
import type { ColdStartPreset, ColdStartQuery, Platform } from "./contract.ts";
import { downloadTime, measuredColdStart } from "./measured-cold-start.ts";

const LOGS = {
  source: "AWS request logs, GitHub pacslab/serverless-performance-modeling",
  date: "2020-06",
};

/**
 * How much longer than a warm call (median 101 ms, round trip included) a cold one took beyond its handler time, in ms:
 * 272 cold calls of python3.6 at 128 MB. The 34 of new environments that were under 150 ms are left out: those had
 * been initialised ahead (`proactiveInit`).
 */
const PYTHON_2020 = logQuantiles(
  (
    [
      [0.5 / 272, 59.7],
      [0.05, 250.9],
      [0.1, 258.4],
      [0.25, 269.7],
      [0.5, 295.9],
      [0.75, 563.6],
      [0.9, 612.0],
      [0.99, 776.2],
      [1 - 0.5 / 272, 1450.5],
    ] as const
  ).map(([share, ms]) => [share, ms * MILLISECOND]),
);

/**
 * Python as recorded in 2020. The logs do not divide a cold start into its parts, so all of it stands as init, which
 * was not billed then; only what a large package adds is download. Other runtimes have no table of that time and take
 * today's, under its own date.
 */
function coldStart2020(query: ColdStartQuery): ColdStartPreset {
  const today = measuredColdStart(query);
  if (!query.runtime.startsWith("python")) return today;
  const download = downloadTime(query);
  const small = downloadTime({ ...query, packageSize: 0, packageType: "zip" });
  return {
    placement: { value: constantDistribution(0), ...LOGS },
    download: { ...download, value: constantDistribution(download.value.mean - small.value.mean) },
    initDuration: { value: PYTHON_2020, ...LOGS },
    firstHandler: today.firstHandler,
  };
}

/** AWS as it was in 2020. */
export const aws2020: Platform = {
  scaling: {
    value: burst.build({ type: "burst", burst: 3000, perMinute: 500 }),
    source: "AWS Lambda developer guide of October 2023 (burst of us-east-1)",
    date: "2020",
  },
  keepAlive: {
    value: twoClocks.build(
      { type: "two-clocks", environmentIdle: 1500 * SECOND, functionIdle: 640 * SECOND },
      noFiles,
    ),
    ...LOGS,
  },
  maximumLifetime: {
    value: uniform.build({ type: "uniform", min: 6000 * SECOND, max: 7400 * SECOND }, noFiles),
    ...LOGS,
  },
  coldStart: coldStart2020,
  billInit: {
    value: false,
    source: "AWS Compute Blog, 2025-04-29: INIT was free before 2025-08-01",
    date: "2020",
  },
  allocation: {
    value: awsAllocation2023,
    source: "AWS Lambda developer guide of October 2023, provisioned concurrency",
    date: "2020",
  },
};
