import { constantDistribution } from "../../distributions/constant.ts";
import { quantileDistribution } from "../../distributions/points.ts";
import { awsAllocation } from "../../lambda/provisioned/allocation.ts";
import { aws as scaling } from "../../lambda/scaling-rate/aws.ts";
import { HOUR, SECOND } from "../../units.ts";
import type { Platform } from "./contract.ts";
import { measuredColdStart } from "./measured-cold-start.ts";

/** Idle times survived in 2025, 100 probes a step: 97 % at 270 s, 92 % at 300 s, … none at 360 s. */
const PROBED_2025 = quantileDistribution([
  [0, 120 * SECOND],
  [0.03, 270 * SECOND],
  [0.08, 300 * SECOND],
  [0.43, 315 * SECOND],
  [0.68, 330 * SECOND],
  [0.94, 345 * SECOND],
  [1, 360 * SECOND],
]);

/** The newest dated facts about AWS. */
export const aws: Platform = {
  scaling: {
    value: scaling.build({ type: "aws" }),
    source: "AWS Lambda developer guide, Lambda function scaling",
    date: "2023-11-27",
  },
  keepAlive: {
    value: { text: PROBED_2025.text, environmentIdle: PROBED_2025, functionIdle: Number.POSITIVE_INFINITY },
    source: "idle probes, GitHub ubc-cirrus-lab/demystifying-serverless-costs",
    date: "2025",
  },
  maximumLifetime: {
    value: constantDistribution(2 * HOUR),
    source:
      "AWS request logs: no environment outlived 2.05 h (GitHub pacslab/serverless-performance-modeling)",
    date: "2020-06",
  },
  coldStart: measuredColdStart,
  billInit: {
    value: true,
    source: "AWS Compute Blog, 2025-04-29: INIT is billed from 2025-08-01",
    date: "2025-08-01",
  },
  allocation: {
    value: awsAllocation,
    source: "AWS Lambda developer guide, provisioned concurrency",
    date: "2026",
  },
};
