import * as z from "zod";
import type { Distribution } from "../distributions/contract.ts";
import { buildDistribution, distribution } from "../distributions/setting.ts";
import { count } from "../scenario/fields.ts";
import { printCount } from "../units.ts";
import { type ArrivalPlan, type ArrivalProcess, arrivalKind } from "./contract.ts";

const NOTHING: ArrivalProcess = { next: Number.POSITIVE_INFINITY, fill() {} };

/**
 * Callers that wait for their answer: each thinks, calls, and thinks again once it is answered or refused (k6's constant
 * virtual users; the finite source of Engset's formula). Each begins by thinking.
 */
export const closed = arrivalKind({
  type: "closed",
  schema: z.strictObject({
    type: z.literal("closed"),
    clients: count(1, 500_000),
    thinkTime: distribution(),
  }),
  build: ({ clients, thinkTime }, read) => {
    return closedPlan(clients, buildDistribution(thinkTime, read));
  },
});

function closedPlan(clients: number, thinkTime: Distribution): ArrivalPlan {
  return {
    text: `${printCount(clients)} clients, think time ${thinkTime.text}`,
    carriesDurations: false,
    steady: true,
    clients: { count: clients, thinkTime },
    // At most, as if every answer came at once.
    expected: (until) => (clients * until) / Math.max(1, thinkTime.mean),
    // More clients, who think as long; a client cannot be divided.
    scaled: (factor) => closedPlan(Math.max(1, Math.round(clients * factor)), thinkTime),
    open: () => NOTHING,
  };
}
