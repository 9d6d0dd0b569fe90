import type { ServiceUse } from "../measure/service-use.ts";
import type { Port } from "./contract.ts";

/** How many pollers of a topic there may be. */
export interface PollerLimits {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Those who read a topic's partitions: each has a batch in hand, at most one, and stays with it until that is done.
 * How many there are follows the lag. Lambda looks at it each minute and never has more than one for a partition; when the
 * function throttles, there are fewer (Lambda developer guide, Kafka). By how many it does not say: here twice as many
 * when the lag has not shrunk, half after a throttle, one fewer when there is no lag.
 */
export class KafkaPollers {
  private readonly port: Pick<Port, "measures">;
  private readonly limits: PollerLimits;
  /** How many there are. */
  size: number;
  private busy = 0;
  private lag = 0;
  private refused = false;
  /** Partitions that wait for a poller, by number; those before `first` have got one. */
  private waiting: number[] = [];
  private first = 0;
  /** Pollers' time since it was last asked for, up to `counted`. */
  private time = 0;
  private counted = 0;

  constructor(port: Pick<Port, "measures">, limits: PollerLimits) {
    this.port = port;
    this.limits = limits;
    this.size = limits.minimum;
  }

  /** One takes on a batch of a partition; false: none is free, and the partition waits in line. */
  take(partition: number): boolean {
    if (this.busy < this.size && this.first === this.waiting.length) {
      this.busy++;
      return true;
    }
    this.waiting.push(partition);
    return false;
  }

  /** One has done its batch. */
  release(): void {
    this.busy--;
  }

  /** The function has throttled a batch. */
  throttled(): void {
    this.refused = true;
  }

  /** The partition that has waited longest, when there is a poller for it, which now takes its batch on; else −1. */
  next(): number {
    if (this.first === this.waiting.length || this.busy >= this.size) return -1;
    this.busy++;
    const partition = this.waiting[this.first++]!;
    if (this.first > 1024 && 2 * this.first > this.waiting.length) {
      this.waiting = this.waiting.slice(this.first);
      this.first = 0;
    }
    return partition;
  }

  private count(now: number): void {
    this.time += this.size * (now - this.counted);
    this.counted = now;
  }

  /** Hands over, into `use`, the pollers' time since it was last handed over. */
  spend(now: number, use: Pick<ServiceUse, "pollerTime">): void {
    this.count(now);
    use.pollerTime += this.time;
    this.time = 0;
  }

  /** Looks at the lag, as once a minute. */
  evaluate(now: number): void {
    this.count(now);
    const { minimum, maximum } = this.limits;
    const lag = this.port.measures.depth;
    if (this.refused) this.size = Math.ceil(this.size / 2);
    else if (lag > 0 && lag >= this.lag) this.size *= 2;
    else if (lag === 0) this.size--;
    this.size = Math.max(minimum, Math.min(maximum, this.size));
    this.lag = lag;
    this.refused = false;
  }
}
