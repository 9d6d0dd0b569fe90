import seedrandom from "seedrandom";
import type { Distribution, Sampler } from "./distributions/contract.ts";

/**
 * A named stream of uniform draws: seedrandom's Alea itself (a fraction of 32 bits a draw, period about 2^116), and nothing
 * around it, as there may be tens of thousands. Each purpose has its own stream, so that a change to one setting leaves every
 * other draw as it was.
 */
export type Stream = () => number;

/** 32 uniform bits as a signed integer. */
export function drawBits(stream: Stream): number {
  return (stream() * 2 ** 32) | 0;
}

/** A uniform draw in the open interval (0, 1): a multiple of 2^-32 plus half of one, never 0 or 1. */
export function drawUniform(stream: Stream): number {
  return (drawBits(stream) >>> 0) * 2 ** -32 + 2 ** -33;
}

/** seedrandom's generator, with other kinds of draws. */
type Generator = Stream & { int32?: unknown; double?: unknown; quick?: unknown };

const NO_STREAM: Stream = () => {
  throw new Error("what is constant draws nothing");
};

/** The streams of one run: the same seed and name always give the same draws. */
export class RandomStreams {
  private readonly seed: string;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** Opens the stream for one purpose, such as "orders/arrivals" or "api/init", from its beginning. */
  open(name: string): Stream {
    const generator: Generator = seedrandom.alea(`${this.seed}/${name}`);
    // There may be 40,000, so what is not used of one goes, the last first: then its room goes, too (200 bytes).
    delete generator.quick;
    delete generator.double;
    delete generator.int32;
    return generator;
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
