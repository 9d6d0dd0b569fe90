import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lattice } from "../../study/lattice.ts";

const grids = fc
  .array(fc.record({ length: fc.integer({ min: 1, max: 5 }), sign: fc.constantFrom(-1, 0, 1) }), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((axes) => {
    const size = axes.reduce((n, { length }) => n * length, 1);
    return fc.record({
      axes: fc.constant(axes),
      values: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: size, maxLength: size }),
    });
  });

describe("a lattice", () => {
  it("numbers points as the grid lists them, the last axis fastest", () => {
    const lattice = new Lattice([2, 3]);
    expect([0, 1, 2, 3, 4, 5].map((point) => lattice.places(point))).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(lattice.neighbours(4)).toEqual([1, 3, 5]);
    expect([lattice.axisBetween(1, 4), lattice.axisBetween(3, 5), lattice.axisBetween(0, 4)]).toEqual([
      0,
      1,
      undefined,
    ]);
  });

  it("carries values to all points beyond, and to no others", () => {
    fc.assert(
      fc.property(grids, ({ axes, values }) => {
        const lattice = new Lattice(axes.map(({ length }) => length));
        const signs = axes.map(({ sign }) => sign);
        const most = lattice.carryMost(Float64Array.from(values), signs);
        const sums = lattice.carrySum(Float64Array.from(values), signs);
        for (let point = 0; point < lattice.size; point++) {
          expect(lattice.pointAt(lattice.places(point))).toBe(point);
          const behind = values.filter((_, other) => lattice.isBeyond(point, other, signs));
          expect(most[point]).toBe(Math.max(...behind));
          expect(sums[point]).toBe(behind.reduce((a, b) => a + b, 0));
        }
      }),
    );
  });
});
