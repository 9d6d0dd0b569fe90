import { RequestDraws } from "./arrivals/draws.ts";
import type { Calendar } from "./calendar.ts";
import type { Sampler } from "./distributions/contract.ts";
import { THROTTLED } from "./lambda/placement.ts";
import { nearest } from "./math/functions.ts";
import type { RandomStreams } from "./random.ts";
import { Requests } from "./requests.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { MILLISECOND } from "./units.ts";

const ROWS = 1024;

/** An answer at once takes this long, so that a client that does not think cannot stop the clock (assumed). */
const AT_ONCE = MILLISECOND;

interface Source {
  readonly target: number;
  /** Its invocation model; −1 for none. */
  readonly entry: number;
  readonly start: number;
  readonly end: number;
  readonly thinking: Sampler;
  readonly draws: RequestDraws;
}

/**
 * The clients of closed sources: each thinks, calls, waits for the answer and thinks again, so the traffic slows down
 * when the answers do. A request's answer is known when it is placed, and so is the time of the client's next call. At
 * one instant calls come after the arrivals of open sources, in the order of the clients' numbers.
 */
export class Clients {
  readonly requests: Requests & { readonly full: boolean };
  private readonly calendar: Calendar;
  private readonly sources: readonly Source[];
  /** Which source a client belongs to: its place among the closed ones. */
  readonly sourceOf: Int32Array;

  constructor({ traffic, functions }: Scenario, streams: RandomStreams, calendar: Calendar) {
    this.calendar = calendar;
    const closed = traffic.filter((t) => t.arrivals.clients !== undefined);
    const owners = closed.flatMap((t, source) => new Array<number>(t.arrivals.clients!.count).fill(source));
    this.sourceOf = Int32Array.from(owners);
    this.requests = new ClientRequests(closed.length > 0 ? ROWS : 0);
    this.sources = closed.map((t) => ({
      target: t.target,
      entry: t.entry,
      start: t.start,
      end: t.end,
      thinking: streams.sampler(t.arrivals.clients!.thinkTime, `${t.name}/arrivals`),
      draws: new RequestDraws(t, functions[t.target]!, streams),
    }));
    // Each begins by thinking, so that they do not all call at once.
    for (let client = 0; client < owners.length; client++)
      this.think(client, this.sources[owners[client]!]!.start);
  }

  /** The invocation model that a client's requests go through; −1 for none. */
  entryOf(client: number): number {
    return this.sources[this.sourceOf[client]!]!.entry;
  }

  /**
   * Client `client` calls at `at`: its request is drawn into a row, which is returned; −1 when its source has ended. A
   * model's request leaves the row at once.
   */
  request(client: number, at: number): number {
    const { requests } = this;
    const source = this.sources[this.sourceOf[client]!]!;
    if (at >= source.end) return -1;
    const i = source.entry < 0 ? requests.count++ : requests.count;
    requests.times[i] = at;
    requests.functions[i] = source.target;
    source.draws.fill(requests, i, i + 1);
    return i;
  }

  /** Its request in row i is placed: it will have its answer and think. */
  answer(client: number, i: number): void {
    const { times, placements, waits, durations } = this.requests;
    const took = placements[i]! >= THROTTLED ? AT_ONCE : waits[i]! + durations[i]!;
    this.think(client, times[i]! + took);
  }

  /** Its request has gone through a model and is answered at `at`, at once where it was refused or put into a queue. */
  answered(client: number, at: number, atOnce: boolean): void {
    this.think(client, atOnce ? at + AT_ONCE : at);
  }

  private think(client: number, from: number): void {
    const { thinking } = this.sources[this.sourceOf[client]!]!;
    this.calendar.addCall(from + nearest(thinking.next()), client);
  }
}

class ClientRequests extends Requests {
  private readonly rows: number;

  constructor(rows: number) {
    super(rows);
    this.rows = rows;
  }

  get full(): boolean {
    return this.count === this.rows;
  }
}
