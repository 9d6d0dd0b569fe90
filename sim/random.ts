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

/** The numbers that are an Alea generator's state: s0, s1, s2 and the carry. */
const STATE = 4;
/** The states of so many streams stand in one array. */
const BLOCK = 256;

/**
 * Seeded by seedrandom and stepped here, by the same rule: its generator is seven objects of 430 bytes in all, its state
 * 32 bytes in an array of many, and there may be tens of thousands of streams.
 */
class AleaStream implements Stream {
  private readonly states: Float64Array;
  private readonly at: number;

  constructor(seed: string, states: Float64Array, at: number) {
    const { s0, s1, s2, c } = seedrandom.alea(seed, { state: true }).state() as seedrandom.State.Alea;
    states[at] = s0!;
    states[at + 1] = s1!;
    states[at + 2] = s2!;
    states[at + 3] = c!;
    this.states = states;
    this.at = at;
  }

  int32(): number {
    const { states, at } = this;
    const t = 2091639 * states[at]! + states[at + 3]! * 2 ** -32;
    const carry = t | 0;
    const s2 = t - carry;
    states[at] = states[at + 1]!;
    states[at + 1] = states[at + 2]!;
    states[at + 2] = s2;
    states[at + 3] = carry;
    return (s2 * 2 ** 32) | 0;
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
  private states = new Float64Array(0);
  private used = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** Opens the stream for one purpose, such as "orders/arrivals" or "api/init", from its beginning. */
  open(name: string): Stream {
    if (this.used === this.states.length) {
      this.states = new Float64Array(STATE * BLOCK);
      this.used = 0;
    }
    const at = this.used;
    this.used += STATE;
    return new AleaStream(`${this.seed}/${name}`, this.states, at);
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
