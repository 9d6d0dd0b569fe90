import { ScenarioError } from "../sim/scenario/problem.ts";
import { nameOf, parseQuantity } from "../sim/units.ts";
import { parseAxis } from "./axis.ts";

/** What AWS Lambda Power Tuning tries unless it is told otherwise: its `powerValues` (MB). */
export const USUAL_SIZES: readonly number[] = [128, 256, 512, 1024, 1536, 3008];

/** What it tries for "ALL": every 64 MB from 128 MB to 3008 MB. */
const ALL_SIZES: readonly number[] = Array.from({ length: 46 }, (_, i) => 128 + 64 * i);

/** Lambda's limits (AWS Lambda developer guide, "Lambda quotas"). */
const [LEAST, MOST] = [128, 10_240];

/**
 * Reads "128,256,512" (MB), "512MB,1GB", ranges ("128..1024:128", "128MB..4096MB:*2") or "all". Throws ScenarioError;
 * `option` names the option it came from.
 */
export function parseSizes(text: string, option: string): number[] {
  if (text.trim().toLowerCase() === "all") return [...ALL_SIZES];
  return memorySizes(parseAxis(`memorySize=${text}`, option).values, option);
}

/** Memory sizes in MB, ascending, each once, from bare numbers (MB) and texts ("512 MB"). Throws ScenarioError. */
export function memorySizes(values: readonly unknown[], option: string): number[] {
  const sizes: number[] = [];
  const problems = values.flatMap((value) => {
    const parsed =
      typeof value === "number" ? ({ ok: true, value } as const) : parseQuantity("memory", value);
    if (!parsed.ok) return [{ path: [option], message: parsed.message }];
    if (Number.isInteger(parsed.value) && parsed.value >= LEAST && parsed.value <= MOST) {
      sizes.push(parsed.value);
      return [];
    }
    return [{ path: [option], message: `${nameOf(value)}: Lambda takes whole MB from ${LEAST} to ${MOST}` }];
  });
  if (problems.length > 0) throw new ScenarioError(problems);
  if (sizes.length === 0) throw new ScenarioError([{ path: [option], message: "names no memory size" }]);
  return [...new Set(sizes)].sort((a, b) => a - b);
}
