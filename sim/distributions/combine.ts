import type { Stream } from "../random.ts";
import { constantDistribution } from "./constant.ts";
import type { Distribution, Sampler } from "./contract.ts";

/** Draws of another sampler, each times a factor and plus a constant (microseconds). */
class AffineSampler implements Sampler {
  private readonly inner: Sampler;
  private readonly factor: number;
  private readonly shift: number;

  constructor(inner: Sampler, factor: number, shift: number) {
    this.inner = inner;
    this.factor = factor;
    this.shift = shift;
  }

  fill(out: Float64Array, from: number, to: number): void {
    const { inner, factor, shift } = this;
    inner.fill(out, from, to);
    for (let i = from; i < to; i++) out[i] = factor * out[i]! + shift;
  }

  next(): number {
    return this.factor * this.inner.next() + this.shift;
  }
}

/** `factor` times the law plus `shift` microseconds; the factor is positive. */
function affine(law: Distribution, factor: number, shift: number, text: string): Distribution {
  if (law.constant) return constantDistribution(factor * law.mean + shift);
  return {
    mean: factor * law.mean + shift,
    minimum: factor * law.minimum + shift,
    constant: false,
    text,
    sampler: (stream: Stream) => new AffineSampler(law.sampler(stream), factor, shift),
  };
}

/** Every value times `factor`, a positive number: the same draws, stretched. */
export function scaled(law: Distribution, factor: number): Distribution {
  if (!(factor > 0)) throw new RangeError(`a law is scaled by a positive factor, not ${factor}`);
  return factor === 1 ? law : affine(law, factor, 0, `${law.text}, ×${Number(factor.toPrecision(6))}`);
}

/** Every value plus `shift` microseconds. */
export function shifted(law: Distribution, shift: number): Distribution {
  return shift === 0 ? law : affine(law, 1, shift, `${law.text} + ${constantDistribution(shift).text}`);
}

/** One draw of each part after another, all from one stream. */
class SumSampler implements Sampler {
  private readonly parts: readonly Sampler[];
  private readonly shift: number;

  constructor(parts: readonly Sampler[], shift: number) {
    this.parts = parts;
    this.shift = shift;
  }

  fill(out: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) out[i] = this.next();
  }

  next(): number {
    let sum = this.shift;
    for (let i = 0; i < this.parts.length; i++) sum += this.parts[i]!.next();
    return sum;
  }
}

/**
 * The sum of independent parts, drawn one after another from one stream. Constants take no draw; those of zero vanish,
 * and a sum of constants alone is a constant.
 */
export function sumOf(parts: readonly Distribution[]): Distribution {
  const varying = parts.filter((part) => !part.constant);
  const shift = parts.reduce((sum, part) => (part.constant ? sum + part.mean : sum), 0);
  if (varying.length === 0) return constantDistribution(shift);
  if (varying.length === 1) return shifted(varying[0]!, shift);
  const shown = parts.filter((part) => !part.constant || part.mean !== 0);
  return {
    mean: parts.reduce((sum, part) => sum + part.mean, 0),
    minimum: parts.reduce((sum, part) => sum + part.minimum, 0),
    constant: false,
    text: shown.map((part) => part.text).join(" + "),
    sampler: (stream) =>
      new SumSampler(
        varying.map((part) => part.sampler(stream)),
        shift,
      ),
  };
}
