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

/** Streams whose states stand in one page, and numbers a state has: three fractions and a carry. */
const PAGE = 256;
const STATE = 4;

/**
 * seedrandom's Alea seeds it, and gives the state that it begins with. From there on the state is stepped where it stands,
 * beside those of other streams: there may be tens of thousands, and each as a generator of its own would be 400 bytes in
 * ten places. A test holds the draws against seedrandom's own.
 */
class AleaStream implements Stream {
  private readonly states: Float64Array;
  private readonly place: number;

  constructor(states: Float64Array, place: number, seed: string) {
    const { s0, s1, s2, c } = seedrandom.alea(seed, { state: true }).state();
    states[place] = s0;
    states[place + 1] = s1;
    states[place + 2] = s2;
    states[place + 3] = c;
    this.states = states;
    this.place = place;
  }

  int32(): number {
    const { states, place } = this;
    // Multiply with carry, as Johannes Baagøe's Alea does it.
    const t = 2091639 * states[place]! + states[place + 3]! * 2 ** -32;
    const carry = t | 0;
    const drawn = t - carry;
    states[place] = states[place + 1]!;
    states[place + 1] = states[place + 2]!;
    states[place + 2] = drawn;
    states[place + 3] = carry;
    return (drawn * 2 ** 32) | 0;
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
  private page = new Float64Array(0);
  private used = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** Opens the stream for one purpose, such as "orders/arrivals" or "api/init", from its beginning. */
  open(name: string): Stream {
    if (this.used === this.page.length) {
      this.page = new Float64Array(PAGE * STATE);
      this.used = 0;
    }
    const place = this.used;
    this.used += STATE;
    return new AleaStream(this.page, place, `${this.seed}/${name}`);
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
