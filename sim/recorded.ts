import { waitsForOthers } from "./invoke/invoker.ts";
import { THROTTLED } from "./lambda/placement.ts";
import type { RecordListener, Window } from "./measure/record-batch.ts";
import { Records } from "./measure/records.ts";
import type { RunResult } from "./measure/result.ts";
import type { Requests } from "./requests.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { Simulation } from "./simulate.ts";

/**
 * A replication that tells a listener what every invocation and environment does; what it comes to is the same as of any
 * other. A class of its own, so that the loop need not ask for each request whether anybody listens.
 */
export class RecordedSimulation extends Simulation {
  private readonly records: Records;
  /** Places in `traffic` of the sources that the loop places at once, and of the closed ones. */
  private readonly open: readonly number[];
  private readonly closed: readonly number[];
  /** The client that calls. */
  private client = 0;

  /** `window`: what is recorded, within the measured time; all of that unless it is given. */
  constructor(
    scenario: Scenario,
    seed: string,
    listener: RecordListener,
    window: Window = { from: scenario.warmup, to: scenario.horizon },
  ) {
    const records = new Records(scenario, listener, window);
    super(scenario, seed, records);
    this.records = records;
    const places = [...scenario.traffic.keys()];
    const isClosed = (i: number) => scenario.traffic[i]!.arrivals.clients !== undefined;
    this.open = places.filter((i) => scenario.traffic[i]!.entry < 0 && !isClosed(i));
    this.closed = places.filter(isClosed);
  }

  override arrive(requests: Requests, i: number, entry = -1): void {
    super.arrive(requests, i);
    const { lambda, records, scenario } = this;
    const source = entry >= 0 ? scenario.traffic.length + entry : this.sourceOf(requests, i);
    if (requests.placements[i]! >= THROTTLED) {
      records.refused(requests, i, source);
      return;
    }
    const held = entry >= 0 && waitsForOthers(scenario.links[requests.functions[i]!]!, requests.outcomes[i]!);
    records.placed(requests, i, source, lambda.environments, lambda.chosen, held);
  }

  private sourceOf(requests: Requests, i: number): number {
    if (requests === this.clients.requests) return this.closed[this.clients.sourceOf[this.client]!]!;
    return this.open[this.arrivals.requests.sources[i]!]!;
  }

  protected override call(client: number, at: number): void {
    this.client = client;
    super.call(client, at);
  }

  override complete(slot: number, at: number, outcome?: number): void {
    // First: it may be the end of its environment.
    if (outcome !== undefined) this.records.release(slot, at, outcome);
    super.complete(slot, at);
  }

  override result(): RunResult {
    this.records.close();
    return super.result();
  }
}
