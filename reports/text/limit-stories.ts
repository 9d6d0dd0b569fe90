import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { entriesTo } from "../../sim/scenario/lookup.ts";
import { printClock, printCount } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { ACCOUNT, RESERVED, SCALING } from "../reasons.ts";
import type { Story } from "./queue-story.ts";

/** A limit that refused requests: when, whose, and in words. Times in microseconds. */
export interface LimitStory extends Story, Stretch {
  /** Place among THROTTLE_REASONS. */
  readonly reason: number;
  /** The functions (by index) that it may have refused. */
  readonly of: readonly number[];
}

/** Where each limit held. */
export function limitStories(study: Study): LimitStory[] {
  const { scenario } = study;
  const stories: LimitStory[] = [];
  const everyone = scenario.functions.map((_, fn) => fn);
  const tell = (
    timeline: Timeline,
    of: readonly number[],
    reason: number,
    text: (when: string) => string,
    full?: (row: number) => boolean,
  ) => {
    const stretch = mainStretch(study, timeline, of, reason, full);
    if (stretch) stories.push({ ...stretch, reason, of, text: text(printStretch(stretch)) });
  };
  tell(
    study.account.timeline,
    everyone,
    SCALING,
    (when) => `${when} every new environment waited for the scaling rate`,
  );
  tell(study.account.timeline, everyone, ACCOUNT, (when) => `${when} the ${unreservedText(study)} were full`);
  scenario.functions.forEach((f, fn) => {
    const { timeline } = study.functions[fn]!;
    if (!timeline) return;
    const text =
      f.reservedConcurrency === 0
        ? () => `${f.name} is stopped by its reserved concurrency of 0`
        : (when: string) =>
            `${when} ${f.name} used all ${printCount(f.reservedConcurrency ?? 0)} of its reserved concurrency`;
    tell(timeline, [fn], RESERVED, text, reservedFull(study, fn));
  });
  stories.push(...rateStories(study));
  return stories;
}

function unreservedText({ scenario }: Study): string {
  // What a policy claims moves.
  if (scenario.functions.some((f) => f.provisioning && f.reservedConcurrency === undefined))
    return `unreserved part of the account's ${printCount(scenario.account.concurrency)}`;
  const claimed = scenario.functions.reduce(
    (sum, f) => sum + (f.reservedConcurrency ?? f.provisionedConcurrency),
    0,
  );
  const { concurrency } = scenario.account;
  return claimed === 0
    ? `account's ${printCount(concurrency)}`
    : `${printCount(concurrency - claimed)} unreserved of the account's ${printCount(concurrency)}`;
}

function rateStories(study: Study): LimitStory[] {
  const { timeline } = study.account;
  const everyone = study.scenario.functions.map((_, fn) => fn);
  return (
    ["FunctionInvocationRateLimitExceeded", "ReservedFunctionInvocationRateLimitExceeded"] as const
  ).flatMap((reason) => {
    const place = THROTTLE_REASONS.indexOf(reason);
    const stretch = mainStretch(study, timeline, everyone, place);
    if (!stretch) return [];
    const noun = reason.startsWith("Reserved") ? "reserved concurrency's" : "account's";
    const text = `${printStretch(stretch)} the ${noun} ten requests a second for each unit of concurrency were used up`;
    return [{ ...stretch, reason: place, of: everyone, text }];
  });
}

/** When a limit held (microseconds). */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** It held in less than half of the intervals in between. */
  readonly patchy: boolean;
}

/**
 * From the first to the last interval in which a reason refused at least one request in a hundred of some functions (by
 * index), or any while their messages waited: a queue that is refused waits before it tries again, so of thousands
 * that wait hardly one is ever refused.
 */
function mainStretch(
  study: Study,
  timeline: Timeline,
  of: readonly number[],
  reason: number,
  full: (row: number) => boolean = () => false,
): Stretch | undefined {
  const refused = timeline.throttlesByReason[reason]!;
  const held = of.flatMap((fn) => {
    const own = study.functions[fn]!.timeline?.throttlesByReason[reason];
    return own ? queuesOf(study, fn).map((depthMean) => ({ own, depthMean })) : [];
  });
  const heavy = (row: number) =>
    refused[row]! >= Math.max(0.01 * timeline.arrivals[row]!, 1e-9) ||
    held.some(({ own, depthMean }) => own[row]! > 0 && depthMean[row]! >= 1) ||
    full(row);
  const rows = [...refused.keys()].filter(heavy);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    from: timeline.start + first * timeline.interval,
    to: timeline.start + (last + 1) * timeline.interval,
    patchy: rows.length < (last + 1 - first) / 2,
  };
}

/**
 * Whether messages waited in an interval while all of a function's reserved concurrency was in use: what polls a queue
 * sends no more than that, and so is never refused.
 */
function reservedFull(study: Study, fn: number): (row: number) => boolean {
  const reserved = study.scenario.functions[fn]!.reservedConcurrency;
  const { timeline } = study.functions[fn]!;
  if (reserved === undefined || reserved === 0 || !timeline) return () => false;
  const queues = queuesOf(study, fn);
  return (row) =>
    timeline.concurrencyMean[row]! >= 0.99 * reserved && queues.some((depthMean) => depthMean[row]! >= 1);
}

/** How many messages waited in each queue before a function, an interval of the timeline each. */
function queuesOf({ scenario, traffic }: Study, fn: number): Float64Array[] {
  return entriesTo(scenario, fn).flatMap((e) => {
    const { timeline } = traffic.entries[e]!;
    return scenario.entries[e]!.invoke.queues && timeline ? [timeline.depthMean] : [];
  });
}

function printStretch({ from, to, patchy }: Stretch): string {
  return `${patchy ? "at times " : ""}from ${printClock(from, to)} to ${printClock(to)}`;
}
