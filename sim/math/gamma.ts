import { exp, log, pow } from "./functions.ts";

/** Lanczos coefficients (g = 7, 9 terms), relative error of Γ about 1e-15. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - log(x);
  const y = x - 1;
  let sum = LANCZOS[0] as number;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] as number) / (y + i);
  const t = y + 7.5;
  return 0.91893853320467274 + (y + 0.5) * log(t) - t + log(sum);
}

/** Regularised incomplete gamma functions: P(k, x) below and Q(k, x) = 1 − P above, each accurate when small. */
export function incompleteGamma(k: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  const front = exp(k * log(x) - x - logGamma(k));
  if (x < k + 1) {
    // Power series.
    let term = 1 / k;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
      term *= x / (k + n);
      sum += term;
    }
    return { lower: front * sum, upper: 1 - front * sum };
  }
  // Continued fraction, evaluated forwards (modified Lentz).
  const tiny = 1e-300;
  let b = x + 1 - k;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000; i++) {
    const a = -i * (i - k);
    b += 2;
    d = a * d + b;
    d = 1 / (d === 0 ? tiny : d);
    c = b + a / c;
    if (c === 0) c = tiny;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return { lower: 1 - front * h, upper: front * h };
}

/**
 * The gamma quantile with shape `k` and scale 1: `p` below it, `q = 1 − p` above it.
 * Safeguarded Newton steps in log x, where the distribution function is well behaved for every shape.
 */
export function gammaQuantile(k: number, p: number, q: number): number {
  const logDensity = (x: number) => (k - 1) * log(x) - x - logGamma(k);
  // Far below, P(k, x) ≈ x^k / Γ(k + 1).
  let x = p < 1e-3 || k < 0.5 ? exp((log(p) + logGamma(k + 1)) / k) : k;
  if (!(x > 0)) return 0;
  x = Math.min(Math.max(x, 1e-300), 50 * k + 50);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i++) {
    const { lower, upper } = incompleteGamma(k, x);
    const miss = p <= q ? lower - p : q - upper;
    if (miss > 0) high = x;
    else low = x;
    const step = miss / exp(logDensity(x) + log(x));
    let next = x * exp(-Math.max(-2, Math.min(2, step)));
    if (!(next > low && next < high))
      next = high === Number.POSITIVE_INFINITY ? x * 2 : pow(Math.max(low, 1e-300) * high, 0.5);
    if (Math.abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}
