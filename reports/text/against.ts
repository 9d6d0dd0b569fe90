import {
  printCount,
  printDuration,
  printMean,
  printMoney,
  printNumber,
  printShare,
} from "../../sim/units.ts";
import type { Against, AgainstRow } from "../../study/against.ts";
import type { Estimate } from "../../study/statistics.ts";
import { plusMinus } from "./cells.ts";
import { type Paint, plain } from "./paint.ts";

const PRINT: Readonly<Record<AgainstRow["unit"], (value: number) => string>> = {
  duration: printDuration,
  share: printShare,
  money: printMoney,
  number: printMean,
};

/** Lambda and servers side by side: the verdict first, then the figures with their intervals, then where the bills meet. */
export function againstText(compared: Against, paint: Paint = plain): string {
  const { rows, lambda, fleet } = compared;
  const cells = rows.map((row) => {
    const print = PRINT[row.unit];
    const text = ({ mean, ci95 }: Estimate) =>
      Number.isFinite(mean) ? `${print(mean)}${plusMinus(ci95, print)}` : "–";
    const sign = row.difference.mean > 0 ? "+" : "";
    // A difference of shares is one of percentage points.
    const difference =
      row.unit === "share" ? text(row.difference).replaceAll("%", "pp") : text(row.difference);
    return [row.name, text(row.lambda), text(row.servers), `${sign}${difference}`];
  });
  const table = [["", "Lambda", fleet.settings.instanceType, "difference"], ...cells];
  const widths = table[0]!.map((_, c) => Math.max(...table.map((line) => line[c]!.length)));
  const lines = table.map((line, l) => {
    const text = line
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[c]!)))
      .join("   ");
    return `  ${l === 0 ? paint.dim(text) : text}`.trimEnd();
  });
  const { scenario, replications } = lambda;
  return [
    `${paint.strong(scenario.name)}   Lambda against ${fleetWords(compared)} · ${replications.length === 1 ? "1 replication" : `${replications.length} replications`}, the same requests`,
    ...lines,
    paint.strong(againstVerdict(compared)),
    ...breakEvenWords(compared),
  ].join("\n");
}

/** "2 to 12 × m5.large with 20 slots each". */
function fleetWords({ fleet: { settings } }: Against): string {
  const { minimum, maximum, instanceType, slots } = settings;
  const number =
    minimum === maximum ? printCount(minimum) : `${printCount(minimum)} to ${printCount(maximum)}`;
  return `${number} × ${instanceType} with ${printCount(slots)} ${slots === 1 ? "slot" : "slots"} each`;
}

/** Who costs less, by how much, and what the cheaper one does to those who wait. */
export function againstVerdict({ rows, fleet }: Against): string {
  const row = (name: string) => rows.find((r) => r.name === name)!;
  const cost = row("cost a month");
  const { instanceType } = fleet.settings;
  const [cheap, dear] = cost.difference.mean > 0 ? [cost.lambda, cost.servers] : [cost.servers, cost.lambda];
  const who = cost.difference.mean > 0 ? "Lambda" : `The fleet of ${instanceType}`;
  const clear = !(Math.abs(cost.difference.mean) <= cost.difference.ci95);
  const saving = 1 - cheap.mean / dear.mean;
  const money = clear
    ? `${who} costs ${printShare(saving)} less (${printMoney(cheap.mean)} a month against ${printMoney(dear.mean)})`
    : `Both cost about the same (${printMoney(cheap.mean)} a month)`;
  const p99 = row("latency p99");
  const refused = row("refused");
  return `${money}; p99 is ${printDuration(p99.lambda.mean)} on Lambda and ${printDuration(p99.servers.mean)} on servers, refused ${printShare(refused.lambda.mean)} and ${printShare(refused.servers.mean)}.`;
}

function breakEvenWords({ breakEven, fleet }: Against): string[] {
  const { lambdaPerRequest, rate, ratePerServer, rateNow } = breakEven;
  const { minimum, instanceType, pricePerHour, priceSource } = fleet.settings;
  const one = `Lambda takes ${printMoney(lambdaPerRequest * 1e6)} for a million of these requests, a ${instanceType} $${pricePerHour} an hour (${priceSource === "the scenario" ? "as the scenario says" : priceSource}).`;
  if (rate === undefined) {
    return [
      one,
      `Break-even: none. A server takes ${printNumber(ratePerServer)} of these requests a second at its target, and Lambda's bill for those is lower.`,
    ];
  }
  const servers = minimum === 1 ? "one server" : `${printCount(minimum)} servers`;
  return [
    one,
    `Break-even: ${printNumber(rate)} requests a second, all day (this traffic: ${printNumber(rateNow)}). Below it Lambda costs less than ${servers}; a server takes ${printNumber(ratePerServer)} a second at its target.`,
  ];
}
