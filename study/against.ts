import { toUsd } from "../sim/pricing/money.ts";
import { HOUR, MILLISECOND, MONTH, SECOND } from "../sim/units.ts";
import { QUANTILES } from "./figures.ts";
import type { FleetReplication, FleetStudy } from "./fleet.ts";
import { functionBill } from "./function-bill.ts";
import type { Replication, Study } from "./replicate.ts";
import { type Estimate, estimate } from "./statistics.ts";

/** One thing compared: Lambda, the servers, and the paired difference (servers − Lambda). */
export interface AgainstRow {
  readonly name: string;
  /** How it is printed; durations in microseconds, shares from 0 to 1, money in US dollars. */
  readonly unit: "duration" | "share" | "money" | "number";
  readonly lambda: Estimate;
  readonly servers: Estimate;
  readonly difference: Estimate;
}

/** From which rate of these same requests on servers cost less than Lambda. */
export interface BreakEven {
  /** What Lambda costs for one request, on average (US dollars). */
  readonly lambdaPerRequest: number;
  /** Requests a second for which Lambda's bill is that of the fewest servers; undefined where those could not take them. */
  readonly rate: number | undefined;
  /** What one server can take within the utilisation that auto scaling keeps (requests a second). */
  readonly ratePerServer: number;
  /** Requests a second in the run. */
  readonly rateNow: number;
}

/** Lambda and a fleet of servers under the same requests. */
export interface Against {
  readonly lambda: Study;
  readonly fleet: FleetStudy;
  readonly rows: readonly AgainstRow[];
  readonly breakEven: BreakEven;
}

/** Requests that were not refused: those that cost something. */
const taken = ({ functions }: Replication) =>
  functions.reduce((n, { counters: c }) => n + c.requests - c.throttled, 0);

/** Puts a study and its fleet side by side. Both must have the same replications. */
export function against(lambda: Study, fleet: FleetStudy): Against {
  const pair = (
    name: string,
    unit: AgainstRow["unit"],
    ofLambda: (r: Replication) => number,
    ofFleet: (r: FleetReplication) => number,
    pooled?: { lambda: number; servers: number },
  ): AgainstRow => {
    const a = lambda.replications.map(ofLambda);
    const b = fleet.replications.map(ofFleet);
    const with_ = (estimated: Estimate, mean: number | undefined) =>
      mean === undefined ? estimated : { ...estimated, mean };
    return {
      name,
      unit,
      lambda: with_(estimate(a), pooled?.lambda),
      servers: with_(estimate(b), pooled?.servers),
      difference: with_(
        estimate(b.map((value, r) => value - a[r]!)),
        pooled && pooled.servers - pooled.lambda,
      ),
    };
  };
  const percentile = (p: number) => {
    const i = QUANTILES.indexOf(p as (typeof QUANTILES)[number]);
    return pair(
      `latency p${p * 100}`,
      "duration",
      (r) => r.account.quantiles.latency.quantiles[i]!,
      (r) => r.figures.latency.quantiles[i]!,
      { lambda: lambda.account.histograms.latency.quantile(p), servers: fleet.latency.quantile(p) },
    );
  };
  const sum = (r: Replication, read: (c: Replication["functions"][number]["counters"]) => number) =>
    r.functions.reduce((total, { counters }) => total + read(counters), 0);
  const shareOf = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const environments = (r: Replication) => r.functions.reduce((n, f) => n + f.environments.mean, 0);
  return {
    lambda,
    fleet,
    rows: [
      percentile(0.5),
      percentile(0.99),
      pair(
        "longest latency",
        "duration",
        (r) => r.account.quantiles.latency.max,
        (r) => r.figures.latency.max,
        { lambda: lambda.account.histograms.latency.max, servers: fleet.latency.max },
      ),
      pair(
        "refused",
        "share",
        (r) =>
          shareOf(
            sum(r, (c) => c.throttled),
            sum(r, (c) => c.requests),
          ),
        (r) => shareOf(r.refused, r.requests),
      ),
      pair(
        "utilisation",
        "share",
        (r) => shareOf(r.account.concurrency.mean, environments(r)),
        (r) => r.utilisation,
      ),
      pair(
        "cost a month",
        "money",
        (r) => toUsd(r.monthly.total),
        (r) => (toUsd(r.cost) * MONTH) / r.span,
      ),
      pair(
        "cost a million answered",
        "money",
        (r) => ((toUsd(r.monthly.total) * r.span) / MONTH / taken(r)) * 1e6,
        (r) => (toUsd(r.cost) / (r.requests - r.refused)) * 1e6,
      ),
    ],
    breakEven: breakEven(lambda, fleet),
  };
}

/**
 * The fewest servers cost the same whatever comes, Lambda a sum for each request (the run's own mean, free tier left out):
 * the bills meet at servers · price / (Lambda's cost of a request). Above it servers are cheaper while they can take it:
 * slots · target / S requests a second each, S being the time in a slot. Where Lambda's bill for as much as a server can
 * take is below the server's price, Lambda is cheaper at any rate.
 */
function breakEven(lambda: Study, { settings, replications, latency, wait }: FleetStudy): BreakEven {
  const usd = lambda.replications.reduce(
    (s, r) => s + r.functions.reduce((t, _, fn) => t + toUsd(functionBill(lambda, r, fn).total), 0),
    0,
  );
  const billed = lambda.replications.reduce((n, r) => n + taken(r), 0);
  const requests = replications.reduce((n, r) => n + r.requests, 0);
  const span = replications.reduce((t, r) => t + r.span, 0) / SECOND;
  const lambdaPerRequest = usd / billed;
  const inSlot = (latency.mean - wait.mean) / SECOND;
  const target = settings.minimum < settings.maximum ? settings.scaling.target : 1;
  const ratePerServer = (settings.slots * target) / inSlot;
  const meets = Number(settings.pricePerHour) / (HOUR / SECOND) / lambdaPerRequest;
  return {
    lambdaPerRequest,
    rate: meets <= ratePerServer ? settings.minimum * meets : undefined,
    ratePerServer,
    rateNow: requests / span,
  };
}

/** `against` of compare.json. */
export function againstFile({ rows, breakEven: { rate, ...even }, fleet }: Against): object {
  const value = (e: Estimate, unit: AgainstRow["unit"]) => {
    const factor = unit === "duration" ? MILLISECOND : 1;
    const known = (x: number) => (Number.isFinite(x) ? x / factor : null);
    return { value: known(e.mean), ci95: known(e.ci95) };
  };
  const { instanceType, pricePerHour, priceSource, slots, minimum, maximum } = fleet.settings;
  return {
    fleet: { instanceType, pricePerHourUsd: Number(pricePerHour), priceSource, slots, minimum, maximum },
    rows: rows.map(({ name, unit, lambda, servers, difference }) => ({
      name,
      unit: unit === "duration" ? "ms" : unit === "money" ? "USD" : unit,
      lambda: value(lambda, unit),
      servers: value(servers, unit),
      difference: value(difference, unit),
    })),
    breakEven: { ...even, rate: rate ?? null },
  };
}
