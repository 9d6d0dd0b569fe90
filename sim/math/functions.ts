/**
 * Every transcendental function the simulator uses comes through this file. Their last digit is up to the
 * JavaScript engine, so the promise "same digest everywhere" (V8: Node, Chromium) can be widened in one place.
 */
export const { exp, log, log1p, expm1, pow, sqrt, cos, sin, atan, PI } = Math;

/**
 * The nearest whole number, halves upwards: Math.round for what is smaller than 2^52 (but for the last double below
 * 0.5). Math.round goes one of two ways, by the fraction, and of random numbers no processor foresees which: 10 ns a draw.
 */
export function nearest(x: number): number {
  return Math.floor(x + 0.5);
}

/**
 * The standard normal quantile: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988), relative
 * error about 1e-16. `p` in (0, 1).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return (q * ratio(0.180625 - q * q, CENTRE)) as number;
  const tail = q < 0 ? p : 1 - p;
  return q < 0 ? -normalTail(tail) : normalTail(tail);
}

/** The value a standard normal exceeds with probability `tail` < 0.075; exact far out, where 1 − p would not be. */
function normalTail(tail: number): number {
  const r = sqrt(-log(tail));
  return r <= 5 ? ratio(r - 1.6, MIDDLE) : ratio(r - 5, FAR);
}

/** The standard normal value with `p` below it and `q = 1 − p` above it; the smaller of the two is used. */
export function normalQuantileOf(p: number, q: number): number {
  return p <= q ? normalQuantile(p) : -normalQuantile(q);
}

type Coefficients = readonly [readonly number[], readonly number[]];

function ratio(x: number, [top, bottom]: Coefficients): number {
  return horner(x, top) / horner(x, bottom);
}

function horner(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + (coefficients[i] as number);
  return sum;
}

const CENTRE: Coefficients = [
  [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
    39307.89580009271061, 28729.085735721942674, 5226.495278852545925,
  ],
];
const MIDDLE: Coefficients = [
  [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
];
const FAR: Coefficients = [
  [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
];
