import { incompleteGamma } from "./gamma.ts";

/** The share of a standard normal law from `a` to `b`, exact in both tails. */
export function normalBetween(a: number, b: number): number {
  if (a > b) return -normalBetween(b, a);
  if (a < 0 && b > 0) return 1 - beyond(-a) - beyond(b);
  return a >= 0 ? beyond(a) - beyond(b) : beyond(-b) - beyond(-a);
}

/** The share above z ≥ 0. */
function beyond(z: number): number {
  return incompleteGamma(0.5, (z * z) / 2).upper / 2;
}
