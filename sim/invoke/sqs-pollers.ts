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

  take(): void {
    this.busy++;
    if (this.busy > this.peak) this.peak = this.busy;
  }

  release(): void {
    this.busy--;
  }

  /** Messages wait for a poller from now on; returns when the level will do for one more, Infinity if never. */
  blocked(now: number): number {
    const { cap, rate } = this.settings;
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
    this.level = this.at(now);
    this.growing = false;
  }

  /** An invocation was refused or has failed. */
  backOff(now: number): void {
    this.level = Math.max(this.settings.floor, this.at(now) - 1);
    this.since = now;
  }

  /** A minute is over. */
  minute(): void {
    const { floor } = this.settings;
    if (!this.growing) this.level = Math.max(floor, Math.min(this.level, this.peak));
    this.peak = this.busy;
  }

  /** The level may yet fall: the next minute matters. */
  get raised(): boolean {
    return this.growing || this.level > this.settings.floor;
  }
}
