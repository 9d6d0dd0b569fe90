import type { Distribution, Sampler } from "../distributions/contract.ts";
import type { FunctionSettings } from "../lambda/settings.ts";
import { nearest } from "../math/functions.ts";
import { drawUniform, type RandomStreams, type Stream } from "../random.ts";
import { CRASHED, FAILED, OUT_OF_MEMORY, type Requests, SUCCEEDED, TIMED_OUT } from "../requests.ts";
import type { TrafficSettings } from "../scenario/scenario.ts";
import type { ArrivalPlan } from "./contract.ts";

/** What draws are named after and taken from; arrivals may bring durations along. */
interface Drawing extends Pick<TrafficSettings, "name" | "duration"> {
  readonly arrivals?: Pick<ArrivalPlan, "carriesDurations" | "someDurations">;
}

const NO_DURATIONS: NonNullable<Drawing["arrivals"]> = { carriesDurations: false };

/** How a function's invocations end, but for chance. */
class Endings {
  readonly timeout: number;
  readonly crashes: number;
  /** Crashes and errors. */
  readonly failing: number;
  readonly outOfMemory: boolean;

  constructor({ timeout, crashes, errors, maxMemoryUsed, memorySize }: FunctionSettings) {
    this.timeout = timeout;
    this.crashes = crashes;
    this.failing = crashes + errors;
    this.outOfMemory = maxMemoryUsed !== undefined && maxMemoryUsed > memorySize;
  }

  is(other: Endings): boolean {
    return (
      this.timeout === other.timeout &&
      this.crashes === other.crashes &&
      this.failing === other.failing &&
      this.outOfMemory === other.outOfMemory
    );
  }
}

let lastEndings: Endings | undefined;

/** Functions alike in this, of which there may be thousands one after another, share one. */
function endingsOf(f: FunctionSettings): Endings {
  const own = new Endings(f);
  if (!lastEndings?.is(own)) lastEndings = own;
  return lastEndings;
}

/** Room for a batch of connection set-ups, which are added to durations. */
let connectTimes = new Float64Array(0);

/**
 * What is drawn for each request of one traffic entry, in request order, each purpose from a stream of its own,
 * whatever will become of the request: its service time and whether it fails.
 */
export class RequestDraws {
  private readonly services: Sampler | undefined;
  /** Service times of the requests that have none of their own, where the arrivals bring some along. */
  private readonly missing: Sampler | undefined;
  private readonly connects: Sampler | undefined;
  private readonly failures: Stream | undefined;
  private readonly endings: Endings;

  constructor(traffic: Drawing, f: FunctionSettings, streams: RandomStreams) {
    const open = (law: Distribution, purpose: string) => streams.sampler(law, `${traffic.name}/${purpose}`);
    const { carriesDurations, someDurations } = traffic.arrivals ?? NO_DURATIONS;
    const law = traffic.duration ?? f.duration;
    this.services = carriesDurations ? undefined : open(law!, "duration");
    this.missing = carriesDurations && someDurations ? open(law!, "duration") : undefined;
    this.connects = f.connect && open(f.connect, "connect");
    this.endings = endingsOf(f);
    this.failures = this.endings.failing > 0 ? streams.open(`${traffic.name}/errors`) : undefined;
  }

  private addConnects(connects: Sampler, durations: Float64Array, from: number, to: number): void {
    if (connectTimes.length < to - from) connectTimes = new Float64Array(2 * (to - from));
    connects.fill(connectTimes, 0, to - from);
    for (let i = from; i < to; i++) durations[i]! += connectTimes[i - from]!;
  }

  /** Fills in rows `from` to `to`; with durations that the arrivals brought along, those are in place already. */
  fill(requests: Requests, from: number, to: number): void {
    const { durations, outcomes } = requests;
    const { connects, failures } = this;
    const { timeout, crashes, failing, outOfMemory } = this.endings;
    if (this.services) this.services.fill(durations, from, to);
    if (this.missing) {
      for (let i = from; i < to; i++) {
        const drawn = this.missing.next();
        if (Number.isNaN(durations[i]!)) durations[i] = drawn;
      }
    }
    if (connects) this.addConnects(connects, durations, from, to);
    const ending = outOfMemory ? OUT_OF_MEMORY : SUCCEEDED;
    for (let i = from; i < to; i++) {
      const duration = nearest(durations[i]!);
      durations[i] = duration > timeout ? timeout : duration;
      outcomes[i] = duration > timeout ? TIMED_OUT : ending;
    }
    if (failures === undefined) return;
    for (let i = from; i < to; i++) {
      const draw = drawUniform(failures);
      if (draw < failing && outcomes[i] === SUCCEEDED) outcomes[i] = draw < crashes ? CRASHED : FAILED;
    }
  }
}
