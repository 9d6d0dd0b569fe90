/** What a case is: one statement about lsim with an expected value from outside it. */

export const GROUPS = ["theory", "aws", "recorded"] as const;
export type Group = (typeof GROUPS)[number];

/** How values are printed; shares are kept as 0 to 1 and printed as percentages. */
export type Unit = "%" | "" | "ms" | "s" | "$" | "GB-s" | "calls" | "cold starts" | "environments" | "MB";

/** Where a tolerance comes from. */
export const TOLERANCES = {
  exact: "nothing is left to chance: the values must be the same",
  chance: "4.5 standard errors of a run of that length, computed",
  runs: "for a mean of independent runs: as many standard errors, as the runs show them, as by Student's t are as certain as 4.5 known ones",
  stated: "stated together with the expected value in its source",
  digits:
    "half a unit of the last digit that the source prints, and 4.5 standard errors where chance plays a part",
  goal: "a round figure set as a goal, not derived",
  binomial:
    "three binomial standard errors of the recorded or the simulated share, the larger, at least one percentage point",
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
  /** The model is known to be off here. Such a row is not ok; it is a miss when it is off by anything else. */
  readonly known?: Known;
}

/** What is known of a row that is off. */
export interface Known {
  readonly why: string;
  /** Between what `got − expected` lies, in the unit of the values; beyond the row's tolerance. */
  readonly off: readonly [least: number, most: number];
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
  const holds = row.known === undefined ? within(row) : strayed(row) === undefined;
  if (!holds) return "MISS";
  return row.known === undefined ? "ok" : "known";
}

/** A comparison with NaN is false, so a value that is missing is a miss. */
const within = ({ expected, got, tolerance }: Row): boolean =>
  Math.abs(got - expected) <= tolerance + ROUNDING * Math.abs(expected);

/** How a row that is known to be off has left what is known; undefined when it has not. */
export function strayed(row: Row): string | undefined {
  if (row.known === undefined) return undefined;
  if (within(row)) return "no longer off: remove the flag";
  const [least, most] = row.known.off;
  const off = row.got - row.expected;
  const rounding = ROUNDING * Math.abs(row.expected);
  if (off >= least - rounding && off <= most + rounding) return undefined;
  const less = least > 0 ? off > 0 && off < least : off < 0 && off > most;
  return less ? "off by less than is known" : "off by more than is known";
}

/** Of several runs' values the one farthest from what is expected: when that one holds, all do. */
export function farthest(expected: number, values: readonly number[]): number {
  return values.reduce((a, b) => (Math.abs(b - expected) > Math.abs(a - expected) ? b : a));
}

/** A row in which nothing is left to chance. */
export function exactly(what: string, expected: number, got: number, unit?: Unit): Row {
  return { what, expected, got, tolerance: 0, from: "exact", ...(unit !== undefined && { unit }) };
}
