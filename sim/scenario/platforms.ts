import { constantDistribution } from "../distributions/constant.ts";
import type { Distribution } from "../distributions/contract.ts";
import { quantileDistribution } from "../distributions/empirical.ts";
import { lognormal } from "../distributions/lognormal.ts";
import { uniform } from "../distributions/uniform.ts";
import type { KeepAlive } from "../lambda/keep-alive/contract.ts";
import { twoClocks } from "../lambda/keep-alive/two-clocks.ts";
import { aws } from "../lambda/scaling-rate/aws.ts";
import { burst } from "../lambda/scaling-rate/burst.ts";
import type { ScalingPlan } from "../lambda/scaling-rate/contract.ts";
import type { ColdStartSettings } from "../lambda/settings.ts";
import { HOUR, MILLISECOND, MINUTE, SECOND } from "../units.ts";
import { noFiles } from "./files.ts";

/** A fact with its source and date, as results list it. */
export interface Dated<T> {
  readonly value: T;
  readonly source: string;
  readonly date: string;
}

/** What a platform preset knows about a function's cold starts. */
export interface ColdStartQuery {
  readonly runtime: string;
  readonly architecture: "x86_64" | "arm64";
  readonly memorySize: number;
}

/** A dated set of defaults. Anything written in the scenario wins over it. */
export interface Platform {
  readonly scaling: Dated<ScalingPlan>;
  readonly keepAlive: Dated<KeepAlive>;
  readonly maximumLifetime: Dated<Distribution>;
  readonly coldStart: (query: ColdStartQuery) => Dated<ColdStartSettings>;
  readonly billInit: Dated<boolean>;
}

const zero = constantDistribution(0);

/**
 * Init Duration of hello-world functions, zip packages, by runtime: median and 99th percentile on x86_64, median on
 * arm64, and the first handler run at 128 MB, all in ms. GitHub maxday/lambda-perf, 82 days of June to August 2026,
 * about 3,030 cold starts each, 128 to 1,024 MB pooled (init does not depend on memory; the first handler run does).
 */
const INIT_MS: Readonly<Record<string, { p50: number; p99: number; arm: number; firstHandler: number }>> = {
  "python3.12": { p50: 87, p99: 140, arm: 81, firstHandler: 2 },
  "nodejs20.x": { p50: 145, p99: 214, arm: 131, firstHandler: 12 },
  "nodejs22.x": { p50: 145, p99: 220, arm: 129, firstHandler: 13 },
  "ruby3.3": { p50: 243, p99: 486, arm: 240, firstHandler: 3 },
  java17: { p50: 208, p99: 390, arm: 215, firstHandler: 6 },
  java21: { p50: 243, p99: 603, arm: 247, firstHandler: 97 },
  dotnet8: { p50: 258, p99: 657, arm: 294, firstHandler: 720 },
  "provided.al2023": { p50: 51, p99: 73, arm: 43, firstHandler: 2 },
};

/** The runtimes with a table of their own; others take the nearest of their family, or Node.js. */
export const DEFAULT_RUNTIME = "nodejs22.x";
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^python/, "python3.12"],
  [/^nodejs20/, "nodejs20.x"],
  [/^nodejs/, "nodejs22.x"],
  [/^ruby/, "ruby3.3"],
  [/^java(8|11|17)/, "java17"],
  [/^java/, "java21"],
  [/^dotnet/, "dotnet8"],
  [/^(provided|go|rust)/, "provided.al2023"],
];

function familyOf(runtime: string): string {
  return FAMILIES.find(([pattern]) => pattern.test(runtime))?.[1] ?? DEFAULT_RUNTIME;
}

function measuredColdStart({ runtime, architecture, memorySize }: ColdStartQuery): Dated<ColdStartSettings> {
  const family = familyOf(runtime);
  const row = INIT_MS[family]!;
  const scale = architecture === "arm64" ? row.arm / row.p50 : 1;
  const p50 = row.p50 * scale * MILLISECOND;
  const p99 = row.p99 * scale * MILLISECOND;
  return {
    value: {
      // Finding a place and fetching up to 10 MB of code; the split is assumed, the sum fitted to STeLLAR (IISWC 2021).
      placement: constantDistribution(100 * MILLISECOND),
      download: constantDistribution(50 * MILLISECOND),
      init: lognormal.build({ type: "lognormal", p50, p99 }, noFiles),
      firstHandler: constantDistribution(Math.round((row.firstHandler * MILLISECOND * 128) / memorySize)),
    },
    source: `GitHub maxday/lambda-perf, ${family} hello-world (lognormal through its p50 and p99); 150 ms placement and download assumed`,
    date: "2026-08",
  };
}

/** The user's own document, by runtime: least and greatest, in ms. */
const SEED_INIT_MS: Readonly<Record<string, readonly [number, number]>> = {
  "python3.12": [200, 500],
  "nodejs20.x": [300, 600],
  "nodejs22.x": [300, 600],
  "ruby3.3": [400, 700],
  java17: [1000, 3000],
  java21: [1000, 3000],
  dotnet8: [800, 1500],
  "provided.al2023": [400, 800],
};

function seedColdStart({ runtime }: ColdStartQuery): Dated<ColdStartSettings> {
  const [min, max] = SEED_INIT_MS[familyOf(runtime)]!;
  const init = uniform.build({ type: "uniform", min: min * MILLISECOND, max: max * MILLISECOND }, noFiles);
  return {
    value: { placement: zero, download: zero, init, firstHandler: zero },
    source: "the seed document's cold-start table, by runtime",
    date: "seed",
  };
}

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

const TWO_HOURS: Dated<Distribution> = {
  value: constantDistribution(2 * HOUR),
  source: "AWS request logs: no environment outlived 2.05 h (GitHub pacslab/serverless-performance-modeling)",
  date: "2020-06",
};

export const PLATFORMS = {
  aws: {
    scaling: {
      value: aws.build({ type: "aws" }),
      source: "AWS Lambda developer guide, Lambda function scaling",
      date: "2023-11-27",
    },
    keepAlive: {
      value: { text: PROBED_2025.text, environmentIdle: PROBED_2025, functionIdle: Number.POSITIVE_INFINITY },
      source: "idle probes, GitHub ubc-cirrus-lab/demystifying-serverless-costs",
      date: "2025",
    },
    maximumLifetime: TWO_HOURS,
    coldStart: measuredColdStart,
    billInit: {
      value: true,
      source: "AWS Compute Blog, 2025-04-29: INIT is billed from 2025-08-01",
      date: "2025-08-01",
    },
  },
  "aws-2020": {
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
      source: "AWS request logs, GitHub pacslab/serverless-performance-modeling",
      date: "2020-06",
    },
    maximumLifetime: {
      value: uniform.build({ type: "uniform", min: 6000 * SECOND, max: 7400 * SECOND }, noFiles),
      source: "AWS request logs, GitHub pacslab/serverless-performance-modeling",
      date: "2020-06",
    },
    coldStart: measuredColdStart,
    billInit: {
      value: false,
      source: "AWS Compute Blog, 2025-04-29: INIT was free before 2025-08-01",
      date: "2020",
    },
  },
  seed: {
    scaling: {
      value: burst.build({ type: "burst", burst: 100, perMinute: 500 }),
      source: "the seed document: 100 at once, then 500 a minute",
      date: "seed",
    },
    keepAlive: {
      value: (() => {
        const law = uniform.build({ type: "uniform", min: 10 * MINUTE, max: 15 * MINUTE }, noFiles);
        return { text: law.text, environmentIdle: law, functionIdle: Number.POSITIVE_INFINITY };
      })(),
      source: "the seed document: 10 to 15 minutes",
      date: "seed",
    },
    maximumLifetime: TWO_HOURS,
    coldStart: seedColdStart,
    billInit: {
      value: true,
      source: "AWS Compute Blog, 2025-04-29: INIT is billed from 2025-08-01",
      date: "2025-08-01",
    },
  },
} as const satisfies Record<string, Platform>;
