import { firstPrice } from "../../sim/pricing/price-list.ts";
import { MINUTE, MONTH, printMoney, printShare, SECOND } from "../../sim/units.ts";
import { shareOf } from "../share.ts";
import { estimate } from "../statistics.ts";
import type { Finding, Rule } from "./contract.ts";
import { durationCost, isWrittenOut } from "./figures.ts";

/** Cold starts worth curing, and mean concurrency up to which one environment is what is missing. */
const OFTEN = 0.05;
const ALONE = 0.5;
/** Calls that come independently have a variance of concurrency like its mean; those in bursts need more than one. */
const SINGLE = 2;
/** A ping comes every five minutes and takes a millisecond of handler time, billed as one. */
const PING_EVERY = 5 * MINUTE;
const PING_TIME = 1000;

/** Cold starts of a rarely called function: what pings and what provisioned concurrency would cost. */
export const coldStarts: Rule = {
  name: "cold-starts",
  when: "callers wait for the function, over 5 % of its invocations are cold, it has no provisioned concurrency, and runs half the time at most, one call at a time",
  look(study) {
    const { scenario, replications } = study;
    const awaited = new Set(
      [...scenario.traffic, ...scenario.entries].flatMap(({ target, invoke }) =>
        invoke.queues ? [] : [target],
      ),
    );
    return scenario.functions.flatMap((f, fn): Finding[] => {
      if (!awaited.has(fn)) return [];
      if (f.provisionedConcurrency > 0 || f.snapStart || !isWrittenOut(study, f.name)) return [];
      const share = shareOf(
        study,
        (c) => c.coldStarts,
        (c) => c.invocations,
        fn,
      ).mean;
      const of = (key: "mean" | "variance") =>
        estimate(replications.map((r) => r.functions[fn]!.concurrency[key])).mean;
      const level = of("mean");
      if (share <= OFTEN || level > ALONE || of("variance") > SINGLE * level) return [];
      const { table } = scenario.pricing;
      const pings = MONTH / PING_EVERY;
      const pingUsd =
        pings * (durationCost(study, fn, f.memorySize, PING_TIME) + Number(firstPrice(table, "perRequest")));
      const provisionedUsd =
        Number(firstPrice(table, `${f.architecture}.provisionedPerGbSecond`)) *
        (f.memorySize / 1024) *
        (MONTH / SECOND);
      return [
        {
          rule: "cold-starts",
          of: f.name,
          sentence: `${printShare(share)} of the invocations of ${f.name} are cold: a ping every five minutes would keep one environment for ${printMoney(pingUsd)} a month, one provisioned environment costs ${printMoney(provisionedUsd)} a month and waits for nobody`,
          evidence: { coldShare: share, pingsUsdPerMonth: pingUsd, provisionedUsdPerMonth: provisionedUsd },
          change: `--set ${f.name}.provisionedConcurrency=1`,
        },
      ];
    });
  },
};
