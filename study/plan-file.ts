import type { Setting } from "../sim/scenario/paths.ts";
import { MILLISECOND } from "../sim/units.ts";
import { type Candidate, differences } from "./candidate.ts";
import type { Outcome, Plan } from "./plan.ts";
import { type Json, known } from "./result-parts.ts";
import { read } from "./statistic.ts";
import { estimate } from "./statistics.ts";
import { judge } from "./thresholds.ts";

/** Of larger grids plan.json lists the points that were run, and counts the others. */
const MOST_LISTED = 10_000;

/** plan.json: the plan, and how it was found; every candidate, and why it was not taken. */
export function planFile(plan: Plan, version: string): Json {
  const { space, options, best, now, nearest, candidates, outcomes } = plan;
  const { scenario } = space.base;
  return {
    lsimPlan: 1,
    version,
    scenario: scenario.name,
    seed: scenario.seed,
    strategy: options.strategy,
    confidence: options.confidence,
    found: best !== undefined,
    settings: space.axes.map(({ path, now, values }) => ({
      path,
      now: now ?? null,
      planned: best ? planned(plan, best, path) : null,
      searched: values,
    })),
    now: candidateFile(now),
    planned: best ? { ...candidateFile(best), change: change(best, now) } : null,
    refusedMore: best ? refusals(plan, best) : [],
    nearest: nearest ? { settings: settingsOf(plan, nearest), ...candidateFile(nearest) } : null,
    tried: {
      points: candidates.length,
      ofPoints: space.lattice.size,
      replications: plan.replications,
      ofReplications: space.lattice.size * plan.each,
    },
    outcomes: countOutcomes(plan),
    candidates: candidates.map((candidate) => ({
      settings: settingsOf(plan, candidate),
      outcome: outcomes[candidate.point],
      misses: missedBy(plan, candidate.point),
      ...candidateFile(candidate),
      change: change(candidate, now),
    })),
    notTried: space.lattice.size > MOST_LISTED ? null : notTried(plan),
    errorLevels: plan.levels,
    expectations: plan.expectations,
    steps: plan.steps.map(({ point, ...step }) => ({
      settings: point < 0 ? null : asObject(space.settings(point)),
      ...step,
    })),
  };
}

/** A row for each point that was run, in that order. */
export function planRows(plan: Plan): Record<string, string | number | null>[] {
  const { thresholds } = plan.space.base.scenario;
  return plan.candidates.map((candidate) => {
    const { cost, latency, readings, replications, point } = candidate;
    return {
      ...Object.fromEntries(plan.space.settings(point).map(({ path, value }) => [path, printable(value)])),
      outcome: plan.outcomes[point]!,
      misses: missedBy(plan, point),
      replications,
      costPerMonthUsd: known(cost.value),
      costPerMonthUsdCi95: known(cost.ci95),
      latencyP99Ms: known(latency.value / MILLISECOND),
      latencyP99MsCi95: known(latency.ci95 / MILLISECOND),
      ...Object.fromEntries(
        thresholds.flatMap(({ of, measure, expression, unit }, h) => {
          const per = unit === "duration" ? MILLISECOND : 1;
          const name = `${of} ${measure} ${expression}`;
          return [
            [name, known(readings[h]!.value / per)],
            [`${name} Ci95`, known(readings[h]!.ci95 / per)],
          ];
        }),
      ),
    };
  });
}

/** How many points came to what. */
export function countOutcomes({ outcomes }: Plan): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function candidateFile(candidate: Candidate): Json {
  const { cost, latency, replications } = candidate;
  return {
    replications,
    costPerMonthUsd: known(cost.value),
    costPerMonthUsdCi95: known(cost.ci95),
    latencyP99Ms: known(latency.value / MILLISECOND),
    latencyP99MsCi95: known(latency.ci95 / MILLISECOND),
    thresholds: judge(candidate.study()).map(({ of, measure, expression, unit, value, ci95, ok }) => {
      const per = unit === "duration" ? MILLISECOND : 1;
      return { of, measure, expression, value: known(value / per), ci95: known(ci95 / per), ok };
    }),
  };
}

/** Paired differences against what is there now. */
function change(candidate: Candidate, now: Candidate): Json {
  const cost = estimate(differences(candidate.cost.values, now.cost.values));
  const latency = estimate(differences(candidate.latency.values, now.latency.values));
  return {
    costPerMonthUsd: known(cost.mean),
    costPerMonthUsdCi95: known(cost.ci95),
    latencyP99Ms: known(latency.mean / MILLISECOND),
    latencyP99MsCi95: known(latency.ci95 / MILLISECOND),
  };
}

function notTried(plan: Plan): Json[] {
  const tried = new Set(plan.candidates.map(({ point }) => point));
  return plan.outcomes.flatMap((outcome, point) =>
    tried.has(point)
      ? []
      : [
          {
            settings: asObject(plan.space.settings(point)),
            outcome,
            ...(plan.impossible.has(point)
              ? { why: plan.impossible.get(point) }
              : { misses: missedBy(plan, point) }),
          },
        ],
  );
}

function missedBy({ space, missed }: Plan, point: number): string | null {
  const threshold = space.base.scenario.thresholds[missed[point]!];
  return threshold ? `${threshold.of} ${threshold.measure} ${threshold.expression}` : null;
}

function planned({ space }: Plan, best: Candidate, path: string): unknown {
  return space.settings(best.point).find((setting) => setting.path === path)!.value;
}

const settingsOf = ({ space }: Plan, { point }: Candidate) => asObject(space.settings(point));

function asObject(settings: readonly Setting[]): Json {
  return Object.fromEntries(settings.map(({ path, value }) => [path, value]));
}

/** Functions of whose requests a larger share is throttled or dropped than now, without a threshold for either. */
export function refusals(
  { space, now }: Pick<Plan, "space" | "now">,
  best: Candidate,
): { readonly name: string; readonly now: number; readonly planned: number }[] {
  const { functions, thresholds } = space.base.scenario;
  const [before, after] = [now.study(), best.study()];
  return functions.flatMap(({ name }) => {
    const limited = thresholds.some(
      ({ of, measure }) =>
        (of === name || of === "total") && (measure === "throttles" || measure === "dropped"),
    );
    if (limited) return [];
    const lost = (study: typeof before) => {
      const [throttles, dropped] = (["throttles", "dropped"] as const).map(
        (measure) => read(study, { of: name, measure, aggregate: "rate", quantile: undefined }).values,
      );
      return throttles!.map((share, r) => share + dropped![r]!);
    };
    const more = estimate(differences(lost(after), lost(before)));
    return more.mean - more.ci95 > WORTH_A_WORD
      ? [{ name, now: estimate(lost(before)).mean, planned: estimate(lost(after)).mean }]
      : [];
  });
}

/** A share of requests. */
const WORTH_A_WORD = 0.001;

/** A setting's value as one would write it on the command line. */
export function printable(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
