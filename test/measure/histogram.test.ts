import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, bucketRange, Histogram } from "../../sim/measure/histogram.ts";
import { IntervalHistogram } from "../../sim/measure/interval-histogram.ts";
import { Stretch } from "../../sim/measure/stretch.ts";

const values = fc.oneof(
  fc.nat(2000),
  fc.nat(2 ** 31 - 1),
  fc.maxSafeInteger().map(Math.abs),
  fc.integer({ min: 2 ** 31 - 5, max: 2 ** 31 + 5 }),
);

describe("a histogram", () => {
  it("puts every value into a bucket that holds it, at most 0.2 % wide", () => {
    fc.assert(
      fc.property(values, (value) => {
        const { low, width } = bucketRange(bucketOf(value));
        return low <= value && value < low + width && (width === 1 || width <= 0.002 * low);
      }),
      { numRuns: 5000 },
    );
  });

  it("gives any quantile within 0.1 % of the recorded value at that rank", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, p) => {
          const h = new Histogram();
          for (const value of list) h.record(value);
          const sorted = Float64Array.from(list).sort();
          const exact = sorted[Math.max(1, Math.ceil(p * sorted.length - 1e-9)) - 1]!;
          return Math.abs(h.quantile(p) - exact) <= 0.001 * exact + 1e-9;
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("is the same filled interval by interval, and gives the interval's own quantiles", () => {
    fc.assert(
      fc.property(fc.array(fc.array(values, { maxLength: 30 }), { maxLength: 5 }), (intervals) => {
        const whole = new Histogram();
        const total = new Histogram();
        const interval = new IntervalHistogram();
        const stretch = new Stretch();
        for (const list of intervals) {
          const own = new Histogram();
          for (const value of list) {
            whole.record(value);
            own.record(value);
          }
          stretch.read(Float64Array.from(list), 0, list.length, 1);
          interval.recordEach(stretch);
          total.recordEach(stretch);
          const { count, p50, p99 } = interval.flush();
          expect(count).toBe(list.length);
          expect([p50, p99]).toEqual([own.quantile(0.5), own.quantile(0.99)]);
        }
        expect([...total.buckets()]).toEqual([...whole.buckets()]);
        expect([total.count, total.min, total.max]).toEqual([whole.count, whole.min, whole.max]);
      }),
    );
  });

  it("counts beyond 2^16 and 2^32, whichever way they come about", () => {
    const h = new Histogram();
    const list = new Float64Array(70_000).fill(5);
    h.recordEach(new Stretch().read(list, 0, list.length, 1));
    h.record(1_000_000);
    expect([...h.buckets()].map((b) => b.count)).toEqual([70_000, 1]);
    const sum = new Histogram();
    for (let i = 0; i < 20; i++) {
      sum.add(h);
      h.add(sum);
    }
    expect([...h.buckets()].reduce((n, b) => n + b.count, 0)).toBe(h.count);
    expect(h.count).toBeGreaterThan(2 ** 40);
    expect(h.quantile(0.5)).toBe(5);
    const rest = h.minus(sum);
    expect([...rest.buckets()].reduce((n, b) => n + b.count, 0)).toBe(h.count - sum.count);
    h.clear();
    expect([...h.buckets()]).toEqual([]);
  });

  it("can have a part taken out again", () => {
    const [all, part] = [new Histogram(), new Histogram()];
    for (const v of [5, 700, 1_000_000]) all.record(v);
    for (const v of [20, 2_000_000]) {
      all.record(v);
      part.record(v);
    }
    const rest = all.minus(part);
    expect([rest.count, rest.sum, rest.min]).toEqual([3, 1_000_705, 5]);
    expect([...rest.buckets()].reduce((n, b) => n + b.count, 0)).toBe(3);
  });
});
