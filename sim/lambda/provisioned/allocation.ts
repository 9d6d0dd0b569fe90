import * as z from "zod";
import type { Distribution } from "../../distributions/contract.ts";
import { buildDistribution, distribution } from "../../distributions/setting.ts";
import { uniform } from "../../distributions/uniform.ts";
import { type Chosen, choice } from "../../scenario/choice.ts";
import { count, MOST_CONCURRENCY } from "../../scenario/fields.ts";
import { type FileReader, noFiles } from "../../scenario/files.ts";
import { MINUTE, nameOf, printCount, SECOND } from "../../units.ts";

/** How long it takes until provisioned concurrency that was asked for is ready, all of it at once. */
export interface Allocation {
  readonly text: string;
  /** Before the first environment is made (microseconds). */
  readonly preparation: Distribution;
  /** How long it takes to make so many environments (microseconds). */
  making(environments: number): number;
}

/** AWS Lambda developer guide, provisioned concurrency: "a minute or two of preparation"; that all of it is as likely is assumed. */
const PREPARATION = uniform.build({ type: "uniform", min: 60 * SECOND, max: 120 * SECOND }, noFiles);

/** `burst` environments at once, the others at a rate of `perMinute`; Infinity: all at once. */
function allocationBy(preparation: Distribution, burst: number, perMinute: number): Allocation {
  const rate = Number.isFinite(perMinute) ? `${printCount(perMinute)} environments a minute` : "all at once";
  const first = burst > 0 && Number.isFinite(perMinute) ? `${printCount(burst)} at once, then ` : "";
  return {
    text: `preparation ${preparation.text}, then ${first}${rate}`,
    preparation,
    making: (environments) => Math.round((Math.max(0, environments - burst) / perMinute) * MINUTE),
  };
}

/** Today: up to 6,000 environments a minute (AWS Lambda developer guide, provisioned concurrency). */
export const awsAllocation = allocationBy(PREPARATION, 0, 6000);

/**
 * Until November 2023: 3,000 environments at once in the large Regions, then 500 a minute (developer guide of October
 * 2023). AWS shared that among the functions of an account; here each has it for itself.
 */
export const awsAllocation2023 = allocationBy(PREPARATION, 3000, 500);

const KNOWN: Readonly<Record<string, Allocation>> = { aws: awsAllocation, "aws-2023": awsAllocation2023 };

const custom = z.strictObject({
  type: z.literal("custom"),
  preparation: distribution()
    .optional()
    .meta({ description: "Before the first environment is made; one to two minutes unless written." }),
  burst: count(0, MOST_CONCURRENCY).optional().meta({ description: "Made at once; 0 unless written." }),
  perMinute: z
    .union([z.literal("unlimited"), count(1, 1_000_000_000)], {
      error: (issue) => `expected a whole number or "unlimited", got ${nameOf(issue.input)}`,
    })
    .optional()
    .meta({ description: "Environments a minute; 6000 unless written." }),
});

/** How fast provisioned concurrency is allocated. */
export const allocationSetting = () =>
  choice({
    name: "allocation",
    kinds: [...Object.keys(KNOWN).map((type) => z.strictObject({ type: z.literal(type) })), custom],
    noun: "an allocation",
    example: `"aws" or { "preparation": "90s", "perMinute": 6000 }`,
    ofText: (type) => ({ type }),
    ofUntyped: () => "custom",
    shortForms: [
      { enum: Object.keys(KNOWN) },
      {
        type: "object",
        description: "Preparation, and how fast environments are made.",
        properties: {
          preparation: { allOf: [{ $ref: "#/definitions/distribution" }] },
          burst: { type: "integer", minimum: 0 },
          perMinute: { anyOf: [{ const: "unlimited" }, { type: "integer", minimum: 1 }] },
        },
        additionalProperties: false,
      },
    ],
  });

/** The allocation that a parsed setting describes. Throws RangeError or FileProblem for settings that make no sense. */
export function buildAllocation(chosen: Chosen, read: FileReader): Allocation {
  const known = KNOWN[chosen.type];
  if (known) return known;
  const { preparation, burst = 0, perMinute = 6000 } = chosen as z.output<typeof custom>;
  return allocationBy(
    preparation ? buildDistribution(preparation, read) : PREPARATION,
    burst,
    perMinute === "unlimited" ? Number.POSITIVE_INFINITY : perMinute,
  );
}
