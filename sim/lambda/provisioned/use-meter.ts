import type { Utilization } from "./contract.ts";

/** How many of a function's provisioned environments are in use, on average and at most since it was last read. */
export class UseMeter {
  private inUse = 0;
  private most = 0;
  /** ∫N dt up to `at` is N·at − Σ(times of ups) + Σ(times of downs): this is all but the first term. */
  private moment = 0;
  private readFrom = 0;
  private readAt = 0;

  up(at: number): void {
    this.inUse++;
    this.moment -= at;
    if (this.inUse > this.most) this.most = this.inUse;
  }

  down(at: number): void {
    this.inUse--;
    this.moment += at;
  }

  /** Utilisation of `capacity` up to `at` (microseconds); undefined when none was in use at any time. */
  read(capacity: number, at: number): Utilization | undefined {
    const area = this.moment + this.inUse * at;
    const average = (area - this.readFrom) / (at - this.readAt) / capacity;
    const maximum = this.most / capacity;
    const ran = this.most > 0 && capacity > 0;
    this.readFrom = area;
    this.readAt = at;
    this.most = this.inUse;
    return ran ? { average, maximum } : undefined;
  }
}
