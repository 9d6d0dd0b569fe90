import { z } from "zod";
import { count, durationBetween, share } from "../scenario/fields.ts";
import { HOUR, MINUTE, printDuration } from "../units.ts";
import {
  type InvokeContext,
  type InvokeKind,
  type InvokePlan,
  invokeKind,
  SettingError,
} from "./contract.ts";
import { EventQueue } from "./event-queue.ts";
import type { ServiceFacts } from "./service.ts";

const settingsOf = <T extends string>(type: T) =>
  z.strictObject({
    type: z.literal(type),
    maximumRetryAttempts: count(0, 2)
      .optional()
      .meta({ description: "Retries after a function error, 1 and 2 minutes later. 2 unless written." }),
    maximumEventAge: durationBetween(MINUTE, 6 * HOUR, "Lambda takes 60s to 6h")
      .optional()
      .meta({ description: "An older event is given up. 6h unless written." }),
    onFailure: z.enum(["drop", "dead-letter", "destination"]).optional().meta({
      description: `What becomes of an event that is given up. "drop" unless written, or "deadLetters" is.`,
    }),
    duplicates: share().optional().meta({
      description:
        "Share of events that are delivered once more, as happens at least once. 0% unless written.",
    }),
  });

type Settings = z.output<ReturnType<typeof settingsOf>>;

const FATES = {
  drop: "then dropped",
  "dead-letter": "then to the dead-letter queue",
  destination: "then to the on-failure destination",
};

/** A kind of events: whoever sends them, Lambda keeps them in the function's queue. `sender`: in a line, for summaries. */
export function eventKind<T extends string>(
  type: T,
  sender: string,
  kind: "events" | "sns" | "eventbridge" = "events",
): InvokeKind<ReturnType<typeof settingsOf<T>>> {
  const build = (given: Settings, { target, deadLetters }: InvokeContext): InvokePlan => {
    const {
      maximumRetryAttempts: retries = 2,
      maximumEventAge: age = 6 * HOUR,
      onFailure = deadLetters ? "dead-letter" : "drop",
      duplicates = 0,
    } = given;
    if (deadLetters && onFailure === "drop")
      throw new SettingError("onFailure", `"drop" leaves nothing for the "deadLetters" that are written`);
    const stopped = target.reservedConcurrency === 0;
    const settings = { retries, age, kept: onFailure !== "drop", duplicates, stopped };
    const again = retries === 1 ? "1 retry" : `${retries} retries`;
    return {
      type,
      text: `${sender}, ${again}, up to ${printDuration(age)} old, ${FATES[onFailure]}`,
      direct: false,
      queues: true,
      source: "events",
      service: { kind } satisfies ServiceFacts,
      open: (port) => port.shared(`events of ${target.name}`, () => new EventQueue()).join(port, settings),
    };
  };
  return invokeKind({ type, schema: settingsOf(type), build: build as never });
}

/**
 * The caller is answered at once; Lambda keeps the event in a queue of its own and runs the function with it (Lambda
 * developer guide, asynchronous invocation).
 */
export const async = eventKind("async", "async");
