import { drawUniform, type Stream } from "../random.ts";
import type { Firings } from "../schedule/firings.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";
import { byLot, scaledText } from "./lot.ts";

/** `size` requests at each firing, at once or spread uniformly over `within` microseconds. */
class FiringsProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly firings: Firings;
  private readonly size: number;
  private readonly within: number;
  private readonly stream: Stream;
  private fired = -1;
  private places: Float64Array = new Float64Array(0);
  private left = 0;

  constructor(firings: Firings, size: number, within: number, stream: Stream) {
    this.firings = firings;
    this.size = size;
    this.within = within;
    this.stream = stream;
    this.fire();
  }

  fill(until: number, batch: ArrivalBatch): void {
    while (this.next < until) {
      batch.push(this.next);
      this.left--;
      if (this.left === 0) this.fire();
      else if (this.within > 0) this.next = this.place();
    }
  }

  /** Goes to the next firing that has any requests. */
  private fire(): void {
    do {
      this.fired = this.firings.next(this.fired + 1);
      if (this.fired === Number.POSITIVE_INFINITY) {
        this.next = Number.POSITIVE_INFINITY;
        return;
      }
      this.left = byLot(this.size, this.stream);
    } while (this.left === 0);
    if (this.within > 0) {
      this.places = new Float64Array(this.left);
      for (let i = 0; i < this.left; i++) this.places[i] = drawUniform(this.stream);
      this.places.sort();
    }
    this.next = this.place();
  }

  private place(): number {
    if (this.within === 0) return this.fired;
    return this.fired + Math.floor(this.within * this.places[this.places.length - this.left]!);
  }
}

/** When a plan of firings repeats, and whether a timer makes them (see ArrivalPlan). */
export interface FiringsRhythm {
  readonly period: number;
  readonly scheduled?: boolean;
}

/** A plan of `size` requests (real; rounded by lot each time) at each firing. */
export function firingsPlan(
  firings: Firings,
  size: number,
  within: number,
  text: string,
  rhythm: FiringsRhythm,
): ArrivalPlan {
  return {
    text,
    carriesDurations: false,
    ...rhythm,
    expected: (until) => size * firings.count(until),
    scaled: (factor) => firingsPlan(firings, size * factor, within, scaledText(text, factor), rhythm),
    open: (stream) => new FiringsProcess(firings, size, within, stream),
  };
}
