import type { z } from "zod";

/** How fast new on-demand environments may be created. Warm starts do not ask. */
export interface ScalingRate {
  /** Takes one allowance for a new environment of function `fn` at time `at`; false when none is left. */
  take(fn: number, at: number): boolean;
}

/** A scaling rule as the scenario describes it. */
export interface ScalingPlan {
  readonly text: string;
  /** How a scenario would write it, where it has numbers that could be others. */
  readonly written?: () => unknown;
  open(functions: number): ScalingRate;
}

/** One kind of scaling rule. One file each; registry.ts lists them. */
export interface ScalingKind<S extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  readonly schema: S;
  build(settings: z.output<S>): ScalingPlan;
}

/** Ties the settings' type to the builder, so that each kind's file is checked on its own. */
export function scalingKind<S extends z.ZodObject>(kind: ScalingKind<S>): ScalingKind<S> {
  return kind;
}
