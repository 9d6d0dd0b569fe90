import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { printCount, printShare } from "../../sim/units.ts";
import { estimate } from "../statistics.ts";
import type { Finding, Rule } from "./contract.ts";
import { isWrittenOut, meanCount } from "./figures.ts";

const ACCOUNT = THROTTLE_REASONS.indexOf("ConcurrentInvocationLimitExceeded");
/** So much of its attempts a function must lose to the account's limit, and so much of the limit another must hold. */
const STARVED = 0.01;
const GREEDY = 0.5;

/** A function that loses requests because another takes the account's concurrency. */
export const neighbours: Rule = {
  name: "neighbours",
  when: "a function without a reservation loses over 1 % of its attempts to the account's concurrency while another holds more than half of it",
  look(study) {
    const { scenario, replications } = study;
    const { functions, account } = scenario;
    const most = functions.map(
      (_, fn) => estimate(replications.map((r) => r.functions[fn]!.onDemandConcurrency.max)).mean,
    );
    const greedy = most.indexOf(Math.max(...most));
    const taker = functions[greedy]!;
    if (taker.reservedConcurrency !== undefined || most[greedy]! <= GREEDY * account.concurrency) return [];
    return functions.flatMap(({ name, reservedConcurrency }, fn): Finding[] => {
      if (fn === greedy || reservedConcurrency !== undefined || !isWrittenOut(study, name)) return [];
      const attempts = meanCount(study, fn, (c) => c.attempts);
      const refused = meanCount(study, fn, (c) => c.throttledAttempts[ACCOUNT]!);
      if (refused <= STARVED * attempts) return [];
      const room = account.concurrency - account.minimumUnreserved;
      // What it used at most when it could, and a fifth more.
      const reserve = Math.min(room, Math.max(1, Math.ceil(1.2 * most[fn]!)));
      return [
        {
          rule: "neighbours",
          of: name,
          sentence: `${name} lost ${printShare(refused / attempts)} of its attempts to the account's limit while ${taker.name} held up to ${printCount(most[greedy]!)} of ${printCount(account.concurrency)}: reserved concurrency would keep ${printCount(reserve)} for it`,
          evidence: {
            refusedShare: refused / attempts,
            neighbourConcurrencyMax: most[greedy]!,
            concurrencyMax: most[fn]!,
            accountConcurrency: account.concurrency,
          },
          change: `--set ${name}.reservedConcurrency=${reserve}`,
        },
      ];
    });
  },
};
