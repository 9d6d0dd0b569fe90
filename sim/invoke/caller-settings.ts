import { buildDistribution, distribution } from "../distributions/setting.ts";
import type { Chosen } from "../scenario/choice.ts";
import { positiveDuration } from "../scenario/fields.ts";
import { printDuration } from "../units.ts";
import { Callers, type Front } from "./callers.ts";
import type { InvokeContext, InvokePlan, Port } from "./contract.ts";

/** The settings of every kind whose callers wait for the answer. */
export const callerSettings = {
  timeout: positiveDuration().optional().meta({
    description: "The client gives an attempt up after it; the function runs on. Never unless written.",
  }),
  latency: distribution()
    .optional()
    .meta({ description: "Network time, there and back. None unless written." }),
};

interface Given {
  readonly timeout?: number | undefined;
  readonly latency?: Chosen | undefined;
}

/** Something that stands between the callers and Lambda, for the plan's text and its models. */
export interface FrontPlan {
  readonly text: string;
  open(port: Port): Front;
}

/** The plan of callers that wait, called straight or through a front. */
export function callersPlan(
  type: string,
  { timeout = Number.POSITIVE_INFINITY, latency: given }: Given,
  { retry, read }: Pick<InvokeContext, "retry" | "read">,
  front?: FrontPlan,
): InvokePlan {
  const latency = given && buildDistribution(given, read);
  const parts = [
    front?.text ?? type,
    ...(retry ? [retry.text] : []),
    ...(timeout < Number.POSITIVE_INFINITY ? [`client timeout ${printDuration(timeout)}`] : []),
    ...(latency ? [`network ${latency.text}`] : []),
  ];
  return {
    type,
    text: parts.join(", "),
    direct: !front && !retry && !latency && timeout === Number.POSITIVE_INFINITY,
    queues: false,
    open: (port) => new Callers(port, { retry, timeout, latency, front: front?.open }),
  };
}
