import { z } from "zod";
import { problemsOf } from "../sim/scenario/check.ts";
import { explain } from "../sim/scenario/choice.ts";
import { ScenarioError } from "../sim/scenario/problem.ts";
import { STRATEGIES as PLAN_STRATEGIES } from "../study/plan.ts";
import { SAMPLINGS } from "../study/sample.ts";
import { STRATEGIES } from "../study/tune.ts";

// What the studies' settings must be: types say it to editors, this says it to everyone else.

const within = (from: number, to: number, words: string) =>
  z
    .number()
    .refine((value) => value >= from && value <= to, { error: ({ input }) => `is ${input}; give ${words}` })
    .optional();

const scenario = {
  set: z
    .record(
      z.string(),
      z.unknown().refine((value) => value !== undefined, { error: "is undefined, which is no setting" }),
    )
    .optional(),
  seed: z.union([z.number(), z.string()]).optional(),
  replications: z.number().optional(),
  files: z.custom((value) => ["object", "function"].includes(typeof value) && value !== null).optional(),
};

/** By path: values, or a range as text. */
const varied = z.record(
  z.string(),
  z.union([z.string(), z.array(z.unknown()).min(1)], {
    error: `expected values, as in ["512 MB", "1024 MB"], or a range, as in "0..400:50"`,
  }),
);

const texts = z.array(z.string()).min(1).optional();

const SETTINGS = {
  simulate: z.strictObject(scenario),
  sweep: z.strictObject({
    ...scenario,
    vary: varied.optional(),
    sample: z.int().min(1).optional(),
    sampling: z.enum(SAMPLINGS).optional(),
  }),
  plan: z.strictObject({
    ...scenario,
    search: varied.refine((search) => Object.keys(search).length > 0, {
      error: `is empty: say what may change, as in { "api.memorySize": ["512 MB", "1024 MB"] }`,
    }),
    strategy: z.enum(PLAN_STRATEGIES).optional(),
    confidence: within(0.5, 1 - 1e-9, "a share from 0.5 to below 1"),
    budget: within(1, Number.POSITIVE_INFINITY, "a number of replications"),
  }),
  sensitivity: z.strictObject({
    ...scenario,
    by: within(1e-9, 0.95, "a share above 0 and up to 0.95"),
    on: texts,
  }),
  tune: z.strictObject({
    ...scenario,
    function: z.string().optional(),
    sizes: z
      .union([z.string(), z.array(z.union([z.number(), z.string()])).min(1)], {
        error: `expected sizes, as in [512, "1 GB"], or a range, as in "256..2048:256"`,
      })
      .optional(),
    strategy: z.enum(STRATEGIES).optional(),
    balancedWeight: within(0, 1, "a number from 0, speed alone, to 1, cost alone"),
  }),
} as const;

/** Throws ScenarioError with all that is wrong with the settings of a study. */
export function check(study: keyof typeof SETTINGS, settings: unknown): void {
  const parsed = SETTINGS[study].safeParse(settings, { error: explain, reportInput: true });
  if (!parsed.success) throw new ScenarioError(parsed.error.issues.flatMap(problemsOf));
}
