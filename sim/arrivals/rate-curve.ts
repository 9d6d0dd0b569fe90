import { unitExponential } from "../distributions/exponential.ts";
import { TableSampler } from "../distributions/table.ts";
import { nearest, sqrt } from "../math/functions.ts";
import type { Stream } from "../random.ts";
import { SECOND } from "../units.ts";
import type { ArrivalBatch, ArrivalPlan, ArrivalProcess } from "./contract.ts";
import { scaledText } from "./lot.ts";

/** A stretch of time in which the rate goes in a straight line from `from` to `to` (events per second). */
export interface Segment {
  /** Microseconds; Infinity for the last one. */
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Arrivals at a rate that changes in straight lines, by inverting the cumulative rate Λ(t): the k-th arrival is
 * at Λ⁻¹(goal), where the goals are unit-exponential steps apart (Poisson) or one apart, from 0 (evenly spaced).
 * Exact for ramps, without thinning, with one draw an arrival; evenly spaced arrivals do not drift.
 */
class CurveProcess implements ArrivalProcess {
  next = 0;
  private readonly segments: readonly Segment[];
  private readonly gaps: TableSampler | undefined;
  private goal: number;
  private index = -1;
  // The current segment: start time, Λ at its start and end, rate and slope per microsecond.
  private start = 0;
  private before = 0;
  private after = 0;
  private rate = 0;
  private slope = 0;

  constructor(segments: readonly Segment[], evenly: boolean, stream: Stream) {
    this.segments = segments;
    this.gaps = evenly ? undefined : new TableSampler(stream, unitExponential(), 1);
    this.goal = this.gaps ? this.gaps.next() : 0;
    this.enter();
    this.next = this.solve();
  }

  fill(until: number, batch: ArrivalBatch): void {
    let next = this.next;
    while (next < until) {
      batch.push(next);
      this.goal += this.gap();
      next = this.solve();
      if (this.slope === 0 && next < until) next = this.fillLevel(next, until, batch);
    }
    this.next = next;
  }

  /** The same as `fill` while the rate stays as it is: nearly all arrivals, so it keeps to local numbers. */
  private fillLevel(next: number, until: number, batch: ArrivalBatch): number {
    const { start, before, after, rate, gaps } = this;
    let goal = this.goal;
    while (next < until) {
      batch.push(next);
      goal += gaps === undefined ? 1 : gaps.next();
      if (goal >= after) break;
      next = nearest(start + (goal - before) / rate);
    }
    this.goal = goal;
    return goal < after ? next : this.solve();
  }

  /** How much Λ grows until the next arrival. */
  private gap(): number {
    return this.gaps === undefined ? 1 : this.gaps.next();
  }

  /** The time at which Λ reaches the goal. */
  private solve(): number {
    while (this.goal >= this.after) {
      if (!this.enter()) return Number.POSITIVE_INFINITY;
    }
    const area = this.goal - this.before;
    if (area === 0) return nearest(this.start);
    const elapsed =
      this.slope === 0
        ? area / this.rate
        : (2 * area) / (this.rate + sqrt(Math.max(0, this.rate * this.rate + 2 * this.slope * area)));
    return nearest(this.start + elapsed);
  }

  /** Steps into the next segment; false when there is none. */
  private enter(): boolean {
    const last = this.segments[this.index];
    const segment = this.segments[this.index + 1];
    if (!segment) return false;
    this.index++;
    this.start += last?.length ?? 0;
    this.before = this.after;
    this.after = this.before + areaOf(segment, segment.length);
    this.rate = segment.from / SECOND;
    this.slope = segment.from === segment.to ? 0 : (segment.to - segment.from) / SECOND / segment.length;
    return true;
  }
}

/** Arrivals in the first `elapsed` microseconds of a segment. */
function areaOf({ length, from, to }: Segment, elapsed: number): number {
  if (elapsed === 0 || (from === 0 && to === 0)) return 0;
  const at = from === to ? from : from + ((to - from) * elapsed) / length;
  return ((from + at) / 2 / SECOND) * elapsed;
}

/** A plan that follows the segments and then stops. */
export function curvePlan(segments: readonly Segment[], evenly: boolean, text: string): ArrivalPlan {
  return {
    text,
    carriesDurations: false,
    period: Number.POSITIVE_INFINITY,
    expected(until) {
      let sum = 0;
      let start = 0;
      for (const segment of segments) {
        if (start >= until) break;
        sum += areaOf(segment, Math.min(segment.length, until - start));
        start += segment.length;
      }
      return sum;
    },
    scaled: (factor) =>
      curvePlan(
        segments.map(({ length, from, to }) => ({ length, from: from * factor, to: to * factor })),
        evenly,
        scaledText(text, factor),
      ),
    open: (stream) => new CurveProcess(segments, evenly, stream),
  };
}
