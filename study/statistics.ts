import jstat from "jstat";

/** A mean over replications with the half-width of its 95 % confidence interval (NaN for fewer than two). */
export interface Estimate {
  readonly mean: number;
  readonly ci95: number;
}

/** Student's t interval, over the values that are numbers. */
export function estimate(values: readonly number[]): Estimate {
  const known = values.filter((v) => Number.isFinite(v));
  const n = known.length;
  if (n === 0) return { mean: Number.NaN, ci95: Number.NaN };
  const mean = known.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { mean, ci95: Number.NaN };
  const variance = known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { mean, ci95: studentT975(n - 1) * Math.sqrt(variance / n) };
}

function studentT975(degrees: number): number {
  return jstat.studentt.inv(0.975, degrees);
}
