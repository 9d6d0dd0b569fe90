import type { Study } from "../replicate.ts";
import { coldStarts } from "./cold-starts.ts";
import type { Finding, Rule } from "./contract.ts";
import { init } from "./init.ts";
import { memory } from "./memory.ts";
import { neighbours } from "./neighbours.ts";
import { provisioned } from "./provisioned.ts";
import { servers } from "./servers.ts";
import { throttledQueue } from "./throttled-queue.ts";

/** Every rule, what loses requests before what costs money. */
export const RULES: readonly Rule[] = [
  neighbours,
  throttledQueue,
  coldStarts,
  init,
  provisioned,
  memory,
  servers,
];

/** What there is to change, by rule. */
export function advise(study: Study): Finding[] {
  return RULES.flatMap((rule) => rule.look(study));
}
