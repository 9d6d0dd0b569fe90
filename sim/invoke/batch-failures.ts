import { z } from "zod";
import { drawUniform, type Stream } from "../random.ts";
import { count, share } from "../scenario/fields.ts";
import { nameOf } from "../units.ts";
import type { Port } from "./contract.ts";

/** What a batch holds, as the scenario's settings name it. */
type Noun = "message" | "record";

/** The share of deliveries in which a message or record fails by chance. */
export const errorsSetting = (noun: Noun) =>
  share()
    .optional()
    .meta({
      description: `Share of deliveries in which a ${noun} fails by chance, each anew. 0% unless written.`,
    });

/** The share of messages or records that always fail. */
export const poisonSetting = (noun: Noun) =>
  share()
    .optional()
    .meta({
      description: `Share of ${noun}s that fail whenever they are delivered. 0% unless written.`,
    });

/** The place of a message or record among the entry's, in the list of those that fail for certain. */
export const placeSetting = (noun: Noun) =>
  count(1, 1e12).meta({ description: `Its place among the entry's ${noun}s, from 1.` });

/** The list of those that fail for certain; `place`: the setting that says which one each is. */
export const failingSetting = <S extends z.core.$ZodLooseShape>(noun: Noun, place: S) =>
  z
    .array(
      z.strictObject({
        ...place,
        times: z
          .union([z.literal("always"), count(1, 1_000_000)], {
            error: (issue) =>
              `expected a whole number from 1 to 1000000 or "always", got ${nameOf(issue.input)}`,
          })
          .optional()
          .meta({ description: "How many of its deliveries fail, from the first. 1 unless written." }),
      }),
    )
    .max(100_000)
    .optional()
    .meta({ description: `${noun === "message" ? "Messages" : "Records"} that fail for certain.` });

/** The first place that is listed twice, if any is. */
export function listedTwice(places: readonly number[]): number | undefined {
  const seen = new Set<number>();
  return places.find((place) => seen.size === seen.add(place).size);
}

/** What of a batch fails. */
export interface FailurePlan {
  /** Share of deliveries in which one fails by chance. */
  readonly errors: number;
  /** Share of those that always fail. */
  readonly poison: number;
  /** By place among the entry's arrivals, from 0: how many of its deliveries fail; Infinity: all. */
  readonly certain: ReadonlyMap<number, number>;
}

/** `failing`: by place, from 1. */
export function failurePlan(
  errors = 0,
  poison = 0,
  failing: readonly { readonly place: number; readonly times: number | "always" | undefined }[] = [],
): FailurePlan {
  const times = failing.map(({ place, times = 1 }): [number, number] => [
    place - 1,
    times === "always" ? Number.POSITIVE_INFINITY : times,
  ]);
  return { errors, poison, certain: new Map(times) };
}

/**
 * Tells which messages or records of a batch fail. Chance draws a number a delivery, whatever else it comes to, poison
 * one an arrival; each from a stream of its own.
 */
export class BatchFailures {
  private readonly port: Port;
  private readonly plan: FailurePlan;
  private readonly chance: Stream | undefined;
  private readonly lot: Stream | undefined;
  private readonly none: boolean;
  /** By message: how many of its deliveries will yet fail. */
  private readonly due = new Map<number, number>();

  /** `chance`: what the stream of draws is called. */
  constructor(port: Port, plan: FailurePlan, chance: string) {
    this.port = port;
    this.plan = plan;
    this.chance = plan.errors > 0 ? port.stream(chance) : undefined;
    this.lot = plan.poison > 0 ? port.stream("poison") : undefined;
    this.none = !this.chance && !this.lot && plan.certain.size === 0;
  }

  /** Message `m` is new: in a row that may have been another's before. */
  arrive(m: number): void {
    const { lot, plan, port, due } = this;
    if (this.none) return;
    const poisoned = lot !== undefined && drawUniform(lot) < plan.poison;
    const times = poisoned ? Number.POSITIVE_INFINITY : (plan.certain.get(port.messages.number[m]!) ?? 0);
    if (times > 0) due.set(m, times);
    else due.delete(m);
  }

  /** Draws whether message `m` fails in the delivery that is next. */
  fails(m: number): boolean {
    if (this.none) return false;
    const drawn = this.chance !== undefined && drawUniform(this.chance) < this.plan.errors;
    return drawn || this.due.has(m);
  }

  /** Message `m` is delivered: with others it counts as one of its deliveries, too, though they may fail before it. */
  delivered(m: number): void {
    if (this.due.size === 0) return;
    const left = this.due.get(m);
    if (left === undefined) return;
    if (left > 1) this.due.set(m, left - 1);
    else this.due.delete(m);
  }

  /** Where in batch[from … end) the first one stands that fails in the delivery that is next; `end`: none does. */
  first(batch: readonly number[], from: number, end: number): number {
    let i = from;
    while (i < end && !this.fails(batch[i]!)) i++;
    return i;
  }
}
