/**
 * The points of a grid by number, the last axis fastest, and what is said of them in columns. A point lies beyond another
 * along some signs (1, −1 or 0 an axis) when on each axis it lies at least as far in the sign's direction, and where the
 * sign is 0 at the same place.
 */
export class Lattice {
  readonly lengths: readonly number[];
  readonly size: number;
  private readonly strides: readonly number[];

  constructor(lengths: readonly number[]) {
    this.lengths = lengths;
    this.size = lengths.reduce((product, n) => product * n, 1);
    this.strides = lengths.map((_, a) => lengths.slice(a + 1).reduce((product, n) => product * n, 1));
  }

  /** Where a point stands on each axis. */
  places(point: number): number[] {
    return this.lengths.map((n, a) => Math.floor(point / this.strides[a]!) % n);
  }

  pointAt(places: readonly number[]): number {
    return places.reduce((point, place, a) => point + place * this.strides[a]!, 0);
  }

  /** The points one step away. */
  neighbours(point: number): number[] {
    return this.places(point).flatMap((place, a) => [
      ...(place > 0 ? [point - this.strides[a]!] : []),
      ...(place < this.lengths[a]! - 1 ? [point + this.strides[a]!] : []),
    ]);
  }

  /** The axis along which two points differ, if it is the only one. */
  axisBetween(one: number, other: number): number | undefined {
    const [from, to] = [this.places(one), this.places(other)];
    const differing = [...from.keys()].filter((a) => from[a] !== to[a]);
    return differing.length === 1 ? differing[0] : undefined;
  }

  /** Whether a point lies beyond another, or is it. */
  isBeyond(point: number, other: number, signs: readonly number[]): boolean {
    const from = this.places(other);
    return this.places(point).every((place, a) =>
      signs[a] === 0 ? place === from[a] : (place - from[a]!) * signs[a]! >= 0,
    );
  }

  /** Gives each point the greatest value of those that it lies beyond, itself included. In place. */
  carryMost(values: Float64Array, signs: readonly number[]): Float64Array {
    this.eachRun(signs, (start, end, back) => {
      for (let point = start; point < end; point++) {
        if (values[point - back]! > values[point]!) values[point] = values[point - back]!;
      }
    });
    return values;
  }

  /** Gives each point the sum over those that it lies beyond, itself included. In place. */
  carrySum(values: Float64Array, signs: readonly number[]): Float64Array {
    this.eachRun(signs, (start, end, back) => {
      for (let point = start; point < end; point++) values[point] = values[point]! + values[point - back]!;
    });
    return values;
  }

  /** Of the points with the same places on all axes of sign 0: a number that they share, the lowest of theirs. */
  blockOf(point: number, signs: readonly number[]): number {
    return this.places(point).reduce(
      (block, place, a) => block + (signs[a] === 0 ? place : 0) * this.strides[a]!,
      0,
    );
  }

  /**
   * Axis by axis, so that what a point was given along one it hands on along the next: the runs of points (that differ by
   * nothing before or on this axis), each after the run that it takes from, which lies `back` before it.
   */
  private eachRun(signs: readonly number[], take: (start: number, end: number, back: number) => void): void {
    const { size, lengths, strides } = this;
    signs.forEach((sign, a) => {
      if (sign === 0) return;
      const [n, stride] = [lengths[a]!, strides[a]!];
      for (let block = 0; block < size; block += n * stride) {
        for (let k = 1; k < n; k++) {
          const start = block + (sign > 0 ? k : n - 1 - k) * stride;
          take(start, start + stride, sign * stride);
        }
      }
    });
  }
}
