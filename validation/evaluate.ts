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
  const rows = rowsOf(one);
  if (typeof rows === "string") return { case: one, rows: [], notRun: rows };
  return { case: one, rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })) };
}

/** A case that breaks is a miss; one whose recorded file is not there is not run. */
function rowsOf(one: Case): Row[] | string {
  try {
    return [one.run()].flat();
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "a recorded file is missing";
    return [{ what: `broke: ${message}`, expected: 0, got: Number.NaN, tolerance: 0, from: "exact" }];
  }
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
