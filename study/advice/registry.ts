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

/** A rule tells so many findings one by one. */
const MOST_TOLD = 10;

const advice = new WeakMap<Study, readonly Finding[]>();

/** What there is to change, by rule. Of many findings those of the functions with the most requests are told, and how many others there are. */
export function advise(study: Study): readonly Finding[] {
  const known = advice.get(study);
  if (known) return known;
  const found = RULES.flatMap((rule) => {
    const own = rule.look(study);
    return own.length <= MOST_TOLD ? own : shortened(study, own);
  });
  advice.set(study, found);
  return found;
}

function shortened({ scenario, replications }: Study, found: readonly Finding[]): Finding[] {
  const requests = new Map(
    scenario.functions.map(({ name }, fn) => [name, replications[0]!.functions[fn]!.counters.requests]),
  );
  const sorted = [...found].sort((a, b) => (requests.get(b.of) ?? 0) - (requests.get(a.of) ?? 0));
  const { rule } = found[0]!;
  const others = found.length - MOST_TOLD;
  return [
    ...sorted.slice(0, MOST_TOLD),
    {
      rule,
      of: "total",
      sentence: `The rule ${rule} finds the same in ${printCount(others)} more ${others === 1 ? "case" : "cases"}, of functions with no more requests than these`,
      evidence: { others },
      change: "the same in each of them",
    },
  ];
}
