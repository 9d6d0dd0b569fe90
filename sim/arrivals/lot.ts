import { drawUniform, type Stream } from "../random.ts";

/**
 * A number that is not whole, as a whole one by lot: 2.3 is 3 in 30 of 100 draws, else 2, so that the mean is kept.
 * A whole number takes no draw.
 */
export function byLot(value: number, stream: Stream): number {
  const whole = Math.floor(value);
  return value > whole && drawUniform(stream) < value - whole ? whole + 1 : whole;
}

/** The text of a plan that was made `factor` times as dense. */
export function scaledText(text: string, factor: number): string {
  return `${text}, ×${Number(factor.toPrecision(6))}`;
}
