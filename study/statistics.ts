import jstat from "jstat";

/** A mean over replications with the half-width of its 95 % confidence interval (NaN for fewer than two). */
export interface Estimate {
  readonly mean: number;
  readonly ci95: number;
}

/** Values closer than this, relative to their size, are the same but for rounding. */
const ROUNDING = 1e-12;

/** Student's t interval, over the values that are numbers; 0 wide where they all agree to within rounding. */
export function estimate(values: readonly number[]): Estimate {
  const { mean, half } = meanWithin(values, 0.025);
  return { mean, ci95: half };
}

/**
 * The mean of the values that are numbers, and how far it may be off to one side at a level of error (0.025: the
 * half-width of the 95 % interval). 0 where they all agree to within rounding; NaN for fewer than two.
 */
export function meanWithin(values: readonly number[], level: number): { mean: number; half: number } {
  const known = values.filter((v) => Number.isFinite(v));
  const n = known.length;
  if (n === 0) return { mean: Number.NaN, half: Number.NaN };
  const [first] = known as [number];
  if (n < 2) return { mean: first, half: Number.NaN };
  // What differs by rounding alone agrees: its interval would be noise, and its mean could miss a limit it lies on.
  if (known.every((v) => Math.abs(v - first) <= ROUNDING * Math.abs(first))) return { mean: first, half: 0 };
  const mean = known.reduce((a, b) => a + b, 0) / n;
  const variance = known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { mean, half: studentT(level, n - 1) * Math.sqrt(variance / n) };
}

/**
 * The difference b − a of two independent samples' means, with Welch's interval: Student's t with the degrees of freedom
 * of Satterthwaite (Welch, Biometrika 34, 1947).
 */
export function welch(a: readonly number[], b: readonly number[]): Estimate {
  const [of, from] = [moments(b), moments(a)];
  const mean = of.mean - from.mean;
  const [u, v] = [of.variance / of.count, from.variance / from.count];
  if (!(of.count > 1 && from.count > 1)) return { mean, ci95: Number.NaN };
  if (u + v === 0) return { mean, ci95: 0 };
  const degrees = (u + v) ** 2 / (u ** 2 / (of.count - 1) + v ** 2 / (from.count - 1));
  return { mean, ci95: studentT975(degrees) * Math.sqrt(u + v) };
}

/** Of the values that are numbers; the variance is 0 where they agree to within rounding. */
export function moments(values: readonly number[]): { count: number; mean: number; variance: number } {
  const known = values.filter((v) => Number.isFinite(v));
  const { mean, ci95 } = estimate(known);
  const count = known.length;
  const squares = known.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { count, mean, variance: ci95 === 0 ? 0 : squares / (count - 1) };
}

/** The factor of a 95 % interval: the 97.5 % quantile of Student's t. */
export function studentT975(degrees: number): number {
  return studentT(0.025, degrees);
}

/** The factors of 95 % intervals by their degrees of freedom: a study with thousands of functions asks for one of them all the time. */
const factors = new Map<number, number>();
const MOST_FACTORS = 1000;

/** What Student's t exceeds with probability `level`. The lower tail is the one that is exact far out. */
function studentT(level: number, degrees: number): number {
  const known = level === 0.025 ? factors.get(degrees) : undefined;
  if (known !== undefined) return known;
  const factor = -jstat.studentt.inv(level, degrees);
  if (level === 0.025 && factors.size < MOST_FACTORS) factors.set(degrees, factor);
  return factor;
}
