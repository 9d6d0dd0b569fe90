import { z } from "zod";
import type { Stream } from "../random.ts";
import { count, share } from "../scenario/fields.ts";
import { nameOf } from "../units.ts";
import { type Port, SettingError } from "./contract.ts";

/** The failures of single records within a batch, as the scenario writes them. */
export const failureSettings = {
  recordErrors: share().optional().meta({
    description: "Share of deliveries in which a record fails by chance, each anew. 0% unless written.",
  }),
  poison: share().optional().meta({
    description: "Share of records that fail whenever they are delivered. 0% unless written.",
  }),
  failing: z
    .array(
      z.strictObject({
        record: count(1, 1e12).meta({ description: "Its place among the entry's records, from 1." }),
        times: z
          .union([z.literal("always"), count(1, 1_000_000)], {
            error: (issue) =>
              `expected a whole number from 1 to 1000000 or "always", got ${nameOf(issue.input)}`,
          })
          .optional()
          .meta({ description: "How many of its deliveries fail, from the first. 1 unless written." }),
      }),
    )
    .max(10_000)
    .optional()
    .meta({ description: "Records that fail for certain." }),
};

type Given = z.output<z.ZodObject<typeof failureSettings>>;

/** Which records fail. */
export interface RecordFailurePlan {
  readonly errors: number;
  readonly poison: number;
  /** By number of the record, from 0: how many of its first deliveries fail. */
  readonly certain: ReadonlyMap<number, number>;
}

/** Throws SettingError for a record that is listed twice. */
export function failurePlan({ recordErrors = 0, poison = 0, failing = [] }: Given): RecordFailurePlan {
  const certain = new Map<number, number>();
  for (const { record, times = 1 } of failing) {
    if (certain.has(record - 1)) throw new SettingError("failing", `lists record ${record} twice`);
    certain.set(record - 1, times === "always" ? Number.POSITIVE_INFINITY : times);
  }
  return { errors: recordErrors, poison, certain };
}

/** Tells which records of a batch fail. Chance draws a number a delivery, poison one a record, from streams of their own. */
export class RecordFailures {
  private readonly port: Port;
  private readonly plan: RecordFailurePlan;
  private readonly chance: Stream | undefined;
  private readonly lot: Stream | undefined;
  /** By message: 1 fails always. */
  private readonly poisoned: number[] = [];
  private readonly none: boolean;

  constructor(port: Port, plan: RecordFailurePlan) {
    this.port = port;
    this.plan = plan;
    this.chance = plan.errors > 0 ? port.stream("recordErrors") : undefined;
    this.lot = plan.poison > 0 ? port.stream("poison") : undefined;
    this.none = !this.chance && !this.lot && plan.certain.size === 0;
  }

  arrive(m: number): void {
    if (this.lot) this.poisoned[m] = this.lot.uniform() < this.plan.poison ? 1 : 0;
  }

  /** Where in batch[from … end) the first record stands that fails in the delivery that is next; `end`: none does. */
  first(batch: readonly number[], from: number, end: number): number {
    if (this.none) return end;
    let i = from;
    while (i < end && !this.fails(batch[i]!)) i++;
    return i;
  }

  private fails(m: number): boolean {
    const { plan, port } = this;
    if (this.lot && this.poisoned[m] === 1) return true;
    if (plan.certain.size > 0) {
      const times = plan.certain.get(port.messages.number[m]!);
      if (times !== undefined && port.messages.attempts[m]! < times) return true;
    }
    return this.chance !== undefined && this.chance.uniform() < plan.errors;
  }
}
