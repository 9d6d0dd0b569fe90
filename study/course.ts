import { type Candidate, differences } from "./candidate.ts";
import { type Direction, directionOf } from "./effects.ts";
import type { SearchSpace } from "./search-space.ts";
import { meanWithin } from "./statistics.ts";

/** At this level of error an expected direction is given up. */
const CONTRADICTED = 0.01;

/** What was expected of a statistic along an axis, and how often that was seen. */
export interface Expectation {
  readonly path: string;
  /** As in thresholds: "api throttles rate", "total cost perMonth". */
  readonly statistic: string;
  readonly direction: Direction;
  /** Pairs of points that differ by this axis alone, and were both run. */
  readonly pairs: number;
  readonly contradicted: boolean;
}

/** A statistic along the axes of a grid: the directions that are expected of it (effects.ts), until runs contradict them. */
export class Course {
  /** By replication, of a candidate. */
  readonly values: (candidate: Candidate) => readonly number[];
  /** By axis; 0 where nothing is expected, or where it was contradicted. */
  readonly directions: Direction[];
  private readonly name: string;
  private readonly axes: SearchSpace["axes"];
  private readonly expected: readonly Direction[];
  private readonly pairs: number[];
  private readonly slack: number;

  /** `slack`: a difference against a direction that does no harm. */
  constructor(
    space: SearchSpace,
    statistic: Parameters<typeof directionOf>[2],
    name: string,
    slack: number,
    values: Course["values"],
  ) {
    this.axes = space.axes;
    this.name = name;
    this.slack = slack;
    this.values = values;
    this.expected = space.axes.map(({ path, owner, numbers }) =>
      numbers ? directionOf(path, owner, statistic, space.base.scenario.functions.length) : 0,
    );
    this.directions = [...this.expected];
    this.pairs = this.expected.map(() => 0);
  }

  /** Looks at two points that differ by one axis alone; `isNew`: for the first time, so that they count as a pair. */
  check(axis: number, low: Candidate, high: Candidate, isNew: boolean): void {
    const direction = this.expected[axis]!;
    if (direction === 0) return;
    if (isNew) this.pairs[axis]!++;
    const against = differences(this.values(high), this.values(low)).map((d) => -direction * d);
    const { mean, half } = meanWithin(against, CONTRADICTED);
    if (mean - half > this.slack) this.directions[axis] = 0;
  }

  /** One for each axis along which something was expected. */
  expectations(): Expectation[] {
    return this.axes.flatMap(({ path }, a): Expectation[] => {
      const direction = this.expected[a]!;
      if (direction === 0) return [];
      const contradicted = this.directions[a] === 0;
      return [{ path, statistic: this.name, direction, pairs: this.pairs[a]!, contradicted }];
    });
  }
}
