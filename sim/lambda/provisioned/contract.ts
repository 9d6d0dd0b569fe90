import type { z } from "zod";
import type { Chosen } from "../../scenario/choice.ts";
import type { FileReader } from "../../scenario/files.ts";
import { type Path, SettingError, SettingErrors } from "../../scenario/problem.ts";
import { Agenda, type Moment } from "../../schedule/moment.ts";
import { type Allocation, buildAllocation } from "./allocation.ts";

/** How much of the allocated provisioned concurrency was in use over some time, as shares of it. */
export interface Utilization {
  /** On average over time. */
  readonly average: number;
  readonly maximum: number;
}

/** A function's provisioned concurrency as its policy finds it. */
export interface Present {
  /** What was asked for last: it is being allocated, or it is there. */
  readonly requested: number;
  /** What serves now. */
  readonly allocated: number;
  /** More has been asked for and is not there yet. */
  readonly changing: boolean;
  /** Since when so much serves (microseconds). */
  readonly since: number;
  /** From the last time this was asked up to now; undefined when nothing ran on it: then CloudWatch has no metric. */
  utilization(): Utilization | undefined;
}

/** A policy at work for one function in one run. Times are microseconds of the run. */
export interface ProvisioningPolicy {
  /** When it acts next; Infinity: never again. */
  readonly next: number;
  /** It is `next`: the provisioned concurrency that there shall be from now on. */
  act(at: number, present: Present): number;
}

/** Provisioned concurrency that changes in the run, as the scenario describes it. */
export interface ProvisioningPlan {
  /** In a few words, for summaries: "5 to 120 provisioned, by schedule". */
  readonly text: string;
  /** Ready at the start of the run. */
  readonly base: number;
  /** The most that it can ask for, and the setting that says so. */
  readonly most: number;
  readonly mostAt: Path;
  /** The utilisation that it aims at, as a share; undefined where it does not go by utilisation. */
  readonly target?: number;
  readonly allocation: Allocation;
  open(): ProvisioningPolicy;
}

/** What a policy may need to know about the place it is used in. */
export interface ProvisioningContext {
  /** When the run begins: microseconds since 1970 UTC; undefined where the scenario has no `starts`. */
  readonly start: number | undefined;
  /** When the run ends, in microseconds. */
  readonly horizon: number;
  readonly read: FileReader;
  /** How fast is allocated where the policy does not say: asks for the platform's, and so lists it as a default. */
  allocation(): Allocation;
}

/** One kind of policy: its format and what it means. One file each; registry.ts lists them. */
export interface ProvisioningKind<S extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  readonly schema: S;
  /** Throws SettingError, SettingErrors, or RangeError, with a sentence for settings that make no sense together. */
  build(settings: z.output<S>, context: ProvisioningContext): ProvisioningPlan;
}

/** Ties the settings' type to the builder, so that each kind's file is checked on its own. */
export function provisioningKind<S extends z.ZodObject>(kind: ProvisioningKind<S>): ProvisioningKind<S> {
  return kind;
}

/** Told what becomes of provisioned concurrency. Times in microseconds. */
export interface ProvisioningObserver {
  /** So much is asked for, and billed, from now on. */
  provisionedRequested(fn: number, capacity: number, at: number): void;
  /** So much serves from now on; `environments`: all the function has, of either kind. */
  provisionedAllocated(fn: number, capacity: number, at: number, environments: number): void;
  /** A provisioned environment was made at `at`, and its init took so long: nobody waited for it. */
  provisionedInit(fn: number, at: number, init: number): void;
}

/** The allocation that a policy writes, or the usual one. */
export function allocationOf(chosen: Chosen | undefined, context: ProvisioningContext): Allocation {
  return chosen ? buildAllocation(chosen, context.read) : context.allocation();
}

/** Opens the agenda of a policy's `schedule`. Throws SettingErrors for moments that never come to be in this run. */
export function agendaOf(
  schedule: readonly { readonly at: Moment }[],
  { start }: ProvisioningContext,
): () => Agenda {
  const errors: SettingError[] = [];
  const firings = schedule.flatMap(({ at }, i) => {
    try {
      return [at.firings(start)];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      errors.push(new SettingError(["schedule", i, "at"], error.message));
      return [];
    }
  });
  if (errors.length > 0) throw new SettingErrors(errors);
  return () => new Agenda(firings);
}
