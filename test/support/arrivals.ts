import { ArrivalBatch, type ArrivalContext, type ArrivalPlan } from "../../sim/arrivals/contract.ts";
import { ARRIVALS } from "../../sim/arrivals/registry.ts";
import { TraceTables } from "../../sim/arrivals/trace-table.ts";
import { parseInstant } from "../../sim/civil-date.ts";
import { RandomStreams } from "../../sim/random.ts";
import { explain } from "../../sim/scenario/choice.ts";
import { type FileReader, noFiles } from "../../sim/scenario/files.ts";

/** Where and when the arrivals happen; a run without a calendar, to a function `f`, unless the test says more. */
export interface Place {
  starts?: string;
  offset?: number;
  target?: string;
  read?: FileReader;
}

/** Builds a kind of arrivals from settings as a scenario writes them. */
export function planOf(
  settings: { type: string; [setting: string]: unknown },
  place: Place = {},
): ArrivalPlan {
  const { starts, offset = 0, target = "f", read = noFiles } = place;
  const kind = ARRIVALS.find((k) => k.type === settings.type)!;
  const instant = starts === undefined ? undefined : parseInstant(starts);
  if (instant?.ok === false) throw new Error(instant.message);
  const context: ArrivalContext = {
    startsAt: instant?.value,
    offset,
    target,
    tables: new TraceTables(read),
  };
  return kind.build(kind.schema.parse(settings, { error: explain }) as never, read, context);
}

/** Everything that arrives before `until` (microseconds), asked for in so many windows. */
export function play(plan: ArrivalPlan, until: number, seed = "1", windows = 1): ArrivalBatch {
  const process = plan.open(new RandomStreams(seed).open("a"));
  const batch = new ArrivalBatch();
  for (let w = 1; w <= windows; w++) process.fill(Math.round((until * w) / windows), batch);
  return batch;
}

/** The times of everything that arrives before `until`. */
export function timesOf(plan: ArrivalPlan, until: number, seed = "1"): number[] {
  const batch = play(plan, until, seed);
  return [...batch.times.subarray(0, batch.count)];
}
