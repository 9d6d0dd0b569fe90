import type { ArrivalPlan } from "../arrivals/contract.ts";
import type { Distribution } from "../distributions/contract.ts";
import type { AccountSettings, FunctionSettings } from "../lambda/settings.ts";
import type { PriceTable } from "../pricing/rates.ts";
import type { Threshold } from "./threshold.ts";

/** One entry of `traffic`: who calls which function, and when. */
export interface TrafficSettings {
  /** Names its streams of draws; the target's name where the entry has none. */
  readonly name: string;
  /** Index of the target in `functions`. */
  readonly target: number;
  readonly arrivals: ArrivalPlan;
  /** Handler time of this entry's requests, where it is not the function's. */
  readonly duration?: Distribution | undefined;
  /** From when and until when it runs (microseconds). */
  readonly start: number;
  readonly end: number;
}

/** A default that was used because the scenario does not say: where it comes from and from when it is. */
export interface DefaultUsed {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly source: string;
  readonly date: string;
}

/** A complete, checked, frozen scenario: numbers in place of texts, every default filled in. */
export interface Scenario {
  readonly name: string;
  readonly about: string | undefined;
  readonly platform: string;
  readonly seed: string;
  readonly replications: number;
  /** The calendar time at which the run begins: milliseconds since 1970 UTC; undefined where it is not given. */
  readonly startsAt: number | undefined;
  /** Microseconds. */
  readonly horizon: number;
  readonly warmup: number;
  readonly account: AccountSettings;
  readonly functions: readonly FunctionSettings[];
  readonly traffic: readonly TrafficSettings[];
  /** New code or configuration of some functions (by index), at a time in microseconds. */
  readonly deploys: readonly { readonly at: number; readonly functions: readonly number[] }[];
  readonly thresholds: readonly Threshold[];
  readonly pricing: { readonly freeTier: boolean; readonly billInit: boolean; readonly table: PriceTable };
  readonly measure: {
    readonly interval: number;
    /** Whether a function has histograms and a timeline of its own. */
    readonly detailed: (name: string) => boolean;
  };
  readonly defaults: readonly DefaultUsed[];
  /** What the user wrote, after `--set`, without the values of environment variables: for results. */
  readonly file: unknown;
}
