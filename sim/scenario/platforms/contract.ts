import type { Distribution } from "../../distributions/contract.ts";
import type { KeepAlive } from "../../lambda/keep-alive/contract.ts";
import type { Allocation } from "../../lambda/provisioned/allocation.ts";
import type { ScalingPlan } from "../../lambda/scaling-rate/contract.ts";

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
  readonly packageType: "zip" | "image";
  /** Code and layers together, in MB; 0 where the scenario does not say. */
  readonly packageSize: number;
}

/** The parts of a cold start, each with where it is from. */
export interface ColdStartPreset {
  readonly placement: Dated<Distribution>;
  readonly download: Dated<Distribution>;
  readonly initDuration: Dated<Distribution>;
  readonly firstHandler: Dated<Distribution>;
}

/** A dated set of defaults. Anything written in the scenario wins over it. */
export interface Platform {
  readonly scaling: Dated<ScalingPlan>;
  readonly keepAlive: Dated<KeepAlive>;
  readonly maximumLifetime: Dated<Distribution>;
  readonly coldStart: (query: ColdStartQuery) => ColdStartPreset;
  readonly billInit: Dated<boolean>;
  /** How fast provisioned concurrency is allocated. */
  readonly allocation: Dated<Allocation>;
}

/** Where defaults come from that no platform sets. */
export const LAMBDA_DEFAULTS = { source: "AWS Lambda developer guide", date: "2026" };
export const OURS = { source: "lsim", date: "2026" };
