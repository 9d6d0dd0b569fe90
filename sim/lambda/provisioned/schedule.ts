import * as z from "zod";
import { count, MOST_CONCURRENCY } from "../../scenario/fields.ts";
import { type Agenda, moment } from "../../schedule/moment.ts";
import { printCount } from "../../units.ts";
import { allocationSetting } from "./allocation.ts";
import { agendaOf, allocationOf, type ProvisioningPolicy, provisioningKind } from "./contract.ts";

class Scheduled implements ProvisioningPolicy {
  private readonly agenda: Agenda;
  private readonly capacities: readonly number[];

  constructor(agenda: Agenda, capacities: readonly number[]) {
    this.agenda = agenda;
    this.capacities = capacities;
  }

  get next(): number {
    return this.agenda.next;
  }

  act(at: number): number {
    // Of several at one instant the last that is written holds.
    return this.capacities[this.agenda.due(at).at(-1)!]!;
  }
}

/** Amounts by the clock, as scheduled actions set them: a day's opening hours, an event that is known beforehand. */
export const schedule = provisioningKind({
  type: "schedule",
  schema: z.strictObject({
    type: z.literal("schedule"),
    base: count(0, MOST_CONCURRENCY)
      .optional()
      .meta({ description: "Ready at the start of the run; 0 unless written." }),
    schedule: z
      .array(z.strictObject({ at: moment(), capacity: count(0, MOST_CONCURRENCY) }))
      .min(1)
      .max(10_000),
    allocation: allocationSetting().optional(),
  }),
  build({ base = 0, schedule, allocation }, context) {
    const capacities = schedule.map(({ capacity }) => capacity);
    const all = [base, ...capacities];
    const [least, most] = [Math.min(...all), Math.max(...all)];
    if (most === 0) throw new RangeError("is 0 all the time; leave it out, or give some capacity");
    const agenda = agendaOf(schedule, context);
    return {
      text: `${printCount(least)} to ${printCount(most)} provisioned, by schedule`,
      base,
      most,
      mostAt: base === most ? ["base"] : ["schedule", capacities.indexOf(most), "capacity"],
      allocation: allocationOf(allocation, context),
      open: () => new Scheduled(agenda(), capacities),
    };
  },
});
