import { type Json, known } from "./result-parts.ts";
import { judgementRow } from "./thresholds.ts";
import type { TunedFigure, TunedSize, Tuning } from "./tune.ts";

/**
 * A tuning as `tune.json`. `power`, `cost`, `duration` and `stats` have the names and meanings of AWS Lambda Power Tuning's
 * output (US dollars and milliseconds an invocation); `sizes` holds all that it does not give: each figure with the half-width
 * of its 95 % interval (`…Ci95`), and what changes against the present size.
 */
export function tuneFile(tuning: Tuning, version: string, verdict: readonly string[]): Json {
  const { scenario, tuned, choice, unbound, byAverages, strategy, balancedWeight } = tuning;
  return {
    lsimTune: 1,
    version,
    name: scenario.name,
    function: tuning.function,
    verdict,
    power: choice?.memoryMb ?? null,
    cost: choice?.averagePrice ?? null,
    duration: choice?.averageDuration ?? null,
    stats: tuned
      .filter(({ failing }) => failing === undefined)
      .map(({ memoryMb, averagePrice, averageDuration, totalCost }) => ({
        power: memoryMb,
        value: memoryMb,
        averagePrice,
        averageDuration,
        totalCost,
      })),
    strategy,
    ...(strategy === "balanced" && { balancedWeight }),
    powerWithoutThresholds: unbound?.memoryMb ?? null,
    powerByAverages: byAverages?.memoryMb ?? null,
    presentMb: tuning.presentMb,
    dependsOnMemory: tuning.dependsOnMemory,
    seed: Number.isSafeInteger(Number(scenario.seed)) ? Number(scenario.seed) : scenario.seed,
    replications: scenario.replications,
    priceDate: scenario.pricing.table.date,
    scenario: scenario.file,
    sizes: tuned.map((size) => ({
      memoryMb: size.memoryMb,
      present: size.present,
      choice: size === choice,
      failing: size.failing ?? null,
      digest: size.digest,
      ...flat(size, ({ value, ci95 }) => [value, ci95]),
      change: flat(size, ({ change }) => [change.value, change.ci95]),
      thresholds: size.thresholds.map(judgementRow),
    })),
  };
}

function flat({ figures }: TunedSize, pick: (figure: TunedFigure) => [value: number, ci95: number]): Json {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) => {
      const [value, ci95] = pick(figure);
      return [[name, known(value)], ...(Number.isFinite(ci95) ? [[`${name}Ci95`, ci95]] : [])];
    }),
  );
}
