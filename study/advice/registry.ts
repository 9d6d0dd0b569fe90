import { printCount } from "../../sim/units.ts";
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

/** A rule speaks of so many functions one by one. */
const MOST_APART = 10;

/** What there is to change, by rule. Of many functions those with the most requests come one by one, the others as a number. */
export function advise(study: Study): Finding[] {
  return RULES.flatMap((rule) => {
    const found = rule.look(study);
    return found.length <= MOST_APART ? found : heaviest(study, found);
  });
}

function heaviest({ scenario, replications }: Study, found: readonly Finding[]): Finding[] {
  const requests = new Map(
    scenario.functions.map(({ name }, fn) => [name, replications[0]!.functions[fn]!.counters.requests]),
  );
  const sorted = [...found].sort((a, b) => (requests.get(b.of) ?? 0) - (requests.get(a.of) ?? 0));
  const { rule } = found[0]!;
  const others = found.length - MOST_APART;
  return [
    ...sorted.slice(0, MOST_APART),
    {
      rule,
      of: "total",
      sentence: `The same is to be said of ${printCount(others)} more function${others === 1 ? "" : "s"} with fewer requests (rule ${rule})`,
      evidence: { functions: others },
      change: "the same for each of them",
    },
  ];
}
