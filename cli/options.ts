import { Option } from "@commander-js/extra-typings";
import { parseSetting, type Setting } from "../sim/scenario/paths.ts";
import { InputError } from "./exit.ts";

/** What the action of a command gets to say how it ended: the exit code. */
export type Finish = (code: number) => void;

/** Reads an option that may be given several times. */
export function collect<T>(read: (text: string) => T) {
  return (text: string, before: readonly T[]) => [...before, read(text)];
}

/** Reads a whole number within bounds. */
export function wholeNumber(noun: string, low: number, high: number) {
  return (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new InputError(`${noun} "${text}": expected a whole number from ${low} to ${high}`);
    }
    return value;
  };
}

export const setOption = () =>
  new Option(
    "--set <path=value>",
    "change a setting for this run, as in api.memorySize=1024MB; null takes it away (repeat)",
  )
    .argParser(collect(parseSetting))
    .default([] as readonly Setting[], "none");
export const readOption = () =>
  new Option("--allow-read <folder>", "let the scenario read files from this folder too (repeat)")
    .argParser(collect(String))
    .default([] as readonly string[], "none");
export const jobsOption = () =>
  new Option(
    "--jobs <n>",
    "processor cores to use (default: all, where the work is long enough); the results are the same",
  ).argParser(wholeNumber("--jobs", 1, 1024));
export const seedOption = () =>
  new Option("--seed <seed>", "seed of the first replication; the others follow from it");
export const replicationsOption = () =>
  new Option("--replications <n>", "independent repetitions").argParser(
    wholeNumber("--replications", 1, 100_000),
  );
