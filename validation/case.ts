/** What a case is: one statement about lsim with an expected value from outside it. */

export const GROUPS = ["theory", "aws", "recorded"] as const;
export type Group = (typeof GROUPS)[number];

/** How values are printed; shares are kept as 0 to 1 and printed as percentages. */
export type Unit = "%" | "" | "ms" | "s" | "$" | "GB-s" | "calls" | "cold starts" | "environments" | "MB";

/** Where a tolerance comes from. */
export const TOLERANCES = {
  exact: "nothing is left to chance: the values must be the same",
  chance: "4.5 standard errors of a run of that length, computed",
  runs: "4.5 standard errors of the mean, as the independent runs show them",
  stated: "stated together with the expected value in its source",
  digits:
    "half a unit of the last digit that the source prints, and 4.5 standard errors where chance plays a part",
  goal: "a round figure set as a goal, not derived",
  binomial: "three binomial standard errors of the recorded share, at least one percentage point",
} as const;
export type ToleranceFrom = keyof typeof TOLERANCES;

export interface Row {
  readonly what: string;
  readonly expected: number;
  readonly got: number;
  /** In the unit of the values. 0: the same value. */
  readonly tolerance: number;
  readonly from: ToleranceFrom;
  /** The case's, unless another is given. */
  readonly unit?: Unit;
  /** The model is known to be off here: why. Such a row counts neither as right nor as a miss. */
  readonly known?: string;
}

export interface Case {
  readonly id: string;
  readonly group: Group;
  /** What the case is about; rows of one subject stand together. */
  readonly subject: string;
  /** In plain words. */
  readonly title: string;
  /** Where the expected values come from. */
  readonly source: string;
  readonly unit: Unit;
  run(): Row | Row[];
  /** For a case with known rows: what is off and by how much, in plain words and with figures from the rows. */
  off?: { readonly heading: string; say(rows: readonly Row[]): string };
}

export type Verdict = "ok" | "MISS" | "known" | "not run";

/** Sums of floating-point numbers are the same when they differ by less than this share. */
const ROUNDING = 1e-12;

export function verdictOf(row: Row): Verdict {
  if (row.known !== undefined) return "known";
  const off = Math.abs(row.got - row.expected);
  // A comparison with NaN is false, so a value that is missing is a miss.
  return off <= row.tolerance + ROUNDING * Math.abs(row.expected) ? "ok" : "MISS";
}

/** Of several runs' values the one farthest from what is expected: when that one holds, all do. */
export function farthest(expected: number, values: readonly number[]): number {
  return values.reduce((a, b) => (Math.abs(b - expected) > Math.abs(a - expected) ? b : a));
}

/** A row in which nothing is left to chance. */
export function exactly(what: string, expected: number, got: number, unit?: Unit): Row {
  return { what, expected, got, tolerance: 0, from: "exact", ...(unit !== undefined && { unit }) };
}
