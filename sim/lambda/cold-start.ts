import type { Sampler } from "../distributions/contract.ts";
import type { RandomStreams } from "../random.ts";
import type { FunctionSettings } from "./settings.ts";

/**
 * Draws what a cold start is made of, in the order of a function's cold starts, each phase from a stream of its own.
 * The phases of the last draw stay readable until the next (microseconds).
 */
export class ColdStarts {
  placement = 0;
  download = 0;
  init = 0;
  /** Extra handler time of the first invocation (lazy loading, JIT): part of the duration. */
  firstHandler = 0;
  private readonly phases: { placement: Sampler; download: Sampler; init: Sampler; firstHandler: Sampler }[];

  constructor(functions: readonly FunctionSettings[], streams: RandomStreams) {
    this.phases = functions.map(({ name, coldStart }) => ({
      placement: coldStart.placement.sampler(streams.open(`${name}/placement`)),
      download: coldStart.download.sampler(streams.open(`${name}/download`)),
      init: coldStart.init.sampler(streams.open(`${name}/init`)),
      firstHandler: coldStart.firstHandler.sampler(streams.open(`${name}/first-handler`)),
    }));
  }

  draw(fn: number): void {
    const phases = this.phases[fn]!;
    this.placement = Math.round(phases.placement.next());
    this.download = Math.round(phases.download.next());
    this.init = Math.round(phases.init.next());
    this.firstHandler = Math.round(phases.firstHandler.next());
  }

  /** Until the handler starts. */
  get wait(): number {
    return this.placement + this.download + this.init;
  }
}
