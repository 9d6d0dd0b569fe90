import { MILLISECOND, printMoney, printShare } from "../../sim/units.ts";
import type { Finding, Rule } from "./contract.ts";
import { aMonth, durationCost, meanCount } from "./figures.ts";

/** A function whose init is more than this share of its billed time, and more than a dollar a month, is worth a look. */
const HEAVY = 0.1;
const LEAST_USD = 1;

/** Init that is a large part of what is billed. */
export const init: Rule = {
  name: "init",
  when: "init is billed, makes up over 10 % of a function's billed duration, and costs over $1 a month",
  look(study) {
    if (!study.scenario.pricing.billInit) return [];
    return study.scenario.functions.flatMap(({ name, memorySize, snapStart }, fn): Finding[] => {
      const billed = meanCount(study, fn, (c) => c.billedMs) * MILLISECOND;
      const time = meanCount(study, fn, (c) => c.coldStartTimes.init);
      const share = time / billed;
      if (!(share > HEAVY)) return [];
      const cost = aMonth(study, durationCost(study, fn, memorySize, time));
      if (cost < LEAST_USD) return [];
      const cold = meanCount(study, fn, (c) => c.coldStarts);
      return [
        {
          rule: "init",
          of: name,
          sentence: `${printShare(share)} of what is billed for ${name} is init, ${printMoney(cost)} a month: a lighter package, less work in static code${snapStart ? "" : ", SnapStart"} or fewer cold starts would save it`,
          evidence: {
            initShare: share,
            coldStarts: cold,
            initMeanMs: time / cold / MILLISECOND,
            costUsdPerMonth: cost,
          },
          change: `--set ${name}.initDuration=${Math.max(1, Math.round(time / cold / MILLISECOND / 2))}ms`,
        },
      ];
    });
  },
};
