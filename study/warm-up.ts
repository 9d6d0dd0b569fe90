import type { Study } from "./replicate.ts";

/** Values in a batch. */
const BATCH = 5;

/** Fewer batches than this say nothing about a start-up. */
const FEWEST_BATCHES = 20;

/** So many standard errors must the start be off: it was chosen as the place where it is, and in several columns. */
const SIGMAS = 5;

/**
 * A start-up that moves a mean by less than this share of it is not worth a word: of cold starts, most of which are often
 * those of the start, more than of a level.
 */
const WORTH_SAYING = { concurrency: 0.02, latency: 0.02, coldStarts: 0.5 } as const;

/** Cold starts are rare later on, and their truncation is a matter of luck where it takes more than this share of a run. */
const MOST_OF_COLD_STARTS = 0.25;

/**
 * How many values to leave out at the start of a series, by MSER-5: the truncation that makes the standard error of the
 * mean of what is left, in batches of five, least (White, Simulation 69, 1997; in batches: White, Cobb & Spratt, Winter
 * Simulation Conference 2000). Only the first half is searched: near the end little is left, and by chance alike (White &
 * Robinson, Journal of Simulation 4, 2010). A minimum at its very end means that the series is too short to tell: undefined.
 */
export function mser5(series: ArrayLike<number>): number | undefined {
  const batches = batchMeans(series);
  const n = batches.length;
  const last = Math.floor(n / 2);
  let [sum, squares] = [0, 0];
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  // From the back, so that each truncation adds one batch to the sums.
  const centre = n === 0 ? 0 : batches[n - 1]!;
  for (let cut = n - 1; cut >= 0; cut--) {
    const value = batches[cut]! - centre;
    sum += value;
    squares += value * value;
    const left = n - cut;
    const error = Math.max(0, squares - (sum * sum) / left) / (left * left);
    if (cut <= last && error <= least) [best, least] = [cut, error];
  }
  return best === last ? undefined : best * BATCH;
}

function batchMeans(series: ArrayLike<number>): number[] {
  return Array.from({ length: Math.floor(series.length / BATCH) }, (_, b) => {
    let sum = 0;
    for (let i = 0; i < BATCH; i++) sum += series[b * BATCH + i]!;
    return sum / BATCH;
  });
}

/** What the start of a run does to a figure. */
export interface StartUp {
  /** What it is seen in. */
  readonly of: keyof typeof WORTH_SAYING;
  /** The warm-up that would leave it out, from the start of the run (microseconds). */
  readonly warmup: number;
  /** By how much the mean over the run is off for it, as a share of that mean. */
  readonly bias: number;
}

/**
 * The start-up that is left in a study's figures, in the account's timeline averaged over replications (Welch's way of
 * making a start-up visible): the longest that MSER-5 finds in concurrency, median latency and cold starts, if it is
 * beyond chance and worth a word. Undefined for traffic that changes by design, and where there is none.
 */
export function startUp({ scenario, account }: Study): StartUp | undefined {
  const steady = scenario.traffic.every(
    ({ arrivals, start, end }) =>
      arrivals.steady === true && start <= scenario.warmup && end >= scenario.horizon,
  );
  if (!steady || scenario.deploys.length > 0) return undefined;
  const { timeline } = account;
  const whole = Math.floor((scenario.horizon - timeline.start) / timeline.interval);
  const columns = {
    concurrency: timeline.concurrencyMean,
    latency: timeline.latencyP50,
    coldStarts: timeline.coldStarts,
  };
  const found = (Object.keys(columns) as (keyof typeof columns)[]).flatMap((of): StartUp[] => {
    const series = columns[of].subarray(0, whole);
    // An interval without an answer has no latency: then nobody can say.
    if (series.some(Number.isNaN)) return [];
    const { length, bias } = startOf(series) ?? { length: 0, bias: 0 };
    if (of === "coldStarts" && length > MOST_OF_COLD_STARTS * whole) return [];
    return bias < WORTH_SAYING[of] ? [] : [{ of, warmup: timeline.start + length * timeline.interval, bias }];
  });
  return found.sort((a, b) => b.warmup - a.warmup || b.bias - a.bias)[0];
}

/** Where a series settles, and what its start does to its mean; undefined where that is not beyond chance. */
function startOf(series: Float64Array): { length: number; bias: number } | undefined {
  const batches = batchMeans(series);
  if (batches.length < FEWEST_BATCHES) return undefined;
  const length = mser5(series);
  if (length === undefined || length === 0) return undefined;
  const cut = length / BATCH;
  const [head, rest] = [batches.slice(0, cut), batches.slice(cut)];
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const settled = mean(rest);
  const variance = rest.reduce((sum, v) => sum + (v - settled) ** 2, 0) / (rest.length - 1);
  // Neighbouring batches are alike: as a first-order autoregression they tell as much as so many fewer.
  const next = rest.slice(1).reduce((sum, v, i) => sum + (v - settled) * (rest[i]! - settled), 0);
  const alike = variance === 0 ? 0 : Math.min(0.99, Math.max(0, next / ((rest.length - 1) * variance)));
  const error = Math.sqrt((variance / cut) * ((1 + alike) / (1 - alike)));
  if (Math.abs(mean(head) - settled) <= SIGMAS * error) return undefined;
  return { length, bias: Math.abs(1 - settled / mean(batches)) };
}
