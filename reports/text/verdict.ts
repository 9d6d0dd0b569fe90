import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { DROP_CAUSES, type DropCause } from "../../sim/measure/entry.ts";
import type { Counters } from "../../sim/measure/result.ts";
import type { Timeline } from "../../sim/measure/timeline.ts";
import { MOST_CONCURRENCY } from "../../sim/scenario/fields.ts";
import type { Measure } from "../../sim/scenario/threshold.ts";
import { printClock, printCount, printDuration, printShare, SECOND } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { estimate } from "../../study/statistics.ts";
import type { Judgement } from "../../study/thresholds.ts";
import { OF_DROPS, OF_QUEUES, queueStories, type Story } from "./queue-story.ts";

/** What happened, in a sentence, and what to try next. */
export interface Verdict {
  readonly sentence: string;
  readonly next: Next | undefined;
}

/** A command that goes for the main cause, and what nobody has looked at: it is worked out, not simulated. */
export interface Next {
  readonly command: string;
  readonly caveat: string;
}

const RESERVED = THROTTLE_REASONS.indexOf("ReservedFunctionConcurrentInvocationLimitExceeded");
const ACCOUNT = THROTTLE_REASONS.indexOf("ConcurrentInvocationLimitExceeded");
const RESERVED_RATE = THROTTLE_REASONS.indexOf("ReservedFunctionInvocationRateLimitExceeded");
const SCALING = THROTTLE_REASONS.indexOf("scalingRate");

/** Says which thresholds were missed and what the throttles and cold starts came from, and what could cure them. */
export function verdict(study: Study, judgements: readonly Judgement[], command: string): Verdict {
  const misses = judgements.filter((j) => !j.ok);
  const missed = misses.length;
  const named = misses.slice(0, 3).map((j) => `${j.of} ${j.measure} ${j.expression}`);
  const others = missed > 3 ? ` and ${missed - 3} more` : "";
  const opening = openingOf(judgements.length, missed, `${named.join(", ")}${others}`);
  const causes = [...throttleStories(study), ...queueStories(study, judgements)]
    .sort((a, b) => a.from - b.from)
    .map(({ text }) => text);
  const sentence = `${opening}: ${causes.length > 0 ? causes.join("; ") : [calmStory(study), ...slowStories(study, misses)].join("; ")}.`;
  return {
    sentence,
    next: nextStep(study, command, judgements),
  };
}

function openingOf(all: number, missed: number, names: string): string {
  if (all === 0) return "No thresholds were set";
  if (missed > 0)
    return all === 1
      ? `The threshold is missed (${names})`
      : `${missed} of ${all} thresholds missed (${names})`;
  if (all === 1) return "The threshold is met";
  return all === 2 ? "Both thresholds are met" : `All ${all} thresholds are met`;
}

/** Where each limit held. */
function throttleStories(study: Study): Story[] {
  const { scenario } = study;
  const stories: Story[] = [];
  const everyone = scenario.functions.map((_, fn) => fn);
  const tell = (
    timeline: Timeline,
    of: readonly number[],
    reason: number,
    text: (when: string) => string,
    full?: (row: number) => boolean,
  ) => {
    const stretch = mainStretch(study, timeline, of, reason, full);
    if (stretch) stories.push({ from: stretch.from, text: text(printStretch(stretch)) });
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
  const claimed = scenario.functions.reduce(
    (sum, f) => sum + (f.reservedConcurrency ?? f.provisionedConcurrency),
    0,
  );
  const { concurrency } = scenario.account;
  return claimed === 0
    ? `account's ${printCount(concurrency)}`
    : `${printCount(concurrency - claimed)} unreserved of the account's ${printCount(concurrency)}`;
}

function rateStories(study: Study): Story[] {
  const { timeline } = study.account;
  const everyone = study.scenario.functions.map((_, fn) => fn);
  return (
    ["FunctionInvocationRateLimitExceeded", "ReservedFunctionInvocationRateLimitExceeded"] as const
  ).flatMap((reason) => {
    const stretch = mainStretch(study, timeline, everyone, THROTTLE_REASONS.indexOf(reason));
    if (!stretch) return [];
    const noun = reason.startsWith("Reserved") ? "reserved concurrency's" : "account's";
    const text = `${printStretch(stretch)} the ${noun} ten requests a second for each unit of concurrency were used up`;
    return [{ from: stretch.from, text }];
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
  return scenario.entries.flatMap(({ target, invoke }, e) => {
    const { timeline } = traffic.entries[e]!;
    return target === fn && invoke.queues && timeline ? [timeline.depthMean] : [];
  });
}

function printStretch({ from, to, patchy }: Stretch): string {
  return `${patchy ? "at times " : ""}from ${printClock(from, to)} to ${printClock(to)}`;
}

function coldShare(study: Study): number {
  return shareOf(
    study,
    (c) => c.coldStarts,
    (c) => c.invocations,
  ).mean;
}

function calmStory(study: Study): string {
  const some = (read: (c: Counters) => number) =>
    study.replications.some((r) => r.functions.some((f) => read(f.counters) > 0));
  const throttled = some((c) => c.throttled)
    ? "hardly any request was throttled"
    : some((c) => c.throttledAttempts.reduce((sum, n) => sum + n, 0))
      ? "no request was lost to throttles"
      : "no request was throttled";
  const cold = `${printShare(coldShare(study))} of invocations were cold`;
  const dropped = shareOf(
    study,
    (c) => c.dropped,
    (c) => c.requests,
  ).mean;
  return dropped > 0
    ? `${throttled}, ${printShare(dropped)} of requests were dropped, and ${cold}`
    : `${throttled}, and ${cold}`;
}

/** Of a missed latency that nothing else explains: what the handler itself takes, where that is nearly all of it. */
function slowStories(study: Study, misses: readonly Judgement[]): string[] {
  return study.scenario.functions.flatMap(({ name }, fn) => {
    const { histograms } = study.functions[fn]!;
    if (!histograms || !misses.some((j) => j.of === name && j.measure === "latency")) return [];
    const { calls } = study.scenario.links[fn]!;
    const waits = calls.length > 0 ? ", with the calls that it waits for," : "";
    const [duration, latency] = [histograms.duration.quantile(0.5), histograms.latency.quantile(0.5)];
    return duration >= 0.9 * latency
      ? [`the handler of ${name}${waits} alone takes p50 ${printDuration(duration)}`]
      : [];
  });
}

/** What more capacity may cure: a missed cost or duration it does not. */
const OF_THROTTLES: readonly Measure[] = ["throttles", "retries", "attempts"];
const OF_COLD_STARTS: readonly Measure[] = ["coldStarts", "latency"];

/** The change that the main cause asks for, where it bears on what was missed. */
function nextStep(study: Study, command: string, judgements: readonly Judgement[]): Next | undefined {
  const step = (cause: string, settings: string | undefined) =>
    settings === undefined
      ? undefined
      : {
          command: `lsim run ${command} ${settings}`,
          caveat: `worked out from the ${cause} alone: its cost and the other thresholds are not checked`,
        };
  const misses = judgements.filter((j) => !j.ok);
  const missed = (measures: readonly Measure[]) =>
    judgements.length === 0 || misses.some((j) => measures.includes(j.measure));
  // A queue may hardly ever be refused, since it waits before it tries again, and still have too little room.
  const names = study.scenario.functions.map(({ name }) => name);
  const held = names.flatMap((name, fn) => {
    const measures = ofWaiting(study, fn);
    const missed = misses.some((j) => measures.includes(j.measure) && (j.of === name || j.of === "total"));
    return missed ? [fn] : [];
  });
  return (
    (missed(OF_THROTTLES)
      ? step("throttles", againstThrottles(study, [...names.keys()], 0.001))
      : undefined) ??
    (held.length > 0 ? step("throttles", againstThrottles(study, held, 0)) : undefined) ??
    (missed(OF_COLD_STARTS) ? step("cold starts", againstColdStarts(study)) : undefined)
  );
}

/** What waiting shows in: of queues latency too, and requests given up where they grew too old. */
function ofWaiting({ scenario, replications }: Study, fn: number): readonly Measure[] {
  const queued = scenario.entries.flatMap(({ target, invoke }, e) =>
    target === fn && invoke.queues ? [e] : [],
  );
  if (queued.length === 0) return OF_QUEUES;
  const drops = (cause: DropCause) =>
    replications.reduce(
      (sum, r) => sum + queued.reduce((all, e) => all + r.traffic.entries[e]!.counts.dropsByCause[cause], 0),
      0,
    );
  const old = drops("age") > DROP_CAUSES.reduce((sum, cause) => sum + drops(cause), 0) / 2;
  return [...OF_QUEUES, "latency", ...(old ? OF_DROPS : [])];
}

/**
 * Settings that lift the limit which refused most attempts of some functions (by index), unless those are not more than a
 * share `few` of their requests.
 */
function againstThrottles(study: Study, some: readonly number[], few: number): string | undefined {
  const { scenario, replications } = study;
  const sum = (read: (c: Counters) => number) =>
    estimate(replications.map((r) => some.reduce((total, fn) => total + read(r.functions[fn]!.counters), 0)))
      .mean;
  const totals = THROTTLE_REASONS.map((_, i) => sum((c) => c.throttledAttempts[i]!));
  const worst = totals.indexOf(Math.max(...totals));
  if (totals[worst]! <= few * sum((c) => c.requests)) return undefined;
  const fn = mostBy(study, some, (f) => f.counters.throttledAttempts[worst]!);
  const f = scenario.functions[fn]!;
  if (f.reservedConcurrency === 0) return undefined;
  const load = offeredLoad(study, fn);
  // Where nothing was answered nobody knows how much is needed.
  if (load === 0 && worst !== ACCOUNT) return undefined;
  const need = roundUp(1.2 * load);
  /** With the account's quota that setting aside so many for the function needs. */
  const setAside = (settings: string, claim: number) => {
    const account = accountFor(study, claim - (f.reservedConcurrency ?? f.provisionedConcurrency));
    if (account > MOST_CONCURRENCY || !isWrittenOut(study, f.name)) return undefined;
    const more = account > scenario.account.concurrency ? ` --set account.concurrency=${account}` : "";
    return `${settings}${more}`;
  };
  if (worst === RESERVED || worst === RESERVED_RATE) {
    // Ten requests a second go with each.
    const rate = worst === RESERVED_RATE ? roundUp((1.2 * busiestRate(study, fn)) / 10) : 0;
    const least = Math.max(need, rate, (f.reservedConcurrency ?? 0) + 10);
    return setAside(`--set ${f.name}.reservedConcurrency=${least}`, least);
  }
  if (worst === SCALING) {
    if (f.snapStart) return undefined;
    const reserved = f.reservedConcurrency !== undefined && need > f.reservedConcurrency;
    return setAside(
      `--set ${f.name}.provisionedConcurrency=${need}${reserved ? ` --set ${f.name}.reservedConcurrency=${need}` : ""}`,
      need,
    );
  }
  const all = roundUp(1.2 * scenario.functions.reduce((sum, _, i) => sum + offeredLoad(study, i), 0));
  const account = Math.max(all, roundUp(scenario.account.concurrency * 1.2));
  return account > MOST_CONCURRENCY ? undefined : `--set account.concurrency=${account}`;
}

/** Provisioned concurrency for the function with most cold starts, unless those are few or it has some already. */
function againstColdStarts(study: Study): string | undefined {
  if (coldShare(study) <= 0.01) return undefined;
  const fn = mostBy(study, [...study.scenario.functions.keys()], (f) => f.counters.coldStarts);
  const f = study.scenario.functions[fn]!;
  const need = Math.max(1, Math.ceil(offeredLoad(study, fn)));
  if (f.provisionedConcurrency > 0 || f.snapStart || !isWrittenOut(study, f.name)) return undefined;
  if (need > (f.reservedConcurrency ?? accountRoom(study))) return undefined;
  return `--set ${f.name}.provisionedConcurrency=${need}`;
}

/** The function has settings of its own, which --set can reach, and not only those of "*". */
function isWrittenOut({ scenario }: Study, name: string): boolean {
  return Object.hasOwn((scenario.file as { functions: object }).functions, name);
}

/** What can still be set aside: that of other functions is taken. */
function accountRoom(study: Study): number {
  return study.scenario.account.concurrency - accountFor(study, 0);
}

/** The account quota under which `more` can be set aside besides what is. */
function accountFor(study: Study, more: number): number {
  const { functions, account } = study.scenario;
  const claimed = functions.reduce((sum, f) => sum + (f.reservedConcurrency ?? f.provisionedConcurrency), 0);
  return claimed + Math.max(0, more) + account.minimumUnreserved;
}

/** Executions the busiest interval would need at once if none were refused (Little's law). */
function offeredLoad(study: Study, fn: number): number {
  const durations = study.replications.map((r) => r.functions[fn]!.durationMean);
  const seconds = estimate(durations).mean / SECOND;
  return Number.isFinite(seconds) ? (busiestRate(study, fn) * seconds) / requestsTogether(study, fn) : 0;
}

/** Requests that an invocation takes, on average: more than one where they come in batches. */
function requestsTogether(study: Study, fn: number): number {
  const sizes = study.replications.map((r) => r.traffic.functions[fn]?.batchSize.mean ?? Number.NaN);
  const { mean } = estimate(sizes);
  return Number.isFinite(mean) ? mean : 1;
}

/** Arrivals a second in the busiest interval; 0 for a function without a timeline. */
function busiestRate(study: Study, fn: number): number {
  const timeline = study.functions[fn]!.timeline;
  if (!timeline) return 0;
  let busiest = 0;
  for (const n of timeline.arrivals) busiest = Math.max(busiest, n);
  return busiest / (timeline.interval / SECOND);
}

/** The one of some functions (by index) with the most. */
function mostBy(
  { replications }: Study,
  some: readonly number[],
  read: (part: Study["replications"][number]["functions"][number]) => number,
): number {
  const values = some.map((fn) => read(replications[0]!.functions[fn]!));
  return some[values.indexOf(Math.max(...values))]!;
}

/** To two significant digits, upwards: 1,212 becomes 1,300. */
function roundUp(value: number): number {
  if (value <= 10) return Math.max(1, Math.ceil(value));
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}
