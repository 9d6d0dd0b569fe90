import { z } from "zod";
import { buildDistribution, distribution } from "../distributions/setting.ts";
import { positiveDuration } from "../scenario/fields.ts";
import { printDuration } from "../units.ts";
import { Callers } from "./callers.ts";
import { invokeKind } from "./contract.ts";

/**
 * Request and response: the caller waits. Lambda never tries again by itself, and a refused request (HTTP 429) waits in no
 * queue (Lambda developer guide); what tries again is the client, by the entry's `retry`.
 */
export const sync = invokeKind({
  type: "sync",
  schema: z.strictObject({
    type: z.literal("sync"),
    timeout: positiveDuration().optional().meta({
      description: "The client gives an attempt up after it; the function runs on. Never unless written.",
    }),
    latency: distribution()
      .optional()
      .meta({ description: "Network time, there and back. None unless written." }),
  }),
  build: ({ timeout = Number.POSITIVE_INFINITY, latency: given }, { retry, read }) => {
    const latency = given && buildDistribution(given, read);
    const parts = [
      "sync",
      ...(retry ? [retry.text] : []),
      ...(timeout < Number.POSITIVE_INFINITY ? [`client timeout ${printDuration(timeout)}`] : []),
      ...(latency ? [`network ${latency.text}`] : []),
    ];
    return {
      type: "sync",
      text: parts.join(", "),
      direct: !retry && !latency && timeout === Number.POSITIVE_INFINITY,
      queues: false,
      open: (port) => new Callers(port, { retry, timeout, latency }),
    };
  },
});
