import type { Distribution } from "../../sim/distributions/contract.ts";
import { buildDistribution, distribution } from "../../sim/distributions/setting.ts";
import { RandomStreams } from "../../sim/random.ts";
import { type FileReader, noFiles } from "../../sim/scenario/files.ts";

/** The law of a setting as a scenario writes it. */
export function lawOf(setting: unknown, read: FileReader = noFiles): Distribution {
  return buildDistribution(distribution().parse(setting), read);
}

export function drawsOf(law: Distribution, count: number, seed = "1"): Float64Array {
  const draws = new Float64Array(count);
  law.sampler(new RandomStreams(seed).open("x")).fill(draws, 0, count);
  return draws;
}

/** ∫ f from a to b by Simpson's rule. */
export function simpson(f: (x: number) => number, a: number, b: number, steps = 20_000): number {
  const h = (b - a) / steps;
  let sum = f(a) + f(b);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * f(a + i * h);
  return (sum * h) / 3;
}

/** Mean, coefficient of variation and share of the part of a law from a to b, by its density. */
export function partOfDensity(density: (x: number) => number, a: number, b: number) {
  const share = simpson(density, a, b);
  const mean = simpson((x) => x * density(x), a, b) / share;
  const square = simpson((x) => x * x * density(x), a, b) / share;
  return { share, mean, cv: Math.sqrt(square - mean * mean) / mean };
}
