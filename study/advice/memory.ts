import { parseScenario } from "../../sim/scenario/parse.ts";
import { ScenarioError } from "../../sim/scenario/problem.ts";
import { MILLISECOND, printDuration, printMoney, printShare } from "../../sim/units.ts";
import type { Study } from "../replicate.ts";
import type { Finding, Rule } from "./contract.ts";
import { aMonth, durationCost, isWrittenOut, meanCount } from "./figures.ts";

/** Sizes worth looking at: AWS's usual ones, and that of a full vCPU. */
const SIZES = [128, 256, 512, 1024, 1536, 1769, 2048, 3008, 4096, 6144, 8192];
/** So much longer a handler may take, and so much less it must cost. */
const LONGER = 1.1;
const CHEAPER = 0.9;

/** More memory than the handler makes use of. */
export const memory: Rule = {
  name: "memory",
  when: "a smaller memory size makes the handler at most 10 % slower and at least 10 % cheaper, by the law of its duration",
  look(study) {
    const means = new Map<string, number | undefined>();
    /** The same for functions written alike, of which there may be thousands. */
    const meanAt = (name: string, memoryMb: number): number | undefined => {
      const duration = durationOf(study, name);
      const key = JSON.stringify([duration, memoryMb]);
      if (!means.has(key)) means.set(key, meanOf(duration, memoryMb));
      return means.get(key);
    };
    return study.scenario.functions.flatMap(({ name, memorySize, maxMemoryUsed = 0 }, fn): Finding[] => {
      if (!isWrittenOut(study, name) || !followsMemory(study, name)) return [];
      const now = meanAt(name, memorySize);
      const least = meanAt(name, SIZES[0]!);
      if (now === undefined || least === undefined || least <= now) return [];
      const cost = (size: number, mean: number) => durationCost(study, fn, size, mean);
      for (const size of SIZES) {
        if (size >= memorySize || size < maxMemoryUsed) continue;
        const mean = meanAt(name, size)!;
        if (mean > LONGER * now || cost(size, mean) > CHEAPER * cost(memorySize, now)) continue;
        const saved = 1 - cost(size, mean) / cost(memorySize, now);
        const invocations = meanCount(study, fn, (c) => c.invocations);
        const savedUsd = aMonth(study, invocations * (cost(memorySize, now) - cost(size, mean)));
        return [
          {
            rule: "memory",
            of: name,
            sentence: `${name} has more memory than it makes use of: with ${size} MB instead of ${memorySize} MB its handler takes ${printDuration(Math.round(mean))} instead of ${printDuration(Math.round(now))} on average and costs ${printShare(saved)} less, ${printMoney(savedUsd)} a month`,
            evidence: {
              memorySizeMb: memorySize,
              smallerMb: size,
              durationMeanMs: now / MILLISECOND,
              smallerDurationMeanMs: mean / MILLISECOND,
              savedUsdPerMonth: savedUsd,
            },
            change: `--set ${name}.memorySize=${size}MB`,
          },
        ];
      }
      return [];
    });
  },
};

/** Whether the duration says what memory does to it; where it does not, nobody knows what less of it would do. */
function followsMemory(study: Study, name: string): boolean {
  const duration = durationOf(study, name);
  return typeof duration === "object" && duration !== null && ("at" in duration || "cpu" in duration);
}

function durationOf({ scenario }: Study, name: string): unknown {
  return (scenario.file as { functions: Record<string, { duration?: unknown }> }).functions[name]!.duration;
}

/** The mean handler time at a memory size, by the law as written; undefined where it reads a file or is not the function's. */
function meanOf(duration: unknown, memoryMb: number): number | undefined {
  try {
    const { functions } = parseScenario({
      lsim: 1,
      name: "memory",
      horizon: "1s",
      functions: { f: { duration, memorySize: `${memoryMb} MB`, timeout: "15m" } },
      traffic: [{ to: "f", arrivals: { type: "constant", rate: "1/s" } }],
    });
    return functions[0]!.duration!.mean;
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}
