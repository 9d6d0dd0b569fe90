import { changeOf, inFile, UNIT_NAMES } from "./comparison-file.ts";
import type { Json } from "./result-parts.ts";
import type { Sensitivity } from "./sensitivity.ts";
import { nameOfStatistic, unitOf } from "./statistic-words.ts";

/** A sensitivity as sensitivity.json. */
export function sensitivityFile(study: Sensitivity, version: string): Json {
  const { base, by, on, unmoved } = study;
  return {
    lsimSensitivity: 1,
    version,
    scenario: base.name,
    seed: base.seeds[0],
    replications: base.seeds.length,
    by,
    statistics: on.map((statistic) => ({
      function: statistic.of,
      statistic: nameOfStatistic(statistic),
      unit: UNIT_NAMES[unitOf(statistic)],
      value: inFile(unitOf(statistic), base.read(statistic)!.value),
    })),
    effects: sensitivityRows(study),
    unmoved,
  };
}

/** sensitivity.csv: one row an assumption, statistic and direction; `value` is the statistic's as things are. */
export function sensitivityRows({ base, by, on, assumptions }: Sensitivity): Json[] {
  return on.flatMap((statistic, i) =>
    assumptions.flatMap(({ name, text, isDefault, effects }) =>
      (["less", "more"] as const).flatMap((way) => {
        const difference = effects[i]![way];
        if (!difference) return [];
        return [
          {
            function: statistic.of,
            statistic: nameOfStatistic(statistic),
            unit: UNIT_NAMES[unitOf(statistic)],
            value: inFile(unitOf(statistic), base.read(statistic)!.value),
            assumption: name,
            now: text,
            default: isDefault,
            moved: way === "less" ? -by : by,
            ...changeOf(unitOf(statistic), difference),
          },
        ];
      }),
    ),
  );
}
