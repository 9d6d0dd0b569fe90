import { printCount, printShare } from "../../sim/units.ts";
import { estimate } from "../statistics.ts";
import type { Finding, Rule } from "./contract.ts";

/** Receives that come to nothing because the function was throttled. */
const TOO_MANY = 0.02;

/** A queue whose pollers ask for more than the function may take. */
export const throttledQueue: Rule = {
  name: "throttled-queue",
  when: "over 2 % of what a queue hands to its function comes back because the function was throttled",
  look({ scenario, replications }) {
    return scenario.entries.flatMap(({ name, target, invoke }, e): Finding[] => {
      if (invoke.type !== "sqs") return [];
      const mean = (read: (counts: (typeof replications)[0]["traffic"]["entries"][0]["counts"]) => number) =>
        estimate(replications.map((r) => read(r.traffic.entries[e]!.counts))).mean;
      const receives = mean((c) => c.receives);
      const throttled = mean((c) => c.retriesByCause.throttle);
      if (receives === 0 || throttled <= TOO_MANY * receives) return [];
      const f = scenario.functions[target]!;
      const limit = f.reservedConcurrency;
      // The other half is for whoever else calls the function or draws on the account.
      const cap = Math.max(2, Math.floor((limit ?? scenario.account.concurrency) / 2));
      const deadLettered = mean((c) => c.deadLettersByCause.throttle);
      const lost =
        deadLettered > 0 ? `, and ${printCount(deadLettered)} ended in the dead-letter queue for it` : "";
      const why =
        limit === undefined
          ? "the account's concurrency"
          : `its reserved concurrency of ${printCount(limit)}`;
      return [
        {
          rule: "throttled-queue",
          of: f.name,
          sentence: `${printShare(throttled / receives)} of what ${name} hands to ${f.name} is refused by ${why} and counts as received${lost}: a maximum concurrency of its own keeps messages in the queue until there is room`,
          evidence: { receives, throttled, deadLettered },
          change: `--set traffic.${name}.invoke.maximumConcurrency=${cap}`,
        },
      ];
    });
  },
};
