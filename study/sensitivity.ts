import { type Assumption, assumptionsOf, type Unmoved } from "./assumptions.ts";
import { compareStatistic, type Difference, MONTHLY_COST } from "./compare.ts";
import { replicateBy } from "./replicate.ts";
import type { Runner } from "./runner.ts";
import { type Side, studySide } from "./side.ts";
import type { Opened } from "./source.ts";
import type { Statistic } from "./statistic.ts";

/** What one assumption does to one statistic, against the scenario as it is, in pairs of the same requests. */
export interface Effect {
  readonly less: Difference | undefined;
  readonly more: Difference | undefined;
  /** The larger of both, without its sign. */
  readonly size: number;
  /** At least one of both is beyond chance. */
  readonly clear: boolean;
}

export interface MovedAssumption extends Pick<Assumption, "name" | "text" | "isDefault"> {
  /** By statistic, as in `on`. */
  readonly effects: readonly Effect[];
}

/** What a scenario's figures depend on. */
export interface Sensitivity {
  readonly base: Side;
  /** By how much each assumption was moved, as a share. */
  readonly by: number;
  readonly on: readonly Statistic[];
  /** In the scenario's order. */
  readonly assumptions: readonly MovedAssumption[];
  readonly unmoved: readonly Unmoved[];
}

/** What a sensitivity is about unless one says: a month's cost, and the first latency that a threshold judges, or p99. */
export function aboutCostAndLatency({ scenario }: Opened): Statistic[] {
  const judged = scenario.thresholds.find(
    ({ measure, aggregate }) => measure === "latency" && aggregate === "percentile",
  );
  const p99 = { of: "total", measure: "latency", aggregate: "percentile", quantile: 0.99 } as const;
  const { of, measure, aggregate, quantile } = judged ?? p99;
  return [MONTHLY_COST, { of, measure, aggregate, quantile }];
}

/**
 * Moves one assumption at a time, down and up, and compares each with the scenario as it is. One at a time: what two of
 * them do together is not seen.
 */
export async function sensitivityOf(
  runner: Runner,
  opened: Opened,
  { by, on }: { readonly by: number; readonly on: readonly Statistic[] },
  tell?: (share: number) => void,
): Promise<Sensitivity> {
  const { assumptions, unmoved } = assumptionsOf(opened, by);
  const all = 1 + assumptions.reduce((n, { less, more }) => n + (less ? 1 : 0) + (more ? 1 : 0), 0);
  let played = 0;
  const play = async (one: Opened): Promise<Side> => {
    const { replications } = one.scenario;
    const study = await replicateBy(runner, one, (done) => tell?.((played + done / replications) / all));
    played++;
    return studySide(study);
  };
  const base = await play(opened);
  const moved: MovedAssumption[] = [];
  for (const { name, text, isDefault, less, more } of assumptions) {
    const [low, high] = [less && (await play(less)), more && (await play(more))];
    const effects = on.map((statistic): Effect => {
      const against = (side: Side | undefined) =>
        side && compareStatistic(base, side, statistic, true, undefined)?.difference;
      return effectOf(against(low), against(high));
    });
    moved.push({ name, text, isDefault, effects });
  }
  return { base, by, on, assumptions: moved, unmoved };
}

/** Both ways together. */
export function effectOf(less: Difference | undefined, more: Difference | undefined): Effect {
  const known = [less, more].filter((d) => d !== undefined);
  return {
    less,
    more,
    size: Math.max(0, ...known.map(({ value }) => Math.abs(value) || 0)),
    clear: known.some(({ mark }) => mark === "clear"),
  };
}

/** Assumptions by what they do to the statistic at place `i`, the strongest first; those without any effect left out. */
export function ranked({ assumptions }: Pick<Sensitivity, "assumptions">, i: number): MovedAssumption[] {
  return assumptions
    .filter(({ effects }) => effects[i]!.size > 0)
    .sort((a, b) => b.effects[i]!.size - a.effects[i]!.size);
}
