import type { FleetSettings } from "./settings.ts";

/** Servers are taken away only below this share of the target, as the low alarm of target tracking has it. */
const LOW = 0.9;

/**
 * Target tracking on a fleet's utilisation, as EC2 Auto Scaling does it: so many points in a row above the target add
 * servers, so many well below it take some away, in proportion (servers × utilisation / target, rounded up). A fleet that
 * is full shows a utilisation of 1 however much more is asked for, so one step can grow it by 1 / target only. Servers that
 * are on their way count as there. After a step down the points are counted anew (assumed).
 */
export class TargetTracking {
  private readonly settings: FleetSettings;
  private high = 0;
  private low = 0;

  constructor(settings: FleetSettings) {
    this.settings = settings;
  }

  /** How many servers there should be after this minute's point. */
  decide(utilisation: number, inService: number, booting: number): number {
    const { scaling, minimum, maximum } = this.settings;
    const { target, scaleOutPoints, scaleInPoints } = scaling;
    const there = inService + booting;
    this.high = utilisation > target ? this.high + 1 : 0;
    this.low = utilisation < LOW * target ? this.low + 1 : 0;
    // Rounding must not add a server to one that is exactly on target.
    const wanted = Math.ceil((inService * utilisation) / target - 1e-9);
    if (this.high >= scaleOutPoints) return Math.min(maximum, Math.max(there, wanted));
    if (this.low < scaleInPoints) return there;
    this.low = 0;
    return Math.max(minimum, Math.min(there, wanted));
  }
}
