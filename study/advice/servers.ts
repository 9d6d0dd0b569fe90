import { toUsd } from "../../sim/pricing/money.ts";
import { HOUR, MONTH, printCount, printMoney } from "../../sim/units.ts";
import { shareOf } from "../share.ts";
import { estimate } from "../statistics.ts";
import type { Rule } from "./contract.ts";

/** A load is steady while its busiest moment is no more than so many times its average. */
const STEADY = 3;
/** Refused requests are missing from the concurrency that was seen: above this share it says nothing. */
const REFUSED = 0.01;
/** Servers must save at least this much to be worth the move. */
const SAVING = 0.2;

/** A steady load that the scenario's servers would carry for less. */
export const servers: Rule = {
  name: "servers",
  when: "the scenario says what servers there would be (ec2), hardly any request is throttled, its concurrency at most is under three times its mean, and enough servers for the most cost at least 20 % less than Lambda",
  look(study) {
    const { scenario, replications } = study;
    const { ec2 } = scenario;
    const refused = shareOf(
      study,
      (c) => c.throttled,
      (c) => c.requests,
    ).mean;
    if (!ec2 || refused > REFUSED) return [];
    const mean = (read: (r: (typeof replications)[0]) => number) => estimate(replications.map(read)).mean;
    const level = mean((r) => r.account.concurrency.mean) * ec2.durationFactor;
    const most = mean((r) => r.account.concurrency.max) * ec2.durationFactor;
    if (!(most < STEADY * level)) return [];
    const number = Math.max(ec2.minimum, Math.ceil(most / ec2.slots));
    if (number > ec2.maximum) return [];
    const usd = number * Number(ec2.pricePerHour) * (MONTH / HOUR);
    const lambdaUsd = mean((r) => toUsd(r.monthly.total));
    if (usd > (1 - SAVING) * lambdaUsd) return [];
    return [
      {
        rule: "servers",
        of: "total",
        sentence: `The load is steady (${printCount(level)} at a time on average, ${printCount(most)} at most): ${printCount(number)} ${ec2.instanceType} with ${printCount(ec2.slots)} slots each would carry it for ${printMoney(usd)} a month instead of ${printMoney(lambdaUsd)}`,
        evidence: {
          concurrencyMean: level,
          concurrencyMax: most,
          servers: number,
          serversUsdPerMonth: usd,
          lambdaUsdPerMonth: lambdaUsd,
        },
        change: "lsim compare FILE --against ec2",
      },
    ];
  },
};
