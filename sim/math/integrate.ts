import { exp, log } from "./functions.ts";

/** Gauss–Legendre nodes and weights on (−1, 1), ten points, one half (the other is its mirror image). */
const NODES = [
  0.14887433898163122, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717,
];
const WEIGHTS = [
  0.29552422471475287, 0.26926671930999635, 0.21908636251598204, 0.1494513491505806, 0.06667134430868814,
];

function panel(f: (x: number) => number, a: number, b: number): number {
  const middle = (a + b) / 2;
  const half = (b - a) / 2;
  let sum = 0;
  for (let i = 0; i < NODES.length; i++) {
    const x = half * NODES[i]!;
    sum += WEIGHTS[i]! * (f(middle - x) + f(middle + x));
  }
  return half * sum;
}

/** ∫ f from a to b: a panel is halved until its halves agree with it, within 1e-10 of `scale`. */
function adaptive(
  f: (x: number) => number,
  a: number,
  b: number,
  whole: number,
  scale: number,
  depth: number,
): number {
  if (Math.abs(whole) <= 1e-12 * scale) return whole;
  const middle = (a + b) / 2;
  const left = panel(f, a, middle);
  const right = panel(f, middle, b);
  if (depth === 0 || Math.abs(left + right - whole) <= 1e-10 * scale) return left + right;
  return adaptive(f, a, middle, left, scale, depth - 1) + adaptive(f, middle, b, right, scale, depth - 1);
}

/** A share of a law: `p` of it lies below, `q = 1 − p` above. Both, since far out only the smaller is exact. */
export interface Share {
  readonly p: number;
  readonly q: number;
}

/** The smallest tail that is looked into; e^−690 is about the smallest double. */
const FARTHEST = 690;
const LN2 = log(2);

/**
 * ∫ quantile dp between two shares: what that part of a law contributes to its mean, within 1e-8 of it. Each side is
 * integrated over the logarithm of its tail, where the quantile functions of all usual laws are smooth.
 */
export function integrateQuantile(
  quantile: (p: number, q: number) => number,
  from: Share,
  to: Share,
): number {
  const depthOf = (tail: number) => (tail <= 0 ? FARTHEST : Math.min(FARTHEST, -log(tail)));
  const lower = (s: number) => exp(-s) * quantile(exp(-s), 1 - exp(-s));
  const upper = (s: number) => exp(-s) * quantile(1 - exp(-s), exp(-s));
  const ranges: [f: (s: number) => number, a: number, b: number][] = [];
  if (from.p < 0.5) ranges.push([lower, to.p < 0.5 ? depthOf(to.p) : LN2, depthOf(from.p)]);
  if (to.p > 0.5) ranges.push([upper, from.p > 0.5 ? depthOf(from.q) : LN2, depthOf(to.q)]);
  // Panels that double in length, as the tails shrink by powers.
  const panels: { f: (s: number) => number; a: number; b: number; whole: number }[] = [];
  for (const [f, start, end] of ranges) {
    for (let a = start, length = 1; a < end; a += length, length *= 2) {
      const b = Math.min(end, a + length);
      panels.push({ f, a, b, whole: panel(f, a, b) });
    }
  }
  const scale = panels.reduce((sum, { whole }) => sum + Math.abs(whole), 0);
  return panels.reduce((sum, { f, a, b, whole }) => sum + adaptive(f, a, b, whole, scale, 20), 0);
}
