import seedrandom from "seedrandom";
import type { Distribution, Sampler } from "./distributions/contract.ts";

/**
 * A named stream of uniform draws (seedrandom's Alea: 32 bits a draw, period about 2^116).
 * Each purpose has its own stream, so that a change to one setting leaves every other draw as it was.
 */
export interface Stream {
  /** A uniform draw in the open interval (0, 1): a multiple of 2^-32 plus half of one, never 0 or 1. */
  uniform(): number;
  /** 32 uniform bits as a signed integer. */
  int32(): number;
}

class AleaStream implements Stream {
  /** seedrandom's generator: a fraction of 32 bits a draw. */
  private readonly next: () => number;

  constructor(seed: string) {
    const generator = seedrandom.alea(seed) as { (): number; int32: unknown; double: unknown };
    // There may be tens of thousands, so what is not used of one is let go.
    generator.int32 = undefined;
    generator.double = undefined;
    this.next = generator;
  }

  int32(): number {
    return (this.next() * 2 ** 32) | 0;
  }

  uniform(): number {
    return (this.int32() >>> 0) * 2 ** -32 + 2 ** -33;
  }
}

const NO_STREAM: Stream = {
  uniform: () => Number.NaN,
  int32: () => Number.NaN,
};

/** The streams of one run: the same seed and name always give the same draws. */
export class RandomStreams {
  private readonly seed: string;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** Opens the stream for one purpose, such as "orders/arrivals" or "api/init", from its beginning. */
  open(name: string): Stream {
    return new AleaStream(`${this.seed}/${name}`);
  }

  /** Draws from a law by the stream of this name; what is constant draws nothing and opens none. */
  sampler(law: Distribution, name: string): Sampler {
    return law.sampler(law.constant ? NO_STREAM : this.open(name));
  }
}

/** The seed of replication `index` (0-based). The first is the scenario's own seed, however many follow. */
export function replicationSeed(seed: string, index: number): string {
  return index === 0 ? seed : `${seed}#${index + 1}`;
}
