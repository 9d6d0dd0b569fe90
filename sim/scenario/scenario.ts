import type { ArrivalPlan } from "../arrivals/contract.ts";
import type { Distribution } from "../distributions/contract.ts";
import type { FleetSettings } from "../ec2/settings.ts";
import type { InvokePlan } from "../invoke/contract.ts";
import type { AccountSettings, FunctionSettings } from "../lambda/settings.ts";
import type { PriceList } from "../pricing/price-list.ts";
import type { SavingsPlan } from "../pricing/savings-plan.ts";
import type { Alarm } from "./alarm.ts";
import type { Threshold } from "./threshold.ts";

/** A way by which requests come to a function: an entry of `traffic`, or what another function emits or calls. */
export interface EntrySettings {
  /** Names its streams of draws; the target's name where the entry has none. */
  readonly name: string;
  /** Index of the target in `functions`. */
  readonly target: number;
  readonly invoke: InvokePlan;
  /** Bytes of a request or message, where the scenario says; no more than is billed as one, otherwise. */
  readonly payload?: number | undefined;
  /** Handler time of this entry's requests, where it is not the function's. */
  readonly duration?: Distribution | undefined;
  /** More comes of its requests than their answers: functions on their way emit messages. */
  readonly chained: boolean;
  /** The function that sends its requests; undefined where they come from outside. */
  readonly from?: string | undefined;
  /** Where its dead letters go; undefined: they stay where they are kept. */
  readonly deadLetters?: Emission | undefined;
}

/** One entry of `traffic`: who calls which function, and when. */
export interface TrafficSettings extends Omit<EntrySettings, "chained" | "from" | "deadLetters"> {
  readonly arrivals: ArrivalPlan;
  /** Index in `entries` where its requests need an invocation model; −1 where the loop places them at once. */
  readonly entry: number;
  /** From when and until when it runs (microseconds). */
  readonly start: number;
  readonly end: number;
}

/** What a function sends on when it has handled a message well, or where dead letters go. */
export interface Emission {
  /** Index in `entries`. */
  readonly entry: number;
  /** The share of times that anything is sent. */
  readonly share: number;
  /** Messages at a time, on average; what is not whole is by lot. */
  readonly count: number;
  /** It closes a circle: what goes this way has made one round more. */
  readonly loops: boolean;
}

/** What a function calls and waits for, after its own work. */
export interface Call {
  /** Index in `entries`. */
  readonly entry: number;
  /** The share of invocations that make the call. */
  readonly share: number;
  /** It closes a circle. */
  readonly loops: boolean;
}

/** How a function leads to others. */
export interface FunctionLinks {
  readonly emits: readonly Emission[];
  readonly calls: readonly Call[];
}

/** NAT gateways, where the scenario has any. */
export interface NatSettings {
  readonly gateways: number;
  /** What an invocation sends and receives through them, in bytes. */
  readonly bytes: number;
  /** The functions that do, by index. */
  readonly functions: readonly number[];
}

/** A default that was used because the scenario does not say: where it comes from and from when it is. */
export interface DefaultUsed {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly source: string;
  readonly date: string;
  /** How a scenario would write it, where that is more than a value. */
  readonly written?: (() => unknown) | undefined;
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
  /** Those ways to functions that need an invocation model: of `traffic`, then what functions emit and call. */
  readonly entries: readonly EntrySettings[];
  /** By function. */
  readonly links: readonly FunctionLinks[];
  /** New code or configuration of some functions (by index), at a time in microseconds. */
  readonly deploys: readonly { readonly at: number; readonly functions: readonly number[] }[];
  readonly thresholds: readonly Threshold[];
  readonly alarms: readonly Alarm[];
  /** The fleet of servers to compare with; undefined where there is none. */
  readonly ec2: FleetSettings | undefined;
  readonly pricing: {
    readonly freeTier: boolean;
    readonly billInit: boolean;
    readonly table: PriceList;
    readonly savingsPlan: SavingsPlan | undefined;
    readonly nat: NatSettings | undefined;
  };
  readonly measure: {
    readonly interval: number;
    /** Whether a function has histograms and a timeline of its own. */
    readonly detailed: (name: string) => boolean;
  };
  readonly defaults: readonly DefaultUsed[];
  /** What the user wrote, after `--set`, without the values of environment variables: for results. */
  readonly file: unknown;
}
