import { drawUniform, type Stream } from "../random.ts";
import { printCount, printDuration } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";
import { byLot, scaledText } from "./lot.ts";

export type Spread = "poisson" | "even";

/** A row of intervals: `at(i)` is the time (microseconds) at which the i-th begins, `at(size)` that at which all end. */
export interface Grid {
  readonly size: number;
  at(slot: number): number;
}

export const regularGrid = (interval: number, size: number): Grid => ({
  size,
  at: (slot) => slot * interval,
});

/** Intervals of any length, each up to where the next begins. */
export const edgeGrid = (edges: Float64Array): Grid => ({
  size: edges.length - 1,
  at: (slot) => edges[slot]!,
});

/** How many arrived in each interval, leaving out those in which none did; one grid may serve many functions. */
export interface IntervalCounts {
  readonly grid: Grid;
  /** The intervals with arrivals, in order, and how many. */
  readonly slots: Int32Array;
  readonly counts: Float64Array;
  /** The service time of every one of them (microseconds), where the recording gives it. */
  readonly duration?: number | undefined;
}

/** Leaves out the intervals without arrivals. */
export function intervalCounts(grid: Grid, dense: ArrayLike<number>): IntervalCounts {
  const slots: number[] = [];
  for (let i = 0; i < dense.length; i++) if (dense[i]! > 0) slots.push(i);
  return {
    grid,
    slots: Int32Array.from(slots),
    counts: Float64Array.from(slots, (slot) => dense[slot]!),
  };
}

/**
 * Counts per interval: exactly that many arrive in each, at uniformly random places ("poisson": what a Poisson
 * process does, given the count) or evenly, the i-th of n at (i + ½)/n of the interval.
 */
class CountsProcess implements ArrivalProcess {
  next = Number.POSITIVE_INFINITY;
  private readonly source: IntervalCounts;
  private readonly factor: number;
  private readonly spread: Spread;
  private readonly stream: Stream;
  private row = -1;
  private places = new Float64Array(0);
  private index = 0;

  constructor(source: IntervalCounts, factor: number, spread: Spread, stream: Stream) {
    this.source = source;
    this.factor = factor;
    this.spread = spread;
    this.stream = stream;
    this.step();
  }

  fill(until: number, batch: ArrivalBatch): void {
    const { duration } = this.source;
    while (this.next < until) {
      if (duration === undefined) batch.push(this.next);
      else batch.pushWithDuration(this.next, duration);
      this.index++;
      this.step();
    }
  }

  private step(): void {
    const { grid, slots, counts } = this.source;
    while (this.index >= this.places.length) {
      this.row++;
      if (this.row >= slots.length) {
        this.next = Number.POSITIVE_INFINITY;
        return;
      }
      const n = byLot(counts[this.row]! * this.factor, this.stream);
      this.index = 0;
      this.places = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        this.places[i] = this.spread === "even" ? (i + 0.5) / n : drawUniform(this.stream);
      }
      if (this.spread === "poisson") this.places.sort();
      const start = grid.at(slots[this.row]!);
      const length = grid.at(slots[this.row]! + 1) - start;
      for (let i = 0; i < n; i++) this.places[i] = Math.floor(start + length * this.places[i]!);
    }
    this.next = this.places[this.index]!;
  }
}

/** A plan that plays the counts once. */
export function countsPlan(source: IntervalCounts, spread: Spread): ArrivalPlan {
  const total = source.counts.reduce((a, b) => a + b, 0);
  const text = `${printCount(total)} arrivals in ${printCount(source.grid.size)} intervals, spread ${spread === "even" ? "evenly" : "as Poisson"}`;
  return scaledCounts(source, 1, spread, text);
}

function scaledCounts(source: IntervalCounts, factor: number, spread: Spread, text: string): ArrivalPlan {
  const { grid, slots, counts } = source;
  return {
    text,
    carriesDurations: source.duration !== undefined,
    period: Number.POSITIVE_INFINITY,
    expected(until) {
      let sum = 0;
      for (let i = 0; i < slots.length; i++) {
        const start = grid.at(slots[i]!);
        if (start >= until) break;
        sum += counts[i]! * Math.min(1, (until - start) / (grid.at(slots[i]! + 1) - start));
      }
      return sum * factor;
    },
    scaled: (more) => scaledCounts(source, factor * more, spread, scaledText(text, more)),
    open: (stream) => new CountsProcess(source, factor, spread, stream),
  };
}

/**
 * The intervals from `from` until `to` (to the last where left out), shifted so that `from` is 0. Throws RangeError for
 * a cut inside an interval.
 */
export function cutCounts(
  source: IntervalCounts,
  from: number,
  to = Number.POSITIVE_INFINITY,
): IntervalCounts {
  const { grid } = source;
  if (from === 0 && to >= grid.at(grid.size)) return source;
  for (const [name, cut] of [
    ["from", from],
    ["to", to],
  ] as const) {
    const before = slotOf(grid, cut);
    if (before < 0 || before >= grid.size || grid.at(before) === cut) continue;
    const [start, end] = [grid.at(before), grid.at(before + 1)];
    throw new RangeError(
      `"${name}": ${printDuration(cut)} lies inside an interval (${printDuration(start)} to ${printDuration(end)}), whose count cannot be divided; take one of its ends`,
    );
  }
  const rows = [...source.slots.keys()].filter((row) => {
    const start = grid.at(source.slots[row]!);
    return start >= from && start < to;
  });
  return {
    ...source,
    grid: { size: grid.size, at: (slot) => grid.at(slot) - from },
    slots: Int32Array.from(rows, (row) => source.slots[row]!),
    counts: Float64Array.from(rows, (row) => source.counts[row]!),
  };
}

/** The last interval that begins at or before `time`; −1 when none does, `size` when all have ended. */
function slotOf(grid: Grid, time: number): number {
  let low = -1;
  let high = grid.size;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (grid.at(middle) <= time) low = middle;
    else high = middle;
  }
  return low === grid.size - 1 && grid.at(grid.size) <= time ? grid.size : low;
}
