import { printMean } from "../../sim/units.ts";
import type { Estimate } from "../../study/statistics.ts";

/** The half-width of a 95 % interval behind its mean; "" where there is none to speak of. */
export function plusMinus(ci95: number, print: (value: number) => string = printMean): string {
  return Number.isFinite(ci95) && ci95 > 0 && !/^0(\.0+)?$/.test(print(ci95)) ? ` ± ${print(ci95)}` : "";
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
