import * as z from "zod";
import type { Allocation } from "../lambda/provisioned/allocation.ts";
import type { ProvisioningKind, ProvisioningPlan } from "../lambda/provisioned/contract.ts";
import { PROVISIONINGS } from "../lambda/provisioned/registry.ts";
import { MILLISECOND } from "../units.ts";
import { type Chosen, choice, choiceSchemas, explain } from "./choice.ts";
import { count, MOST_CONCURRENCY } from "./fields.ts";
import type { Findings } from "./findings.ts";
import type { Dated } from "./platforms/contract.ts";

const constant = count(0, MOST_CONCURRENCY);

/** A number that is always ready, or a policy by which it changes in the run. */
export const provisionedSetting = () => {
  const options = {
    name: "provisionedConcurrency",
    kinds: PROVISIONINGS.map((kind) => kind.schema),
    noun: "provisioned concurrency",
    example: `100 or { "type": "target-tracking", "target": 0.7, "min": 10, "max": 200 }`,
    shortForms: [
      {
        type: "integer" as const,
        minimum: 0,
        maximum: MOST_CONCURRENCY,
        description: "Always ready; 0: none.",
      },
    ],
  };
  const policy = choice(options);
  const schema = z.unknown().transform((given, context): number | Chosen => {
    const of = typeof given === "number" ? constant : policy;
    const parsed = of.safeParse(given, { error: explain, reportInput: true });
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue(issue as never);
    return z.NEVER;
  });
  choiceSchemas.set(schema, options);
  return schema;
};

/** What a function's setting comes to: the most that it can be, and the policy where it is not constant. */
export function completeProvisioned(
  name: string,
  given: number | Chosen | undefined,
  allocation: Dated<Allocation>,
  found: Findings,
): { readonly provisionedConcurrency: number; readonly provisioning: ProvisioningPlan | undefined } {
  if (given === undefined || typeof given === "number")
    return { provisionedConcurrency: given ?? 0, provisioning: undefined };
  const path = ["functions", name, "provisionedConcurrency"];
  const kind = (PROVISIONINGS as readonly unknown[] as readonly ProvisioningKind[]).find(
    ({ type }) => type === given.type,
  )!;
  const provisioning = found.attempt(path, () =>
    kind.build(given as never, {
      start: found.startsAt === undefined ? undefined : found.startsAt * MILLISECOND,
      horizon: found.horizon,
      read: found.read,
      allocation: () => found.take(`${path.join(".")}.allocation`, allocation, allocation.value.text),
    }),
  );
  return { provisionedConcurrency: provisioning?.most ?? 0, provisioning };
}
