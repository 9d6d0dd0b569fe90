import { printCount, printMoney, printShare } from "../../sim/units.ts";
import { provisionedCost } from "../provisioned.ts";
import type { Finding, Rule } from "./contract.ts";
import { aMonth, isWrittenOut } from "./figures.ts";

/** So much below the utilisation at which it pays, provisioned concurrency is worth a word. */
const WELL_BELOW = 0.8;

/** Provisioned concurrency that is ready for more than ever comes. */
export const provisioned: Rule = {
  name: "provisioned",
  when: "provisioned concurrency is in use for less than four fifths of the share from which on it costs less than on demand",
  look(study) {
    return study.scenario.functions.flatMap(
      ({ name, provisionedConcurrency, provisioning }, fn): Finding[] => {
        if (provisionedConcurrency === 0 || !isWrittenOut(study, name)) return [];
        const { utilization, breakEven, feeUsd, durationUsd, onDemandUsd } = provisionedCost(study, fn);
        const used = utilization.mean;
        if (!(used < WELL_BELOW * breakEven) || !Number.isFinite(breakEven)) return [];
        const most = study.replications.reduce(
          (top, r) => Math.max(top, r.functions[fn]!.provisionedConcurrency.max),
          0,
        );
        const dearer = aMonth(study, feeUsd.mean + durationUsd.mean - onDemandUsd.mean);
        const fewer = Math.max(1, Math.ceil((used / breakEven) * provisionedConcurrency));
        return [
          {
            rule: "provisioned",
            of: name,
            sentence: `${name}'s provisioned concurrency is in use for ${printShare(used)} of its time, and costs less than on demand only from ${printShare(breakEven)} on: it comes to ${printMoney(dearer)} a month more than the same invocations on demand, which is the price of their cold starts`,
            evidence: { utilization: used, breakEven, usedAtMost: most, dearerUsdPerMonth: dearer },
            change: provisioning
              ? `lower capacities: at most ${printCount(most)} were in use at once`
              : `--set ${name}.provisionedConcurrency=${fewer}`,
          },
        ];
      },
    );
  },
};
