import { type Case, type Row, type Verdict, verdictOf } from "./case.ts";
import { dataFolder } from "./data.ts";

/** A case with its rows judged; without rows and with a reason where it could not be run. */
export interface Outcome {
  readonly case: Case;
  readonly rows: readonly (Row & { readonly verdict: Verdict })[];
  readonly notRun?: string;
}

export const NO_DATA = "LSIM_DATA is not set";

/** Runs a case and judges its rows. */
export function evaluate(one: Case): Outcome {
  if (one.group === "recorded" && dataFolder() === undefined) return { case: one, rows: [], notRun: NO_DATA };
  const rows = [one.run()].flat();
  return { case: one, rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })) };
}

export type Tally = Record<Verdict, number>;

/** How many rows came to what; a case that was not run counts as one. */
export function tally(outcomes: readonly Outcome[]): Tally {
  const counts: Tally = { ok: 0, MISS: 0, known: 0, "not run": 0 };
  for (const { rows, notRun } of outcomes) {
    if (notRun !== undefined) counts["not run"]++;
    for (const { verdict } of rows) counts[verdict]++;
  }
  return counts;
}
