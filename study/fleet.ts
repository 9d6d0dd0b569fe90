import { type FleetResult, simulateFleet } from "../sim/ec2/fleet.ts";
import type { FleetSettings } from "../sim/ec2/settings.ts";
import { FleetTimeline } from "../sim/ec2/timeline.ts";
import { Histogram } from "../sim/measure/histogram.ts";
import { costOf, type Money } from "../sim/pricing/money.ts";
import { replicationSeed } from "../sim/random.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { HOUR, SECOND } from "../sim/units.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { TimelineMean } from "./timeline-mean.ts";

/** One replication of a fleet, without its laws and timeline, which are pooled. */
export interface FleetReplication extends Omit<FleetResult, "latency" | "wait" | "timeline"> {
  readonly figures: { readonly latency: Figures; readonly wait: Figures };
  readonly cost: Money;
}

/** Several replications of a scenario's requests on a fleet. */
export interface FleetStudy {
  readonly settings: FleetSettings;
  readonly replications: readonly FleetReplication[];
  readonly latency: Histogram;
  readonly wait: Histogram;
  readonly timeline: FleetTimeline;
}

/** What servers cost: each second that they are there (EC2, Linux, on demand), to 10⁻²⁸ dollars. */
export function fleetCost(pricePerHour: string, paidTime: number): Money {
  return costOf(pricePerHour, Math.round(paidTime / SECOND), HOUR / SECOND);
}

/**
 * Plays the scenario's requests against its fleet under the same seeds as Lambda: replication r of both meets the same
 * requests. `tell` is called after each replication with how many are done.
 */
export function fleetStudy(
  scenario: Scenario,
  settings: FleetSettings,
  tell?: (done: number) => void,
): FleetStudy {
  const latency = new Histogram();
  const wait = new Histogram();
  const timelines = new TimelineMean((...span) => new FleetTimeline(...span));
  const replications = Array.from({ length: scenario.replications }, (_, r): FleetReplication => {
    const { timeline, ...result } = simulateFleet(scenario, settings, replicationSeed(scenario.seed, r));
    latency.add(result.latency);
    wait.add(result.wait);
    timelines.add(timeline);
    tell?.(r + 1);
    return {
      ...result,
      figures: figuresOf(["latency", "wait"], result),
      cost: fleetCost(settings.pricePerHour, result.paidTime),
    };
  });
  return { settings, replications, latency, wait, timeline: timelines.mean()! };
}
