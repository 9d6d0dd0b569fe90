import type { Unit } from "../../sim/scenario/threshold.ts";
import { printDuration, printMean, printMoney, printNumber, printShare } from "../../sim/units.ts";
import type { Estimate } from "../../study/statistics.ts";

/** The half-width of a 95 % interval behind its mean; "" where there is none to speak of. */
export function plusMinus(ci95: number, print: (value: number) => string = printMean): string {
  return Number.isFinite(ci95) && ci95 > 0 && !/^0(\.0+)?$/.test(print(ci95)) ? ` ± ${print(ci95)}` : "";
}

/** How values of a unit are shown. */
export function printerOf(unit: Unit): (value: number) => string {
  return {
    duration: printDuration,
    share: printShare,
    money: printMoney,
    count: printMean,
    number: (value: number) => printNumber(value),
  }[unit];
}

/** A difference with its sign; of shares in percentage points. */
export function printChange(unit: Unit, value: number): string {
  const print = unit === "share" ? (v: number) => `${printNumber(v * 100)} pp` : printerOf(unit);
  return value > 0 ? `+${print(value)}` : print(value);
}

/** One line of a function's block: what it is about, and what there is to say. */
export function row(label: string, cells: readonly string[]): string {
  return `  ${label.padEnd(12)} ${cells.filter(Boolean).join("   ")}`;
}

/** "deadLettersByCause" as "dead letters". */
export function words(name: string): string {
  return name.replace(/ByCause$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A mean of counts with its interval and noun: "1 batch", "3.5 ± 0.2 batches". */
export function numbered({ mean, ci95 }: Estimate, one: string, many = `${one}s`): string {
  const text = `${printMean(mean)}${plusMinus(ci95)}`;
  return `${text} ${text === "1" ? one : many}`;
}
