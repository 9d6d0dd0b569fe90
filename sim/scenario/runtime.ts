import { DEFAULT_RUNTIME, isKnownRuntime, runtimeNames } from "../lambda/cold-start-rows.ts";
import { nameOf } from "../units.ts";
import type { Findings } from "./findings.ts";
import { OURS } from "./platforms/contract.ts";
import { nearest } from "./problem.ts";

/**
 * A function's runtime, lsim's own choice where none is written. A slip of a runtime that is known is a problem; any
 * other word is a runtime of its own, which `unknownRuntime` tells the reader about.
 */
export function completeRuntime(name: string, given: string | undefined, found: Findings): string {
  if (given === undefined) return found.note(`functions.${name}.runtime`, DEFAULT_RUNTIME, OURS);
  if (isKnownRuntime(given)) return given;
  const near = slipOf(given.trim());
  const path = ["functions", name, "runtime"];
  if (given.trim() === "" || /\p{Cc}/u.test(given))
    found.problem(path, `${nameOf(given)} is no runtime; write one such as "nodejs22.x"`);
  else if (near !== undefined)
    found.problem(path, `there is no runtime ${nameOf(given)}; did you mean "${near}"?`);
  return given;
}

/** The known runtime that was meant, if the word is near enough to one or only lacks its version ("python"). */
function slipOf(word: string): string | undefined {
  const names = runtimeNames();
  // People say node for what AWS calls nodejs.
  const plain = word.toLowerCase().replace(/^node(?!js)/, "nodejs");
  const begun = plain.length < 3 ? undefined : names.findLast((name) => name.startsWith(plain));
  return begun ?? nearest(plain, names);
}

/**
 * Where no cold starts are known for a runtime and a preset is used, Node.js stands in for it: listed as a default,
 * and returned as a note for the reader.
 */
export function unknownRuntime(
  name: string,
  runtime: string,
  usesPreset: boolean,
  found: Findings,
): string[] {
  if (!usesPreset || isKnownRuntime(runtime)) return [];
  const source = `stands in for ${nameOf(runtime)}, a runtime of which no cold starts are known`;
  found.note(`functions.${name}.runtime`, DEFAULT_RUNTIME, { ...OURS, source });
  return [
    `no cold starts are known for the runtime ${nameOf(runtime)}, so those of Node.js stand in; give initDuration, if it matters`,
  ];
}
