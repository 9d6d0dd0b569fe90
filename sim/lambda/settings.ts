import type { Distribution } from "../distributions/contract.ts";
import type { KeepAlive } from "./keep-alive/contract.ts";
import type { ProvisioningPlan } from "./provisioned/contract.ts";
import type { ScalingPlan } from "./scaling-rate/contract.ts";

/** Which idle environment a request is given. AWS: the one that finished last (99.9 % of 22,475 choices in 2020 logs). */
export const REUSE_RULES = ["mru", "lru", "random", "newest"] as const;
export type ReuseRule = (typeof REUSE_RULES)[number];

/** The account, complete. Infinity: unlimited. */
export interface AccountSettings {
  readonly region: string;
  readonly concurrency: number;
  readonly minimumUnreserved: number;
  readonly scaling: ScalingPlan;
  /** Requests a second: 10 for each unit of concurrency ("aws"), or no such quota. */
  readonly requestRate: "aws" | "unlimited";
}

/** What a cold start is made of; the phases follow each other. */
export interface ColdStartSettings {
  readonly placement: Distribution;
  readonly download: Distribution;
  readonly init: Distribution;
  readonly firstHandler: Distribution;
}

/** What a function is deployed as. Sizes in MB, unpacked. */
export interface PackageSettings {
  readonly type: "zip" | "image";
  /** Of the code, without layers; undefined where the scenario does not say. */
  readonly size: number | undefined;
  readonly layers: readonly { readonly name: string; readonly size: number }[];
}

/** What of a function's provisioned concurrency is ready at the start of the run. */
export function provisionedAtStart(f: FunctionSettings): number {
  return f.provisioning ? f.provisioning.base : f.provisionedConcurrency;
}

/** A function, complete. Times in microseconds, memory in MB. */
export interface FunctionSettings {
  readonly name: string;
  readonly runtime: string;
  readonly architecture: "x86_64" | "arm64";
  readonly memorySize: number;
  readonly package: PackageSettings;
  readonly timeout: number;
  /** Handler time; undefined when its traffic brings durations along. */
  readonly duration: Distribution | undefined;
  readonly coldStart: ColdStartSettings;
  /** A connection set up in every invocation; undefined where there is none, or where init sets it up. */
  readonly connect: Distribution | undefined;
  /** Share of new environments that were initialised ahead of the request they are made for. */
  readonly proactiveInit: number;
  /** Cold starts restore a snapshot: `coldStart.init` is the restore, without the limit of ten seconds. */
  readonly snapStart: boolean;
  /** Share of invocations that end in an error that the handler returns: the runtime lives on. */
  readonly errors: number;
  /** Share of invocations in which the runtime exits: an error that resets the environment. */
  readonly crashes: number;
  /** What an invocation needs (MB), where known; above memorySize every one runs out of memory. */
  readonly maxMemoryUsed: number | undefined;
  /** /tmp, in MB. */
  readonly ephemeralStorage: number;
  /** What an invocation writes to CloudWatch Logs, in bytes; 0: the scenario does not say. */
  readonly logBytes: number;
  readonly reservedConcurrency: number | undefined;
  /** The most that there is at any time; 0: none. Always so much, unless there is a policy. */
  readonly provisionedConcurrency: number;
  readonly provisioning: ProvisioningPlan | undefined;
  readonly keepAlive: KeepAlive;
  readonly maximumLifetime: Distribution;
  readonly reuse: ReuseRule;
  /** What its reader should know about how these settings are taken, in sentences. */
  readonly notes: readonly string[];
}
