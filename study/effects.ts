import type { Measure } from "../sim/scenario/threshold.ts";
import type { Statistic } from "./statistic.ts";

/** What a measure does when a setting rises: it never falls (1), it never rises (−1), or nobody can say (0). */
export type Direction = 1 | 0 | -1;

/** A setting that a plan may choose, and what the model is expected to do when it rises. */
export interface Effect {
  /** On the function whose setting it is, and on "total" where that is the only one. */
  readonly own: Directions;
  /** On other functions: what one sets aside, they have no more. */
  readonly others?: Directions;
  /** On the account, with several functions. */
  readonly total?: Directions;
  /** What stands for it where the scenario does not write it. */
  readonly unset?: number;
}

type Directions = Partial<Record<Measure, Direction>>;

const CAPACITY: Directions = {
  throttles: -1,
  retries: -1,
  attempts: -1,
  dropped: -1,
  deadLettered: -1,
  queueWait: -1,
  messageAge: -1,
  iteratorAge: -1,
  endToEnd: -1,
  queueDepth: -1,
};

const COST: Directions = { cost: 1 };

const LESS_ROOM: Directions = {
  throttles: 1,
  retries: 1,
  attempts: 1,
  dropped: 1,
  messageAge: 1,
  queueDepth: 1,
};

/**
 * By the last word of a setting's path. None of it is taken on trust: a search checks each direction at all points that it
 * has run, and gives up those that do not hold. Why they are expected:
 * - more concurrency refuses no more requests, and what waits is taken sooner; more requests answered cost more;
 * - provisioned environments take requests that would have been cold, spilled over or refused; they are paid by the hour;
 * - more memory brings more CPU (docs/scenario.md), so handlers take no longer, but no more than in proportion, so
 *   GB-seconds do not fall;
 * - more pollers take waiting messages sooner, and so more of them before the run ends.
 */
const EFFECTS: Readonly<Record<string, Effect>> = {
  concurrency: { own: { ...CAPACITY, ...COST, concurrency: 1, environments: 1 } },
  reservedConcurrency: { own: { ...CAPACITY, ...COST, concurrency: 1 }, others: LESS_ROOM, total: COST },
  provisionedConcurrency: {
    own: { ...CAPACITY, ...COST, coldStarts: -1, latency: -1, spillover: -1, environments: 1 },
    others: LESS_ROOM,
    total: COST,
    unset: 0,
  },
  memorySize: {
    own: { ...CAPACITY, ...COST, duration: -1, latency: -1, errors: -1, concurrency: -1 },
    total: COST,
  },
  maximumConcurrency: { own: { ...CAPACITY, ...COST, throttles: 1, concurrency: 1 }, total: COST },
  parallelizationFactor: { own: { ...CAPACITY, ...COST, throttles: 1, concurrency: 1 }, total: COST },
};

/** Of the account's quota everybody has more. */
const OF_ALL = ["concurrency"];

/** These make an invocation dearer, not only more of them. */
const PER_INVOCATION = ["memorySize", "provisionedConcurrency"];

/** What is known of a setting, by its path. */
export function effectOf(path: string): Effect | undefined {
  const last = path.split(".").at(-1)!;
  if (last === "concurrency" && path !== "account.concurrency") return undefined;
  return Object.hasOwn(EFFECTS, last) ? EFFECTS[last] : undefined;
}

/**
 * Where a statistic is expected to go when a setting rises. `owner` is the function whose setting it is (undefined: the
 * account's). What a million invocations cost does not follow what all of them cost.
 */
export function directionOf(
  path: string,
  owner: string | undefined,
  { of, measure, aggregate }: Statistic,
  functions: number,
): Direction {
  const effect = effectOf(path);
  const last = path.split(".").at(-1)!;
  if (!effect || measure === "requests" || measure === "invocations") return 0;
  if (measure === "cost" && aggregate === "perMillion" && !PER_INVOCATION.includes(last)) return 0;
  const own = OF_ALL.includes(last) || of === owner || (of === "total" && functions === 1);
  const directions = own ? effect.own : of === "total" ? effect.total : effect.others;
  return directions?.[measure] ?? 0;
}
