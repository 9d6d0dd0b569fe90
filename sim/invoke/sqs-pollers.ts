import type { ServiceUse } from "../measure/service-use.ts";

/** Floating-point room when a level that has grown is taken as a whole number. */
const ROUNDING = 1e-9;

/** How many batches a mapping may have in hand at once, and how that grows. Rate: per microsecond. */
export interface PollerSettings {
  readonly start: number;
  readonly floor: number;
  readonly cap: number;
  readonly rate: number;
}

/**
 * The concurrency of a mapping: so many batches may be in hand (gathered, running or refused) at once. It grows at a
 * constant rate while messages wait for it, loses one for each invocation that fails, and falls once a minute to what
 * that minute needed, not below its floor. (AWS gives start, rate and cap and says that concurrency shrinks on errors
 * and when there is less to do; by how much is assumed. That it grows continuously, not in steps, too.)
 */
export class Pollers {
  busy = 0;
  private readonly settings: PollerSettings;
  /** The level at `since`; from then on it grows while `growing`. */
  private level: number;
  private since = 0;
  private growing = false;
  private peak = 0;
  // Batches' time since they were last asked for, up to `counted`: of all there may be, and of those that poll in vain.
  private levelTime = 0;
  private idleTime = 0;
  private counted = 0;

  constructor(settings: PollerSettings) {
    this.settings = settings;
    this.level = settings.start;
  }

  private at(now: number): number {
    const { cap, rate } = this.settings;
    return this.growing ? Math.min(cap, this.level + rate * (now - this.since)) : this.level;
  }

  /** One more batch may be taken in hand. */
  free(now: number): boolean {
    return this.busy < Math.floor(this.at(now) + ROUNDING);
  }

  take(now: number): void {
    this.count(now);
    this.busy++;
    if (this.busy > this.peak) this.peak = this.busy;
  }

  release(now: number): void {
    this.count(now);
    this.busy--;
  }

  /** Adds up time up to now. While messages wait for pollers no poller is idle. */
  private count(now: number): void {
    const { counted, busy } = this;
    const { cap, rate } = this.settings;
    const time = now - counted;
    if (time <= 0) return;
    this.counted = now;
    if (!this.growing) {
      this.levelTime += this.level * time;
      this.idleTime += Math.max(0, Math.floor(this.level + ROUNDING) - busy) * time;
      return;
    }
    // A straight line up to the cap.
    const from = this.at(counted);
    const rising = Math.min(time, (cap - from) / rate);
    this.levelTime += from * rising + (rate * rising * rising) / 2 + cap * (time - rising);
  }

  /** Hands over, into `use`, the pollers' time since it was last handed over. */
  spend(now: number, use: Pick<ServiceUse, "pollerTime" | "idlePollerTime">): void {
    this.count(now);
    use.pollerTime += this.levelTime;
    use.idlePollerTime += this.idleTime;
    this.levelTime = 0;
    this.idleTime = 0;
  }

  /** Messages wait for a poller from now on; returns when the level will do for one more, Infinity if never. */
  blocked(now: number): number {
    const { cap, rate } = this.settings;
    this.count(now);
    if (!this.growing) {
      this.growing = true;
      this.since = now;
    }
    const needed = this.busy + 1;
    if (needed > cap) return Number.POSITIVE_INFINITY;
    return Math.max(now + 1, this.since + Math.ceil((needed - this.level) / rate - ROUNDING));
  }

  /** No message waits for a poller. */
  calm(now: number): void {
    if (!this.growing) return;
    this.count(now);
    this.level = this.at(now);
    this.growing = false;
  }

  /** An invocation was refused or has failed. */
  backOff(now: number): void {
    this.count(now);
    this.level = Math.max(this.settings.floor, this.at(now) - 1);
    this.since = now;
  }

  /** A minute is over. */
  minute(now: number): void {
    this.count(now);
    const { floor } = this.settings;
    if (!this.growing) this.level = Math.max(floor, Math.min(this.level, this.peak));
    this.peak = this.busy;
  }

  /** The level may yet fall: the next minute matters. */
  get raised(): boolean {
    return this.growing || this.level > this.settings.floor;
  }
}
