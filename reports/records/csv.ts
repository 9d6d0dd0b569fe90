import { THROTTLE_REASONS, THROTTLED } from "../../sim/lambda/placement.ts";
import {
  type EnvironmentBatch,
  type InvocationBatch,
  RECORDED_ENDS,
  RECORDED_OUTCOMES,
  type RecordListener,
  sourceNames,
  type Window,
} from "../../sim/measure/record-batch.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { MILLISECOND, SECOND } from "../../sim/units.ts";
import { csvCell } from "../csv-cell.ts";

/** How an attempt was placed, by number; every refusal is `throttled`. */
const PLACEMENTS = ["provisioned", "warm", "cold", "throttled"] as const;
export const placementName = (placement: number): string => PLACEMENTS[Math.min(placement, THROTTLED)]!;
export const reasonName = (placement: number): string => THROTTLE_REASONS[placement - THROTTLED] ?? "";

/** The columns of invocations.csv and invocations.parquet. */
export const INVOCATION_COLUMNS = [
  "t_s",
  "function",
  "entry",
  "placement",
  "reason",
  "waitMs",
  "durationMs",
  "initMs",
  "billedMs",
  "outcome",
  "environment",
] as const;

const ENVIRONMENT_COLUMNS = [
  "environment",
  "function",
  "kind",
  "bornS",
  "firstUseS",
  "lastUseS",
  "endedS",
  "why",
  "invocations",
  "busyS",
] as const;

/** Where text goes, piece by piece. */
export type Write = (text: string) => void;

/**
 * invocations.csv: one row an invocation or refused attempt that arrived in the window; a refused one has no more than its
 * reason.
 */
export class InvocationsCsv implements RecordListener {
  private readonly functions: readonly string[];
  private readonly sources: readonly string[];
  private readonly from: number;
  private readonly write: Write;

  constructor(scenario: Scenario, { from }: Window, write: Write) {
    this.functions = scenario.functions.map(({ name }) => csvCell(name));
    this.sources = sourceNames(scenario).map(csvCell);
    this.from = from;
    this.write = write;
    write(`${INVOCATION_COLUMNS.join()}\n`);
  }

  invocations(batch: InvocationBatch): void {
    let text = "";
    for (let i = 0; i < batch.count; i++) {
      const at = batch.times[i]!;
      if (at < this.from) continue;
      const placement = batch.placements[i]!;
      const from = `${at / SECOND},${this.functions[batch.functions[i]!]},${this.sources[batch.sources[i]!]}`;
      text +=
        placement >= THROTTLED
          ? `${from},throttled,${reasonName(placement)},,,,,throttled,\n`
          : `${from},${placementName(placement)},,${batch.waits[i]! / MILLISECOND},${batch.durations[i]! / MILLISECOND},${batch.inits[i]! / MILLISECOND},${batch.billed[i]},${RECORDED_OUTCOMES[batch.outcomes[i]!]},${batch.environments[i]}\n`;
    }
    this.write(text);
  }

  environments(): void {}
}

/** environments.csv: one row an environment that existed in the window, in the order in which it is known how they end. */
export class EnvironmentsCsv implements RecordListener {
  private readonly functions: readonly string[];
  private readonly write: Write;

  constructor(scenario: Scenario, write: Write) {
    this.functions = scenario.functions.map(({ name }) => csvCell(name));
    this.write = write;
    write(`${ENVIRONMENT_COLUMNS.join()}\n`);
  }

  invocations(): void {}

  environments(batch: EnvironmentBatch): void {
    let text = "";
    for (let i = 0; i < batch.count; i++) {
      const cells = [
        batch.numbers[i],
        this.functions[batch.functions[i]!],
        batch.provisioned[i] ? "provisioned" : "onDemand",
        batch.births[i]! / SECOND,
        seconds(batch.firstUses[i]!),
        seconds(batch.lastUses[i]!),
        seconds(batch.deaths[i]!),
        RECORDED_ENDS[batch.ends[i]!],
        batch.invocations[i],
        batch.busy[i]! / SECOND,
      ];
      text += `${cells.join()}\n`;
    }
    this.write(text);
  }
}

const seconds = (us: number): string => (Number.isNaN(us) ? "" : `${us / SECOND}`);
