import { placementName, reasonName } from "../../reports/records/csv.ts";
import { THROTTLED } from "../../sim/lambda/placement.ts";
import {
  type EnvironmentBatch,
  type InvocationBatch,
  RECORDED_ENDS,
  RECORDED_OUTCOMES,
  type RecordListener,
  sourceNames,
  type Window,
} from "../../sim/measure/record-batch.ts";
import type { RunResult } from "../../sim/measure/result.ts";
import { RecordedSimulation } from "../../sim/recorded.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { SECOND } from "../../sim/units.ts";

/** Rows of a batch as objects, times in seconds. */
export interface InvocationRow {
  readonly at: number;
  readonly fn: number;
  readonly entry: string;
  readonly placement: string;
  readonly reason: string;
  readonly wait: number;
  readonly duration: number;
  readonly init: number;
  readonly billedMs: number;
  readonly outcome: string;
  readonly environment: number;
}

export interface EnvironmentRow {
  readonly number: number;
  readonly fn: number;
  readonly kind: string;
  readonly born: number;
  readonly first: number;
  readonly last: number;
  readonly ended: number;
  readonly why: string;
  readonly invocations: number;
  readonly busy: number;
}

/** Plays a scenario for a listener. */
export function listen(
  scenario: Scenario,
  listener: RecordListener,
  window?: Window,
  seed = scenario.seed,
): RunResult {
  const simulation = new RecordedSimulation(scenario, seed, listener, window);
  while (simulation.step());
  return simulation.result();
}

/** Everything that is recorded, in order; environments by number. */
export function record(scenario: Scenario, window?: Window) {
  const rows: InvocationRow[] = [];
  const environments: EnvironmentRow[] = [];
  const names = sourceNames(scenario);
  const result = listen(
    scenario,
    {
      invocations(b: InvocationBatch) {
        for (let i = 0; i < b.count; i++) {
          const placement = b.placements[i]!;
          rows.push({
            at: b.times[i]! / SECOND,
            fn: b.functions[i]!,
            entry: names[b.sources[i]!]!,
            placement: placementName(placement),
            reason: placement >= THROTTLED ? reasonName(placement) : "",
            wait: b.waits[i]! / SECOND,
            duration: b.durations[i]! / SECOND,
            init: b.inits[i]! / SECOND,
            billedMs: b.billed[i]!,
            outcome: RECORDED_OUTCOMES[b.outcomes[i]!]!,
            environment: b.environments[i]!,
          });
        }
      },
      environments(b: EnvironmentBatch) {
        for (let i = 0; i < b.count; i++) {
          environments.push({
            number: b.numbers[i]!,
            fn: b.functions[i]!,
            kind: b.provisioned[i] ? "provisioned" : "onDemand",
            born: b.births[i]! / SECOND,
            first: b.firstUses[i]! / SECOND,
            last: b.lastUses[i]! / SECOND,
            ended: b.deaths[i]! / SECOND,
            why: RECORDED_ENDS[b.ends[i]!]!,
            invocations: b.invocations[i]!,
            busy: b.busy[i]! / SECOND,
          });
        }
      },
    },
    window,
  );
  environments.sort((a, b) => a.number - b.number);
  return { rows, environments, result };
}
