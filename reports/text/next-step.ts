import { THROTTLE_REASONS } from "../../sim/lambda/placement.ts";
import { DROP_CAUSES, type DropCause } from "../../sim/measure/entry.ts";
import type { Counters } from "../../sim/measure/result.ts";
import { MOST_CONCURRENCY } from "../../sim/scenario/fields.ts";
import { entriesTo } from "../../sim/scenario/lookup.ts";
import type { Measure } from "../../sim/scenario/threshold.ts";
import { SECOND } from "../../sim/units.ts";
import type { Study } from "../../study/replicate.ts";
import { shareOf } from "../../study/share.ts";
import { estimate } from "../../study/statistics.ts";
import type { Judgement } from "../../study/thresholds.ts";
import { ACCOUNT, RESERVED, RESERVED_RATE, SCALING } from "../reasons.ts";
import { OF_DROPS, OF_QUEUES } from "./queue-story.ts";

/** A command that goes for the main cause, and what nobody has looked at: it is worked out, not simulated. */
export interface Next {
  readonly command: string;
  readonly caveat: string;
}

/** What more capacity may cure: a missed cost or duration it does not. */
const OF_THROTTLES: readonly Measure[] = ["throttles", "retries", "attempts"];
const OF_COLD_STARTS: readonly Measure[] = ["coldStarts", "latency"];

/** The change that the main cause asks for, where it bears on what was missed. */
export function nextStep(study: Study, command: string, judgements: readonly Judgement[]): Next | undefined {
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
  const { functions } = study.scenario;
  const held = functions.flatMap(({ name }, fn) => {
    if (misses.length === 0) return [];
    const measures = ofWaiting(study, fn);
    const missed = misses.some((j) => measures.includes(j.measure) && (j.of === name || j.of === "total"));
    return missed ? [fn] : [];
  });
  return (
    (missed(OF_THROTTLES)
      ? step("throttles", againstThrottles(study, [...functions.keys()], 0.001))
      : undefined) ??
    (held.length > 0 ? step("throttles", againstThrottles(study, held, 0)) : undefined) ??
    (missed(OF_COLD_STARTS) ? step("cold starts", againstColdStarts(study)) : undefined)
  );
}

/** What waiting for a function shows in: of queues latency too, and requests given up where they grew too old. */
function ofWaiting({ scenario, replications }: Study, fn: number): readonly Measure[] {
  const queued = entriesTo(scenario, fn).filter((e) => scenario.entries[e]!.invoke.queues);
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
    // A policy would not be one any more.
    if (f.snapStart || f.provisioning) return undefined;
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

/** Cold starts over invocations, of the whole account. */
export function coldShare(study: Study): number {
  return shareOf(
    study,
    (c) => c.coldStarts,
    (c) => c.invocations,
  ).mean;
}
